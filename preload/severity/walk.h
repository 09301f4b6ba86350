/* SPDX-License-Identifier: MIT */
/*
 * Where the walk along a line's head stands, for the files that share it: line.c walks; letters.c,
 * brackets.c and tags.c read the fields that are words, brackets and names.
 */
#ifndef LOGTAP_SEVERITY_WALK_H
#define LOGTAP_SEVERITY_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "forms.h"
#include "places.h"
#include "vocabulary.h"

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
	unsigned work;	  /* that may still be done, enum lt_work: the bytes are anybody's */
	uint8_t kinds;	  /* words like "internal" so far */
	uint8_t unclosed; /* kinds of brackets that one was found to be open of, a bit each */
	uint8_t flags;	  /* enum lt_phrase_flag of what was found */
	bool indented;
	bool numbered; /* a number was seen: the line has columns */
	bool barred;   /* the last separator was a column's border */
	bool failures; /* rows of "failure" count */
	struct lt_head head;
};

/*
 * What the steps of a walk cost of lt_walk.work: the instructions that they take at most. Where
 * they do not suffice the walk ends, as where a sentence begins.
 */
enum lt_work {
	LT_WORK_MAX = 3560, /* of a head; SSSD's and RAS lines, the dearest known, take 3,550 */
	LT_WORK_END = 150,  /* of a line that is not short, where its head says nothing; and by its
			       bytes: */
	LT_WORK_END_BYTE = 3,
	LT_WORK_FIELD = 125,
	LT_WORK_SEPARATOR = 55,
	LT_WORK_COLOUR = 100,
	LT_WORK_CISCO = 400,
	LT_WORK_NUMBER = 80,   /* and by its bytes */
	LT_WORK_LETTERS = 180, /* a word that is no level */
	LT_WORK_PHRASE = 220,  /* a lookup among those that begin alike */
	LT_WORK_LEVEL = 250,   /* a word that may be a level: what stands behind it is read */
	LT_WORK_NAME = 240,    /* and by its bytes, by sixteens where it is long or holds colons: */
	LT_WORK_COLONS = 80,
	LT_WORK_ENDING = 80,	/* of a name, looked up */
	LT_WORK_BRACKET = 180,	/* and by its bytes */
	LT_WORK_KEY = 180,	/* a word that may be a key: its value is read */
	LT_WORK_PAIR = 210,	/* "key=value" */
	LT_WORK_REDIS = 600,	/* a date behind what may be its pid */
	LT_WORK_SETTING = 90,	/* a name that may be one, before its value */
	LT_WORK_UNCLOSED = 100, /* a bracket that nothing closes, and each byte behind it: */
	LT_WORK_OPEN = 10,
	LT_WORK_SIGN = 8,   /* each byte of a message that signs of failure are looked for in */
	LT_WORK_BYTE = 4,   /* of a number, a bracket, a name's ending */
	LT_WORK_VALUES = 2, /* bytes of values for one: they are passed sixteen at a time */
};

/* What is left is spent where it does not suffice. */
static inline bool lt_spend(struct lt_walk *w, unsigned work)
{
	bool enough = w->work >= work;

	w->work = enough ? w->work - work : 0;
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

/*
 * The fields of the head, at the walk's place: a severity, LT_SEVERITY_NONE for "the message
 * begins", or LT_MORE. lead: what begins there, a letter. start: where a name began whose first
 * bytes have been passed; behind: one that names a value, before "=" or its colour.
 */
int lt_walk_letters(struct lt_walk *w, const struct lt_lead *lead);
int lt_walk_bracket(struct lt_walk *w);
int lt_walk_name(struct lt_walk *w, const unsigned char *start);
int lt_walk_pairs(struct lt_walk *w, const unsigned char *start, const unsigned char *behind);

/* Whether "=" follows a name that ends at `at`, perhaps behind a colour. */
bool lt_is_assigned(const unsigned char *at, const unsigned char *end);

#pragma GCC visibility pop

#endif
