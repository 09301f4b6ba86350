/* SPDX-License-Identifier: MIT */
/*
 * Fast paths past the commonest heads: syslog's time, host and tag ("Nov 21 18:50:01 gate
 * sshd[31]: "), a time by itself ("2026-11-21 18:50:01,120 "), an access log's address and time,
 * and a compiler's place ("src/main.c:12:5: "). They must say nothing that the walk would not find
 * field by field; what they are not certain of they leave to it.
 */
#include "heads.h"

#include <string.h>

#include "chars.h"
#include "forms.h"
#include "names16.h"
#include "steps16.h"
#include "vocabulary.h"

/* A time of day was passed. */
static void set_time(struct lt_walk *w, const unsigned char *at)
{
	w->at = at;
	w->left = LT_TIME;
	w->numbered = true;
	w->head.dated = true;
	w->words = 2;
}

/* Which of sixteen bytes are digits. */
static inline lt_mask digits16(const unsigned char *at)
{
	return lt_mask16(lt_range16(lt_load16(at), '0', '9'));
}

/* "Nov 21 18:50:01 " */
static bool skip_syslog_time(struct lt_walk *w)
{
	const unsigned char *at = w->at;

	if (w->end - at < 20 || at[3] != ' ' || at[6] != ' ' || at[9] != ':' || at[12] != ':' ||
	    at[15] != ' ' || !lt_is(at[1], LT_C_LOWER) || !lt_is(at[2], LT_C_LOWER))
		return false;
	if ((digits16(at) & ~0x10u) != 0x6da0) /* 5, 7, 8, 10, 11, 13 and 14, perhaps 4 */
		return false;
	set_time(w, at + 16);
	return true;
}

/* "2026-11-21 18:50:01", "2026/11/21T18:50:01.120Z" and the blank behind it. */
static void skip_iso_time(struct lt_walk *w)
{
	const unsigned char *at = w->at;

	/* 0 to 3, 5, 6, 8, 9, 11, 12, 14 and 15 */
	if (w->end - at < 36 || digits16(at) != 0xdb6f || at[4] != at[7] ||
	    (at[4] != '-' && at[4] != '/') || (at[10] != ' ' && at[10] != 'T') || at[13] != ':' ||
	    at[16] != ':' || !lt_is(at[17], LT_C_DIGIT) || !lt_is(at[18], LT_C_DIGIT))
		return;
	at += 19;
	if (*at == '.' || *at == ',') {
		unsigned digits = (unsigned)__builtin_ctz(~digits16(at) & ~1u);

		if (digits == 1)
			return;
		at += digits;
	}
	at += *at == 'Z';
	if (at < w->end && *at == ' ')
		set_time(w, at + 1);
}

/* Of sixteen bytes at least; the walk then looks it up. */
static inline bool may_begin_phrase(const unsigned char *at)
{
	struct lt_lead lead = lt_lead_of(lt_load16(at), at);

	return lt_may_begin_phrase(lt_phrase_hash(&lead));
}

/* "- 1132222201 2026.11.21 " and "APPREAD 1132222201 2026.11.21 ", of clusters' collectors. */
static void skip_cluster(struct lt_walk *w)
{
	const unsigned char *at = w->at;
	struct lt_letters tag = { .end = at + 1 };
	unsigned digits;

	if (w->end - at < 48)
		return;
	if (*at != '-') {
		tag = lt_letters_read(at, w->end);
		if (tag.word || tag.form != LT_F_CAPITALS || tag.end - at > LT_WORD_MAX)
			return;
	}
	if (*tag.end != ' ')
		return;
	at = tag.end + 1;
	digits = (unsigned)__builtin_ctz(~digits16(at)); /* of the seconds since 1970 */
	if (digits < 5 || digits > 10 || at[digits] != ' ')
		return;
	at += digits + 1;
	if ((digits16(at) & 0x7ff) != 0x36f || at[4] != '.' || at[7] != '.' || at[10] != ' ' ||
	    may_begin_phrase(w->at))
		return;
	w->at = at + 10;
	w->left = LT_NUMBER;
	w->numbered = true;
	w->capitals = tag.form == LT_F_CAPITALS;
}

/* "192.0.2.7 - - [21/Nov/2026:18:50:01 +0000] " of web servers. */
static void skip_access(struct lt_walk *w)
{
	static const char nobody[] = " - - [";
	const unsigned char *at = w->at;
	unsigned length;

	if (w->end - at < 52)
		return;
	length = (unsigned)__builtin_ctz(~lt_mask16(lt_range16(lt_load16(at), '.', '9')));
	if (length < 7 || length > 15 || !lt_is(at[length - 1], LT_C_DIGIT) ||
	    memcmp(at + length, nobody, sizeof(nobody) - 1) != 0)
		return;
	at += length + sizeof(nobody) - 2;
	if (at[27] != ']' || !lt_is_access_time(at, at + 27))
		return;
	w->at = at + 28;
	w->left = LT_BRACKET;
	w->numbered = true;
	w->head.dated = true;
}

/*
 * A name of at most fifteen small letters, digits, hyphens and underlines that is no level and
 * opens no phrase: its length, or 0.
 */
static inline unsigned short_name(const unsigned char *at, const unsigned char *end)
{
	lt_bytes16 bytes;
	unsigned length;

	if (end - at < 16 || !lt_is(*at, LT_C_LOWER))
		return 0;
	bytes = lt_load16(at);
	length = (unsigned)__builtin_ctz(
		~lt_mask16(lt_range16(bytes, 'a', 'z') | lt_range16(bytes, '0', '9') |
			   lt_equal16(bytes, '-') | lt_equal16(bytes, '_')) |
		0x8000);
	return lt_may_stop_sentence(lt_stop_bits, lt_four(at), length) ? 0 : length;
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
	if (tag == 0)
		return;
	at += tag;
	if (*at == '[' && w->end - at >= 18) {
		at += 1 + __builtin_ctz(~digits16(at + 1));
		if (*at++ != ']')
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
	lt_mask colons;
	lt_mask digits;
	unsigned length;

	if (w->end - at < 24)
		return;
	at = lt_skip_name(at, w->end);
	if (w->end - at < 18 || *at != ':')
		return;
	/* Numbers, each behind one colon, and a colon behind the last. */
	digits = digits16(at);
	colons = lt_mask16(lt_equal16(lt_load16(at), ':'));
	length = (unsigned)__builtin_ctz(~(digits | colons));
	if (length < 3 || length > 15 || (colons & colons >> 1 & ((1u << length) - 1)) != 0 ||
	    at[length - 1] != ':' || at[length] != ' ' || may_begin_phrase(w->at))
		return;
	w->at = at + length + 1;
	w->left = LT_TAG;
	w->head.tagged = true;
	w->head.program = true;
	w->head.message = w->at;
}

void lt_skip_head(struct lt_walk *w)
{
	unsigned char first = *w->at;

	if (lt_is(first, LT_C_LOWER) || first == '/' || first == '.') {
		skip_place(w);
	} else if (lt_is(first, LT_C_DIGIT)) {
		skip_iso_time(w);
		if (w->left == LT_START)
			skip_access(w);
	} else if (lt_is(first, LT_C_UPPER) && skip_syslog_time(w)) {
		skip_host_and_tag(w);
	} else if (lt_is(first, LT_C_UPPER) || first == '-') {
		skip_cluster(w);
	}
}
