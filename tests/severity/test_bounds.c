/* SPDX-License-Identifier: MIT */
/*
 * What the reader may touch: at most LT_SEVERITY_WINDOW bytes, never one beyond the line, and any
 * bytes at all. Lines end where an unreadable page begins.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>
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

/* Without its NUL: no byte is left for one. */
static void write_before_edge(const char *text)
{
	char *to = edge - strlen(text);

	while (*text != '\0')
		*to++ = *text++;
}

static int at_edge(const char *text, size_t length)
{
	size_t skip;

	memcpy(edge - length, text, length);
	return lt_severity_of_line(edge - length, length, &skip);
}

Test(bounds, empty)
{
	struct lt_severity_state state = { 0 };
	size_t skip = 7;

	cr_expect_eq(lt_severity_of_line(NULL, 0, &skip), LT_SEVERITY_NONE);
	cr_expect_eq(skip, 0);
	cr_expect_eq(lt_severity_continue(&state, NULL, 0, &skip), LT_SEVERITY_NONE);
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
		"(gedit:31): Gtk-WARNING **: 18:50:01: \342\224\202 Error: x",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		for (size_t length = 0; length <= strlen(lines[i]); length++)
			at_edge(lines[i], length);
	}
}

/* A line may be longer than what is mapped, as long as the window is there. */
Test(bounds, window)
{
	size_t skip;
	char *line = edge - LT_SEVERITY_WINDOW;

	memset(line, ' ', LT_SEVERITY_WINDOW);
	cr_expect_eq(lt_severity_of_line(line, 1 << 20, &skip), LT_SEVERITY_NONE);
	memset(line, '9', LT_SEVERITY_WINDOW);
	cr_expect_eq(lt_severity_of_line(line, 1 << 20, &skip), LT_SEVERITY_NONE);
	memset(line, 'a', LT_SEVERITY_WINDOW);
	cr_expect_eq(lt_severity_of_line(line, 1 << 20, &skip), LT_SEVERITY_NONE);
	memset(line, ' ', LT_SEVERITY_WINDOW);
	write_before_edge("error:");
	cr_expect_eq(lt_severity_of_line(line, LT_SEVERITY_WINDOW, &skip), 3);
	/* One byte further, the colon is outside and decides nothing. */
	cr_expect_eq(lt_severity_of_line(line + 1, LT_SEVERITY_WINDOW - 1, &skip), 3);
	memset(line, ' ', LT_SEVERITY_WINDOW);
	write_before_edge("error");
	cr_expect_eq(lt_severity_of_line(line, 1 << 20, &skip), LT_SEVERITY_NONE);
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
		cr_expect_eq(lt_severity_of_line(line, strlen(line), &skip), severity);
		cr_expect_eq(skip, 3);
		cr_expect_eq(lt_severity_of_line(line, 3, &skip), severity);
		cr_expect_eq(skip, 3);
		lt_severity_of_line(line, 2, &skip);
		cr_expect_eq(skip, 0);
	}
	for (const char *const *line = (const char *const[]){ "<8>x", "<>x", "< 3>x", " <3>x",
							      "<3 >x", "<13>Nov 21 x", NULL };
	     *line != NULL; line++) {
		size_t skip = 9;

		lt_severity_of_line(*line, strlen(*line), &skip);
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
