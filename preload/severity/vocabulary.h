/* SPDX-License-Identifier: MIT */
/*
 * What the reader knows by heart: words, letters, phrases, endings of names, facilities, and how
 * continued lines begin. The rows stand in dialects.tsv; generate.py makes tables.c of them. The
 * functions read only the bytes between their two pointers.
 */
#ifndef LOGTAP_SEVERITY_VOCABULARY_H
#define LOGTAP_SEVERITY_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <syslog.h>

#include "severity.h"
#include "steps16.h"
#include "tables.h"

#pragma GCC visibility push(hidden)

/* How a word may be used; dialects.tsv explains each. */
enum lt_use {
	LT_COLUMN = 0x01,
	LT_LABEL = 0x02,
	LT_BRACKETS = 0x04,
	LT_LEAD = 0x08,
	LT_PLACE_USES = 0x0f, /* what the table of places asks for */
	LT_UPPER = 0x10,
	LT_NO_LOWER = 0x20,
	LT_DATE = 0x100,
	LT_KEY = 0x200,
	LT_KIND = 0x400,
	LT_PROSE = 0x800,
	LT_NOUN = 0x1000,
	LT_LINK = 0x2000,
	LT_POSITION = 0x4000,
};

/* The case of a word. */
enum lt_form { LT_F_LOWER = 1, LT_F_TITLE = 2, LT_F_CAPITALS = 4, LT_F_ALL = 7 };

#define LT_WORD_MAX 13 /* "informational", "configuration" */

struct lt_word {
	uint64_t head;	  /* its first eight letters, the first in the lowest byte */
	uint64_t tail;	  /* the others */
	int16_t severity; /* or LT_SEVERITY_NONE */
	uint16_t use;	  /* enum lt_use */
};

/* Where a word stands + 1, by a hash, or in the next slot that is not 0. */
enum { LT_WORD_SLOTS = 1024 };
extern const struct lt_word lt_words[];
extern const lt_word_index lt_word_slots[LT_WORD_SLOTS];

/* A run of letters, and what the vocabulary knows of it. */
struct lt_letters {
	const unsigned char *end;   /* behind the last letter */
	const struct lt_word *word; /* NULL: not in the vocabulary */
	unsigned form;		    /* enum lt_form; 0: mixed */
};

/* Whether it is a severity, and in a case that it counts in. */
static inline bool lt_may_be_level(const struct lt_letters *read)
{
	return read->word && read->word->severity != LT_SEVERITY_NONE &&
	       (!(read->word->use & LT_UPPER) || read->form == LT_F_CAPITALS) &&
	       (!(read->word->use & LT_NO_LOWER) || read->form != LT_F_LOWER);
}

/* Whether a digit may stand behind it: "err1" is a name. */
static inline bool lt_may_be_numbered(const struct lt_letters *read)
{
	return read->word->severity == LOG_DEBUG || read->form == LT_F_CAPITALS;
}

/* What begins at a place, read once for all lookups: of at most sixteen bytes. */
struct lt_lead {
	uint64_t head;	  /* the first eight bytes, the first lowest; zeros behind the end */
	unsigned letters; /* at its beginning, 16 for as many or more */
	lt_mask small;	  /* those of the bytes that have the bit of small letters */
	bool whole;	  /* sixteen bytes stood there */
};

/* The same with fewer than sixteen bytes to read. */
struct lt_lead lt_lead_short(const unsigned char *at, const unsigned char *end);

static inline struct lt_lead lt_lead_of(lt_bytes16 bytes, const unsigned char *at)
{
	struct lt_lead lead = { .whole = true };

	memcpy(&lead.head, at, sizeof(lead.head));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	lead.head = __builtin_bswap64(lead.head);
#endif
	lead.letters = (unsigned)__builtin_ctz(~lt_letters16(bytes));
	lead.small = lt_small16(bytes);
	return lead;
}

static inline struct lt_lead lt_lead_read(const unsigned char *at, const unsigned char *end)
{
	return end - at >= 16 ? lt_lead_of(lt_load16(at), at) : lt_lead_short(at, end);
}

