/* SPDX-License-Identifier: MIT */
/* lt_format() against vsnprintf(): the same bytes, or -1. */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

static int taken; /* formats that lt_format did itself */

static void __attribute__((format(printf, 1, 2))) same(const char *format, ...)
{
	char ours[2000], theirs[2000];
	va_list arguments, again;
	int size, expected;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = lt_format(ours, sizeof(ours), EACCES, format, arguments);
	errno = EACCES;
	expected = vsnprintf(theirs, sizeof(theirs), format, again);
	va_end(again);
	va_end(arguments);
	if (size < 0)
		return;
	taken++;
	cr_assert_eq(size, expected, "%s: %d bytes, not %d", format, size, expected);
	cr_assert(!memcmp(ours, theirs, (size_t)size), "%s: %.*s, not %s", format, size, ours,
		  theirs);
}

/* A format that lt_format must leave to libc. */
static void __attribute__((format(printf, 1, 2))) left(const char *format, ...)
{
	char ours[100];
	va_list arguments;

	va_start(arguments, format);
	cr_assert_eq(lt_format(ours, sizeof(ours), 0, format, arguments), -1, "%s", format);
	va_end(arguments);
}

Test(format, usual_formats_are_taken)
{
	taken = 0;
	same("%s", "");
	same("plain text");
	same("100%% of it");
	same("%s: %d, %i, %u and %x", "text", -1, INT_MIN, UINT_MAX, 0xdeadbeefu);
	same("%ld %lu %lx %lld %llu %llx", LONG_MIN, ULONG_MAX, ULONG_MAX, LLONG_MIN, ULLONG_MAX,
	     ULLONG_MAX);
	same("%zu %zd %zx", (size_t)-1, (ssize_t)-1, (size_t)77);
	same("[%5d] [%-5d] [%05d]", 42, 42, 42);
	same("[%5d] [%05d] [%3d] [%03d]", -42, -42, -12345, -12345);
	same("[%8x] [%08x] [%x]", 0xbeefu, 0xbeefu, 0u);
	same("[%10s] [%-10s] [%.3s] [%10.3s] [%.0s]", "abc", "abc", "abcdef", "abcdef", "abc");
	same("%c%c%5c%-5c|", 'a', 200, 'b', 'c');
	same("why: %m (%d)", 42);
	same("[%40m] [%-40m]");
	same("%s", "bytes \xff\xfe that are no UTF-8");
	cr_assert_eq(taken, 14);
}

Test(format, other_formats_are_left_to_libc)
{
	left("%f", 1.5);
	left("%5.2d", 3);
	left("%*d", 5, 3);
	left("%.*s", 2, "abc");
	left("%+d", 3);
	left("%#x", 3u);
	left("%'d", 1234567);
	left("%hd", (short)3);
	left("%p", (void *)1);
	left("%ls", L"wide");
	left("%lc", (wint_t)'w');
	left("%2$s %1$s", "a", "b");
	left("%c", 0);
	left("%o", 8u);
	left("%X", 255u);
	left("%99999d", 1);
}

static void __attribute__((format(printf, 2, 3))) unchecked(int expected, const char *format, ...)
{
	char ours[8];
	va_list arguments;

	va_start(arguments, format);
	cr_assert_eq(lt_format(ours, sizeof(ours), 0, format, arguments), expected, "%s", format);
	va_end(arguments);
}

Test(format, what_does_not_fit_is_refused)
{
	unchecked(8, "%s", "12345678");
	unchecked(-1, "%s", "123456789");
	unchecked(-1, "%9d", 1);
	unchecked(-1, "1234567%s", "89");
	unchecked(-1, "%09d", -1);
	unchecked(-1, "%-9c", 'x');
}

/* Not string literals, so that the compiler has no opinion of them. */
static void vary(const char *format, ...)
{
	char ours[500], theirs[500];
	va_list arguments, again;
	int size, expected;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = lt_format(ours, sizeof(ours), ENOENT, format, arguments);
	errno = ENOENT;
	expected = vsnprintf(theirs, sizeof(theirs), format, again);
	va_end(again);
	va_end(arguments);
	if (size < 0)
		return;
	taken++;
	cr_assert(size == expected && !memcmp(ours, theirs, (size_t)size),
		  "\"%s\": \"%.*s\", not \"%s\"", format, size, ours, theirs);
}

/* Every flag, width, precision and length before every letter of ours, good together or not. */
Test(format, all_combinations_agree)
{
	static const char *const flags[] = { "", "-", "0", "-0", "0-", "00" };
	static const char *const widths[] = { "", "1", "7", "30" };
	static const char *const precisions[] = { "", ".", ".0", ".2", ".9" };
	static const char *const lengths[] = { "", "l", "ll", "z" };
	static const long values[] = { 0, 1, -1, 42, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN };

	taken = 0;
	for (size_t i = 0; i < 6 * 4 * 5 * 4; i++) {
		for (const char *letter = "diux"; *letter; letter++) {
			char format[40];

			snprintf(format, sizeof(format), "<%%%s%s%s%s%c>", flags[i % 6],
				 widths[i / 6 % 4], precisions[i / 24 % 5], lengths[i / 120],
				 *letter);
			for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
				vary(format, values[v]);
			snprintf(format, sizeof(format), "<%%%s%s%ss%%m>", flags[i % 6],
				 widths[i / 6 % 4], precisions[i / 24 % 5]);
			vary(format, "some text");
			vary(format, NULL);
		}
	}
	cr_assert_gt(taken, 3000);
}
