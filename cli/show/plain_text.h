/* SPDX-License-Identifier: MIT */
/*
 * What a text must hold so that an expression can match: the longest run of characters in it that
 * stand for themselves. Finding that costs a hundredth of what the matcher does.
 */
#ifndef LOGTAP_PLAIN_TEXT_H
#define LOGTAP_PLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Of a longer run the rest is left out: what holds the whole run holds its beginning. */
#define PLAIN_TEXT_MAX 64

/* All zero: nothing is known of what matches. */
struct plain_text {
	size_t size;
	bool is_all; /* the expression is this text and nothing else: what holds it matches */
	/* The text, small letters where case is ignored, and for each byte what makes the bytes
	 * that may stand there the same: 0x20 for letters where case is ignored, else 0. */
	unsigned char bytes[PLAIN_TEXT_MAX], fold[PLAIN_TEXT_MAX];
	size_t rare[2]; /* the places of two bytes that few texts have, the first one first */
};

/*
 * Reads a POSIX extended expression that regcomp() took, as it takes it in the locale "C".
 *
 * @any_case  compiled with REG_ICASE
 */
void plain_text_read(struct plain_text *plain, const char *expression, bool any_case);

/* Whether the text holds it. Reads no byte beyond `size`. */
bool plain_text_in(const struct plain_text *plain, const char *text, size_t size);

#endif
