/* SPDX-License-Identifier: MIT */
/*
 * Turns an event's metadata into a list of steps: the JSON in front of each value, and how the
 * value stands in the payload. Structs become braces in that JSON. Must give up, by marking the
 * schema as plain, on everything that isn't a straight line from the first value to the last.
 */
#include <stdlib.h>

#include "schema.h"

/* Every field has a name's end and an encoding at least. */
#define STEPS_MAX (SCHEMA_METADATA_MAX / 2)

struct compiler {
	struct evh_event event;
	struct evh_text *text;
	struct schema_step steps[STEPS_MAX];
	uint32_t step_count;
	uint32_t open; /* where the text of the next step begins */
	uint32_t next; /* metadata offset */
	unsigned depth;
	struct evh_name in;		  /* the struct at the top level that it is in */
	uint8_t remaining[EVH_DEPTH_MAX]; /* fields to come, by depth */
	bool first;			  /* in its struct */
};

static void close_structs(struct compiler *c)
{
	bool end = c->next >= c->event.fields_size;

	while (c->depth > 0 && (end || c->remaining[c->depth - 1] == 0)) {
		evh_text_append(c->text, "}", 1);
		c->depth--;
		c->first = false;
	}
}

static int shape_of(const struct schema_step *step)
{
	uint8_t encoding = step->field.encoding;

	if (step->field.array != 0)
		return STEP_ARRAY;
	if (step->size)
		return STEP_FIXED;
	if ((encoding == EVH_ENCODING_STRING_CHAR8 || encoding == EVH_ENCODING_BINARY) &&
	    step->field.big_endian == HOST_BIG_ENDIAN)
		return STEP_COUNTED;
	return STEP_OTHER;
}

static void add_step(struct compiler *c, const struct evh_item *field)
{
	struct schema_step *step = &c->steps[c->step_count++];

	*step = (struct schema_step){ .field = *field };
	if (field->depth == 1)
		step->in = c->in;
	step->kind = evh_value_constant_kind(field->encoding, field->format);
	step->write = json_writer_of(field, step->kind, &step->quoted);
	if (encoding_is_value(field->encoding))
		step->size = evh_encoding_unit[field->encoding];
	step->shape = shape_of(step);
	/* The quotes around a value are the end of one text and the beginning of the next. */
	if (step->quoted && field->array == 0)
		evh_text_append(c->text, "\"", 1);
	step->text_size = (uint32_t)c->text->size - c->open;
	c->open = (uint32_t)c->text->size;
	if (step->quoted && field->array == 0)
		evh_text_append(c->text, "\"", 1);
}

/* One field; false when it is nothing for a straight line. */
static bool compile_field(struct compiler *c)
{
	struct evh_item field;
	uint8_t struct_fields;

	if (evh_field_describe(&c->event, &c->next, &field, &struct_fields) < 0)
		return false;
	if (c->depth > 0)
		c->remaining[c->depth - 1]--;
	field.depth = (uint8_t)c->depth;
	if (!c->first)
		evh_text_append(c->text, ",", 1);
	c->first = false;
	json_append_name(c->text, &field);
	if (field.encoding != EVH_ENCODING_STRUCT) {
		add_step(c, &field);
		return true;
	}
	if (field.array != 0 || c->depth == EVH_DEPTH_MAX)
		return false;
	evh_text_append(c->text, "{", 1);
	if (c->depth == 0)
		c->in = field.name;
	c->remaining[c->depth++] = struct_fields;
	c->first = true;
	return true;
}

static bool compile_fields(struct compiler *c)
{
	evh_text_puts(c->text, ",\"fields\":{");
	while (c->next < c->event.fields_size) {
		if (!compile_field(c))
			return false;
		close_structs(c);
	}
	evh_text_puts(c->text, "}}");
	return c->text->error == 0;
}

