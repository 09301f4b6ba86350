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
static char *put_fragment(char *out, const char *text, uint32_t size)
{
	for (uint32_t i = 0; i < size; i += 16)
		memcpy(out + i, text + i, 16);
	return out + size;
}

static char *put_value(char *out, const struct schema_step *step, const uint8_t *data, size_t size)
{
	bool big_endian = step->field.big_endian;
	enum evh_value_kind kind = step->kind;

	if (kind == EVH_VALUE_UTF8)
		return put_json_string(out, data, size);
	if (kind == EVH_VALUE_NONE)
		kind = evh_value_resolve(step->field.encoding, step->field.format, &data, &size,
					 &big_endian);
	return put_json_value(out, kind, data, size, big_endian);
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
		out = put_value(out, step, data, size);
	}
	*out++ = ']';
	return out;
}

static char *put_fields(char *out, const struct schema *schema, const struct schema_event *event)
{
	const uint8_t *p = event->payload;

	for (uint32_t i = 0; i < schema->step_count; i++) {
		const struct schema_step *step = &schema->steps[i];
		const uint8_t *data;
		size_t size;

		out = put_fragment(out, schema->text + step->text, step->text_size);
		if (step->field.array != 0) {
			out = put_array(out, step, &p, event->end);
			if (!out)
				return NULL;
			continue;
		}
		if (evh_value_take(&p, event->end, step->field.encoding, step->field.big_endian,
				   &data, &size) < 0)
			return NULL;
		out = put_value(out, step, data, size);
	}
	return put_fragment(out, schema->text + schema->tail, schema->text_size - schema->tail);
}

static char *put_head(char *out, struct evh_schemas *schemas, const struct schema *schema,
		      const struct evh_sample *sample, const struct schema_event *event)
{
	char *start = out;
	struct evh_event ids = { .activity = event->activity, .related = event->related };

	out = put_json_sample(out, sample, &schemas->second);
	if (out - start > 1) /* else there is nothing to part from */
		out = put_fragment(out, schema->text, schema->head_size);
	else
		out = put_fragment(out, schema->text + 1, schema->head_size - 1);
	return event->activity ? put_json_activity(out, &ids) : out;
}

int evh_schemas_json(struct evh_schemas *schemas, struct evh_text *text,
		     const struct evh_sample *sample)
{
	struct schema_event event;
	struct schema *schema = NULL;
	size_t payload;
	size_t room;
	char *out;
	char *end;

	if (text->fixed || !schema_event_split(&event, sample))
		return evh_json_event(text, sample);
	payload = (size_t)(event.end - event.payload);
	if (payload <= PAYLOAD_MAX) {
		int saved = errno;

		schema = schema_search(schemas, sample, &event);
		errno = saved;
	}
	if (!schema || schema->plain)
		return evh_json_event(text, sample);
	room = ROOM_BESIDES + schema->text_size + payload * ROOM_PER_BYTE;
	out = evh_text_reserve(text, room);
	if (!out)
		return 0;
	end = put_head(out, schemas, schema, sample, &event);
	end = put_fields(end, schema, &event);
	if (!end)
		return evh_json_event(text, sample);
	assert((size_t)(end - out) + CLEAN_SLACK <= room);
	text->size += (size_t)(end - out);
	return 0;
}
