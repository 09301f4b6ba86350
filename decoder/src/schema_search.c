/* SPDX-License-Identifier: MIT */
/*
 * The memory of schemas: a table with two places for each hash. Must compare every byte of the
 * metadata: two kinds of event can differ in the last one.
 */
#include <stdlib.h>

#include "schema.h"

#define SLOTS (sizeof(((struct evh_schemas *)0)->slots) / sizeof(struct schema *))

int evh_schemas_create(struct evh_schemas **schemas)
{
	int saved = errno;

	*schemas = calloc(1, sizeof(**schemas));
	errno = saved;
	return *schemas != NULL ? 0 : -ENOMEM;
}

static void forget(struct evh_schemas *schemas, struct schema **slot)
{
	if (!*slot)
		return;
	for (unsigned i = 0; i < SCHEMAS_RECENT; i++) {
		if (schemas->recent[i] == *slot)
			schemas->recent[i] = NULL;
	}
	schemas->bytes -= (*slot)->bytes;
	free(*slot);
	*slot = NULL;
}

static void forget_all(struct evh_schemas *schemas)
{
	for (size_t i = 0; i < SLOTS; i++)
		forget(schemas, &schemas->slots[i]);
}

void evh_schemas_destroy(struct evh_schemas *schemas)
{
	if (!schemas)
		return;
	forget_all(schemas);
	evh_text_free(&schemas->scratch);
	free(schemas);
}

bool schema_split_slowly(struct schema_event *split, const struct evh_sample *sample)
{
	struct evh_event event;

	if (evh_event_open(&event, sample->event, sample->event_size) < 0)
		return false;
	split->metadata = (const uint8_t *)event.name.data;
	split->metadata_size = (size_t)(event.fields - split->metadata) + event.fields_size;
	split->payload = event.payload;
	split->end = event.payload + event.payload_size;
	split->activity = event.activity;
	split->related = event.related;
	return true;
}

static bool matches(const struct schema *schema, const struct evh_sample *sample,
		    const struct schema_event *event)
{
	return schema->header == event->header && schema->metadata_size == event->metadata_size &&
	       memcmp(schema->metadata, event->metadata, event->metadata_size) == 0 &&
	       strcmp(schema->tracepoint, sample->tracepoint ? sample->tracepoint : "") == 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *p = data;
	uint64_t word = 0;

	for (; size >= sizeof(word); p += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash, word);
	}
	word = size;
	for (; size > 0; size--)
		word = word << 8 | *p++;
	return mix(hash, word);
}

static uint64_t hash_event(const struct evh_sample *sample, const struct schema_event *event)
{
	uint64_t hash = mix(0, event->header);

	if (sample->tracepoint)
		hash = hash_bytes(hash, sample->tracepoint, strlen(sample->tracepoint));
	return hash_bytes(hash, event->metadata, event->metadata_size);
}

/* Puts a new schema into a slot, whatever was there. */
static struct schema *remember(struct evh_schemas *schemas, struct schema **slot,
			       const struct evh_sample *sample, const struct schema_event *event)
{
	int saved = errno;
	struct schema *schema = schema_compile(&schemas->scratch, sample, event);

	forget(schemas, slot);
	if (schema && schemas->bytes + schema->bytes > SCHEMAS_BYTES_MAX)
		forget_all(schemas);
	errno = saved;
	if (!schema)
		return NULL;
	schemas->bytes += schema->bytes;
	*slot = schema;
	return schema;
}

struct schema *schema_search(struct evh_schemas *schemas, const struct evh_sample *sample,
			     const struct schema_event *event)
{
	struct schema **recent = schema_recent(schemas, event);
	struct schema **slot;
	struct schema *schema;
	uint64_t hash;

	if (*recent && matches(*recent, sample, event))
		return *recent;
	if (event->metadata_size > SCHEMA_METADATA_MAX)
		return NULL;
	hash = hash_event(sample, event);
	slot = &schemas->slots[hash % SLOTS];
	for (unsigned i = 0; i < 2; i++) {
		struct schema **place = &schemas->slots[(hash % SLOTS) ^ i];

		if (*place && (*place)->hash == hash && matches(*place, sample, event)) {
			*recent = *place;
			return *place;
		}
		if (!*place)
			slot = place;
	}
	schema = remember(schemas, slot, sample, event);
	if (schema)
		schema->hash = hash;
	*recent = schema;
	return schema;
}

const struct evh_schema *evh_schemas_find(struct evh_schemas *schemas,
					  const struct evh_sample *sample)
{
	struct schema_event event;
	struct schema *schema;

	if (!schema_event_split(&event, sample))
		return NULL;
	schema = schema_search(schemas, sample, &event);
	return schema ? &schema->common : NULL;
}