/* The schema and all it points to in one block. */
static struct schema *build(const struct compiler *c, const struct evh_sample *sample,
			    const struct schema_event *event)
{
	const char *tracepoint = sample->tracepoint ? sample->tracepoint : "";
	size_t name_size = strlen(tracepoint) + 1;
	size_t steps_size = c->step_count * sizeof(struct schema_step);
	size_t bytes = sizeof(struct schema) + steps_size + name_size + event->metadata_size +
		       c->text->size + CLEAN_SLACK;
	struct schema *schema = malloc(bytes);
	char *p;

	if (!schema)
		return NULL;
	*schema = (struct schema){ .header = event->header,
				   .metadata_size = event->metadata_size,
				   .bytes = bytes,
				   .big_endian = c->event.big_endian,
				   .step_count = c->step_count,
				   .text_size = (uint32_t)c->text->size,
				   .tail = c->open };
	schema->steps = (struct schema_step *)(schema + 1);
	p = (char *)schema->steps + steps_size;
	memcpy(schema->steps, c->steps, steps_size);
	schema->tracepoint = p;
	p = mempcpy(p, tracepoint, name_size);
	schema->metadata = (uint8_t *)p;
	p = mempcpy(p, event->metadata, event->metadata_size);
	schema->text = p;
	p = mempcpy(p, c->text->data, c->text->size);
	memset(p, 0, CLEAN_SLACK);
	return schema;
}

/* Names in the event's bytes become names in the schema's own copy of them; texts get places. */
static void settle_steps(struct schema *schema, const struct schema_event *event)
{
	ptrdiff_t by = (const char *)schema->metadata - (const char *)event->metadata;
	const char *text = schema->text + schema->head_size;

	for (uint32_t i = 0; i < schema->step_count; i++) {
		schema->steps[i].field.name.data += by;
		schema->steps[i].field.attributes.data += by;
		if (schema->steps[i].in.data)
			schema->steps[i].in.data += by;
		schema->steps[i].text = text;
		text += schema->steps[i].text_size;
	}
}

static void fill_common(struct schema *schema, const struct evh_event *event)
{
	size_t size = strlen(schema->tracepoint);
	struct evh_tracepoint_name name;

	schema->common = (struct evh_schema){ .id = event->id,
					      .tag = event->tag,
					      .version = event->version,
					      .level = event->level,
					      .opcode = event->opcode };
	schema->common.event.data = (const char *)schema->metadata;
	schema->common.event.size = event->name.size;
	schema->common.provider = (struct evh_name){ schema->tracepoint, size };
	if (evh_tracepoint_name_parse(&name, schema->tracepoint, size) < 0)
		return;
	schema->common.provider.size = name.provider_size;
	schema->common.options = (struct evh_name){ name.options, name.options_size };
	schema->common.keyword = name.keyword;
}

struct schema *schema_compile(struct evh_text *scratch, const struct evh_sample *sample,
			      const struct schema_event *event)
{
	struct compiler *c = malloc(sizeof(*c)); /* the steps need not be zero */
	struct schema *schema = NULL;
	uint32_t head_size = 0;
	bool straight;

	evh_text_clear(scratch);
	if (!c || evh_event_open(&c->event, sample->event, sample->event_size) < 0)
		goto out;
	c->text = scratch;
	c->step_count = 0;
	c->next = 0;
	c->depth = 0;
	c->first = true;
	/* The comma in front of "provider" depends on there being something before it. */
	evh_text_append(scratch, "-", 1);
	json_append_header(scratch, sample, &c->event);
	memmove(scratch->data, scratch->data + 1, --scratch->size);
	c->open = (uint32_t)scratch->size;
	head_size = c->open;
	straight = compile_fields(c);
	if (scratch->error != 0)
		goto out;
	if (!straight)
		c->step_count = 0;
	schema = build(c, sample, event);
	if (!schema)
		goto out;
	schema->plain = !straight;
	schema->head_size = head_size;
	settle_steps(schema, event);
	fill_common(schema, &c->event);
	schema->common.repeats = !straight;
out:
	free(c);
	return schema;
}
