/* SPDX-License-Identifier: MIT */
/*
 * Where a word of the vocabulary counts: what may stand left and right of it, and the tables that
 * say so. The rows stand in dialects.tsv.
 */
#ifndef LOGTAP_SEVERITY_PLACES_H
#define LOGTAP_SEVERITY_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "tables.h"
#include "vocabulary.h"

#pragma GCC visibility push(hidden)

/* What stands before the word, seen from the start of the line. */
enum lt_left {
	LT_START,   /* nothing */
	LT_TIME,    /* a time of day, with or without its zone */
	LT_NUMBER,  /* a pid, a thread, an id, a date */
	LT_COUNT,   /* a small number that opens the line: "3 errors" */
	LT_NAME,    /* a host, a logger, a column in capitals */
	LT_TAG,	    /* "program:", "program[12]:", "file.c:12:3:" */
	LT_BRACKET, /* a closed bracket */
	LT_BAR,	    /* a column's border: | or a quote */
	LT_OPEN,    /* the bracket that holds the word */
	LT_INNER,   /* a separator inside that bracket: [core:error] */
	LT_AFTER,   /* a time or number inside that bracket: [18:50:01 ERR] */
	LT_LATER,   /* a word inside that bracket, in a line with a time: [18:50:01 main INFO] */
	LT_KINDS,   /* "fatal error:", "syntax error:" */
	LT_WORD,    /* one ordinary word */
	LT_LEFTS
};

/* What stands behind it. */
enum lt_right {
	LT_R_NONE = 0,
	LT_R_COLON = 0x001,   /* a colon, and then not nothing: "errors: 0" */
	LT_R_GAP = 0x002,     /* one space and a word */
	LT_R_WIDE = 0x004,    /* more than one, or a tab */
	LT_R_LINK = 0x008,    /* one space and "while", "opening" ... */
	LT_R_CLOSE = 0x010,   /* the end of the bracket */
	LT_R_BRACKET = 0x020, /* an opening bracket */
	LT_R_COMMA = 0x040,
	LT_R_BAR = 0x080,
	LT_R_BANG = 0x100,
	LT_R_END = 0x200,
	LT_R_SLASH = 0x400,
	LT_R_DASH = 0x800,	 /* " - " */
	LT_R_CODE = 0x1000,	 /* a number and a colon: "error[E0308]:", "error C2065:" */
	LT_R_COLOUR = 0x2000,	 /* the end of an ANSI colour */
	LT_R_TICKS = 0x4000,	 /* letters only: " (123)" */
	LT_R_TAGGED = 0x8000,	 /* letters only: "/Tag:", "/Tag( 123)" */
	LT_R_GLOG = 0x10000,	 /* letters only: "1121 18:50:01" */
	LT_R_PROGNAME = 0x20000, /* letters only: ", [" */
	LT_R_TITLE = 0x80000,	 /* one space and a word with a capital */
	LT_R_NOUN = 0x40000,	 /* one space and "rate", "summary" ... */
	LT_R_TEXT = 0x100000,	 /* a colon, and then no number */
	LT_R_LOGGER = 0x200000,	 /* "/Name:" */
	LT_R_FIELD = 0x400000,	 /* one space and "key=", "file.ext:" */
};

#define LT_L(left) (1u << (left))
#define LT_L_HEAD  (LT_L(LT_START) | LT_L(LT_TIME) | LT_L(LT_TAG) | LT_L(LT_BRACKET))

/* By use, case (the bit's number) and what stands left: what may stand right, enum lt_right. */
extern const uint32_t lt_places[LT_PLACE_USES + 1][3][LT_LEFTS];

struct lt_letter_place {
	char letters[12];
	uint16_t left;
	uint32_t right;
};

extern const struct lt_letter_place lt_letter_places[];

/*
 * The severity of a word that may be a level, or of a letter, in that form between left and right,
 * or LT_SEVERITY_NONE.
 */
int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right);
int lt_letter_place_severity(unsigned char letter, enum lt_left left, unsigned right);

/* The bracket that closes the one at `at`, or NULL before the end. */
const unsigned char *lt_closing(const unsigned char *at, const unsigned char *end);

/* What a bracket takes from its line, and adds to what is known of it. */
struct lt_inside {
	bool time;     /* a time of day stands in one of the line's brackets, or before them */
	unsigned work; /* that may still be done, in instructions: the bytes are anybody's */
};

/*
 * The severity of a bracket's inside [at, end): [warn], [core:error], [18:50:01 ERR]. square: the
 * bracket is '['.
 */
int lt_bracket_severity(const unsigned char *at, const unsigned char *end, bool square,
			struct lt_inside *inside);

#pragma GCC visibility pop

#endif