/* The letters that a place begins with (at least one), looked up. */
struct lt_letters lt_letters_of(const struct lt_lead *lead, const unsigned char *at,
				const unsigned char *end);

/* Reads the letters at `at` (at least one) and looks them up. */
struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end);

/* The word of just the letters that a place begins with, whatever their case, or NULL. */
const struct lt_word *lt_word_of(const struct lt_lead *lead, const unsigned char *at);

/* The word of exactly these bytes, whatever their case; NULL if the vocabulary lacks it. */
const struct lt_word *lt_word_find(const unsigned char *text, size_t length);

/* By letter from 'A': its severity + 1, or 0. */
extern const int8_t lt_letter_severities[26];

/* The severity of one capital letter out of `allowed` (NULL: any), or LT_SEVERITY_NONE. */
int lt_letter_severity(unsigned char letter, const char *allowed);

/* What else a phrase says; dialects.tsv explains each. */
enum lt_phrase_flag {
	LT_P_WEAK = 1,
	LT_P_LABEL = 2, /* a colon must follow */
	LT_P_NEXT = 4,
	LT_P_PARAGRAPH = 8,
	LT_P_TRACE = 16,
	LT_P_TAGGED = 32,  /* a row of "failure": behind a program's tag */
	LT_P_OPENING = 64, /* a row of "opening": where the line begins */
	LT_P_WITHIN = 128, /* a row of "sign": anywhere in a message behind a program's tag */
};

extern const char lt_texts[]; /* of phrases and ends, one behind the other */

struct lt_phrase {
	uint16_t text; /* where it begins in lt_texts */
	uint8_t length;
	int8_t severity;
	uint8_t flags; /* enum lt_phrase_flag */
};

struct lt_end {
	uint16_t text;
	uint8_t length;
	bool tail; /* a row of "tail": a blank before it is enough */
};

/* A hash of four bytes. Eight hashes share a bucket. */
enum { LT_HASHES = 8192, LT_BUCKETS = 1024 };
#define LT_HASH(four)	((uint32_t)(four)*2654435761u >> 19)
#define LT_BUCKET(four) (LT_HASH(four) >> 3)

/*
 * By the hash of the letters that they begin with: those of a bucket, longer ones first; a bit per
 * hash. Up to eight letters; where there are fewer, whether a blank stands behind them; the first
 * four bytes where there are none.
 */
extern const struct lt_phrase lt_phrases[];
enum { LT_PHRASE_HASHES = 32768 }; /* many: each word that a line's head holds is asked for */
extern const uint16_t lt_phrases_from[LT_BUCKETS + 1];
extern const uint64_t lt_phrase_bits[LT_PHRASE_HASHES / 64];
/* Of those that count whatever stands before them. */
extern const uint64_t lt_anywhere_bits[LT_PHRASE_HASHES / 64];
/* By the hash of four bytes: phrases, and the words that count behind a plain one. */
extern const uint64_t lt_plain_bits[LT_HASHES / 64];

/* By the hash of four bytes in small letters: those that count anywhere in a message. */
extern const uint64_t lt_sign_bits[LT_HASHES / 64];

/* By the hash of their last six bytes; a bit for that of the last four. */
enum { LT_END_LEAST = 6 };
#define LT_END_BUCKET(four, fifth, sixth)                                                          \
	(((uint32_t)(four) ^ (uint32_t)(fifth) << 3 ^ (uint32_t)(sixth) << 13) * 2654435761u >> 22)
extern const struct lt_end lt_ends[];
extern const uint16_t lt_ends_from[LT_BUCKETS + 1];
extern const uint64_t lt_end_bits[LT_HASHES / 64];

/* The first byte lowest. */
static inline uint32_t lt_four(const unsigned char *at)
{
	uint32_t four;

	memcpy(&four, at, sizeof(four));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	four = __builtin_bswap32(four);
#endif
	return four;
}

static inline bool lt_bit_of_four(const uint64_t *bits, uint32_t four)
{
	uint32_t hash = LT_HASH(four);

	return (bits[hash >> 6] >> (hash & 63) & 1) != 0;
}

