/* SPDX-License-Identifier: MIT */
/*
 * Where the walk along a line's head stands, for the files that share it: line.c walks,
 * tags.c reads the fields that are names.
 */
#ifndef LOGTAP_SEVERITY_WALK_H
#define LOGTAP_SEVERITY_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "forms.h"
#include "places.h"

#pragma GCC visibility push(hidden)

/* Beside a severity and LT_SEVERITY_NONE, which ends the walk: nothing found here, go on. */
#define LT_MORE (-2)

struct lt_walk {
	const unsigned char *line;
	const unsigned char *at;
	const unsigned char *end;   /* of what the walk reads */
	const unsigned char *limit; /* of what it reads of objects and fields; not before `end` */
	enum lt_left left;
	int kind;	  /* severity of a word like "fatal" in "fatal error:" */
	uint8_t words;	  /* ordinary words that may still come */
	uint8_t capitals; /* words in capitals so far */
	uint16_t work;	  /* that may still be done, enum lt_work: the bytes are anybody's */
	uint8_t pairs;	  /* "key=value" so far */
	uint8_t kinds;	  /* words like "internal" so far */
	uint8_t unclosed; /* kinds of brackets that one was found to be open of, a bit each */
	uint8_t flags;	  /* enum lt_phrase_flag of what was found */
	bool indented;
	bool numbered; /* a number was seen: the line has columns */
	bool barred;   /* the last separator was a column's border */
	struct lt_head head;
	struct lt_inside inside;
	bool failures; /* rows of "failure" count */
};

/* What the steps of a walk cost of lt_walk.work: some 25 instructions a unit at most. */
enum lt_work {
	LT_WORK_FIELD = 12,
	LT_WORK_SEPARATOR = 4,
	LT_WORK_PHRASE = 18,   /* a lookup among those that begin with the same four bytes */
	LT_WORK_LEVEL = 12,    /* a word that may be a level: what stands behind it is read */
	LT_WORK_BRACKET = 6,   /* beside the field that it is */
	LT_WORK_KEY = 20,      /* a word that may be a key: its value is read */
	LT_WORK_PAIR = 8,      /* "key=value" */
	LT_WORK_UNCLOSED = 40, /* a bracket that nothing closes: the line was read to its end */
	LT_WORK_OPEN = 8,      /* one more of its kind */
	LT_WORK_BYTES = 4,     /* so many bytes of a name or bracket for one unit */
};

/* What is left is spent where it does not suffice. */
static inline bool lt_spend(struct lt_walk *w, unsigned work)
{
	bool enough = w->work >= work;

	w->work = enough ? (uint16_t)(w->work - work) : 0;
	return enough;
}

/*
 * Whether a field begins at `at`, rather than more of a URL or a list; at `at` something must have
 * been passed unless the walk is at its start.
 */
bool lt_begins_field(const struct lt_walk *w, const unsigned char *at);

/*
 * The bracket that closes the one at `open`, or NULL. Behind an open one, others of its kind are
 * looked for in their neighbourhood alone: a line of brackets costs no more than one of letters.
 */
const unsigned char *lt_walk_closing(struct lt_walk *w, const unsigned char *open);

/* Whether "=" follows a name that ends at `at`, perhaps behind a colour. */
bool lt_is_assigned(const unsigned char *at, const unsigned char *end);

/* Reads a field that began at `start` and goes on at the walk's place: a severity, LT_SEVERITY_NONE
 * for "the message begins", or LT_MORE. */
int lt_walk_name(struct lt_walk *w, const unsigned char *start);

#pragma GCC visibility pop

#endif
