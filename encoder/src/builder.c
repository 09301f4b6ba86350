/* SPDX-License-Identifier: MIT */
/*
 * The builder's buffer, and what every event is made of: its start, a field's metadata, a single
 * value, a string.
 *
 * One buffer holds   front | metadata > gap < payload | tail room.   Both parts grow to the right;
 * when the metadata reaches the payload, the payload moves. A new event starts with the gap that
 * the last one needed, so that a builder which makes the same kind of event again has no gap at the
 * end, and nothing moves: the bytes are sent from where they were first put.
 *
 * Must never write beyond the buffer, whatever the callers pass.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

/* Metadata and payload together; no transport takes more. */
#define EVENT_MAX 65536

#define INITIAL_SIZE 512
#define INITIAL_GAP  128

static uint8_t *room_end(const struct evh_builder *builder)
{
	return builder->buffer + builder->buffer_size - EVH_TAILROOM;
}

int evh_builder_init(struct evh_builder *builder, void *buffer, size_t size)
{
	memset(builder, 0, sizeof(*builder));
	builder->growing = !buffer;
	if (!buffer && !size)
		size = INITIAL_SIZE;
	else if (!buffer && size <= EVH_BUILDER_OVERHEAD)
		size += EVH_BUILDER_OVERHEAD;
	if (size <= EVH_BUILDER_OVERHEAD)
		builder->error = -ENOBUFS;
	else if (!buffer && !(buffer = malloc(size)))
		builder->error = -ENOMEM;
	if (builder->error)
		return builder->error;
	builder->buffer = buffer;
	builder->buffer_size = size;
	builder->start = builder->meta = builder->buffer + BUILDER_FRONT;
	builder->data_start = builder->data = builder->end = builder->start;
	builder->error = -EINVAL; /* no event yet: reset begins one */
	return 0;
}

void evh_builder_destroy(struct evh_builder *builder)
{
	if (builder->growing)
		free(builder->buffer);
	memset(builder, 0, sizeof(*builder));
	builder->error = -EINVAL;
}

void evh_builder_fail(struct evh_builder *builder, int error)
{
	if (!builder->error)
		builder->error = error;
	builder->data_start = builder->meta;
	builder->end = builder->data;
}

/* A larger buffer with the same contents. */
static bool grow(struct evh_builder *builder, size_t needed)
{
	size_t size = builder->buffer_size * 2;
	size_t meta = (size_t)(builder->meta - builder->buffer);
	size_t data_start = (size_t)(builder->data_start - builder->buffer);
	size_t data = (size_t)(builder->data - builder->buffer);
	uint8_t *fresh;

	if (size < needed + EVH_BUILDER_OVERHEAD)
		size = needed + EVH_BUILDER_OVERHEAD;
	fresh = realloc(builder->buffer, size);
	if (!fresh)
		return false;
	builder->start = fresh + BUILDER_FRONT;
	builder->meta = fresh + meta;
	builder->data_start = fresh + data_start;
	builder->data = fresh + data;
	builder->buffer = fresh;
	builder->buffer_size = size;
	builder->end = room_end(builder);
	return true;
}

bool evh_builder_make_room(struct evh_builder *builder, size_t meta, size_t data)
{
	size_t meta_used = (size_t)(builder->meta - builder->start);
	size_t data_used = (size_t)(builder->data - builder->data_start);
	size_t capacity, needed, spare;

	if (builder->error)
		return false;
	if (meta > EVENT_MAX || data > EVENT_MAX ||
	    meta_used + meta + data_used + data > EVENT_MAX) {
		evh_builder_fail(builder, -E2BIG);
		return false;
	}
	needed = meta_used + meta + data_used + data;
	capacity = (size_t)(builder->end - builder->start);
	if (needed > capacity && !builder->growing) {
		evh_builder_fail(builder, -ENOBUFS);
		return false;
	}
	if (needed > capacity && !grow(builder, needed)) {
		evh_builder_fail(builder, -ENOMEM);
		return false;
	}
	/* Most of what is free goes to the payload, which grows by larger steps. */
	capacity = (size_t)(builder->end - builder->start);
	spare = (capacity - needed) / 4;
	if (spare > INITIAL_GAP)
		spare = INITIAL_GAP;
	memmove(builder->meta + meta + spare, builder->data_start, data_used);
	builder->data_start = builder->meta + meta + spare;
	builder->data = builder->data_start + data_used;
	return true;
}

static inline bool has_room(const struct evh_builder *builder, size_t meta, size_t data)
{
	return __builtin_expect((size_t)(builder->data_start - builder->meta) >= meta &&
					(size_t)(builder->end - builder->data) >= data,
				1);
}

static inline bool take_room(struct evh_builder *builder, size_t meta, size_t data)
{
	return has_room(builder, meta, data) || evh_builder_make_room(builder, meta, data);
}

