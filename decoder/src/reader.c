/* SPDX-License-Identifier: MIT */
/*
 * The pull reader: one item per call, with the structs and arrays around it on a small stack of
 * its own. Must never recurse or allocate, and the work for one event is bounded: each element
 * takes at least one byte of the payload, and the metadata gone through is counted.
 */
#include "event.h"

enum state {
	STATE_START,	/* nothing read */
	STATE_FIELDS,	/* next is a field of the innermost struct, or its end */
	STATE_VALUES,	/* next is an element of the array reader->field, or its end */
	STATE_ELEMENTS, /* next is an element of the innermost frame's array of structs, or its end
			 */
	STATE_END,
};

int evh_reader_open(struct evh_reader *reader, const void *bytes, size_t size)
{
	reader->payload = NULL;
	reader->next = 0;
	reader->budget = EVH_METADATA_MAX;
	reader->state = STATE_START;
	reader->depth = 0;
	reader->field = (struct evh_item){ 0 };
	reader->error = evh_event_open(&reader->event, bytes, size);
	if (reader->error == 0)
		reader->payload = reader->event.payload;
	return reader->error;
}

static int fail(struct evh_reader *reader, int error)
{
	reader->error = error;
	reader->field.kind = EVH_ITEM_EVENT; /* nothing to skip any more */
	return error;
}

static const uint8_t *payload_end(const struct evh_reader *reader)
{
	return reader->event.payload + reader->event.payload_size;
}

/* Bounds the work: see EVH_METADATA_MAX. */
static int charge(struct evh_reader *reader, uint32_t size)
{
	if (size > reader->budget)
		return -E2BIG;
	reader->budget -= size;
	return 0;
}

/* Describes the field at *offset into reader->field. */
static int describe(struct evh_reader *reader, uint32_t *offset, uint8_t *struct_fields)
{
	uint32_t start = *offset;
	int result = evh_field_describe(&reader->event, offset, &reader->field, struct_fields);

	if (result < 0)
		return result;
	reader->field.depth = reader->depth;
	return charge(reader, *offset - start);
}

/* Goes past the metadata of the fields of a struct that no element of exists. */
static int pass_struct(struct evh_reader *reader, uint8_t fields)
{
	struct evh_item keep = reader->field;
	uint32_t left = fields;
	int result = 0;

	while (left > 0 && reader->next < reader->event.fields_size && result == 0) {
		uint8_t inner;

		result = describe(reader, &reader->next, &inner);
		left += inner;
		left--;
	}
	reader->field = keep;
	return result;
}

static int take_value(struct evh_reader *reader, struct evh_item *item)
{
	struct evh_item *field = &reader->field;
	int result;

	*item = *field;
	item->kind = EVH_ITEM_FIELD;
	result = evh_value_take(&reader->payload, payload_end(reader), field->encoding,
				field->big_endian, &item->data, &item->size);
	if (result < 0)
		return fail(reader, result);
	item->value = evh_value_resolve(field->encoding, field->format, &item->data, &item->size,
					&item->big_endian);
	return 1;
}

static int begin_array(struct evh_reader *reader, struct evh_item *item)
{
	struct evh_item *field = &reader->field;

	field->kind = EVH_ITEM_ARRAY_BEGIN;
	*item = *field;
	if (encoding_is_value(field->encoding)) {
		size_t size = (size_t)field->count * evh_encoding_unit[field->encoding];

		if ((size_t)(payload_end(reader) - reader->payload) < size)
			return fail(reader, -ENODATA);
		item->value = evh_value_constant_kind(field->encoding, field->format);
		item->data = reader->payload;
		item->size = size;
	}
	field->element = true;
	field->index = 0;
	reader->state = STATE_VALUES;
	return 1;
}

/* The innermost struct's begin or end: what its own description says, and which element it is. */
static int describe_struct(struct evh_reader *reader, enum evh_item_kind kind,
			   struct evh_item *item)
{
	const struct evh_reader_frame *frame = &reader->frames[reader->depth - 1];
	uint32_t offset = frame->self;
	uint8_t fields;
	int result = evh_field_describe(&reader->event, &offset, &reader->field, &fields);

