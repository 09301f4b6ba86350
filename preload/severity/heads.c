/* SPDX-License-Identifier: MIT */
/*
 * Fast paths past the commonest heads: syslog's time, host and tag ("Nov 21 18:50:01 gate
 * sshd[31]: ") and a compiler's place ("src/main.c:12:5: "). They must say nothing that the walk
 * would not find field by field; what they are not certain of they leave to it.
 */
#include "heads.h"

#include "chars.h"
#include "names16.h"
#include "steps16.h"
#include "vocabulary.h"

/* "Nov 21 18:50:01 " */
static bool skip_syslog_time(struct lt_walk *w)
{
	const unsigned char *at = w->at;
	lt_mask digits;

	if (w->end - at < 20 || at[3] != ' ' || at[6] != ' ' || at[9] != ':' || at[12] != ':' ||
	    at[15] != ' ' || !lt_is(at[0], LT_C_UPPER) || !lt_is(at[1], LT_C_LOWER) ||
	    !lt_is(at[2], LT_C_LOWER))
		return false;
	digits = lt_mask16(lt_range16(lt_load16(at), '0', '9'));
	if ((digits & ~0x10u) != 0x6da0) /* 5, 7, 8, 10, 11, 13 and 14, perhaps 4 */
		return false;
	w->at = at + 16;
	w->left = LT_TIME;
	w->numbered = true;
	w->head.dated = true;
	w->words = 2;
	return true;
}

/* A name of at most fifteen characters without capitals that is no level: its length, or 0. */
static unsigned short_name(const unsigned char *at, const unsigned char *end)
{
	lt_bytes16 bytes;
	unsigned length;

	if (end - at < 16 || !lt_is(*at, LT_C_LOWER))
		return 0;
	bytes = lt_load16(at);
	length = (unsigned)__builtin_ctz(~lt_names16(bytes) | 0x8000);
	if ((lt_mask16(lt_range16(bytes, 'A', 'Z') | lt_equal16(bytes, '.') |
		       lt_equal16(bytes, '?') | bytes) &
	     ((1u << length) - 1)) != 0 ||
	    lt_may_stop_sentence(lt_four(at), length))
		return 0;
	return length;
}

/* "gate sshd[31]: " */
static void skip_host_and_tag(struct lt_walk *w)
{
	unsigned host = short_name(w->at, w->end);
	const unsigned char *at = w->at + host + 1;
	unsigned tag;

	if (host == 0 || at[-1] != ' ')
		return;
	tag = short_name(at, w->end);
	at += tag;
	if (tag == 0)
		return;
	if (*at == '[') {
		for (at++; at < w->end && lt_is(*at, LT_C_DIGIT); at++)
			;
		if (at == w->end || *at++ != ']')
			return;
	}
	if (w->end - at < 2 || at[0] != ':' || at[1] != ' ')
		return;
	w->at = at + 2;
	w->left = LT_TAG;
	w->head.tagged = true;
}

/* "src/main.c:12:5: " */
static void skip_place(struct lt_walk *w)
{
	const unsigned char *at = w->at;
	const unsigned char *digit;

	if (w->end - at < 24 || !(lt_is(*at, LT_C_LOWER) || *at == '/' || *at == '.'))
		return;
	while (w->end - at >= 17) {
		unsigned length = (unsigned)__builtin_ctz(~lt_names16(lt_load16(at)));

		at += length;
		if (length < 16)
			break;
	}
	for (digit = at; *at == ':' && w->end - at > 2 && lt_is(at[1], LT_C_DIGIT);) {
		for (at++; at < w->end - 2 && lt_is(*at, LT_C_DIGIT); at++)
			;
	}
	if (at == digit || at[0] != ':' || at[1] != ' ' || lt_phrase_find(w->at, w->end, 0))
		return;
	w->at = at + 2;
	w->left = LT_TAG;
	w->head.tagged = true;
	w->head.program = true;
	w->head.message = w->at;
}

void lt_skip_head(struct lt_walk *w)
{
	if (!lt_is(*w->at, LT_C_UPPER))
		skip_place(w);
	else if (skip_syslog_time(w))
		skip_host_and_tag(w);
}