/* Names and many values are short: a call of memcpy would cost more than the copy. */
static inline void copy_up_to_16(uint8_t *to, const uint8_t *from, size_t size)
{
	uint64_t first8, last8;
	uint32_t first4, last4;

	if (size >= 8) {
		memcpy(&first8, from, 8);
		memcpy(&last8, from + size - 8, 8);
		memcpy(to, &first8, 8);
		memcpy(to + size - 8, &last8, 8);
	} else if (size >= 4) {
		memcpy(&first4, from, 4);
		memcpy(&last4, from + size - 4, 4);
		memcpy(to, &first4, 4);
		memcpy(to + size - 4, &last4, 4);
	} else if (size) {
		to[0] = from[0];
		to[size / 2] = from[size / 2];
		to[size - 1] = from[size - 1];
	}
}

static inline void copy_name(uint8_t *to, const char *name, size_t length)
{
	if (__builtin_expect(length > 16, 0))
		memcpy(to, name, length);
	else
		copy_up_to_16(to, (const uint8_t *)name, length);
	to[length] = 0;
}

/* Bytes of encoding, format and tag. */
static inline size_t type_size(uint32_t type)
{
	if (!(type & EVH_ENCODING_HAS_FORMAT))
		return 1;
	return type >> 8 & EVH_FORMAT_HAS_TAG ? 4 : 2;
}

/* Room for exactly these bytes must have been made: the payload may begin right behind them. */
static inline void put_name_and_type(struct evh_builder *builder, const char *name,
				     size_t name_length, uint32_t type)
{
	uint8_t *out = builder->meta;
	uint16_t tag = (uint16_t)(type >> 16);

	copy_name(out, name, name_length);
	out += name_length + 1;
	*out++ = (uint8_t)type;
	if (type & EVH_ENCODING_HAS_FORMAT) {
		*out++ = (uint8_t)(type >> 8);
		if (type >> 8 & EVH_FORMAT_HAS_TAG) {
			memcpy(out, &tag, sizeof(tag));
			out += sizeof(tag);
		}
	}
	builder->meta = out;
}

/* Empties the builder; the gap in front of the payload is what the last event needed. */
static inline void start_over(struct evh_builder *builder, uint16_t tag)
{
	size_t gap = (size_t)(builder->meta - builder->start);

	builder->meta = builder->start;
	builder->end = room_end(builder);
	if (!gap) {
		gap = (size_t)(builder->end - builder->start) / 2;
		gap = gap < INITIAL_GAP ? gap : INITIAL_GAP;
	}
	builder->data_start = builder->data = builder->start + gap;
	builder->header = (struct evh_header){ .flags = EVH_FLAGS_NATIVE, .tag = tag };
	builder->error = 0;
	builder->checked = false;
}

void evh_builder_begin(struct evh_builder *builder, const char *name, size_t name_length,
		       uint16_t tag)
{
	if (!builder->buffer)
		return;
	start_over(builder, tag);
	if (!name_length) {
		evh_builder_fail(builder, -EINVAL);
		return;
	}
	if (!take_room(builder, name_length + 1, 0))
		return;
	copy_name(builder->meta, name, name_length);
	builder->meta += name_length + 1;
}

/*
 * The rare case of the two functions below, apart from them so that they need no stack: makes the
 * room, and begins anew.
 */
static __attribute__((noinline, cold)) void put_value_slowly(struct evh_builder *builder,
							     const char *name, size_t name_length,
							     uint32_t type, uint64_t value,
							     unsigned size)
{
	if (!(type & EVH_ENCODING_TYPE_MASK) || size > sizeof(value))
		evh_builder_fail(builder, -EINVAL);
	else if (evh_builder_make_room(builder, name_length + 1 + type_size(type), sizeof(value)))
		evh_builder_put_value(builder, name, name_length, type, value, size);
}

void evh_builder_put_value(struct evh_builder *builder, const char *name, size_t name_length,
			   uint32_t type, uint64_t value, unsigned size)
{
	if (!(type & EVH_ENCODING_TYPE_MASK) || size > sizeof(value) ||
	    !has_room(builder, name_length + 1 + type_size(type), sizeof(value))) {
		put_value_slowly(builder, name, name_length, type, value, size);
		return;
	}
	put_name_and_type(builder, name, name_length, type);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		value <<= 64 - 8 * size;
	/* All eight bytes: what is too much is overwritten by the next field. */
	memcpy(builder->data, &value, sizeof(value));
	builder->data += size;
}

void evh_builder_put_meta(struct evh_builder *builder, const char *name, size_t name_length,
			  uint32_t type, uint16_t constant_count)
{
	if (!(type & EVH_ENCODING_TYPE_MASK)) {
		evh_builder_fail(builder, -EINVAL);
		return;
	}
	if (!take_room(builder, name_length + 1 + type_size(type) + sizeof(constant_count), 0))
		return;
	put_name_and_type(builder, name, name_length, type);
	if (type & EVH_ENCODING_CARRAY) {
		memcpy(builder->meta, &constant_count, sizeof(constant_count));
		builder->meta += sizeof(constant_count);
	}
}