	if (result == 0)
		result = charge(reader, EVH_METADATA_REVISIT(offset - frame->self));
	if (result < 0)
		return fail(reader, result);
	reader->field.depth = (uint8_t)(reader->depth - 1);
	reader->field.kind = kind;
	reader->field.element = reader->field.array != 0;
	reader->field.index = frame->index;
	reader->field.count = fields;
	*item = reader->field;
	return 1;
}

static int begin_struct_element(struct evh_reader *reader, struct evh_item *item)
{
	struct evh_reader_frame *frame = &reader->frames[reader->depth - 1];
	int result = describe_struct(reader, EVH_ITEM_STRUCT_BEGIN, item);

	if (result < 0)
		return result;
	frame->remaining = (uint8_t)item->count;
	reader->next = frame->first;
	reader->state = STATE_FIELDS;
	return 1;
}

static int begin_struct(struct evh_reader *reader, struct evh_item *item, uint32_t self,
			uint8_t fields)
{
	struct evh_reader_frame *frame = &reader->frames[reader->depth];

	if (reader->depth == EVH_DEPTH_MAX)
		return fail(reader, -E2BIG);
	*frame = (struct evh_reader_frame){ .self = self, .first = reader->next };
	if (reader->field.array == 0) {
		reader->depth++;
		return begin_struct_element(reader, item);
	}
	reader->field.kind = EVH_ITEM_ARRAY_BEGIN;
	*item = reader->field;
	if (reader->field.count == 0) {
		int result = pass_struct(reader, fields);

		if (result < 0)
			return fail(reader, result);
		reader->state = STATE_VALUES; /* which finds that there are none */
		return 1;
	}
	frame->count = reader->field.count;
	reader->depth++;
	reader->state = STATE_ELEMENTS;
	return 1;
}

static int begin_field(struct evh_reader *reader, struct evh_item *item)
{
	uint32_t self = reader->next;
	uint8_t struct_fields;
	int result = describe(reader, &reader->next, &struct_fields);

	if (result < 0)
		return fail(reader, result);
	if (reader->depth > 0)
		reader->frames[reader->depth - 1].remaining--;
	if (reader->field.array == EVH_ENCODING_VARRAY) {
		if (payload_end(reader) - reader->payload < 2)
			return fail(reader, -ENODATA);
		reader->field.count = load16(reader->payload, reader->event.big_endian);
		reader->payload += 2;
	}
	if (reader->field.encoding == EVH_ENCODING_STRUCT)
		return begin_struct(reader, item, self, struct_fields);
	if (reader->field.array != 0)
		return begin_array(reader, item);
	reader->field.kind = EVH_ITEM_FIELD;
	return take_value(reader, item);
}

static int end_struct(struct evh_reader *reader, struct evh_item *item)
{
	int result = describe_struct(reader, EVH_ITEM_STRUCT_END, item);

	if (result < 0)
		return result;
	if (item->element) {
		reader->frames[reader->depth - 1].index++;
		reader->state = STATE_ELEMENTS;
	} else {
		reader->depth--;
	}
	return 1;
}

static int next_field(struct evh_reader *reader, struct evh_item *item)
{
	bool more = reader->next < reader->event.fields_size;

	if (reader->depth > 0 && (!more || reader->frames[reader->depth - 1].remaining == 0))
		return end_struct(reader, item);
	if (!more) {
		reader->state = STATE_END;
		return 0;
	}
	return begin_field(reader, item);
}

static int next_value(struct evh_reader *reader, struct evh_item *item)
{
	struct evh_item *field = &reader->field;
	int result;

	if (field->encoding == EVH_ENCODING_STRUCT || field->index == field->count) {
		field->kind = EVH_ITEM_ARRAY_END;
		field->element = false;
		field->index = 0;
		*item = *field;
		reader->state = STATE_FIELDS;
		return 1;
	}
	field->kind = EVH_ITEM_FIELD;
	result = take_value(reader, item);
	field->index++;
	return result;
}

