/* SPDX-License-Identifier: MIT */
/*
 * Many syslog calls, usual and odd: what each sends, writes into its arguments and leaves in errno
 * must be the same with the shim. syslog.py compares.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <locale.h>
#include <printf.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include <wchar.h>

void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

static int number; /* of the call */

/* errno before and after every call; the plain and the fortified form of each. */
#define LOG(priority, ...)                                                                         \
	do {                                                                                       \
		errno = ENOTDIR;                                                                   \
		syslog(priority, __VA_ARGS__);                                                     \
		printf("%d: errno %d\n", ++number, errno);                                         \
		errno = EISDIR;                                                                    \
		__syslog_chk(priority, 1, __VA_ARGS__);                                            \
		printf("%d: errno %d\n", ++number, errno);                                         \
	} while (0)

static void log_list(int flag, const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);
	if (flag)
		__vsyslog_chk(LOG_NOTICE, flag, format, arguments);
	else
		vsyslog(LOG_NOTICE, format, arguments);
	/* The caller's own list is usable still. */
	vprintf(format, again);
	putchar('\n');
	va_end(again);
	va_end(arguments);
}

static void usual(void)
{
	LOG(LOG_INFO, "plain");
	LOG(LOG_INFO, "%s", "");
	LOG(LOG_INFO, "100%%");
	LOG(LOG_INFO, "%s %d %u %x %ld %zu %lld %c", "text", -1, 2u, 0xbeefu, -3L, (size_t)4, -5LL,
	    '6');
	LOG(LOG_INFO, "[%5d] [%-5d] [%05d] [%10s] [%-10s] [%.2s]", 42, 42, -42, "abc", "abc",
	    "abc");
	LOG(LOG_INFO, "why: %m");
	LOG(LOG_INFO, "%s: %m: %40m|", "twice");
	LOG(LOG_INFO, "with a newline\n");
	LOG(LOG_INFO, "with two\n\n");
	LOG(LOG_INFO, "two\nlines, a tab\t and \x1b[1mcontrol");
	LOG(LOG_INFO, "%s", "%s %n %d");
	LOG(LOG_INFO, "%c%%%s", '%', "%");
	LOG(LOG_INFO, "%d%%, %.*s", 5, 2, "%%%");
	LOG(LOG_INFO, "%40s|%-40s|", "%m", "a text of more than sixteen bytes, 5%");
	LOG(LOG_INFO, "\xff\xfe not UTF-8");
	log_list(0, "%s and %d", "a list", 1);
	log_list(1, "%s and %d", "a fortified list", 2);
	log_list(0, "%s%% and %d", "a % list", 1);
	log_list(1, "%s%% and %d", "a % fortified list", 2);
}

static void odd(void)
{
	static const char unended[3] = { 'a', 'b', 'c' };
	char writable[] = "12345%n678";
	int count = -1;

	LOG(LOG_INFO, "%.*s|%*d|%-*d|", 2, "abc", 5, 42, -5, 42);
	LOG(LOG_INFO, "%.3s", unended);
	LOG(LOG_INFO, "%2$s %1$s", "world", "hello");
	LOG(LOG_INFO, "%ls|%lc|%S", L"wide \u00e9", (wint_t)0xe9, L"too");
	LOG(LOG_INFO, "%ls", L"not in this locale: \U0010ffff\xd800");
	LOG(LOG_INFO, "%f %g %a %Lf %e", 1.5, 1e100, 0.1, (long double)2.5, 3.25);
	LOG(LOG_INFO, "%+d % d %#x %#o %'d %hd %hhu %jd %td %p", 1, 2, 3u, 4u, 1234567, (short)5,
	    (unsigned char)6, (intmax_t)7, (ptrdiff_t)8, (void *)9);
	LOG(LOG_INFO, "NULL: %s, %.3s, %10s|", (char *)NULL, (char *)NULL, (char *)NULL);
	LOG(LOG_INFO, "a NUL: %c, and more", 0);
	LOG(LOG_INFO, "%c", 0);
	LOG(LOG_INFO, "unknown: %k %d", 1, 2);
	LOG(LOG_INFO, "cut: %");
	LOG(LOG_INFO, "cut: %l");
	LOG(LOG_INFO, "%5000d|", 1);
	LOG(LOG_INFO, "%.5000d|", 1);
	LOG(LOG_INFO, "too wide %99999999999d%d", 1, 2);
	LOG(LOG_INFO, "%n is counted", &count);
	printf("%d\n", count);
	syslog(LOG_INFO, writable, &count);
	printf("%d\n", count);
	LOG(LOG_INFO, "%m %#m %5.3m");
	errno = 123456;
	syslog(LOG_INFO, "%m");
	printf("errno %d\n", errno);
	errno = -1;
	syslog(LOG_INFO, "%m");
	printf("errno %d\n", errno);
}