void evh_builder_add_raw_data(struct evh_builder *builder, const void *bytes, size_t size)
{
	builder->checked = true;
	if (!size || !take_room(builder, 0, size))
		return;
	memcpy(builder->data, bytes, size);
	builder->data += size;
}

/* How one string or binary lies in the payload. */
static const struct unit_form {
	uint8_t unit_size;
	bool counted; /* else zero-terminated */
} unit_forms[] = {
	[EVH_ENCODING_ZSTRING_CHAR8] = { 1, false },  [EVH_ENCODING_ZSTRING_CHAR16] = { 2, false },
	[EVH_ENCODING_ZSTRING_CHAR32] = { 4, false }, [EVH_ENCODING_STRING_CHAR8] = { 1, true },
	[EVH_ENCODING_STRING_CHAR16] = { 2, true },   [EVH_ENCODING_STRING_CHAR32] = { 4, true },
	[EVH_ENCODING_BINARY] = { 1, true },
};

/* NULL when the encoding is no string. */
static const struct unit_form *find_form(unsigned encoding)
{
	if (encoding >= sizeof(unit_forms) / sizeof(unit_forms[0]) ||
	    !unit_forms[encoding].unit_size)
		return NULL;
	return &unit_forms[encoding];
}

/* Units before the first zero, at most `limit`. */
static size_t count_units(const uint8_t *units, size_t unit_size, size_t limit)
{
	static const uint8_t zero[4];
	size_t count = 0;

	if (unit_size == 1)
		return strnlen((const char *)units, limit);
	while (count < limit && memcmp(units + count * unit_size, zero, unit_size) != 0)
		count++;
	return count;
}

/* The string's payload; `meta` bytes of room are made in the same step. */
static inline bool put_payload(struct evh_builder *builder, size_t meta,
			       const struct unit_form *form, const void *units, size_t count)
{
	uint16_t length;
	size_t size;

	if (!form->counted)
		count = units ? count_units(units, form->unit_size, count) : 0;
	if (count > UINT16_MAX) {
		evh_builder_fail(builder, -E2BIG);
		return false;
	}
	if (!units && count) {
		evh_builder_fail(builder, -EINVAL);
		return false;
	}
	size = count * form->unit_size;
	/* A length and a terminator both take at most four bytes. */
	if (!take_room(builder, meta, size + 4))
		return false;
	if (form->counted) {
		length = (uint16_t)count;
		memcpy(builder->data, &length, sizeof(length));
		builder->data += sizeof(length);
	}
	if (size)
		memcpy(builder->data, units, size);
	builder->data += size;
	if (!form->counted) {
		memset(builder->data, 0, form->unit_size);
		builder->data += form->unit_size;
	}
	return true;
}

/* Everything but the one case that evh_builder_put_units does itself. */
static __attribute__((noinline)) void put_units_slowly(struct evh_builder *builder,
						       const char *name, size_t name_length,
						       uint32_t type, const void *units,
						       size_t count)
{
	const struct unit_form *form = find_form(type & EVH_ENCODING_TYPE_MASK);

	if (!form)
		evh_builder_fail(builder, -EINVAL);
	else if (put_payload(builder, name_length + 1 + type_size(type), form, units, count))
		put_name_and_type(builder, name, name_length, type);
}

void evh_builder_put_units(struct evh_builder *builder, const char *name, size_t name_length,
			   uint32_t type, const void *units, size_t count)
{
	unsigned encoding = type & EVH_ENCODING_TYPE_MASK;
	uint16_t length = (uint16_t)count;
	uint8_t *out;

	/* Counted bytes that fit: nearly all strings there are. The copy comes last, as a jump. */
	if ((encoding != EVH_ENCODING_STRING_CHAR8 && encoding != EVH_ENCODING_BINARY) ||
	    count > UINT16_MAX || !units ||
	    !has_room(builder, name_length + 1 + type_size(type), count + sizeof(length))) {
		put_units_slowly(builder, name, name_length, type, units, count);
		return;
	}
	put_name_and_type(builder, name, name_length, type);
	out = builder->data;
	memcpy(out, &length, sizeof(length));
	out += sizeof(length);
	builder->data = out + count;
	if (count > 16)
		memcpy(out, units, count);
	else
		copy_up_to_16(out, units, count);
}

void evh_builder_add_units_array(struct evh_builder *builder, const char *name, unsigned encoding,
				 const struct evh_units *elements, size_t count, unsigned format,
				 uint16_t tag)
{
	const struct unit_form *form = find_form(encoding);
	uint16_t length = (uint16_t)count;

	if (!form || count > UINT16_MAX) {
		evh_builder_fail(builder, form ? -E2BIG : -EINVAL);
		return;
	}
	evh_builder_put_meta(builder, name, strlen(name),
			     evh_builder_type(encoding | EVH_ENCODING_VARRAY, format, tag), 0);
	if (!take_room(builder, 0, sizeof(length)))
		return;
	memcpy(builder->data, &length, sizeof(length));
	builder->data += sizeof(length);
	for (size_t i = 0; i < count; i++)
		if (!put_payload(builder, 0, form, elements[i].units, elements[i].count))
			return;
}