static int next_element(struct evh_reader *reader, struct evh_item *item)
{
	struct evh_reader_frame *frame = &reader->frames[reader->depth - 1];

	if (frame->index < frame->count)
		return begin_struct_element(reader, item);
	/* reader->field is what the last element's end left there. */
	reader->depth--;
	reader->field.kind = EVH_ITEM_ARRAY_END;
	reader->field.element = false;
	reader->field.index = 0;
	reader->field.count = frame->count;
	*item = reader->field;
	reader->state = STATE_FIELDS;
	return 1;
}

int evh_reader_next(struct evh_reader *reader, struct evh_item *item)
{
	if (reader->error < 0)
		return reader->error;
	switch ((enum state)reader->state) {
	case STATE_START:
		*item = (struct evh_item){ .kind = EVH_ITEM_EVENT,
					   .big_endian = reader->event.big_endian,
					   .tag = reader->event.tag,
					   .name = reader->event.name,
					   .attributes = reader->event.attributes };
		reader->field = *item;
		reader->state = STATE_FIELDS;
		return 1;
	case STATE_FIELDS:
		return next_field(reader, item);
	case STATE_VALUES:
		return next_value(reader, item);
	case STATE_ELEMENTS:
		return next_element(reader, item);
	case STATE_END:
		break;
	}
	return 0;
}

int evh_reader_skip(struct evh_reader *reader)
{
	struct evh_item item = reader->field;
	unsigned open = 1;

	if (reader->error < 0)
		return reader->error;
	if (item.kind != EVH_ITEM_ARRAY_BEGIN && item.kind != EVH_ITEM_STRUCT_BEGIN)
		return 0;
	if (item.kind == EVH_ITEM_ARRAY_BEGIN && encoding_is_value(item.encoding)) {
		reader->payload += (size_t)item.count * evh_encoding_unit[item.encoding];
		reader->field.index = item.count;
	}
	while (open > 0) {
		int result = evh_reader_next(reader, &item);

		if (result < 0)
			return result;
		if (item.kind == EVH_ITEM_ARRAY_BEGIN || item.kind == EVH_ITEM_STRUCT_BEGIN)
			open++;
		else if (item.kind == EVH_ITEM_ARRAY_END || item.kind == EVH_ITEM_STRUCT_END)
			open--;
	}
	return 0;
}

uint32_t evh_event_weight(const void *bytes, size_t size)
{
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, bytes, size);

	if (result < 0)
		return 0;
	do {
		result = evh_reader_next(&reader, &item);
		/* Values take no metadata. */
		if (result > 0 && item.kind == EVH_ITEM_ARRAY_BEGIN &&
		    encoding_is_value(item.encoding))
			result = evh_reader_skip(&reader) < 0 ? reader.error : 1;
	} while (result > 0);
	return result == -E2BIG ? EVH_METADATA_MAX : EVH_METADATA_MAX - reader.budget;
}

int evh_item_element(const struct evh_item *array, uint16_t index, struct evh_item *element)
{
	size_t unit;

	if (array->kind != EVH_ITEM_ARRAY_BEGIN || !array->data || index >= array->count)
		return -EINVAL;
	unit = evh_encoding_unit[array->encoding];
	*element = *array;
	element->kind = EVH_ITEM_FIELD;
	element->element = true;
	element->index = index;
	element->data = array->data + index * unit;
	element->size = unit;
	return 0;
}

const char *evh_reader_strerror(int error)
{
	switch (error) {
	case 0:
		return "no error";
	case -ENODATA:
		return "a value runs past the end of the event";
	case -EBADMSG:
		return "the description of the fields makes no sense";
	case -ENOENT:
		return "the event has no description of its fields";
	case -EOPNOTSUPP:
		return "the event uses a later version of the format";
	case -E2BIG:
		return "structs are nested too deeply, or repeat too often";
	case -ENOMEM:
		return "out of memory";
	default:
		return "the event can't be read";
	}
}
