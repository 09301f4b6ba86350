/* SPDX-License-Identifier: MIT */
/*
 * The severity that a line of text shows: the level its author gave it, in one of the dialects of
 * dialects.tsv, or none. Pure functions over the caller's bytes: they never allocate, take
 * no lock, ask no locale, keep no state of their own. Of a long line they read the beginning and
 * the end alone. All of them may be called from signal handlers, after fork and by several threads
 * at once, on any bytes.
 */
#ifndef LOGTAP_SEVERITY_H
#define LOGTAP_SEVERITY_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Bytes of a line's beginning that are looked at. */
#define LT_SEVERITY_WINDOW 256

/* The same for JSON objects and "key=value", where the level may stand behind a long text. */
#define LT_SEVERITY_OBJECT 4096

/* Bytes of its end that are looked through for a carriage return, behind which a terminal's line
 * begins anew. */
#define LT_SEVERITY_TAIL 4096

/* The line shows no severity. The others are syslog's, 0 (LOG_EMERG) to 7 (LOG_DEBUG). */
#define LT_SEVERITY_NONE (-1)

/* Lines that one line can lend its severity to: the stack trace, the frames, the wrapped text. */
#define LT_SEVERITY_CONTINUED 100

/* What counts as a severity that a line shows. */
enum lt_detect {
	LT_DETECT_OFF,
	LT_DETECT_WORDS, /* a level's word, or a form that stands for one */
	LT_DETECT_ON, /* and the report of a failure without one: "x: No such file or directory" */
};

/*
 * What the lines before said, per stream of lines (one per thread in the shim). All zero is the
 * start of a stream.
 */
struct lt_severity_state {
	uint8_t lent; /* severity + 1 of the line that the next ones may belong to; 0 = none */
	uint8_t left; /* further lines it may still be lent to */
	uint8_t open; /* inside a block with an end of its own (a Python traceback) */
};

/*
 * The severity of one line by itself.
 * line, length: the bytes, without the newline; line may be NULL when length is 0.
 * detect: what counts; not LT_DETECT_OFF.
 * skip: receives the bytes to take off the front: 3 for an sd-daemon prefix ("<3>"), else 0.
 * Result: 0 to 7, or LT_SEVERITY_NONE.
 */
int lt_severity_of_line(const char *line, size_t length, enum lt_detect detect, size_t *skip);

/*
 * The same for a line of a stream: a line that shows none of its own but continues the one before
 * (a stack trace's frame, an indented line) has that one's severity, for at most
 * LT_SEVERITY_CONTINUED lines.
 * state: of this stream; zeroed by the caller at the start, updated here.
 * Result: 0 to 7, or LT_SEVERITY_NONE.
 */
int lt_severity_continue(struct lt_severity_state *state, const char *line, size_t length,
			 enum lt_detect detect, size_t *skip);

/* syslog's names of the severities 0 to 7, as syslog.conf(5) writes them: "emerg" .. "debug". */
extern const char *const lt_severity_names[8];

/* The name of a severity, "unknown" for anything else. Static storage. */
const char *lt_severity_name(int severity);

/*
 * The severity that a person means by these bytes: a name of lt_severity_names, one of the others
 * in use ("error", "warn", "critical", "panic", "verbose", "information"), in any case, or a digit
 * 0 to 7. -EINVAL if it is none.
 */
int lt_severity_from_name(const char *text, size_t length);

#pragma GCC visibility pop

#endif
