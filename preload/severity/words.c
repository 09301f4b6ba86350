/* SPDX-License-Identifier: MIT */
/*
 * Lookups in the vocabulary: character classes, words, letters. Every function reads only the bytes
 * between its two pointers.
 */
#include <string.h>

#include "steps16.h"
#include "internal.h"

const uint8_t lt_class[256] = {
	['a' ... 'z'] = LT_C_LOWER, ['A' ... 'Z'] = LT_C_UPPER, ['0' ... '9'] = LT_C_DIGIT,
	[' '] = LT_C_BLANK,	    ['\t'] = LT_C_BLANK,	['('] = LT_C_OPEN,
	['['] = LT_C_OPEN,	    ['<'] = LT_C_OPEN,		['{'] = LT_C_OPEN,
	[')'] = LT_C_CLOSE,	    [']'] = LT_C_CLOSE,		['>'] = LT_C_CLOSE,
	['}'] = LT_C_CLOSE,	    ['.'] = LT_C_NAME,		['_'] = LT_C_NAME,
	['-'] = LT_C_NAME,	    ['/'] = LT_C_NAME,		['\\'] = LT_C_NAME,
	['@'] = LT_C_NAME,	    ['$'] = LT_C_NAME,		['%'] = LT_C_NAME,
	['&'] = LT_C_NAME,	    ['+'] = LT_C_NAME,		['~'] = LT_C_NAME,
	['#'] = LT_C_NAME,	    ['\''] = LT_C_NAME,		['|'] = LT_C_SEPARATOR,
	['?'] = LT_C_NAME,	    [','] = LT_C_SEPARATOR,	[';'] = LT_C_SEPARATOR,
	['"'] = LT_C_SEPARATOR,
};

/* The first eight bytes of a literal as a number, the first byte lowest. */
#define LENGTH(text_) ((int)sizeof(text_) - 1)
#define BYTE(text_, i)                                                                             \
	(LENGTH(text_) > (i) ? (uint64_t)(text_)[LENGTH(text_) > (i) ? (i) : 0] << (8 * ((i)&7))   \
			     : 0)
#define HEAD(text_)                                                                                \
	(BYTE(text_, 0) | BYTE(text_, 1) | BYTE(text_, 2) | BYTE(text_, 3) | BYTE(text_, 4) |      \
	 BYTE(text_, 5) | BYTE(text_, 6) | BYTE(text_, 7))
#define TAIL(text_)                                                                                \
	(BYTE(text_, 8) | BYTE(text_, 9) | BYTE(text_, 10) | BYTE(text_, 11) | BYTE(text_, 12))

#define ROW(text_, severity_, use_) { HEAD(text_), TAIL(text_), severity_, use_ },
#define ROWS(letter, list)	    list
static const struct lt_word words[] = { LT_EVERY_LETTER(ROWS, ROW) };

/* Where each letter's words begin in `words`. */
#define ONE(text_, severity_, use_) +1
#define INDEX(letter, list)	    FIRST_##letter, LAST_##letter = FIRST_##letter + (0 list) - 1,
enum { LT_EVERY_LETTER(INDEX, ONE) WORD_COUNT };

/*
 * Each letter's words are in order of length: by_length[n][letter] is the first of its words that
 * has n letters or more, so those of n letters end where by_length[n + 1][letter] points.
 */
#define SHORTER_2(text_, severity_, use_)  +(LENGTH(text_) < 2)
#define SHORTER_3(text_, severity_, use_)  +(LENGTH(text_) < 3)
#define SHORTER_4(text_, severity_, use_)  +(LENGTH(text_) < 4)
#define SHORTER_5(text_, severity_, use_)  +(LENGTH(text_) < 5)
#define SHORTER_6(text_, severity_, use_)  +(LENGTH(text_) < 6)
#define SHORTER_7(text_, severity_, use_)  +(LENGTH(text_) < 7)
#define SHORTER_8(text_, severity_, use_)  +(LENGTH(text_) < 8)
#define SHORTER_9(text_, severity_, use_)  +(LENGTH(text_) < 9)
#define SHORTER_10(text_, severity_, use_) +(LENGTH(text_) < 10)
#define SHORTER_11(text_, severity_, use_) +(LENGTH(text_) < 11)
#define SHORTER_12(text_, severity_, use_) +(LENGTH(text_) < 12)
#define SHORTER_13(text_, severity_, use_) +(LENGTH(text_) < 13)
#define SHORTER_14(text_, severity_, use_) +(LENGTH(text_) < 14)
#define FROM(letter, list)		   (uint8_t)(FIRST_##letter + (0 list)),
#define ROW_OF(n)			   [n] = { LT_EVERY_LETTER(FROM, SHORTER_##n) }
static const uint8_t by_length[LT_WORD_MAX + 2][26] = {
	ROW_OF(2), ROW_OF(3),  ROW_OF(4),  ROW_OF(5),  ROW_OF(6),  ROW_OF(7),  ROW_OF(8),
	ROW_OF(9), ROW_OF(10), ROW_OF(11), ROW_OF(12), ROW_OF(13), ROW_OF(14),
};