static inline uint32_t lt_phrase_hash(const struct lt_lead *lead)
{
	uint64_t key = lead->head;

	if (lead->letters == 0) {
		key &= 0xffffffff;
	} else if (lead->letters < 8) {
		unsigned bits = lead->letters * 8;

		key = (key & ((UINT64_C(1) << bits) - 1)) | (uint64_t)((key >> bits & 0xff) == ' ')
								    << bits;
	}
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 49);
}

/* Whether a phrase can begin there. */
static inline bool lt_may_begin_phrase(uint32_t hash)
{
	return (lt_phrase_bits[hash >> 6] >> (hash & 63) & 1) != 0;
}

/*
 * The longest phrase that begins at `at`, whose hash is that of what begins there, or NULL. places:
 * LT_P_TAGGED and LT_P_OPENING where their rows count, or LT_P_WITHIN alone. A translation counts
 * before a colon alone.
 */
const struct lt_phrase *lt_phrase_find(uint32_t hash, const unsigned char *at,
				       const unsigned char *end, unsigned places);

/* Whether U+FF1A stands at `at`, the colon of Chinese. */
static inline bool lt_is_wide_colon(const unsigned char *at, const unsigned char *end)
{
	return end - at >= 3 && at[0] == 0xef && at[1] == 0xbc && at[2] == 0x9a;
}

/* Whether a colon of any language follows, behind blanks, colours and what marks a word. */
bool lt_precedes_colon(const unsigned char *at, const unsigned char *end);

/* The longest of lt_ends that ends at `end`, or NULL. */
const struct lt_end *lt_end_find(const unsigned char *at, const unsigned char *end);

/* Whether one of lt_ends may end a line of four bytes or more, perhaps before a full stop. */
static inline bool lt_may_end_in_failure(const unsigned char *end)
{
	return lt_bit_of_four(lt_end_bits, lt_four(end - 4));
}

/* A bit per hash of the first three bytes, in small letters, and the length: words that can't open
 * an ordinary sentence, and those that open a phrase. */
#define LT_STOP_HASH(three, length)                                                                \
	(((uint32_t)(three) | (uint32_t)(length) << 24) * 2654435761u >> 19)
extern const uint64_t lt_stop_bits[LT_HASHES / 64];
/* And those that open one where the line begins. */
extern const uint64_t lt_opening_bits[LT_HASHES / 64];

/* `four`: the first bytes of a word of `length` letters with a blank behind it; bits: of the two.
 */
static inline bool lt_may_stop_sentence(const uint64_t *bits, uint32_t four, unsigned length)
{
	uint32_t hash = LT_STOP_HASH((four & 0xffffff) | 0x202020, length);

	return (bits[hash >> 6] >> (hash & 63) & 1) != 0;
}

struct lt_ending {
	char text[10];
	uint8_t length;
	int8_t severity;
};

extern const struct lt_ending lt_endings[];

/* Whether a name may have one of them: nearly none has. The unit test reads the rows. */
static inline bool lt_may_be_ending(const unsigned char *name, const unsigned char *end)
{
	return end > name && (end[-1] == 'r' || end[-1] == 'n' || end[-1] == 'g');
}

/* The severity that a name's ending shows ("ValueError", "Exception"), or LT_SEVERITY_NONE. */
int lt_ending_severity(const unsigned char *name, const unsigned char *end);

extern const char lt_facilities[][9];

/* Whether the bytes are one of syslog's facilities. */
bool lt_is_facility(const unsigned char *name, size_t length);

enum lt_continuation_kind {
	LT_HARD,
	LT_SOFT,      /* only where the line shows no severity of its own */
	LT_PARAGRAPH, /* and the lines up to an empty one belong to it */
};

struct lt_continuation {
	char text[40];
	uint8_t length;
	uint8_t kind; /* enum lt_continuation_kind */
};

/* By first character: those of one begin at lt_continuations_from[character], longer ones first. */
extern const struct lt_continuation lt_continuations[];
extern const uint8_t lt_continuations_from[129];

#pragma GCC visibility pop

#endif
