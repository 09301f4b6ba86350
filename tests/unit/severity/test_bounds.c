/* SPDX-License-Identifier: MIT */
/*
 * What the reader may touch: never a byte beyond the line, and how far into it a level counts.
 * Lines end where an unreadable page begins.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>
#include <syslog.h>
#include <unistd.h>

#include "severity/severity.h"

static char *edge; /* the first byte that can't be read */

static void open_edge(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert(pages != MAP_FAILED);
	cr_assert_eq(mprotect(pages + page, page, PROT_NONE), 0);
	edge = pages + page;
}

TestSuite(bounds, .init = open_edge);

static int at_edge(const char *text, size_t length)
{
	size_t skip;

	memcpy(edge - length, text, length);
	return lt_severity_of_line(edge - length, length, LT_DETECT_ON, &skip);
}

Test(bounds, empty)
{
	struct lt_severity_state state = { 0 };
	size_t skip = 7;

	cr_expect_eq(lt_severity_of_line(NULL, 0, LT_DETECT_ON, &skip), LT_SEVERITY_NONE);
	cr_expect_eq(skip, 0);
	cr_expect_eq(lt_severity_continue(&state, NULL, 0, LT_DETECT_ON, &skip), LT_SEVERITY_NONE);
	cr_expect_eq(at_edge("", 0), LT_SEVERITY_NONE);
}

/* Every beginning of lines of all kinds, each ending where memory ends. */
Test(bounds, every_beginning)
{
	static const char *const lines[] = {
		"<165>1 2026-11-21T18:50:01.003Z gate app - ID47 - x",
		"[310:310:1121/185001.123456:ERROR:gpu_init.cc(523)] no display",
		"{\"time\":\"2026\",\"level\":\"error\",\"s\":\"D2\",\"severityNumber\":17}",
		"time=\"2026 \\\" x\" level=error msg=\"x\"",
		"31:M 21 Nov 2026 18:50:01.123 * Ready to accept connections",
		"\033[1;31merror\033[0m\033[1m[E0308]\033[0m: mismatched types",
		"*Nov 21 18:50:01.123: %LINK-3-UPDOWN: Interface down",
		"a.out: x.cc:5: int main(int, char**): Assertion `n == 1' failed.",
		"E, [2026-11-21T18:50:01.123456 #31] ERROR -- : job failed",
		"./run.sh: line 3:  3120 Segmentation fault (core dumped) ./x",
		"Sat Nov 21 18:50:01 2026 daemon.err dnsmasq[31]: error C2065: x",
		"ls: cannot access 'x': No such file or directory",
		"nginx: open() \"x\" failed (2: No such file or directory)",
		"\033[3mlevel\033[0m\033[2m=\033[0mwarn \033[3mmsg\033[0m=x",
		"10%\r20%\rx.c:1:25: \345\210\230\350\257\257\357\274\232x",
		"(gedit:31): Gtk-WARNING **: 18:50:01: \342\224\202 Error: x",
		"2026-11-21 18:50:01,123456789Z WARN [main] org.acme.Pool: none idle",
		"192.0.2.7 - - [21/Nov/2026:18:50:01 +0000] \"GET / HTTP/1.1\" 200",
		"src/main.c:12:5: warning: unused variable 'n' [-Wunused-variable]",
		"Nov 21 18:50:01 gate sshd[31]: Failed password for root from x",
		"- 1132222201 2026.11.21 R30-M0-N9 2026-11-21-18.50.01.123456 RAS x",
		"./run.sh: line 3: std::pool::take() of a::b::c failed: 12:34:56",
		"{\"@level\" : {\"name\":\"warn\",\"no\":40},\"severityText\":\"x\"}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		for (size_t length = 0; length <= strlen(lines[i]); length++)
			at_edge(lines[i], length);
	}
}

/* A level counts where it begins and ends within `most` bytes of a line of `filler`. */
static void check_window(const char *begin, char filler, const char *level, size_t most)
{
	static char line[8192];
	size_t size = strlen(level);

	for (size_t length = most - 2; length <= most + 8; length += 5) {
		size_t skip;

		memset(line, filler, sizeof(line));
		memcpy(line, begin, strlen(begin));
		memcpy(line + length - size, level, size);
		cr_expect_eq(lt_severity_of_line(line, length + 100, LT_DETECT_ON, &skip),
			     length <= most ? LOG_ALERT : LT_SEVERITY_NONE, "%zu: %s", length,
			     level);
	}
}

Test(bounds, window)
{
	check_window(" ", ' ', "alert: ", LT_SEVERITY_WINDOW + 1); /* the blank decides nothing */
	check_window("{\"a\":\"", 'a', "\",\"level\":\"alert\"", LT_SEVERITY_OBJECT + 1);
	check_window("a=\"", 'a', "\" level=alert ", LT_SEVERITY_OBJECT + 1);
	check_window("a=", 'a', " level=alert ", LT_SEVERITY_OBJECT + 1);
}

/* What a long line ends in counts, whatever its length. */
Test(bounds, end_of_a_long_line)
{
	static char line[100000];
	static const char end[] = ": No such file or directory";
	size_t skip;

	memset(line, 'a', sizeof(line));
	memcpy(line, "tool: ", 6);
	memcpy(line + sizeof(line) - (sizeof(end) - 1), end, sizeof(end) - 1);
	cr_expect_eq(lt_severity_of_line(line, sizeof(line), LT_DETECT_ON, &skip), 3);
	cr_expect_eq(lt_severity_of_line(line, sizeof(line), LT_DETECT_WORDS, &skip), -1);
	cr_expect_eq(lt_severity_of_line(line, sizeof(line) - 1, LT_DETECT_ON, &skip), -1);
}

Test(bounds, every_byte)
{
	for (unsigned first = 0; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			char text[4] = { (char)first, (char)second, (char)first, (char)second };

			for (size_t length = 1; length <= sizeof(text); length++) {
				int severity = at_edge(text, length);

				cr_assert(severity >= -1 && severity <= 7);
			}
		}
	}
}

Test(bounds, prefix)
{
	for (int severity = 0; severity <= 7; severity++) {
		char line[] = "<0>error: text";
		size_t skip;

		line[1] = (char)('0' + severity);
		cr_expect_eq(lt_severity_of_line(line, strlen(line), LT_DETECT_ON, &skip),
			     severity);
		cr_expect_eq(skip, 3);
		cr_expect_eq(lt_severity_of_line(line, 3, LT_DETECT_ON, &skip), severity);
		cr_expect_eq(skip, 3);
		lt_severity_of_line(line, 2, LT_DETECT_ON, &skip);
		cr_expect_eq(skip, 0);
	}
	for (const char *const *line = (const char *const[]){ "<8>x", "<>x", "< 3>x", " <3>x",
							      "<3 >x", "<13>Nov 21 x", NULL };
	     *line; line++) {
		size_t skip = 9;

		lt_severity_of_line(*line, strlen(*line), LT_DETECT_ON, &skip);
		cr_expect_eq(skip, 0, "%s", *line);
	}
}

Test(bounds, names)
{
	cr_expect_str_eq(lt_severity_name(0), "emerg");
	cr_expect_str_eq(lt_severity_name(3), "err");
	cr_expect_str_eq(lt_severity_name(7), "debug");
	cr_expect_str_eq(lt_severity_name(8), "unknown");
	cr_expect_str_eq(lt_severity_name(LT_SEVERITY_NONE), "unknown");
}