/* A number that goes into a text of the same message, which is counted once. */
static void counted_into_text(void)
{
	char text[16] __attribute__((aligned(4)));
	int count;

	strcpy(text, "abcdefg");
	LOG(LOG_INFO, "%s%n", text, (int *)(void *)text);
	memcpy(&count, text, sizeof(count));
	printf("%d\n", count);
	log_list(0, "%2$s %1$n", (int *)(void *)text, text);
	memcpy(&count, text, sizeof(count));
	printf("%d\n", count);
}

/* Around the size that is formatted on the stack, and around that of an event. */
static void sizes(void)
{
	static const int edges[] = { 255, 399, 400, 401, 1023, 1024, 1025, 3900, 4048, 9000 };
	char *text = malloc(10000);
	int count;

	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		for (int size = edges[i] - 2; size <= edges[i] + 2; size++) {
			memset(text, 'a' + size % 26, (size_t)size);
			text[size] = '\0';
			LOG(LOG_INFO, "%s", text);
			LOG(LOG_INFO, "%.*s", size, text);
			LOG(LOG_INFO, text, 0);
			text[size - 1] = '\n';
			LOG(LOG_INFO, "%s%c", text, 'x');
			LOG(LOG_INFO, "%s", text);
			syslog(LOG_INFO, "%s%n", text, &count);
			printf("%d\n", count);
		}
	}
	free(text);
}

static void priorities(void)
{
	for (int priority = 0; priority < 2048; priority += 37)
		LOG(priority, "priority %d", priority);
	LOG(-1, "all bits");
	LOG(0x12345678, "unknown bits: %m");
	setlogmask(LOG_UPTO(LOG_WARNING));
	LOG(LOG_INFO, "masked");
	LOG(LOG_ERR, "not masked");
	setlogmask(0xff);
	openlog("ident", LOG_PID, LOG_LOCAL3);
	LOG(LOG_INFO, "ident, pid and facility");
	LOG(LOG_MAIL | LOG_INFO, "facility of its own");
	openlog(NULL, LOG_NDELAY, LOG_DAEMON);
	LOG(LOG_INFO, "%s", "the old ident");
	closelog();
	LOG(LOG_INFO, "after closelog");
	/* A facility outside the mask is ignored; LOG_KERN is not, since glibc 2.34. */
	openlog("teller", 0, LOG_KERN);
	LOG(LOG_INFO, "kern");
	openlog("teller", 0, 0x12340);
	LOG(LOG_INFO, "what it was before");
	openlog("teller", 0, -1);
	LOG(LOG_INFO, "what it was before");
	openlog("teller", 0, LOG_NFACILITIES << 3);
	LOG(LOG_INFO, "of a number without a name");
	openlog("teller", 0, LOG_USER);
}

/* What libc refuses is no message. */
static void refused(void)
{
	LOG(LOG_INFO, NULL);
	LOG(LOG_INFO, "%99999999999d", 1);
	LOG(LOG_INFO, "%d %.99999999999f", 1, 1.5);
	LOG(LOG_INFO, "%ls", L"\xd800");
	LOG(LOG_INFO, "%s%lc", "before ", (wint_t)0xd800);
	LOG(LOG_INFO | 0x10000, "%lc and unknown bits", (wint_t)0xd800);
	LOG(LOG_INFO, "%100000d", 1);
	LOG(LOG_INFO, "%.*f|%s", 2, 1.5, "%s%n");
	LOG(LOG_INFO, "%p and %X: %s", NULL, 255u, "100%");
}

