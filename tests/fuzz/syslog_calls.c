/* SPDX-License-Identifier: MIT */
/*
 * Random syslog calls, the same ones for the same seed: what the program sees of each stands on
 * stdout, what libc delivers arrives at /dev/log and stderr. syslog.py runs it without and with the
 * shim and compares.
 *
 *     syslog-calls SEED COUNT LOCALE
 *
 * Never prints what differs from run to run: an address, a time, a pid. Behind each call a datagram
 * "#NUMBER" goes to /dev/log by a socket of its own.
 */
#include <errno.h>
#include <locale.h>
#include <printf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include <wchar.h>

#include "buffers.h"
#include "syslog_internal.h"

void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

/* What libc has on its stack. */
#define LIBC_BUFFER 1024

#define LONGS	 10
#define DOUBLES	 8
#define TEXT_MAX 70000

static uint64_t state;

static unsigned below(unsigned limit)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % limit;
}

static bool one_in(unsigned many)
{
	return below(many) == 0;
}

#define PICK(list) ((list)[below(sizeof(list) / sizeof(*(list)))])

/* A page, or more, that ends where nothing can be read. */
struct edge {
	char *start, *end;
};

static struct edge make_edge(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct edge edge;

	size = (size + page - 1) / page * page;
	edge.start =
		mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge.start == MAP_FAILED || mprotect(edge.start + size, page, PROT_NONE) != 0)
		abort();
	edge.end = edge.start + size;
	return edge;
}

/* One call: its format, and what it takes, by the registers that it is passed in. */
struct call {
	char format[2 * TEXT_MAX];
	size_t size;
	long longs[LONGS];
	double doubles[DOUBLES];
	long double wide[2];
	unsigned long_count, double_count, wide_count, text_count;
	bool counts, few_longs;
	bool huge; /* one text alone, or the datagram would be too large to arrive */
};

static struct call call;
static struct edge texts[LONGS], format_edge, ident_edge;
static long counted[LONGS];

static void put(const char *text)
{
	size_t size = strlen(text);

	memcpy(call.format + call.size, text, size);
	call.size += size;
}

/* Mostly short; otherwise close to the end of some buffer, with any head in front of it. */
static unsigned text_size(void)
{
	static const unsigned ends[] = { LT_SYSLOG_SHORT_EVENT, LT_SYSLOG_SHORT_EVENT, LIBC_BUFFER,
					 LT_EVENT_MAX };

	if (!one_in(3))
		return below(40);
	if (one_in(8))
		return 300 + below(180);
	if (!call.huge && one_in(60)) {
		call.huge = true;
		return 65536 - 100 + below(200);
	}
	return PICK(ends) - below(220) + below(12);
}

static char text_byte(void)
{
	static const char others[] = "%%%%%%sdn$*-0 \n\t\x1b\xff\xc3\xa9\x01";

	return one_in(12) ? others[below(sizeof(others) - 1)] : (char)('a' + below(26));
}

/* A text that ends at its edge, of what a hostile user may have typed. */
static long make_text(void)
{
	struct edge *edge = &texts[call.text_count++];
	unsigned size = text_size();
	char *text = edge->end - size - 1;

	if (one_in(60))
		return 0;
	for (unsigned i = 0; i < size; i++)
		text[i] = text_byte();
	if (size && one_in(8))
		text[size - 1] = PICK("%%\n");
	if (size && !text[size - 1])
		text[size - 1] = '%';
	edge->end[-1] = '\0';
	return (long)text;
}

static long make_wide_text(void)
{
	static const wchar_t some[] = { L'a', L'%', 0xe9, 0x20ac, 0x1f600, L'n', L's' };
	struct edge *edge = &texts[call.text_count++];
	unsigned size = below(30);
	wchar_t *text = (wchar_t *)(void *)edge->end - size - 1;

	for (unsigned i = 0; i < size; i++)
		text[i] = one_in(200) ? (wchar_t)0xd800 : PICK(some);
	text[size] = 0;
	return (long)text;
}

static void add_long(long value)
{
	call.longs[call.long_count++] = value;
}

