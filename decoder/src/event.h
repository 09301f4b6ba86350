/* SPDX-License-Identifier: MIT */
/*
 * What the pull reader and the compiled schemas share: one field's description in the metadata,
 * one value in the payload. Private to the library. Everything here checks before it reads.
 */
#ifndef EVH_EVENT_H
#define EVH_EVENT_H

#include <errno.h>
#include <string.h>

#include <evh/decode.h>

#include "bytes.h"

/* Numbers of the event's own byte order, unaligned. */
static inline uint16_t load16(const uint8_t *p, bool big_endian)
{
	return get16(p, big_endian != HOST_BIG_ENDIAN);
}

static inline uint32_t load32(const uint8_t *p, bool big_endian)
{
	return get32(p, big_endian != HOST_BIG_ENDIAN);
}

static inline uint64_t load64(const uint8_t *p, bool big_endian)
{
	return get64(p, big_endian != HOST_BIG_ENDIAN);
}

/* An unsigned or sign-extended integer of 1, 2, 4 or 8 bytes. */
static inline uint64_t load_unsigned(const uint8_t *p, size_t size, bool big_endian)
{
	switch (size) {
	case 1:
		return *p;
	case 2:
		return load16(p, big_endian);
	case 4:
		return load32(p, big_endian);
	default:
		return load64(p, big_endian);
	}
}

static inline int64_t load_signed(const uint8_t *p, size_t size, bool big_endian)
{
	switch (size) {
	case 1:
		return (int8_t)*p;
	case 2:
		return (int16_t)load16(p, big_endian);
	case 4:
		return (int32_t)load32(p, big_endian);
	default:
		return (int64_t)load64(p, big_endian);
	}
}

/* How many bytes one unit of each encoding has: of the value, or of the string's characters. */
extern const uint8_t evh_encoding_unit[EVH_ENCODING_TYPE_MASK + 1];

static inline bool encoding_is_value(uint8_t encoding)
{
	return encoding >= EVH_ENCODING_VALUE8 && encoding <= EVH_ENCODING_VALUE128;
}

static inline bool encoding_is_zstring(uint8_t encoding)
{
	return encoding >= EVH_ENCODING_ZSTRING_CHAR8 && encoding <= EVH_ENCODING_ZSTRING_CHAR32;
}

/* Opens an event: header, extensions, name. As evh_reader_open, without a reader. */
int evh_event_open(struct evh_event *event, const void *bytes, size_t size);

/*
 * Reads the description of the field at `*offset` of the event's fields' metadata, and moves
 * *offset behind it. Fills name, attributes, encoding, array, format, tag, count (of a constant
 * array; of a struct, its fields, in `*struct_fields`), big_endian.
 */
int evh_field_describe(const struct evh_event *event, uint32_t *offset, struct evh_item *field,
		       uint8_t *struct_fields);

/*
 * Takes one value of `encoding` off the payload at `*payload`; data and size are the value's own
 * bytes. 0 or -ENODATA.
 */
int evh_value_take_zstring(const uint8_t **payload, const uint8_t *end, unsigned unit,
			   const uint8_t **data, size_t *size);

static inline int evh_value_take(const uint8_t **payload, const uint8_t *end, uint8_t encoding,
				 bool big_endian, const uint8_t **data, size_t *size)
{
	const uint8_t *p = *payload;
	size_t left = (size_t)(end - p);
	size_t length = evh_encoding_unit[encoding];

	if (encoding_is_zstring(encoding))
		return evh_value_take_zstring(payload, end, (unsigned)length, data, size);
	if (!encoding_is_value(encoding)) {
		if (left < 2)
			return -ENODATA;
		length *= load16(p, big_endian);
		p += 2;
		left -= 2;
	}
	if (left < length)
		return -ENODATA;
	*data = p;
	*size = length;
	*payload = p + length;
	return 0;
}

/*
 * What the value at `*data` is. For text that starts with a byte order mark, where the format
 * allows one, moves *data and *size behind it and sets *big_endian to what it says.
 */
enum evh_value_kind evh_value_resolve(uint8_t encoding, uint8_t format, const uint8_t **data,
				      size_t *size, bool *big_endian);

/*
 * What every value of this encoding and format is, whatever its bytes; NONE when the kind
 * depends on the value (nullable forms, byte order marks).
 */
enum evh_value_kind evh_value_constant_kind(uint8_t encoding, uint8_t format);

#endif
