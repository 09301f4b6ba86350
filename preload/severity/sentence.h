/* SPDX-License-Identifier: MIT */
/*
 * The fast path for the commonest line of all, a sentence: "the request of user ann ...". It says
 * for certain that the walk of line.c ends in these words, or it says nothing. It must
 * never say more than the walk; the fuzzer and a test compare the two.
 *
 * In a header, so that a line that is a sentence costs no call.
 */
#ifndef LOGTAP_SEVERITY_SENTENCE_H
#define LOGTAP_SEVERITY_SENTENCE_H

#include <string.h>

#include "chars.h"
#include "steps16.h"
#include "vocabulary.h"

/* What is read of each word: up to 14 letters, a blank, four bytes. */
#define LT_PLAIN_LEAST 20

/*
 * The letters of a word, only the first of them a capital, before a blank and a small letter; 0 if
 * there is none such.
 */
static inline unsigned lt_plain_word(const unsigned char *at)
{
	lt_mask small = lt_mask16(lt_range16(lt_load16(at), 'a', 'z'));
	/* ~ has ones from bit 16 on. */
	unsigned length = (unsigned)__builtin_ctz(~(small | 1));

	return length >= 2 && length <= 14 && at[length] == ' ' && (small >> (length + 1) & 1) &&
			       lt_is(*at, LT_C_LETTER)
		       ? length
		       : 0;
}

/*
 * Whether at `at` stand `words` (1 or more) words of a sentence and the beginning of one more: the
 * first nothing that the walk would stop at, the others in small letters, so no level (behind an
 * ordinary word only "ERROR:" and "error:" are one). None begins a phrase or "error:". stops: the
 * first words that are asked for, lt_opening_bits where the line begins, else lt_stop_bits.
 */
static inline __attribute__((always_inline)) bool lt_begins_plainly(const unsigned char *at,
								    const unsigned char *end,
								    unsigned words,
								    const uint64_t *stops)
{
	unsigned length;

	if (end - at < LT_PLAIN_LEAST)
		return false;
	length = lt_plain_word(at);
	if (length == 0 || lt_may_stop_sentence(stops, lt_four(at), length))
		return false;
	while (--words > 0) {
		at += length + 1;
		if (end - at < LT_PLAIN_LEAST || lt_bit_of_four(lt_plain_bits, lt_four(at)))
			return false;
		length = lt_plain_word(at);
		if (length == 0)
			return false;
	}
	return !lt_bit_of_four(lt_plain_bits, lt_four(at + length + 1));
}

#endif