static unsigned longs_left(void)
{
	return (call.few_longs ? 3 : LONGS) - call.long_count;
}

static long number(void)
{
	static const long odd[] = { 0,	       1,   -1,	       99,	  9999,	  10000,
				    -10000,    127, 128,       255,	  32768,  INT32_MAX,
				    INT32_MIN, '%', INT64_MAX, INT64_MIN, 1000000 };

	return one_in(2) ? PICK(odd) : (long)below(1u << 31) - (1 << 30);
}

static void put_flags(void)
{
	for (unsigned i = one_in(3) ? below(3) : 0; i; i--)
		put((const char *const[]){ "-", "0", "+", " ", "#", "'", "I" }[below(7)]);
}

/* A width or a precision, also by an argument. */
static void put_number(void)
{
	char digits[16];

	if (one_in(4) && longs_left() > 2) {
		put("*");
		add_long(one_in(8) ? (long)text_size() : (long)below(40) - 10);
		return;
	}
	if (one_in(400)) {
		put("99999999999");
		return;
	}
	snprintf(digits, sizeof(digits), "%u", one_in(6) ? text_size() : below(25));
	put(digits);
}

/* flags, width, precision */
static void put_front(void)
{
	put("%");
	put_flags();
	if (one_in(3))
		put_number();
	if (one_in(4)) {
		put(".");
		if (!one_in(4))
			put_number();
	}
}

static void put_integer(void)
{
	static const char *const lengths[] = { "",   "",  "",  "",  "l", "ll", "h",
					       "hh", "j", "z", "t", "L", "q" };

	put_front();
	put(PICK(lengths));
	put((const char *const[]){ "d", "i", "u", "x", "X", "o", "d", "u" }[below(8)]);
	add_long(number());
}

static void put_string(void)
{
	if (one_in(3))
		put_front();
	else
		put("%");
	put("s");
	add_long(make_text());
}

static void put_wide(void)
{
	static const char *const letters[] = { "ls", "S", "lc", "C" };
	unsigned which = below(4);

	put_front();
	put(letters[which]);
	add_long(which < 2 ? make_wide_text() : (long)(one_in(2) ? 'w' : below(0x3000)));
}

static void put_character(void)
{
	put_front();
	put("c");
	add_long(one_in(6) ? '%' : one_in(30) ? 0 : 'a' + (long)below(26));
}

static void put_double(void)
{
	static const double odd[] = { 0.0, -0.0, 1.5, 99.95, 1e100, -1e-7, 1.0 / 0.0, 0.1 };

	if (call.double_count == DOUBLES)
		return;
	put_front();
	put(one_in(5) ? "l" : "");
	put((const char *const[]){ "f", "F", "e", "E", "g", "G", "a", "A" }[below(8)]);
	call.doubles[call.double_count++] = PICK(odd);
}

static void put_long_double(void)
{
#if defined(__x86_64__)
	if (call.wide_count == 2 || !call.few_longs)
		return;
	put_front();
	put((const char *const[]){ "Lf", "Lg", "La", "Le" }[below(4)]);
	call.wide[call.wide_count++] = 1.0L / (long double)(1 + below(9));
#endif
}

static void put_count(void)
{
	static const char *const lengths[] = { "", "", "hh", "h", "l", "ll", "z", "j" };

	put("%");
	put(PICK(lengths));
	put("n");
	counted[call.long_count] = -1;
	add_long((long)&counted[call.long_count]);
	call.counts = true;
}

static void put_other(void)
{
	static const char *const others[] = { "%k", "%5y", "%-!",  "%!",  "%%",	  "%5%",
					      "%m", "%m",  "%20m", "%#m", "%.3m", "%-9m" };

	put(PICK(others));
}

static void put_literal(void)
{
	unsigned size = one_in(4) ? text_size() : below(20);

	for (unsigned i = 0; i < size; i++) {
		char byte = text_byte();

		if (byte == '%')
			put("%%");
		else if (byte)
			call.format[call.size++] = byte;
	}
}

