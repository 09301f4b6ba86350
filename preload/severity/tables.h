/* SPDX-License-Identifier: MIT */
/* Made by generate.py of dialects.tsv; change that. The sizes of the tables in tables.c. */
#ifndef LOGTAP_SEVERITY_TABLES_H
#define LOGTAP_SEVERITY_TABLES_H

#include <stdint.h>

enum {
	LT_PLACES = 23,
	LT_LETTER_PLACES = 12,
	LT_ENDINGS = 3,
	LT_FACILITIES = 21,
	LT_JSON_KEYS = 26,
	LT_CONTINUATIONS = 27,
};

/* Wide enough for the number of words, and for a bit per place. */
typedef uint8_t lt_word_index;
typedef uint32_t lt_place_set;

#endif
