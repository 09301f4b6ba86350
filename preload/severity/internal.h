/* SPDX-License-Identifier: MIT */
/*
 * What the files of the severity reader share: character classes, the vocabulary's lookup, and
 * the readers of structured lines. Nothing here is for other parts; they use severity.h.
 */
#ifndef LOGTAP_SEVERITY_INTERNAL_H
#define LOGTAP_SEVERITY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dialects_phrases.h"
#include "dialects_places.h"
#include "dialects_words.h"
#include "severity.h"

/* Without this, position-independent code takes a load more for each use of a table. */
#pragma GCC visibility push(hidden)

/* Character classes of ASCII; bytes from 0x80 on have none. */
enum lt_class {
	LT_C_LOWER = 0x01,
	LT_C_UPPER = 0x02,
	LT_C_DIGIT = 0x04,
	LT_C_BLANK = 0x08,
	LT_C_OPEN = 0x10,
	LT_C_CLOSE = 0x20,
	LT_C_NAME = 0x40, /* goes on inside a name: . _ - / \ @ $ ? ... */
	LT_C_SEPARATOR = 0x80,
	LT_C_LETTER = LT_C_LOWER | LT_C_UPPER,
	LT_C_WORD = LT_C_LETTER | LT_C_DIGIT,
};

extern const uint8_t lt_class[256];

static inline bool lt_is(unsigned char byte, unsigned classes)
{
	return (lt_class[byte] & classes) != 0;
}

struct lt_word {
	uint64_t head;	  /* its first eight letters, the first in the lowest byte */
	uint64_t tail;	  /* the others */
	int16_t severity; /* or LT_NO_SEVERITY */
	uint16_t use;	  /* enum lt_use */
};

/* A run of letters, and what the vocabulary knows of it. */
struct lt_letters {
	const unsigned char *end;   /* behind the last letter */
	const struct lt_word *word; /* NULL: not in the vocabulary */
	unsigned form;		    /* enum lt_form; 0: mixed */
};

/* Whether it is a severity, and in a case that it counts in. */
static inline bool lt_may_be_level(const struct lt_letters *read)
{
	return read->word != NULL && read->word->severity != LT_NO_SEVERITY &&
	       (!(read->word->use & LT_UPPER) || read->form == LT_F_CAPITALS) &&
	       (!(read->word->use & LT_NO_LOWER) || read->form != LT_F_LOWER);
}

/* Whether a digit may stand behind it: "err1" is a name. */
static inline bool lt_may_be_numbered(const struct lt_letters *read)
{
	return read->word->severity == LOG_DEBUG || read->form == LT_F_CAPITALS;
}

/* Reads the letters at `at` (at least one) and looks them up. */
struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end);

/* The word of exactly these bytes, whatever their case; NULL if the vocabulary lacks it. */
const struct lt_word *lt_word_find(const unsigned char *text, size_t length);

/* The severity of one capital letter out of `allowed` (NULL: any), or LT_NO_SEVERITY. */
int lt_letter_severity(unsigned char letter, const char *allowed);

struct lt_phrase {
	char text[40];
	uint8_t length;
	int8_t severity;
	bool weak; /* see LT_PHRASES */
};

/* Bits by a hash of four bytes: those that begin a phrase. */
#define LT_PHRASE_HASH(four) ((uint32_t)(four)*2654435761u >> 22)
extern const uint64_t lt_phrase_bits[16];
extern const uint64_t lt_plain_bits[16]; /* and of the words that count behind a plain one */

static inline bool lt_bit_of_four(const uint64_t *bits, uint32_t four)
{
	uint32_t hash = LT_PHRASE_HASH(four);

	return (bits[hash >> 6] >> (hash & 63) & 1) != 0;
}

/* Whether a phrase can begin at `at`, for at least four bytes. */
static inline bool lt_may_begin_phrase(const unsigned char *at, const unsigned char *end)
{
	uint32_t four;

	if (end - at < 4)
		return false;
	memcpy(&four, at, sizeof(four));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	four = __builtin_bswap32(four);
#endif
	return lt_bit_of_four(lt_phrase_bits, four);
}

/* By the first letter, a bit per hash of the next two and the length: words that can't open an
 * ordinary sentence. */
