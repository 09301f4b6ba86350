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

/* There is no event; the error that says so. */
static int forget(struct evh_builder *builder, enum refusal why)
{
	builder->refusal = (uint8_t)why;
	builder->refused_field = builder->refused_name = 0;
	return builder->error = evh_refusal_error(why);
}

int evh_builder_init(struct evh_builder *builder, void *buffer, size_t size)
{
	memset(builder, 0, sizeof(*builder));
	/* No event yet: reset begins one. Without a buffer it can't, and this stays. */
	forget(builder, REFUSED_NO_EVENT);
	if (!buffer && !size)
		size = INITIAL_SIZE;
	else if (!buffer && size <= EVH_BUILDER_OVERHEAD)
		size += EVH_BUILDER_OVERHEAD;
	if (size <= EVH_BUILDER_OVERHEAD)
		return forget(builder, REFUSED_SMALL_BUFFER);
	builder->growing = !buffer;
	builder->buffer = buffer ? buffer : malloc(size);
	if (!builder->buffer)
		return forget(builder, REFUSED_NO_MEMORY);
	builder->buffer_size = size;
	builder->start = builder->meta = builder->buffer + BUILDER_FRONT;
	builder->data_start = builder->data = builder->end = builder->start;
	return 0;
}

void evh_builder_destroy(struct evh_builder *builder)
{
	if (builder->growing)
		free(builder->buffer);
	memset(builder, 0, sizeof(*builder));
	forget(builder, REFUSED_NO_EVENT);
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
		evh_builder_fail_last_field(builder, REFUSED_LARGE);
		return false;
	}
	needed = meta_used + meta + data_used + data;
	capacity = (size_t)(builder->end - builder->start);
	if (needed > capacity && !builder->growing) {
		evh_builder_fail_last_field(builder, REFUSED_NO_ROOM);
		return false;
	}
	if (needed > capacity && !grow(builder, needed)) {
		evh_builder_fail_last_field(builder, REFUSED_NO_MEMORY);
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
	builder->strict = false;
}

static inline void put_event_name(struct evh_builder *builder, const char *name, size_t name_length)
{
	copy_name(builder->meta, name, name_length);
	builder->meta += name_length + 1;
}

static __attribute__((noinline)) void begin_slowly(struct evh_builder *builder, const char *name,
						   size_t name_length)
{
	name_length = take_mark(builder, name_length);
	if (!name_length)
		evh_builder_fail(builder, REFUSED_NO_NAME);
	else if (!take_room(builder, name_length + 1, 0))
		evh_builder_name_refused(builder, name, name_length);
	else
		put_event_name(builder, name, name_length);
}

void evh_builder_begin(struct evh_builder *builder, const char *name, size_t name_length,
		       uint16_t tag)
{
	if (!builder->buffer)
		return;
	start_over(builder, tag);
	if (name_length - 1 >= SHORT_NAME || !has_room(builder, name_length + 1, 0))
		begin_slowly(builder, name, name_length);
	else
		put_event_name(builder, name, name_length);
}

/* Room must have been made. */
static inline void put_value(struct evh_builder *builder, const char *name, size_t name_length,
			     uint32_t type, uint64_t value, unsigned size)
{
	put_name_and_type(builder, name, name_length, type);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		value <<= 64 - 8 * size;
	/* All eight bytes: what is too much is overwritten by the next field. */
	memcpy(builder->data, &value, sizeof(value));
	builder->data += size;
}

static __attribute__((noinline)) void put_value_slowly(struct evh_builder *builder,
						       const char *name, size_t name_length,
						       uint32_t type, uint64_t value, unsigned size)
{
	if (builder->error)
		return;
	name_length = take_mark(builder, name_length);
	if (!(type & EVH_ENCODING_TYPE_MASK) || size == 0 || size > sizeof(value))
		evh_builder_fail_field(builder, REFUSED_FORMAT, name, name_length);
	else if (!take_room(builder, name_length + 1 + type_size(type), sizeof(value)))
		evh_builder_name_refused(builder, name, name_length);
	else
		put_value(builder, name, name_length, type, value, size);
}

void evh_builder_put_value(struct evh_builder *builder, const char *name, size_t name_length,
			   uint32_t type, uint64_t value, unsigned size)
{
	if (name_length > SHORT_NAME || !(type & EVH_ENCODING_TYPE_MASK) ||
	    size - 1 >= sizeof(value) ||
	    !has_room(builder, name_length + 1 + type_size(type), sizeof(value)))
		put_value_slowly(builder, name, name_length, type, value, size);
	else
		put_value(builder, name, name_length, type, value, size);
}

void evh_builder_put_meta(struct evh_builder *builder, const char *name, size_t name_length,
			  uint32_t type, uint16_t constant_count)
{
	if (builder->error)
		return;
	name_length = take_mark(builder, name_length);
	if (!(type & EVH_ENCODING_TYPE_MASK)) {
		evh_builder_fail_field(builder, REFUSED_FORMAT, name, name_length);
		return;
	}
	if (!take_room(builder, name_length + 1 + type_size(type) + sizeof(constant_count), 0)) {
		evh_builder_name_refused(builder, name, name_length);
		return;
	}
	put_name_and_type(builder, name, name_length, type);
	if (type & EVH_ENCODING_CARRAY) {
		memcpy(builder->meta, &constant_count, sizeof(constant_count));
		builder->meta += sizeof(constant_count);
	}
}

void evh_builder_add_raw_data(struct evh_builder *builder, const void *bytes, size_t size)
{
	builder->checked = true;
	if (!bytes && size)
		evh_builder_fail_last_field(builder, REFUSED_RAW_DATA);
	if (!bytes || !size || !take_room(builder, 0, size))
		return;
	memcpy(builder->data, bytes, size);
	builder->data += size;
}
