/* SPDX-License-Identifier: MIT */
/* lt_format() against vsnprintf(): the same bytes, or -1. */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format.h"

static int taken; /* formats that lt_format did itself */

static void __attribute__((format(printf, 1, 2))) same(const char *format, ...)
{
	char ours[2000], theirs[2000];
	va_list arguments, again;
	struct lt_finished_text finished;
	int size, expected;

	va_start(arguments, format);
	va_copy(again, arguments);
	errno = EACCES;
	size = lt_format(ours, sizeof(ours), &finished, format, arguments);
	cr_assert_eq(errno, EACCES);
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
	struct lt_finished_text finished = { NULL, false };

	va_start(arguments, format);
	cr_assert_eq(lt_format(ours, sizeof(ours), &finished, format, arguments), -1, "%s", format);
	cr_assert(!finished.literal, "%s: refused, and yet a format", format);
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
	same("[%*d] [%-*d] [%.*s] [%*.*s]", 5, 42, -5, 42, 2, "abc", 5, 2, "abc");
	same("%hd %hhd %hu %hhu %hhx %jd %td", (short)-5, (signed char)-6, (unsigned short)7,
	     (unsigned char)8, (unsigned char)200, (intmax_t)-9, (ptrdiff_t)-10);
	same("%s", "bytes \xff\xfe that are no UTF-8");
	cr_assert_eq(taken, 16);
}

Test(format, other_formats_are_left_to_libc)
{
	left("%f", 1.5);
	left("%5.2d", 3);
	left("%+d", 3);
	left("%#x", 3u);
	left("%'d", 1234567);
	left("%p", (void *)1);
	left("%ls", L"wide");
	left("%lc", (wint_t)'w');
	left("%2$s %1$s", "a", "b");
	left("%c", 0);
	left("%o", 8u);
	left("%X", 255u);
	left("%99999d", 1);
}

/* In a buffer of `room` bytes: as much as fits, but for some to spare, and nothing beyond it. */
static void __attribute__((format(printf, 3, 4)))
roomy(size_t room, int expected, const char *format, ...)
{
	char ours[200];
	va_list arguments;
	struct lt_finished_text finished;

	memset(ours, '#', sizeof(ours));
	va_start(arguments, format);
	cr_assert_eq(lt_format(ours, room, &finished, format, arguments), expected, "%s", format);
	va_end(arguments);
	for (size_t i = room; i < sizeof(ours); i++)
		cr_assert_eq(ours[i], '#', "%s: byte %zu beyond %zu", format, i, room);
}

Test(format, what_does_not_fit_is_refused)
{
	roomy(100, 40, "%s", "1234567890123456789012345678901234567890");
	roomy(39, -1, "%s", "1234567890123456789012345678901234567890");
	roomy(39, -1, "1234567890123456789012345678901234567890");
	roomy(100, 80, "%40d%40s", 1, "text");
	roomy(79, -1, "%40d%40s", 1, "text");
	roomy(79, -1, "%-40d%-40s", 1, "text");
	roomy(50, -1, "%099d", -1);
	roomy(50, -1, "%-99c", 'x');
	roomy(0, -1, "%s", "x");
	roomy(0, -1, "%d", 1);
	roomy(0, -1, "%c", 'x');
	roomy(0, -1, "%%");
}

/* At every size of the room: the whole text with its NUL, or nothing; and no % is overlooked. */
static void __attribute__((format(printf, 1, 2))) every_room(const char *format, ...)
{
	char ours[400], theirs[400];
	va_list arguments, again;
	int expected;

	va_start(arguments, format);
	va_copy(again, arguments);
	expected = vsnprintf(theirs, sizeof(theirs), format, again);
	va_end(again);
	for (size_t room = 0; room <= 300; room++) {
		struct lt_finished_text finished = { NULL, false };
		int size;

		memset(ours, '#', sizeof(ours));
		size = lt_format(ours, room, &finished, format, arguments);
		for (size_t i = room; i < sizeof(ours); i++)
			cr_assert_eq(ours[i], '#', "%s: byte %zu beyond %zu", format, i, room);
		if (size < 0) {
			cr_assert(!finished.literal);
			continue;
		}
		cr_assert(size == expected && (size_t)size < room && !strcmp(ours, theirs));
		cr_assert(!finished.literal || !strchr(ours, '%'), "%s: %s", format, ours);
	}
	va_end(arguments);
}

Test(format, room_and_percent_agree_at_every_edge)
{
	char text[130];

	for (size_t size = 0; size < sizeof(text); size += size < 40 ? 1 : 7) {
		for (size_t at = 0; at <= size; at += size < 40 ? 1 : 5) {
			memset(text, 'a', size);
			text[size] = '\0';
			if (at < size)
				text[at] = '%';
			every_room("%s", text);
			every_room("x%s|%5d", text, 7);
			every_room("%-20s%.9s", text, text);
		}
	}
}

static size_t least(const char *format, ...)
{
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	size = lt_format_least(format, arguments);
	va_end(arguments);
	return size;
}

Test(format, widths_tell_the_least_size)
{
	cr_assert_eq(least("%s and %%", "x"), 0);
	cr_assert_eq(least("%10d %2147483647x", 1, 2u), 10u + INT_MAX);
	cr_assert_eq(least("%f %*s", 1.5, 70, "x"), 70);
	cr_assert_eq(least("%s %*s", "y", -70, "x"), 70);
	cr_assert_eq(least("%*d", INT_MIN, 1), 0);
}

