/* SPDX-License-Identifier: MIT */
/* Made by generate.py of dialects.tsv; change that. The sizes of the tables in tables.c. */
#ifndef LOGTAP_SEVERITY_TABLES_H
#define LOGTAP_SEVERITY_TABLES_H

#include <stdint.h>

enum {
	LT_LETTER_PLACES = 14,
	LT_ENDINGS = 3,
	LT_FACILITIES = 21,
};

typedef uint8_t lt_word_index; /* wide enough for the number of words */

#endif