_Static_assert(WORD_COUNT == sizeof(words) / sizeof(*words), "the index covers every word");
_Static_assert(WORD_COUNT < 256, "by_length holds bytes");

static const struct lt_word *find(unsigned letter, size_t length, uint64_t head, uint64_t tail)
{
	if (length > LT_WORD_MAX)
		return NULL;
	for (unsigned i = by_length[length][letter]; i < by_length[length + 1][letter]; i++) {
		if (words[i].head == head && words[i].tail == tail)
			return &words[i];
	}
	return NULL;
}

/*
 * Words at which the walk does not just go on to the next one: see lt_begins_plainly. The third
 * letter of a word of two is the blank behind it.
 */
#define STOPS(severity_, use_)                                                                     \
	(((severity_) != LT_NO_SEVERITY && !((use_)&LT_UPPER)) || (use_) & (LT_KIND | LT_DATE))
#define STOP(text_, severity_, use_)                                                               \
	| (uint64_t)STOPS(severity_, use_) << LT_STOP_HASH(                                        \
		  (uint32_t)(text_)[1] << 8 | (uint32_t)((text_)[2] ? (text_)[2] : ' ') << 16,     \
		  LENGTH(text_))
#define STOP_ROW(letter, list) 0 list,
const uint64_t lt_stop_bits[26] = { LT_EVERY_LETTER(STOP_ROW, STOP) };

#define EACH_BYTE(byte_) (UINT64_C(0x0101010101010101) * (byte_))

