/* SPDX-License-Identifier: MIT */
/*
 * One value: its bytes in the payload, what it is, and its typed getters. The only place that
 * knows which formats suit which encodings.
 */
#include "event.h"

#define FORMATS (EVH_FORMAT_IP_ADDRESS_OLD + 1)

const uint8_t evh_encoding_unit[EVH_ENCODING_TYPE_MASK + 1] = {
	[EVH_ENCODING_VALUE8] = 1,	   [EVH_ENCODING_VALUE16] = 2,
	[EVH_ENCODING_VALUE32] = 4,	   [EVH_ENCODING_VALUE64] = 8,
	[EVH_ENCODING_VALUE128] = 16,	   [EVH_ENCODING_ZSTRING_CHAR8] = 1,
	[EVH_ENCODING_ZSTRING_CHAR16] = 2, [EVH_ENCODING_ZSTRING_CHAR32] = 4,
	[EVH_ENCODING_STRING_CHAR8] = 1,   [EVH_ENCODING_STRING_CHAR16] = 2,
	[EVH_ENCODING_STRING_CHAR32] = 4,  [EVH_ENCODING_BINARY] = 1,
};

/* Columns of the tables: sizes of 1, 2, 4, 8, 16 bytes. 0 where the format doesn't suit. */
#define U EVH_VALUE_UNSIGNED
#define S EVH_VALUE_SIGNED
#define H EVH_VALUE_HEX
#define B EVH_VALUE_BYTES

static const uint8_t by_size[FORMATS][5] = {
	[EVH_FORMAT_UNSIGNED_INT] = { U, U, U, U, 0 },
	[EVH_FORMAT_SIGNED_INT] = { S, S, S, S, 0 },
	[EVH_FORMAT_HEX_INT] = { H, H, H, H, 0 },
	[EVH_FORMAT_ERRNO] = { 0, 0, EVH_VALUE_ERRNO, 0, 0 },
	[EVH_FORMAT_PID] = { 0, 0, EVH_VALUE_PID, 0, 0 },
	[EVH_FORMAT_TIME] = { 0, 0, EVH_VALUE_TIME, EVH_VALUE_TIME, 0 },
	[EVH_FORMAT_BOOLEAN] = { EVH_VALUE_BOOLEAN, EVH_VALUE_BOOLEAN, EVH_VALUE_BOOLEAN, 0, 0 },
	[EVH_FORMAT_FLOAT] = { 0, 0, EVH_VALUE_FLOAT, EVH_VALUE_FLOAT, 0 },
	[EVH_FORMAT_UUID] = { 0, 0, 0, 0, EVH_VALUE_UUID },
	[EVH_FORMAT_PORT] = { 0, EVH_VALUE_PORT, 0, 0, 0 },
	[EVH_FORMAT_IP_ADDRESS] = { 0, 0, EVH_VALUE_IPV4, 0, EVH_VALUE_IPV6 },
	[EVH_FORMAT_IP_ADDRESS_OLD] = { 0, 0, EVH_VALUE_IPV4, 0, EVH_VALUE_IPV6 },
};

/* Formats that only the encodings VALUE* combine with sizes: bytes, and single characters. */
static const uint8_t by_size_value[FORMATS][5] = {
	[EVH_FORMAT_DEFAULT] = { U, U, U, U, B },
	[EVH_FORMAT_HEX_BYTES] = { B, B, B, B, B },
	[EVH_FORMAT_STRING8] = { EVH_VALUE_LATIN1, 0, 0, 0, 0 },
	[EVH_FORMAT_STRING_UTF] = { 0, EVH_VALUE_UTF16, EVH_VALUE_UTF32, 0, 0 },
};

#undef U
#undef S
#undef H
#undef B

/* The column of a size, or -1. */
static int size_column(size_t size)
{
	if (size == 0 || size > 16 || (size & (size - 1)) != 0)
		return -1;
	return __builtin_ctzl(size);
}

static enum evh_value_kind value_kind(uint8_t format, size_t size)
{
	int column = size_column(size);

	if (column < 0)
		return EVH_VALUE_BYTES;
	if (format < FORMATS && by_size[format][column] != 0)
		return by_size[format][column];
	if (format < FORMATS && by_size_value[format][column] != 0)
		return by_size_value[format][column];
	return by_size_value[EVH_FORMAT_DEFAULT][column];
}

static bool format_has_size(uint8_t format)
{
	return (format >= EVH_FORMAT_UNSIGNED_INT && format <= EVH_FORMAT_FLOAT) ||
	       (format >= EVH_FORMAT_UUID && format <= EVH_FORMAT_IP_ADDRESS_OLD);
}

static bool format_has_mark(uint8_t format)
{
	return format >= EVH_FORMAT_STRING_UTF_BOM && format <= EVH_FORMAT_STRING_JSON;
}

static bool encoding_is_nullable(uint8_t encoding)
{
	return encoding == EVH_ENCODING_STRING_CHAR8 || encoding == EVH_ENCODING_BINARY;
}

/* What a string encoding's units are, when nothing in the value says otherwise. */
static enum evh_value_kind string_kind(uint8_t encoding, uint8_t format)
{
	unsigned unit = evh_encoding_unit[encoding];

	if (format == EVH_FORMAT_HEX_BYTES)
		return EVH_VALUE_BYTES;
	if (unit == 2)
		return EVH_VALUE_UTF16;
	if (unit == 4)
		return EVH_VALUE_UTF32;
	if (format == EVH_FORMAT_STRING8)
		return EVH_VALUE_LATIN1;
	if (encoding == EVH_ENCODING_BINARY && format != EVH_FORMAT_STRING_UTF &&
	    !format_has_mark(format))
		return EVH_VALUE_BYTES;
	return EVH_VALUE_UTF8;
}

