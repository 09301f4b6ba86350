/* SPDX-License-Identifier: MIT */
/*
 * Looks for the line that costs most: changes lines at random, keeps what costs more, in blocks of
 * code that were entered (the reader is compiled with -fsanitize-coverage=trace-pc), in the dearest
 * of the states that it may be read in. Prints the dearest lines of each kind behind the number of
 * that state; severity-cost then counts their instructions.
 *
 * usage: severity-climb ROUNDS [SEED [LINES]]
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "severity/severity.h"
#include "states.h"

#define LONGEST 4096
#define KEPT	24

/* One kind of line is looked for at a time: how it begins, how long it is. */
static const struct kind {
	const char *begin;
	size_t length;
} kinds[] = {
	{ "", LT_SEVERITY_WINDOW },
	{ "tool: ", LT_SEVERITY_WINDOW },
	{ "2026-11-21 18:50:01 ", LT_SEVERITY_WINDOW },
	{ "C", LT_SEVERITY_WINDOW }, /* many rows of continued lines begin so */
	{ "{\"a\":", LONGEST },
	{ "a=b ", LONGEST },
};

/* What lines are made of: the forms that the reader knows. */
static const char *const pieces[] = {
	"[",
	"(",
	"<",
	"{",
	"]",
	")",
	">",
	"}",
	"[[[(",
	"\"",
	"\"level\":",
	"\"s\":",
	"\"L\":\"",
	"\"level\":{",
	"\"short_message\":",
	"level=",
	"a=",
	"=\"",
	"\\\"",
	"error",
	"ERROR",
	"Error",
	"warning:",
	"E",
	"info",
	"fatal error",
	"[error]",
	"[18:50:01 ",
	"18:50:01",
	"2026-11-21",
	"Nov 21 18:50:01 ",
	"::",
	":",
	":12:",
	"x.c:3:",
	",",
	" ",
	"  ",
	"\t",
	"|",
	"-",
	"--",
	"- ",
	"*** ",
	"'",
	"`",
	"(core dumped)",
	": Assertion `",
	"\033[1m",
	"\033[",
	"\r",
	"\342\224\202",
	"\303\251",
	"\351\224\231\350\257\257",
	"Fehler",
	"fehler:",
	"cannot ",
	"failed to ",
	"No such file or directory",
	": ",
	"(2)",
	"a",
	"A",
	"Ab",
	"aB",
	"1",
	"0x1",
	"+0x1/0x1",
	": 0x1",
	" 0x1",
	"[  312.001200] ",
	"/",
	".",
	"_",
	"@",
	"line 3, ",
	"col 3, ",
	"main::INFO::",
	"local.err ",
	"<3>",
	"thread '",
	"=ERROR REPORT",
	"== ",
	"** (",
	"#",
	"kB",
	"daemon.",
	"user.",
	"%LINK-3-X",
	"(0x0020)",
	"Wa(180)",
	"31:M ",
	"debug1",
	"error[E0308]",
	"error C2065",
	"level: ",
	"log_level: error",
};

static unsigned long blocks; /* entered since the line began */

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
	blocks++;
}

struct line {
	char bytes[LONGEST];
	size_t length;
	unsigned long cost;
	unsigned state; /* in which it costs that */
};

static uint64_t random_state;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 11) % limit);
}

static void weigh(struct line *line)
{
	line->cost = 0;
	for (unsigned number = 0; number < STATES; number++) {
		struct lt_severity_state state = state_of(number);
		size_t skip;

		blocks = 0;
		lt_severity_continue(&state, line->bytes, line->length, LT_DETECT_ON, &skip);
		if (blocks > line->cost) {
			line->cost = blocks;
			line->state = number;
		}
	}
}

/* Puts bytes at `at`, pushing the rest out of the end or writing over it. */
static void put(struct line *line, size_t at, const char *bytes, size_t size, bool insert)
{
	if (size > line->length - at)
		size = line->length - at;
	if (insert)
		memmove(line->bytes + at + size, line->bytes + at, line->length - at - size);
	memmove(line->bytes + at, bytes, size);
}

static void change(struct line *line, const struct kind *kind)
{
	size_t fixed = strlen(kind->begin);
	size_t at = fixed + random_below((unsigned)(line->length - fixed));
	const char *piece = pieces[random_below(sizeof(pieces) / sizeof(*pieces))];
	char unit[64];
	size_t size;

	switch (random_below(5)) {
	case 0: /* one byte */
		line->bytes[at] =
			(char)(random_below(8) ? 0x20 + random_below(0x5f) : random_below(256));
		break;
	case 1:
	case 2:
		put(line, at, piece, strlen(piece), random_below(2));
		break;
	case 3: /* the same again and again to the end */
		size = 1 + random_below(sizeof(unit));
		if (size > line->length - at)
			size = line->length - at;
		memcpy(unit, line->bytes + at, size);
		if (random_below(2)) {
			size = strlen(piece) < sizeof(unit) ? strlen(piece) : sizeof(unit);
			memcpy(unit, piece, size);
		}
		for (; at < line->length; at += size)
			put(line, at, unit, size, false);
		break;
	default: /* moved */
		put(line, at, line->bytes + fixed, random_below(64), random_below(2));
		break;
	}
	for (size_t i = 0; i < line->length; i++) {
		if (line->bytes[i] == '\n')
			line->bytes[i] = ' ';
	}
}

static int by_cost(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return one->cost < other->cost ? 1 : one->cost > other->cost ? -1 : 0;
}

static void climb(const struct kind *kind, unsigned long rounds, size_t lines)
{
	static struct line kept[KEPT];
	static struct line tried;

	for (size_t i = 0; i < KEPT; i++) {
		memset(kept[i].bytes, ' ', kind->length);
		memcpy(kept[i].bytes, kind->begin, strlen(kind->begin));
		kept[i].length = kind->length;
		for (unsigned n = 0; n < i * 8; n++)
			change(&kept[i], kind);
		weigh(&kept[i]);
	}
	while (rounds--) {
		unsigned slot = random_below(KEPT);

		tried = kept[random_below(KEPT)];
		for (unsigned changes = 1 + random_below(4); changes > 0; changes--)
			change(&tried, kind);
		weigh(&tried);
		if (tried.cost >= kept[slot].cost)
			kept[slot] = tried;
	}
	qsort(kept, KEPT, sizeof(*kept), by_cost);
	for (size_t i = 0; i < lines && i < KEPT; i++) {
		if (i > 0 && memcmp(kept[i].bytes, kept[i - 1].bytes, kind->length) == 0)
			continue;
		printf("%u\t", kept[i].state);
		fwrite(kept[i].bytes, 1, kept[i].length, stdout);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	size_t lines = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	size_t count = sizeof(kinds) / sizeof(*kinds);

	random_state = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < count; i++)
		climb(&kinds[i], rounds / count, lines);
	return 0;
}