#define LT_STOP_HASH(second_and_third, length)                                                     \
	(((uint32_t)(second_and_third) | (uint32_t)(length) << 24) * 2654435761u >> 26)
extern const uint64_t lt_stop_bits[26];

/* `four`: the first bytes of a word of `length` letters with a blank behind it. */
static inline bool lt_may_stop_sentence(uint32_t four, unsigned length)
{
	uint32_t small = four | 0x202020;

	return (lt_stop_bits[(small & 0xff) - 'a'] >> LT_STOP_HASH(small & 0xffff00, length) & 1) !=
	       0;
}

/* The phrase that begins at `at`, or NULL. */
const struct lt_phrase *lt_phrase_find(const unsigned char *at, const unsigned char *end);

/* The severity that a name's ending shows ("ValueError", "Exception"), or LT_NO_SEVERITY. */
int lt_ending_severity(const unsigned char *name, const unsigned char *end);

/* Whether the bytes are one of syslog's facilities. */
bool lt_is_facility(const unsigned char *name, size_t length);

/* The severity of a JSON object whose first bytes are at `at`, or LT_NO_SEVERITY. */
int lt_json_severity(const unsigned char *at, const unsigned char *end);

/* The severity that a word shows as a value ("error", "WARN", "E"), or LT_NO_SEVERITY. */
int lt_value_severity(const unsigned char *at, const unsigned char *end);

/* Skips ANSI colour sequences. */
const unsigned char *lt_skip_escapes(const unsigned char *at, const unsigned char *end);

static inline const unsigned char *lt_skip_colour(const unsigned char *at, const unsigned char *end)
{
	return at < end && *at == 0x1b ? lt_skip_escapes(at, end) : at;
}

/* What stands behind a word that ends at `at`: one bit or more of enum lt_right. */
unsigned lt_right_of(const unsigned char *at, const unsigned char *end, bool bracketed);

/* The same for a single letter. */
unsigned lt_right_of_letter(const unsigned char *at, const unsigned char *end, bool bracketed);

/* A number, a date or a time at `at` (a digit): its end; sets *time for a time of day. */
const unsigned char *lt_number_end(const unsigned char *at, const unsigned char *end, bool *time);

/* The bracket that closes the one at `at`, or NULL before the end. */
const unsigned char *lt_closing(const unsigned char *at, const unsigned char *end);

/* Forms that are no words in places: each the severity it shows, or LT_NO_SEVERITY; or its end. */
int lt_marker_severity(const unsigned char *at, const unsigned char *close);
const unsigned char *lt_quoted_file_end(const unsigned char *at, const unsigned char *end);
bool lt_is_ruby_exception(const unsigned char *at, const unsigned char *end);
int lt_sssd_severity(const unsigned char *at, const unsigned char *close);
int lt_esxi_severity(const unsigned char *at, const unsigned char *end);
int lt_cisco_severity(const unsigned char *at, const unsigned char *end);
int lt_redis_severity(const unsigned char *at, const unsigned char *end);

/*
 * Two phrases that stand behind a sentence: a C++ function's assertion, a shell's "core dumped".
 * Only a line with one of these bytes can hold one.
 */
int lt_sentence_severity(const unsigned char *at, const unsigned char *end);
#define LT_SENTENCE_BYTES '`', '('

/*
 * Whether the name [name, at) ends in a key without being one, and nothing but a value follows it
 * up to end: "log_level: WARNING", "loglevel = ERROR" in a dump of settings.
 */
bool lt_is_setting(const unsigned char *name, const unsigned char *at, const unsigned char *end);

/*
 * The severity of a bracket's inside [at, end): [warn], [core:error], [18:50:01 ERR]. square: the
 * bracket is '['. *time: whether the line had a time of day before; set if one stands in it.
 */
int lt_bracket_severity(const unsigned char *at, const unsigned char *end, bool square, bool *time);

/*
 * The severity of a word that may be a level, or of a letter, in that form between left and right,
 * or LT_NO_SEVERITY.
 */
int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right);
int lt_letter_place_severity(unsigned char letter, enum lt_left left, unsigned right);

/* The severity of a line without its sd-daemon prefix; *weak as in LT_PHRASES. */
int lt_line_severity(const unsigned char *at, const unsigned char *end, bool *weak);

#pragma GCC visibility pop

#endif
