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
	uint32_t text;	       /* offset of the JSON in front of the value... */
	uint32_t text_size;    /* ...from the end of the value before */
	struct evh_item field; /* as the reader gives it; name and attributes point into the key */
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
	struct json_second second;
	struct evh_text scratch;
	size_t bytes; /* of all schemas */
	struct schema *slots[512];
};

/* Makes a schema for an event; NULL without memory. Freed with free(). */
struct schema *schema_compile(struct evh_text *scratch, const struct evh_sample *sample,
			      const struct schema_event *event);

/* Splits an event; false when its front can't be read. */
bool schema_event_split(struct schema_event *event, const struct evh_sample *sample);

/* The schema of a sample that was split, or NULL. */
struct schema *schema_search(struct evh_schemas *schemas, const struct evh_sample *sample,
			     const struct schema_event *event);

#endif
