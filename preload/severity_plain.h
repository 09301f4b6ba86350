/* SPDX-License-Identifier: MIT */
/*
 * The short way for the commonest line of all, a sentence: "the request of user ann ...". It says
 * for certain that the walk of severity_line.c gives up at the second word, or it says nothing.
 * It must never say more than the walk; the fuzzer and a test compare the two.
 *
 * Included by severity.c alone, so that a sentence costs no call. Without SSE2 it takes no line.
 */
#ifndef LOGTAP_SEVERITY_PLAIN_H
#define LOGTAP_SEVERITY_PLAIN_H

#include <string.h>

#include "severity_bytes.h"
#include "severity_internal.h"

/* What lt_begins_plainly may read: a word of up to 14 letters, a blank, four bytes. */
#define LT_PLAIN_LEAST 20

/*
 * Whether the line, of at least LT_PLAIN_LEAST bytes, begins with two words of a sentence: the
 * first one nothing that the walk would stop at, the second in small letters, so no level (behind
 * an ordinary word only "ERROR:" is one). Neither begins a phrase.
 */
static inline bool lt_begins_plainly(const unsigned char *at)
{
#ifdef __SSE2__
	__m128i bytes = lt_load16(at);
	lt_mask letters = lt_letters16(bytes);
	lt_mask small = letters & lt_small16(bytes);
	/* The first may be a capital; ~ has ones from bit 16 on. */
	unsigned length = (unsigned)__builtin_ctz(~(small | (letters & 1)));
	uint32_t first;
	uint32_t second;

	if (length < 2 || length > 14 || at[length] != ' ' || !(small >> (length + 1) & 1))
		return false;
	memcpy(&first, at, sizeof(first));
	memcpy(&second, at + length + 1, sizeof(second));
	return !lt_may_begin_phrase(first) && !lt_may_begin_phrase(second) &&
	       !lt_may_stop_sentence(first, length);
#else
	(void)at;
	return false;
#endif
}

#endif
