/* SPDX-License-Identifier: MIT */
/*
 * Events made by hand, byte for byte as the format's description has them: apart from the
 * encoder, so that a mistake there isn't a mistake here.
 */
#ifndef LOGTAP_TESTS_EVENT_BYTES_H
#define LOGTAP_TESTS_EVENT_BYTES_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	size_t size;
	uint8_t data[70000];
};

/* An event being made: metadata and payload grow apart, finish() puts them together. */
struct maker {
	bool big_endian;
	uint8_t level, opcode, version;
	uint16_t id, tag;
	const uint8_t *activity;
	size_t activity_size;
	struct bytes meta, payload, event;
};

static inline void add(struct bytes *to, const void *data, size_t size)
{
	assert(size <= sizeof(to->data) - to->size);
	memcpy(to->data + to->size, data, size);
	to->size += size;
}

/* An integer of `size` bytes in the event's byte order. */
static inline void add_int(const struct maker *maker, struct bytes *to, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * (maker->big_endian ? size - 1 - i : i));

		add(to, &byte, 1);
	}
}

static inline void start(struct maker *maker, const char *name, bool big_endian)
{
	memset(maker, 0, offsetof(struct maker, meta));
	maker->meta.size = maker->payload.size = maker->event.size = 0;
	maker->big_endian = big_endian;
	maker->level = 4;
	add(&maker->meta, name, strlen(name) + 1);
}

/* A field's description; format 0 and tag 0 are left out as writers do. */
static inline void field(struct maker *maker, const char *name, uint8_t encoding, uint8_t format,
			 uint16_t tag)
{
	bool has_format = format != 0 || tag != 0;
	uint8_t bytes[2] = { (uint8_t)(encoding | (has_format ? 0x80 : 0)),
			     (uint8_t)(format | (tag != 0 ? 0x80 : 0)) };

	add(&maker->meta, name, strlen(name) + 1);
	add(&maker->meta, bytes, has_format ? 2 : 1);
	if (tag != 0)
		add_int(maker, &maker->meta, tag, 2);
}

static inline void constant_array(struct maker *maker, const char *name, uint8_t encoding,
				  uint8_t format, uint16_t count)
{
	field(maker, name, encoding | 0x20, format, 0);
	add_int(maker, &maker->meta, count, 2);
}

static inline void number(struct maker *maker, uint64_t value, size_t size)
{
	add_int(maker, &maker->payload, value, size);
}

static inline void counted(struct maker *maker, const void *data, size_t size)
{
	add_int(maker, &maker->payload, size, 2);
	add(&maker->payload, data, size);
}

static inline void text_field(struct maker *maker, const char *name, const char *value)
{
	field(maker, name, 10, 0, 0);
	counted(maker, value, strlen(value));
}

static inline const struct bytes *finish(struct maker *maker)
{
	struct bytes *event = &maker->event;
	uint8_t flags = (uint8_t)(5 | (maker->big_endian ? 0 : 2));

	event->size = 0;
	add(event, &flags, 1);
	add(event, &maker->version, 1);
	add_int(maker, event, maker->id, 2);
	add_int(maker, event, maker->tag, 2);
	add(event, &maker->opcode, 1);
	add(event, &maker->level, 1);
	if (maker->activity) {
		add_int(maker, event, maker->activity_size, 2);
		add_int(maker, event, 0x8002, 2);
		add(event, maker->activity, maker->activity_size);
	}
	add_int(maker, event, maker->meta.size, 2);
	add_int(maker, event, 1, 2);
	add(event, maker->meta.data, maker->meta.size);
	add(event, maker->payload.data, maker->payload.size);
	return event;
}

#endif