/* The ident is the program's own memory, which it may write to between two calls. */
static void idents(void)
{
	static const int sizes_of_idents[] = {
		0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 120, 255, 300
	};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *end =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char ident[] = "before";

	/* Each ends where nothing can be read any more. */
	end += page;
	mprotect(end, page, PROT_NONE);
	for (size_t i = 0; i < sizeof(sizes_of_idents) / sizeof(*sizes_of_idents); i++) {
		char *start = end - sizes_of_idents[i] - 1;

		memset(start, 'a' + (int)i, (size_t)sizes_of_idents[i]);
		end[-1] = '\0';
		openlog(start, i & 1 ? LOG_PID : 0, LOG_LOCAL0);
		LOG(LOG_DEBUG, "an ident of %d bytes", sizes_of_idents[i]);
	}
	openlog(ident, 0, LOG_MAIL);
	LOG(LOG_ALERT, "an ident %s", "before");
	strcpy(ident, "after");
	LOG(LOG_EMERG, "the same, %s", "written to");
	closelog();
	munmap(end - page, 2 * page);
	openlog("teller", 0, LOG_USER);
}

static void perrors(void)
{
	openlog("teller", LOG_PERROR, LOG_USER);
	LOG(LOG_INFO, "on stderr: %s", "too");
	LOG(LOG_INFO, "with a newline\n");
	LOG(LOG_INFO, "%s", "");
	LOG(LOG_INFO, "a NUL: %c, and more", 0);
	LOG(LOG_INFO, "%450s", "long");
	LOG(LOG_INFO, "%.2f %s", 1.5, "%s%n");
	LOG(LOG_INFO | 0x20000, "unknown bits");
	LOG(LOG_INFO, "%.*s", 3, "precise");
	LOG(LOG_INFO, "%m");
	closelog();
	openlog("teller", 0, LOG_USER);
}

static int print_own(FILE *file, const struct printf_info *info, const void *const *arguments)
{
	(void)info;
	fputs("own ", file);
	fputs(**(const char *const *const *)arguments, file);
	return 4 + (int)strlen(**(const char *const *const *)arguments);
}

static int describe_own(const struct printf_info *info, size_t count, int *types, int *sizes_out)
{
	(void)info;
	(void)sizes_out;
	if (count)
		types[0] = PA_STRING;
	return 1;
}

/* In a child, so that what follows does not profit from it: %ld takes an int from then on. */
static void own_modifier(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		register_printf_modifier(L"l");
		syslog(LOG_INFO, "%ld is cut", 5000000000L);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

/* Last: conversions keep the meaning that the program gave them. */
static void own_conversions(void)
{
	register_printf_specifier('Y', print_own, describe_own);
	syslog(LOG_INFO, "%Y and %s", "a", "b");
	register_printf_specifier('s', print_own, describe_own);
	syslog(LOG_INFO, "%s", "changed");
	syslog(LOG_INFO, "%d and %s", 1, "changed");
}

/* Too long for a datagram; libc takes seconds to refuse the last one. */
static void huge(void)
{
	openlog("teller", LOG_PERROR, LOG_USER);
	LOG(LOG_INFO, "%1000000d|", 1);
	LOG(LOG_INFO, "%*d|%s", 3000000, 1, "%n");
	syslog(LOG_INFO, "%2147483647d|", 1);
}

int main(int argc, char **argv)
{
	const char *locale;

	if (argc > 1 && !strcmp(argv[1], "huge")) {
		huge();
		return 0;
	}
	locale = setlocale(LC_ALL, argc > 1 ? argv[1] : "C");

	printf("%s\n", locale ? locale : "no such locale");
	usual();
	odd();
	counted_into_text();
	sizes();
	priorities();
	refused();
	idents();
	perrors();
	own_modifier();
	own_conversions();
	return 0;
}