/* Every argument by its number, in any order. */
static void put_positional(void)
{
	unsigned count = 1 + below(4);
	char piece[40];
	bool text[4];

	for (unsigned i = 0; i < count; i++) {
		text[i] = one_in(2);
		add_long(text[i] ? make_text() : number());
	}
	for (unsigned i = 0, first = below(count); i < count; i++) {
		unsigned at = (first + i) % count;

		snprintf(piece, sizeof(piece), one_in(3) ? "%%%u$7%s" : "%%%u$%s", at + 1,
			 text[at] ? "s" : "d");
		put(piece);
		put_literal();
	}
}

static void make_format(void)
{
	static void (*const kinds[])(void) = {
		put_integer, put_integer, put_string,	   put_string, put_string,    put_string,
		put_double,  put_wide,	  put_long_double, put_other,  put_character,
	};
	unsigned pieces = below(5);

	call.size = call.long_count = call.double_count = call.wide_count = call.text_count = 0;
	call.counts = call.huge = false;
	memset(call.longs, 0, sizeof(call.longs));
	call.few_longs = one_in(5);
	if (one_in(12)) {
		call.few_longs = false;
		put_literal();
		put_positional();
		return;
	}
	while (pieces--) {
		put_literal();
		if (longs_left() >= 3)
			PICK(kinds)();
	}
	put_literal();
	if (one_in(20) && longs_left())
		put_count();
	if (one_in(10))
		put((const char *const[]){ "\n", "\n\n", "%", "%l", "%5", "%%", "%m" }[below(7)]);
}

/* In a row, first those that registers hold: so the order of the format does not matter. */
#define ARGUMENTS                                                                                  \
	call.longs[0], call.longs[1], call.longs[2], call.longs[3], call.longs[4], call.longs[5],  \
		call.longs[6], call.longs[7], call.longs[8], call.longs[9], call.doubles[0],       \
		call.doubles[1], call.doubles[2], call.doubles[3], call.doubles[4],                \
		call.doubles[5], call.doubles[6], call.doubles[7]
#define FEW_ARGUMENTS                                                                              \
	call.longs[0], call.longs[1], call.longs[2], call.doubles[0], call.doubles[1],             \
		call.doubles[2], call.doubles[3], call.doubles[4], call.doubles[5],                \
		call.doubles[6], call.doubles[7], call.wide[0], call.wide[1]

static void list_call(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (flag < 0)
		vsyslog(priority, format, arguments);
	else
		__vsyslog_chk(priority, flag, format, arguments);
	va_end(arguments);
}

/* flag: -1 for the plain form. */
static void make_call(int priority, int flag, bool listed, const char *format)
{
	if (call.few_longs) {
		if (listed)
			list_call(priority, flag, format, FEW_ARGUMENTS);
		else if (flag < 0)
			syslog(priority, format, FEW_ARGUMENTS);
		else
			__syslog_chk(priority, flag, format, FEW_ARGUMENTS);
	} else if (listed) {
		list_call(priority, flag, format, ARGUMENTS);
	} else if (flag < 0) {
		syslog(priority, format, ARGUMENTS);
	} else {
		__syslog_chk(priority, flag, format, ARGUMENTS);
	}
}

/* Where the fortified form finds a %n in a format that can be written to, it aborts. */
static int call_in_child(int priority, int flag, bool listed, const char *format)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		make_call(priority, flag, listed, format);
		_exit(3);
	}
	waitpid(child, &status, 0);
	return status;
}

static int priority(void)
{
	int severity = (int)below(8);

	if (!one_in(4))
		return severity;
	if (!one_in(10))
		return severity | (int)below(LOG_NFACILITIES) << 3;
	return one_in(2) ? severity | (int)below(128) << 3 : (int)below(1u << 31);
}

static void change_log(void)
{
	static const int facilities[] = { 0,	    0, LOG_USER, LOG_DAEMON, LOG_LOCAL7,
					  LOG_AUTH, 5, 0x400,	 -1,	     LOG_FACMASK };
	unsigned size = one_in(3) ? below(300) : below(20);
	char *ident = ident_edge.end - size - 1;

	if (one_in(6)) {
		closelog();
	} else if (one_in(6)) {
		setlogmask(one_in(2) ? 0xff : (int)below(256));
	} else {
		for (unsigned i = 0; i < size; i++)
			ident[i] = one_in(15) ? '%' : (char)('a' + below(26));
		ident[size] = '\0';
		openlog(one_in(9) ? NULL : ident,
			(one_in(2) ? LOG_PERROR : 0) | (one_in(3) ? LOG_PID : 0) |
				(one_in(3) ? LOG_NDELAY : 0),
			PICK(facilities));
	}
}

