/* SPDX-License-Identifier: MIT */
/* What a schema looks like inside. Private to the library. */
#ifndef EVH_SCHEMA_PRIVATE_H
#define EVH_SCHEMA_PRIVATE_H

#include <evh/schema.h>

#include "event.h"
#include "json_put.h"

/* Longer metadata is read the plain way each time. */
#define SCHEMA_METADATA_MAX 4096

/* All schemas together; beyond it everything is forgotten. */
#define SCHEMAS_BYTES_MAX (16u << 20)

/* A power of two: so many kinds take turns without a hash being made. */
#define SCHEMAS_RECENT 8

/* One value, or array of values, of the payload, in its order; structs have none of their own. */
struct schema_step {
	const char *text; /* the JSON in front of the value, from the end of the value before */
	uint32_t text_size;
	enum {
		STEP_FIXED,   /* `size` bytes */
		STEP_COUNTED, /* a length in the machine's byte order, and so many bytes */
		STEP_OTHER,   /* evh_value_take() knows */
		STEP_ARRAY,
	} shape;
	json_writer *write; /* of every value; NULL: put_json_value() with quotes of its own */
	uint8_t size;	    /* of every value; 0: a length or a zero tells */
	bool quoted; /* what `write` writes stands in quotes: the text's, or each element's */
	struct evh_item field; /* as the reader gives it; name and attributes point into the key */
	struct evh_name
		in; /* the struct it stands in, where that is at the top level; else empty */
	enum evh_value_kind kind; /* NONE where only the value's bytes tell */
};

/* The event as its header, metadata and payload, wherever they are. */
struct schema_event {
	uint64_t header; /* the eight bytes */
	const uint8_t *metadata;
	size_t metadata_size;
	const uint8_t *payload;
	const uint8_t *end;
	const uint8_t *activity; /* NULL, as in struct evh_event */
	const uint8_t *related;
};

struct schema {
	struct evh_schema common;
	/* The key. */
	uint64_t hash;
	uint64_t header;
	const uint8_t *metadata;
	size_t metadata_size;
	const char *tracepoint; /* terminated; "" for none */
	size_t bytes;		/* of memory */
	/* What it says. */
	bool plain; /* arrays of structs, or metadata that has an error: for the pull reader */
	bool big_endian;
	uint32_t head_size; /* of the text: from `,"provider":` up to `"fields":{` or an activity */
	uint32_t text_size;
	uint32_t step_count;
	uint32_t tail; /* offset of the text behind the last value */
	char *text;    /* readable for a block beyond its end */
	struct schema_step *steps;
};

struct evh_schemas {
	struct schema *recent[SCHEMAS_RECENT]; /* found by the last searches */
	struct json_recent json;
	struct evh_text scratch;
	size_t bytes; /* of all schemas */
	struct schema *slots[512];
};

/* Makes a schema for an event; NULL without memory. Freed with free(). */
struct schema *schema_compile(struct evh_text *scratch, const struct evh_sample *sample,
			      const struct schema_event *event);

/* The same as schema_event_split() for any extensions. */
bool schema_split_slowly(struct schema_event *split, const struct evh_sample *sample);

/* Splits an event; false when its front can't be read. */
static inline bool schema_event_split(struct schema_event *split, const struct evh_sample *sample)
{
	const uint8_t *p = sample->event;
	const size_t fixed = sizeof(struct evh_header) + sizeof(struct evh_extension);
	bool big_endian;
	size_t size;

	if (sample->event_size < fixed)
		return false;
	memcpy(&split->header, p, sizeof(split->header));
	big_endian = !(p[0] & EVH_FLAG_LITTLE_ENDIAN);
	/* Nearly every event has the metadata as its only extension. */
	if (!(p[0] & EVH_FLAG_EXTENSION) || load16(p + 10, big_endian) != EVH_EXTENSION_METADATA)
		return schema_split_slowly(split, sample);
	size = load16(p + 8, big_endian);
	if (sample->event_size - fixed < size)
		return false;
	split->metadata = p + fixed;
	split->metadata_size = size;
	split->payload = p + fixed + size;
	split->end = p + sample->event_size;
	split->activity = NULL;
	split->related = NULL;
	return true;
}

/*
 * Where the schema of such an event is, if it was found lately; else another one, or NULL. By what
 * the kinds of one program differ in: the level, the header's last byte, and their fields.
 */
static inline struct schema **schema_recent(struct evh_schemas *schemas,
					    const struct schema_event *event)
{
	uint8_t header[sizeof(event->header)];

	memcpy(header, &event->header, sizeof(header));
	return &schemas->recent[(header[7] + event->metadata_size) % SCHEMAS_RECENT];
}

/* The schema of a sample that was split, or NULL. */
struct schema *schema_search(struct evh_schemas *schemas, const struct evh_sample *sample,
			     const struct schema_event *event);

#endif