/* Eight bytes, the first lowest, zeros from the end on. */
static uint64_t load(const unsigned char *at, const unsigned char *end)
{
	uint64_t bytes = 0;

	if (end - at >= 8) {
		memcpy(&bytes, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		bytes = __builtin_bswap64(bytes);
#endif
		return bytes;
	}
	for (unsigned shift = 0; at < end; shift += 8)
		bytes |= (uint64_t)*at++ << shift;
	return bytes;
}

/* The top bit of each byte that is a letter, for eight bytes at once. */
static uint64_t letters_of(uint64_t bytes)
{
	uint64_t low = (bytes | EACH_BYTE(0x20)) & EACH_BYTE(0x7f);
	uint64_t from_a = low + EACH_BYTE(0x80 - 'a');
	uint64_t beyond_z = low + EACH_BYTE(0x80 - 'z' - 1);

	return from_a & ~beyond_z & ~bytes & EACH_BYTE(0x80);
}

/* Leaves the letters that stand at the front of eight bytes; counts them. */
static uint64_t front(uint64_t bytes, size_t *count)
{
	uint64_t others = ~letters_of(bytes) & EACH_BYTE(0x80);

	if (others == 0) {
		*count = 8;
		return bytes;
	}
	*count = (size_t)__builtin_ctzll(others) / 8;
	return bytes & ((UINT64_C(1) << (*count * 8)) - 1);
}

/* Small letters have 0x20; all_head and all_tail are that bit of each letter that there is. */
static inline unsigned form_of(uint64_t head, uint64_t tail, uint64_t all_head, uint64_t all_tail)
{
	head &= all_head;
	tail &= all_tail;
	if (head == all_head && tail == all_tail)
		return LT_F_LOWER;
	if (head == (all_head & ~UINT64_C(0xff)) && tail == all_tail)
		return LT_F_TITLE;
	return (head | tail) == 0 ? LT_F_CAPITALS : 0;
}

/* 0x20 in each of the first `count` bytes, up to eight. */
static uint64_t small_letters(size_t count)
{
	return count < 8 ? EACH_BYTE(0x20) & ((UINT64_C(1) << (count * 8)) - 1) : EACH_BYTE(0x20);
}

/* Words of eight letters and more; see read_by_eight. */
static __attribute__((noinline)) struct lt_letters
read_long(const unsigned char *at, const unsigned char *end, uint64_t head)
{
	struct lt_letters read = { .end = at + 8 };
	uint64_t small;
	uint64_t tail;
	size_t more;

	tail = front(load(at + 8, end), &more);
	small = small_letters(more);
	read.form = form_of(head, tail, EACH_BYTE(0x20), small);
	read.end += more;
	if (more < 8) {
		if (read.form != 0)
			read.word = find((*at | 0x20u) - 'a', 8 + more, head | EACH_BYTE(0x20),
					 tail | small);
		return read;
	}
	while (read.end < end && lt_is(*read.end, LT_C_LETTER))
		read.end++; /* longer than any word of the vocabulary */
	return read;
}

/* Without sixteen bytes to read, or without SSE2. */
static __attribute__((noinline)) struct lt_letters read_by_eight(const unsigned char *at,
								 const unsigned char *end)
{
	struct lt_letters read = { 0 };
	size_t length;
	uint64_t head = front(load(at, end), &length);
	uint64_t small;

	if (length == 8)
		return read_long(at, end, head);
	small = small_letters(length);
	read.end = at + length;
	read.form = form_of(head, 0, small, 0);
	if (read.form != 0 && length > 1)
		read.word = find((*at | 0x20u) - 'a', length, head | small, 0);
	return read;
}

#ifdef __SSE2__
/* The first `count` of eight letters, in small letters. */
static uint64_t in_small(const unsigned char *at, size_t count)
{
	uint64_t letters;

	memcpy(&letters, at, sizeof(letters));
	letters |= EACH_BYTE(0x20);
	return count < 8 ? letters & ((UINT64_C(1) << (count * 8)) - 1) : letters;
}

/* As form_of, from a bit per letter. */
static unsigned form_of_mask(lt_mask small, lt_mask all)
{
	small &= all;
	if (small == all)
		return LT_F_LOWER;
	if (small == (all & ~1u))
		return LT_F_TITLE;
	return small == 0 ? LT_F_CAPITALS : 0;
}
#endif

struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end)
{
#ifdef __SSE2__
	struct lt_letters read = { 0 };
	size_t length;
	__m128i bytes;

	if (end - at < 16)
		return read_by_eight(at, end);
	bytes = lt_load16(at);
	length = (size_t)__builtin_ctz(~lt_letters16(bytes));
	read.end = at + length;
	read.form = form_of_mask(lt_small16(bytes), (1u << length) - 1);
	if (read.form != 0 && length > 1 && length <= LT_WORD_MAX)
		read.word = find((*at | 0x20u) - 'a', length, in_small(at, length),
				 length > 8 ? in_small(at + 8, length - 8) : 0);
	while (length >= 16 && read.end < end && lt_is(*read.end, LT_C_LETTER))
		read.end++; /* longer than any word of the vocabulary */
	return read;
#else
	return read_by_eight(at, end);
#endif
}

const struct lt_word *lt_word_find(const unsigned char *text, size_t length)
{
	uint64_t parts[2] = { 0, 0 };

	if (length < 2 || length > LT_WORD_MAX)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		if (!lt_is(text[i], LT_C_LETTER))
			return NULL;
		parts[i / 8] |= (uint64_t)(text[i] | 0x20) << (8 * (i % 8));
	}
	return find((*text | 0x20u) - 'a', length, parts[0], parts[1]);
}

int lt_letter_severity(unsigned char letter, const char *allowed)
{
#define LETTER(letter_, severity_) [(letter_) - 'A'] = (severity_) + 1,
	static const int8_t severities[26] = { LT_LETTERS(LETTER) };
#undef LETTER

	if (!lt_is(letter, LT_C_UPPER))
		return LT_NO_SEVERITY;
	while (allowed != NULL && *allowed != (char)letter) {
		if (*allowed++ == '\0')
			return LT_NO_SEVERITY;
	}
	return severities[letter - 'A'] - 1;
}