static int mark_socket;

static void mark(int number)
{
	static const struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	char text[16];
	int size = snprintf(text, sizeof(text), "#%d", number);

	if (sendto(mark_socket, text, (size_t)size, 0, (const struct sockaddr *)(const void *)&log,
		   sizeof(log)) != size)
		abort();
}

static void show(int number, int flag, bool listed, int level)
{
	printf("%d %s flag %d priority %x: \"", number, listed ? "list" : "call", flag, level);
	for (size_t i = 0; i < call.size && i < 300; i++) {
		unsigned char byte = (unsigned char)call.format[i];

		if (byte < ' ' || byte > '~')
			printf("\\x%02x", byte);
		else
			putchar(byte);
	}
	printf("\" of %zu", call.size);
}

static void one_call(int number)
{
	static const int errors[] = { 0, ENOENT, EACCES, EINTR, 123456, -1, ENOTDIR };
	int level = priority();
	int flag = (int)below(4) - 1;
	int error = PICK(errors);
	bool listed = one_in(2), writable;
	char *format;

	make_format();
	writable = call.counts && one_in(2);
	format = format_edge.end - call.size - 1;
	memcpy(format, call.format, call.size);
	format[call.size] = '\0';
	show(number, flag, listed, level);
	errno = error;
	if (writable && flag > 0) {
		printf(", status %d", call_in_child(level, flag, listed, format));
	} else {
		if (call.counts)
			mprotect(format_edge.start, (size_t)(format_edge.end - format_edge.start),
				 PROT_READ);
		make_call(level, flag, listed, one_in(2000) ? NULL : format);
		error = errno;
		mprotect(format_edge.start, (size_t)(format_edge.end - format_edge.start),
			 PROT_READ | PROT_WRITE);
		printf(", errno %d", error);
	}
	for (unsigned i = 0; i < call.long_count; i++) {
		if (call.longs[i] == (long)&counted[i])
			printf(", counted %ld", counted[i]);
	}
	putchar('\n');
	mark(number);
}

/* A conversion that tells how often it was called. */
static int print_calls(FILE *file, const struct printf_info *info, const void *const *arguments)
{
	static int calls;

	(void)info;
	(void)arguments;
	return fprintf(file, "[%d]", ++calls);
}

static int describe_calls(const struct printf_info *info, size_t count, int *types, int *sizes)
{
	(void)info;
	(void)count;
	(void)types;
	(void)sizes;
	return 0;
}

static void own_conversions(int number)
{
	register_printf_specifier('Y', print_calls, describe_calls);
	for (int i = 0; i < 20; i++) {
		struct edge *edge = &texts[0];
		unsigned size = below(300);

		for (unsigned k = 1; k <= size; k++)
			edge->end[-1 - (int)k] = text_byte();
		edge->end[-1] = '\0';
		errno = ENOENT;
		syslog(priority(), one_in(2) ? "%Y and %s: %m" : "%s%Y", edge->end - 1 - size);
		printf("own %d, errno %d\n", i, errno);
		mark(number + i);
	}
}

int main(int argc, char **argv)
{
	int count;

	if (argc != 4)
		return 2;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	state = strtoull(argv[1], NULL, 0) * 2654435761u + 1;
	count = atoi(argv[2]);
	printf("%s\n", setlocale(LC_ALL, argv[3]) ? argv[3] : "no such locale");
	for (int i = 0; i < LONGS; i++)
		texts[i] = make_edge(TEXT_MAX);
	format_edge = make_edge(2 * TEXT_MAX);
	ident_edge = make_edge(400);
	mark_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int i = 0; i < count; i++) {
		if (one_in(30))
			change_log();
		one_call(i);
	}
	own_conversions(count);
	return 0;
}
