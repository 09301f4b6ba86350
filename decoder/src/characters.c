/* SPDX-License-Identifier: MIT */
/*
 * Text of any encoding as valid UTF-8: plain, made visible, or inside a JSON string. A byte that
 * isn't part of UTF-8 is read as Latin-1, which is what legacy programs mean; a 16- or 32-bit unit
 * that is no character becomes U+FFFD. Must never write a control character, except in the plain
 * style.
 */
#include "clean.h"
#include "event.h"
#include "put.h"

#define REPLACEMENT 0xfffdu

/* The character at p, and how many bytes it takes: one where it isn't UTF-8. */
static size_t decode_utf8(const uint8_t *p, size_t left, uint32_t *character)
{
	uint8_t lead = p[0];
	uint8_t low = 0x80;
	uint8_t high = 0xbf;
	size_t size;
	uint32_t value;

	*character = lead;
	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	value = lead & (0x7fu >> size);
	/* Overlong forms, surrogates, and what is above U+10FFFF show in the second byte. */
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < size; i++) {
		if (i == left || p[i] < low || p[i] > high)
			return 1;
		value = value << 6 | (p[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*character = value;
	return size;
}

static char *encode_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

static char *put_escape(char *out, char letter, uint32_t value, unsigned digits)
{
	*out++ = '\\';
	*out++ = letter;
	for (unsigned i = digits; i-- > 0; value >>= 4)
		out[i] = "0123456789abcdef"[value & 15];
	return out + digits;
}

/* The letter behind the backslash of those controls that have one, in JSON and in C alike. */
static char short_escape(uint32_t c)
{
	switch (c) {
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return 0;
	}
}

/* Marks that turn the direction of text around: a line could show as what it isn't. */
static bool turns_direction(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static char *put_control(char *out, uint32_t c, enum put_style style)
{
	char letter = short_escape(c);

	if (letter != 0) {
		*out++ = '\\';
		*out++ = letter;
		return out;
	}
	if (style == PUT_JSON || c > 0xff)
		return put_escape(out, 'u', c, 4);
	return put_escape(out, 'x', c, 2);
}

static char *put_character(char *out, uint32_t c, enum put_style style)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (style == PUT_PLAIN)
		return encode_utf8(out, c);
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return put_control(out, c, style);
	if (c == '\\' || (c == '"' && style != PUT_VISIBLE))
		*out++ = '\\';
	if (style != PUT_JSON && turns_direction(c))
		return put_control(out, c, style);
	return encode_utf8(out, c);
}

static inline bool continues(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * The size of a character that every style writes as it stands, or 0 for "look closer": a quick
 * test that most of the world's text passes. Reads four bytes.
 */
static inline unsigned plain_size(const uint8_t *p)
{
	uint8_t lead = p[0];

	if (lead >= 0xc3 && lead <= 0xdf) /* behind the controls of U+0080 to U+009F */
		return continues(p[1]) ? 2 : 0;
	if (lead >= 0xe1 && lead <= 0xef && lead != 0xed) {
		/* U+2026 to U+207F: the marks that turn the direction are among them. */
		if (lead == 0xe2 && p[1] <= 0x81 && p[2] >= 0xa6)
			return 0;
		return continues(p[1]) && continues(p[2]) ? 3 : 0;
	}
	if (lead == 0xf0 && p[1] >= 0x90)
		return continues(p[1]) && continues(p[2]) && continues(p[3]) ? 4 : 0;
	return 0;
}

/* Copies such characters as long as they come; *p moves behind them. */
static char *copy_plain(char *out, const uint8_t **p, const uint8_t *end)
{
	while (end - *p >= 4) {
		unsigned size = plain_size(*p);

		if (size == 0)
			break;
		memcpy(out, *p, 4);
		out += size;
		*p += size;
	}
	return out;
}

static inline char *put_utf8_as(char *out, const uint8_t *data, size_t size, enum put_style style)
{
	const uint8_t *p = data;
	const uint8_t *end = data + size;

	for (;;) {
		size_t clean = copy_clean(out, p, (size_t)(end - p));

		p += clean;
		out += clean;
		if (p == end)
			return out;
		out = copy_plain(out, &p, end);
		while (p < end && !byte_is_clean(*p)) {
			uint32_t c;

			p += decode_utf8(p, (size_t)(end - p), &c);
			out = put_character(out, c, style);
			out = copy_plain(out, &p, end);
		}
	}
}

char *put_utf8(char *out, const uint8_t *data, size_t size, enum put_style style)
{
	return put_utf8_as(out, data, size, style);
}

char *put_json_text(char *out, const uint8_t *data, size_t size)
{
	return put_utf8_as(out, data, size, PUT_JSON);
}

static char *put_latin1(char *out, const uint8_t *p, size_t size, enum put_style style)
{
	const uint8_t *end = p + size;

	while (p < end) {
		size_t clean = copy_clean(out, p, (size_t)(end - p));

		p += clean;
		out += clean;
		if (p < end)
			out = put_character(out, *p++, style);
	}
	return out;
}

static char *put_utf16(char *out, const uint8_t *p, size_t size, bool big_endian,
		       enum put_style style)
{
	const uint8_t *end = p + size;

	while (end - p >= 2) {
		uint32_t c = load16(p, big_endian);

		p += 2;
		if (c >= 0xd800 && c <= 0xdbff && end - p >= 2) {
			uint32_t low = load16(p, big_endian);

			if (low >= 0xdc00 && low <= 0xdfff) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				p += 2;
			}
		}
		if (c < 0x80 && byte_is_clean((uint8_t)c))
			*out++ = (char)c;
		else
			out = put_character(out, c, style);
	}
	return p < end ? put_character(out, REPLACEMENT, style) : out;
}

static char *put_utf32(char *out, const uint8_t *p, size_t size, bool big_endian,
		       enum put_style style)
{
	const uint8_t *end = p + size;

	for (; end - p >= 4; p += 4)
		out = put_character(out, load32(p, big_endian), style);
	return p < end ? put_character(out, REPLACEMENT, style) : out;
}

char *put_text(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
	       bool big_endian, enum put_style style)
{
	switch (kind) {
	case EVH_VALUE_UTF8:
		return put_utf8(out, data, size, style);
	case EVH_VALUE_LATIN1:
		return put_latin1(out, data, size, style);
	case EVH_VALUE_UTF16:
		return put_utf16(out, data, size, big_endian, style);
	case EVH_VALUE_UTF32:
		return put_utf32(out, data, size, big_endian, style);
	default:
		return out;
	}
}

/* Characters one by one, so that only whole ones go into a buffer of any size. */
static size_t next_character(const struct evh_item *item, size_t at, uint32_t *c)
{
	const uint8_t *p = item->data + at;
	size_t left = item->size - at;
	size_t unit = item->value == EVH_VALUE_UTF16 ? 2 : item->value == EVH_VALUE_UTF32 ? 4 : 1;
	uint32_t low;

	*c = REPLACEMENT;
	if (left < unit)
		return left;
	if (item->value == EVH_VALUE_UTF8)
		return decode_utf8(p, left, c);
	if (unit != 2) {
		*c = unit == 1 ? *p : load32(p, item->big_endian);
		return unit;
	}
	*c = load16(p, item->big_endian);
	if (*c < 0xd800 || *c > 0xdbff || left < 4)
		return 2;
	low = load16(p + 2, item->big_endian);
	if (low < 0xdc00 || low > 0xdfff)
		return 2;
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return 4;
}

int64_t evh_item_utf8(const struct evh_item *item, char *buffer, size_t size)
{
	size_t needed = 0;
	size_t used = 0;
	bool full = size == 0;

	if (!kind_is_text(item->value))
		return -EINVAL;
	for (size_t at = 0; at < item->size;) {
		char bytes[4];
		uint32_t c;
		size_t length;

		at += next_character(item, at, &c);
		length = (size_t)(put_character(bytes, c, PUT_PLAIN) - bytes);
		full = full || needed + length >= size;
		if (!full) {
			memcpy(buffer + used, bytes, length);
			used += length;
		}
		needed += length;
	}
	if (size > 0)
		buffer[used] = '\0';
	return (int64_t)needed;
}