/* Not string literals, so that the compiler has no opinion of them. */
static void vary(size_t room, const char *format, ...)
{
	char ours[600], theirs[700];
	va_list arguments, again;
	struct lt_finished_text finished;
	int size, expected;

	memset(ours, '#', sizeof(ours));
	va_start(arguments, format);
	va_copy(again, arguments);
	errno = ENOENT;
	size = lt_format(ours, room, &finished, format, arguments);
	cr_assert_eq(errno, ENOENT);
	expected = vsnprintf(theirs, sizeof(theirs), format, again);
	va_end(again);
	va_end(arguments);
	for (size_t i = room; i < sizeof(ours); i++)
		cr_assert_eq(ours[i], '#', "\"%s\": byte %zu beyond %zu", format, i, room);
	if (size < 0)
		return;
	taken++;
	cr_assert(size == expected && !memcmp(ours, theirs, (size_t)size),
		  "\"%s\": \"%.*s\", not \"%s\"", format, size, ours, theirs);
	cr_assert(!finished.literal || !memchr(ours, '%', (size_t)size), "\"%s\": a %% in \"%s\"",
		  format, theirs);
	cr_assert(finished.bytes == ours && ours[size] == '\0', "\"%s\": no end", format);
}

/* Every flag, width, precision and length before every letter of ours, good together or not. */
Test(format, all_combinations_agree)
{
	static const char *const flags[] = { "", "-", "0", "-0", "0-", "00" };
	static const char *const widths[] = { "", "1", "7", "30" };
	static const char *const precisions[] = { "", ".", ".0", ".2", ".9" };
	static const char *const lengths[] = { "", "l", "ll", "z", "h", "hh", "j", "t" };
	static const long values[] = { 0,    1,	    -1,	     42,      127,	128,
				       -129, 40000, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN };

	taken = 0;
	for (size_t i = 0; i < (size_t)6 * 4 * 5 * 8; i++) {
		for (const char *letter = "diux"; *letter; letter++) {
			char format[40];

			snprintf(format, sizeof(format), "<%%%s%s%s%s%c>", flags[i % 6],
				 widths[i / 6 % 4], precisions[i / 24 % 5], lengths[i / 120],
				 *letter);
			for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
				vary(500, format, values[v]);
			snprintf(format, sizeof(format), "<%%%s%s%ss%%m>", flags[i % 6],
				 widths[i / 6 % 4], precisions[i / 24 % 5]);
			vary(500, format, "some text");
			vary(500, format, NULL);
		}
	}
	cr_assert_gt(taken, 9000);
}

/* The same numbers in every run. */
static uint64_t seed = 1;

static unsigned below(unsigned limit)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % limit;
}

static const char *pick(const char *const *list, unsigned count)
{
	return list[below(count)];
}

#define PICK(...)                                                                                  \
	pick((const char *const[]){ __VA_ARGS__ },                                                 \
	     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* Two pages that end where nothing can be read. */
static char *at_the_edge(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(pages, MAP_FAILED);
	cr_assert_eq(mprotect(pages + 2 * page, page, PROT_NONE), 0);
	return pages + 2 * page;
}

/* What a conversion takes: a number wide enough for each length, or a text that ends at `edge`. */
static long argument_for(char letter, char *edge)
{
	unsigned size = below(4) ? below(20) : below(200);

	if (letter != 's')
		return below(3) ? (long)below(100000) - 50000 : (long)(seed ^ seed << 32);
	if (below(50) == 0)
		return 0;
	for (unsigned i = 1; i <= size; i++)
		edge[-1 - (int)i] = below(60) ? (char)('a' + i % 26) : (char)(1 + below(255));
	edge[-1] = '\0';
	return (long)(edge - 1 - size);
}

#define ARGUMENTS 12

/* A random format that ends at `edge`, and its arguments; texts end at texts[...]. */
static const char *make_format(long *arguments, char *edge, char *const *texts)
{
	char format[400];
	unsigned used = 0, conversions = below(5);
	size_t size;

	for (unsigned i = 0; i < ARGUMENTS; i++)
		arguments[i] = 7;
	size = (size_t)sprintf(format, "%.*s", (int)below(40),
			       "the request of user ann was answered after 12 ms");
	while (conversions--) {
		const char *width = PICK("", "", "", "5", "12", "*", "0", "40");
		const char *precision = PICK("", "", "", "", ".3", ".", ".*", ".20");
		/* Each argument is a long here, which is what ll and j take on 64-bit machines. */
		const char *length = sizeof(long) == 8
					     ? PICK("", "", "", "", "l", "ll", "z", "h", "hh", "j")
					     : PICK("", "", "", "", "l", "z", "h", "hh", "t");
		char letter = "sssdduxcimXoc"[below(13)];

		size += (size_t)sprintf(format + size, "%%%s%s%s%s%c%s", PICK("", "", "", "-", "0"),
					width, precision, length, letter,
					PICK("", " ", ", and ", "%%", "\n", "\xff\xc3"));
		if (*width == '*')
			arguments[used++] = (long)below(60) - 25;
		if (!strcmp(precision, ".*"))
			arguments[used++] = (long)below(30) - 5;
		/* A wide text is what %ls asks for; the texts here are not. */
		if (letter == 's' && *length)
			arguments[used++] = 0;
		else if (letter != 'm')
			arguments[used++] = argument_for(letter, texts[conversions]);
	}
	memcpy(edge - size - 1, format, size + 1);
	return edge - size - 1;
}

Test(format, random_formats_agree)
{
	char *edge = at_the_edge();
	char *texts[4];
	long a[ARGUMENTS];

	for (int i = 0; i < 4; i++)
		texts[i] = at_the_edge();
	taken = 0;
	for (int i = 0; i < 400000; i++) {
		const char *format = make_format(a, edge, texts);

		vary(below(5) ? 500 : below(120), format, a[0], a[1], a[2], a[3], a[4], a[5], a[6],
		     a[7], a[8], a[9], a[10], a[11]);
	}
	cr_assert_gt(taken, 100000, "%d", taken);
}
