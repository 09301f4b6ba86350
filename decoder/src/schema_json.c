/* SPDX-License-Identifier: MIT */
/*
 * Events as JSON by their schemas: the fast way. Writes unchecked into room that was made for the
 * worst case; checks every read. Must give the same bytes as evh_json_event: whatever is odd goes
 * there.
 */
#include <assert.h>

#include "schema.h"

/*
 * The longest text of a value for each of its bytes, with its comma: `"\u0001",` for a Latin-1
 * character of one byte; all others are shorter: "false," for one byte, "null," for a length of
 * two, "ENOTRECOVERABLE(131)", for four, "TIME(-9223372036854775808)", for eight.
 */
#define ROOM_PER_BYTE 10
#define ROOM_BESIDES  (PUT_JSON_SAMPLE_ROOM + PUT_JSON_ACTIVITY_ROOM + CLEAN_SLACK)

/* Nobody should be asked for ten times as much memory as this. */
#define PAYLOAD_MAX (1u << 20)

/* Copies whole blocks, which is faster than counting. */
static inline char *put_fragment(char *out, const char *text, uint32_t size)
{
	memcpy(out, text, 16);
	for (uint32_t i = 16; i < size; i += 16)
		memcpy(out + i, text + i, 16);
	return out + size;
}

/* A value whose bytes decide what it is, or of the other byte order. */
static char *put_any(char *out, const struct schema_step *step, const uint8_t *data, size_t size)
{
	bool big_endian = step->field.big_endian;
	enum evh_value_kind kind = step->kind;

	if (kind == EVH_VALUE_NONE)
		kind = evh_value_resolve(step->field.encoding, step->field.format, &data, &size,
					 &big_endian);
	return put_json_value(out, kind, data, size, big_endian);
}

static char *put_element(char *out, const struct schema_step *step, const uint8_t *data,
			 size_t size)
{
	if (!step->write)
		return put_any(out, step, data, size);
	if (step->quoted)
		*out++ = '"';
	out = step->write(out, data, size);
	if (step->quoted)
		*out++ = '"';
	return out;
}

/* Returns NULL when the payload ends before the array does. */
static char *put_array(char *out, const struct schema_step *step, const uint8_t **p,
		       const uint8_t *end)
{
	uint32_t count = step->field.count;
	const uint8_t *data;
	size_t size;

	if (step->field.array == EVH_ENCODING_VARRAY) {
		if (end - *p < 2)
			return NULL;
		count = load16(*p, step->field.big_endian);
		*p += 2;
	}
	*out++ = '[';
	for (uint32_t i = 0; i < count; i++) {
		if (evh_value_take(p, end, step->field.encoding, step->field.big_endian, &data,
				   &size) < 0)
			return NULL;
		if (i > 0)
			*out++ = ',';
		out = put_element(out, step, data, size);
	}
	*out++ = ']';
	return out;
}

/* Takes one value off the payload. False when that ends before. */
static inline bool take(const struct schema_step *step, const uint8_t **p, const uint8_t *end,
			const uint8_t **data, size_t *size)
{
	const uint8_t *at = *p;
	size_t left = (size_t)(end - at);
	size_t length = step->size;

	if (step->shape == STEP_OTHER)
		return evh_value_take(p, end, step->field.encoding, step->field.big_endian, data,
				      size) == 0;
	if (step->shape == STEP_COUNTED) {
		if (left < 2)
			return false;
		length = load16(at, HOST_BIG_ENDIAN);
		at += 2;
		left -= 2;
	}
	if (left < length)
		return false;
	*data = at;
	*size = length;
	*p = at + length;
	return true;
}

static char *put_fields(char *out, const struct schema *schema, const struct schema_event *event)
{
	const struct schema_step *last = schema->steps + schema->step_count;
	const uint8_t *end = event->end;
	const uint8_t *p = event->payload;
	const uint8_t *data;
	size_t size;

	for (const struct schema_step *step = schema->steps; step < last; step++) {
		out = put_fragment(out, step->text, step->text_size);
		if (step->shape == STEP_ARRAY) {
			out = put_array(out, step, &p, end);
			if (!out)
				return NULL;
			continue;
		}
		if (!take(step, &p, end, &data, &size))
			return NULL;
		out = step->write ? step->write(out, data, size) : put_any(out, step, data, size);
	}
	return put_fragment(out, schema->text + schema->tail, schema->text_size - schema->tail);
}

static char *put_head(char *out, struct evh_schemas *schemas, const struct schema *schema,
		      const struct evh_sample *sample, const struct schema_event *event)
{
	char *start = out;

	out = put_json_sample(out, sample, &schemas->json);
	if (out - start > 1) /* else there is nothing to part from */
		out = put_fragment(out, schema->text, schema->head_size);
	else
		out = put_fragment(out, schema->text + 1, schema->head_size - 1);
	if (event->activity) {
		struct evh_event ids = { .activity = event->activity, .related = event->related };

		out = put_json_activity(out, &ids);
	}
	return out;
}

/* The sample's schema; `kind` is it, where it is still remembered. */
static const struct schema *find_schema(struct evh_schemas *schemas,
					const struct evh_sample *sample,
					const struct schema_event *event,
					const struct evh_schema *kind)
{
	const struct schema *schema = *schema_recent(schemas, event);

	if (kind && schema && &schema->common == kind)
		return schema;
	return schema_search(schemas, sample, event);
}

/* False where the plain way has to be gone; nothing is written then. */
static bool append_fast(struct evh_schemas *schemas, struct evh_text *text,
			const struct evh_sample *sample, const struct evh_schema *kind,
			const struct evh_name *members)
{
	const struct schema *schema;
	struct schema_event event;
	size_t payload;
	size_t room;
	char *out;
	char *end;

	if (text->fixed || !schema_event_split(&event, sample))
		return false;
	payload = (size_t)(event.end - event.payload);
	schema = payload <= PAYLOAD_MAX ? find_schema(schemas, sample, &event, kind) : NULL;
	if (!schema || schema->plain)
		return false;
	room = ROOM_BESIDES + schema->text_size + payload * ROOM_PER_BYTE + members->size;
	out = evh_text_reserve(text, room);
	if (!out)
		return true; /* the text says why */
	end = put_head(out, schemas, schema, sample, &event);
	if (members->size)
		end = put_bytes(end, members->data, members->size);
	end = put_fields(end, schema, &event);
	if (!end)
		return false;
	assert((size_t)(end - out) + CLEAN_SLACK <= room);
	text->size += (size_t)(end - out);
	return true;
}

int evh_schemas_json_with(struct evh_schemas *schemas, struct evh_text *text,
			  const struct evh_sample *sample, const struct evh_schema *kind,
			  const char *members, size_t size)
{
	struct evh_name more = { members, size };

	if (append_fast(schemas, text, sample, kind, &more))
		return 0;
	return json_event_with(text, sample, &more);
}

int evh_schemas_json(struct evh_schemas *schemas, struct evh_text *text,
		     const struct evh_sample *sample)
{
	return evh_schemas_json_with(schemas, text, sample, NULL, NULL, 0);
}