static bool is_called(const struct evh_item *field, const char *name, size_t size)
{
	return field->name.size == size && memcmp(field->name.data, name, size) == 0;
}

/* Where a field is looked for: at the top level, or in a struct there. */
struct place {
	const char *in; /* NULL: at the top level */
	const char *name;
	size_t in_size, name_size;
};

static struct place place_of(const char *in, const char *name)
{
	return (struct place){ in, name, in ? strlen(in) : 0, strlen(name) };
}

/* Whether an item is to be looked into. */
static bool leads_to(const struct evh_item *item, const struct place *place)
{
	return place->in && item->kind == EVH_ITEM_STRUCT_BEGIN && item->depth == 0 &&
	       !item->element && is_called(item, place->in, place->in_size);
}

static int read_field(const struct evh_sample *sample, const struct place *place,
		      struct evh_item *item)
{
	struct evh_reader reader;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	if (result < 0)
		return result;
	while ((result = evh_reader_next(&reader, item)) > 0) {
		if (item->kind == EVH_ITEM_FIELD && item->depth == (place->in != NULL) &&
		    !item->element && is_called(item, place->name, place->name_size))
			return 1;
		if (leads_to(item, place))
			continue;
		result = evh_reader_skip(&reader);
		if (result < 0)
			return result;
	}
	return result;
}

/* Takes all elements of an array off the payload. */
static int pass_array(const struct schema_step *step, const uint8_t **p, const uint8_t *end)
{
	uint32_t count = step->field.count;
	struct evh_item value;
	int result = 0;

	if (step->field.array == EVH_ENCODING_VARRAY) {
		if (end - *p < 2)
			return -ENODATA;
		count = load16(*p, step->field.big_endian);
		*p += 2;
	}
	while (count-- > 0 && result == 0)
		result = evh_value_take(p, end, step->field.encoding, step->field.big_endian,
					&value.data, &value.size);
	return result;
}

static bool is_at(const struct schema_step *step, const struct place *place)
{
	const struct evh_item *field = &step->field;

	return field->depth == (place->in != NULL) &&
	       is_called(field, place->name, place->name_size) &&
	       (!place->in || (step->in.size == place->in_size &&
			       memcmp(step->in.data, place->in, place->in_size) == 0));
}

/* The field at that place of an event of this kind, as evh_schemas_field has it. */
static int walk_to(const struct schema *schema, struct schema_event *event,
		   const struct place *place, struct evh_item *item)
{
	for (uint32_t i = 0; i < schema->step_count; i++) {
		const struct schema_step *step = &schema->steps[i];
		const struct evh_item *field = &step->field;
		const uint8_t *data;
		size_t length;
		int result;

		if (field->array != 0) {
			result = pass_array(step, &event->payload, event->end);
			if (result < 0)
				return result;
			continue;
		}
		result = evh_value_take(&event->payload, event->end, field->encoding,
					field->big_endian, &data, &length);
		if (result < 0)
			return result;
		if (!is_at(step, place))
			continue;
		*item = *field;
		item->kind = EVH_ITEM_FIELD;
		item->data = data;
		item->size = length;
		item->value = step->kind;
		if (step->kind == EVH_VALUE_NONE)
			item->value = evh_value_resolve(item->encoding, item->format, &item->data,
							&item->size, &item->big_endian);
		return 1;
	}
	return 0;
}

static int find_field(struct evh_schemas *schemas, const struct evh_sample *sample,
		      const struct evh_schema **kind, const struct place *place,
		      struct evh_item *item)
{
	struct schema_event event;
	const struct schema *schema = NULL;

	if (schema_event_split(&event, sample))
		schema = schema_search(schemas, sample, &event);
	*kind = schema ? &schema->common : NULL;
	if (!schema || schema->plain)
		return read_field(sample, place, item);
	return walk_to(schema, &event, place, item);
}

int evh_schemas_find_field(struct evh_schemas *schemas, const struct evh_sample *sample,
			   const struct evh_schema **kind, const char *name, struct evh_item *item)
{
	const struct place place = place_of(NULL, name);

	return find_field(schemas, sample, kind, &place, item);
}

int evh_schemas_field(struct evh_schemas *schemas, const struct evh_sample *sample,
		      const char *name, struct evh_item *item)
{
	const struct evh_schema *kind;

	return evh_schemas_find_field(schemas, sample, &kind, name, item);
}

int evh_schemas_field_in(struct evh_schemas *schemas, const struct evh_sample *sample,
			 const char *in, const char *name, struct evh_item *item)
{
	const struct place place = place_of(in, name);
	const struct evh_schema *kind;

	return find_field(schemas, sample, &kind, &place, item);
}