enum evh_value_kind evh_value_constant_kind(uint8_t encoding, uint8_t format)
{
	if (encoding_is_value(encoding))
		return value_kind(format, evh_encoding_unit[encoding]);
	if (format_has_mark(format) || (encoding_is_nullable(encoding) && format_has_size(format)))
		return EVH_VALUE_NONE;
	return string_kind(encoding, format);
}

/* The longer marks first: the one of UTF-32, little-endian, begins with the one of UTF-16. */
static const struct mark {
	uint8_t bytes[4];
	uint8_t size;
	bool big_endian;
	enum evh_value_kind kind;
} marks[] = {
	{ { 0xff, 0xfe, 0, 0 }, 4, false, EVH_VALUE_UTF32 },
	{ { 0, 0, 0xfe, 0xff }, 4, true, EVH_VALUE_UTF32 },
	{ { 0xff, 0xfe }, 2, false, EVH_VALUE_UTF16 },
	{ { 0xfe, 0xff }, 2, true, EVH_VALUE_UTF16 },
	{ { 0xef, 0xbb, 0xbf }, 3, false, EVH_VALUE_UTF8 },
};

static const struct mark *find_mark(const uint8_t *data, size_t size)
{
	/* No mark begins with a letter, as nearly all texts do. */
	if (size && data[0] - 1u < 0x7f)
		return NULL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (size >= marks[i].size && memcmp(data, marks[i].bytes, marks[i].size) == 0)
			return &marks[i];
	return NULL;
}

enum evh_value_kind evh_value_resolve(uint8_t encoding, uint8_t format, const uint8_t **data,
				      size_t *size, bool *big_endian)
{
	if (encoding_is_value(encoding))
		return value_kind(format, *size);
	if (format_has_mark(format)) {
		const struct mark *mark = find_mark(*data, *size);

		if (mark) {
			*data += mark->size;
			*size -= mark->size;
			*big_endian = mark->big_endian;
			return mark->kind;
		}
	}
	if (encoding_is_nullable(encoding) && format_has_size(format)) {
		int column = size_column(*size);

		if (*size == 0)
			return EVH_VALUE_NULL;
		if (column >= 0 && by_size[format][column] != 0)
			return by_size[format][column];
	}
	return string_kind(encoding, format);
}

int evh_value_take_zstring(const uint8_t **payload, const uint8_t *end, unsigned unit,
			   const uint8_t **data, size_t *size)
{
	static const uint8_t zero[4];
	const uint8_t *start = *payload;
	const uint8_t *p = start;

	if (unit == 1) {
		p = memchr(start, '\0', (size_t)(end - start));
		if (!p)
			return -ENODATA;
	} else {
		while ((size_t)(end - p) >= unit && memcmp(p, zero, unit) != 0)
			p += unit;
		if ((size_t)(end - p) < unit)
			return -ENODATA;
	}
	*data = start;
	*size = (size_t)(p - start);
	*payload = p + unit;
	return 0;
}

static bool kind_is_integer(enum evh_value_kind kind)
{
	return (kind >= EVH_VALUE_UNSIGNED && kind <= EVH_VALUE_BOOLEAN) || kind == EVH_VALUE_PORT;
}

/* Whether negative numbers are meant. */
static bool kind_is_signed(enum evh_value_kind kind)
{
	return kind == EVH_VALUE_SIGNED || kind == EVH_VALUE_ERRNO || kind == EVH_VALUE_PID ||
	       kind == EVH_VALUE_TIME;
}

/* Ports are the one integer in network order. */
static bool item_order(const struct evh_item *item)
{
	return item->big_endian || item->value == EVH_VALUE_PORT;
}

int evh_item_u64(const struct evh_item *item, uint64_t *value)
{
	if (!kind_is_integer(item->value))
		return -EINVAL;
	if (kind_is_signed(item->value) &&
	    load_signed(item->data, item->size, item_order(item)) < 0)
		return -EDOM;
	*value = load_unsigned(item->data, item->size, item_order(item));
	return 0;
}

int evh_item_i64(const struct evh_item *item, int64_t *value)
{
	uint64_t v;

	if (!kind_is_integer(item->value))
		return -EINVAL;
	if (kind_is_signed(item->value)) {
		*value = load_signed(item->data, item->size, item_order(item));
		return 0;
	}
	v = load_unsigned(item->data, item->size, item_order(item));
	if (v > INT64_MAX)
		return -EDOM;
	*value = (int64_t)v;
	return 0;
}

int evh_item_bool(const struct evh_item *item, bool *value)
{
	uint64_t v;

	if (item->value != EVH_VALUE_BOOLEAN)
		return -EINVAL;
	v = load_unsigned(item->data, item->size, item->big_endian);
	if (v > 1)
		return -EDOM;
	*value = v != 0;
	return 0;
}

int evh_item_double(const struct evh_item *item, double *value)
{
	if (item->value != EVH_VALUE_FLOAT)
		return -EINVAL;
	if (item->size == 4) {
		uint32_t bits = load32(item->data, item->big_endian);
		float single;

		memcpy(&single, &bits, sizeof(single));
		*value = (double)single;
	} else {
		uint64_t bits = load64(item->data, item->big_endian);

		memcpy(value, &bits, sizeof(*value));
	}
	return 0;
}
