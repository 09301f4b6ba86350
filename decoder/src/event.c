/* SPDX-License-Identifier: MIT */
/*
 * The front of an event: its header, its extensions, its name; and the description of one field.
 * Must never read a byte that it has not compared with the end before.
 */
#include "event.h"

static const uint8_t KNOWN_FLAGS = EVH_FLAG_POINTER64 | EVH_FLAG_LITTLE_ENDIAN | EVH_FLAG_EXTENSION;

/* Splits "name;attr=value" at the first ";": names hold none. */
static void split_name(const char *text, size_t size, struct evh_name *name,
		       struct evh_name *attributes)
{
	const char *mark = memchr(text, ';', size);

	*name = (struct evh_name){ text, mark ? (size_t)(mark - text) : size };
	if (mark)
		*attributes = (struct evh_name){ mark + 1, size - name->size - 1 };
	else
		*attributes = (struct evh_name){ text + size, 0 };
}

static int take_metadata(struct evh_event *event, const uint8_t *data, size_t size)
{
	const uint8_t *end;

	if (event->fields)
		return -EBADMSG;
	end = memchr(data, '\0', size);
	if (!end)
		return -EBADMSG;
	split_name((const char *)data, (size_t)(end - data), &event->name, &event->attributes);
	event->fields = end + 1;
	event->fields_size = size - (size_t)(end - data) - 1;
	return 0;
}

static int take_activity(struct evh_event *event, const uint8_t *data, size_t size)
{
	if (event->activity || (size != 16 && size != 32))
		return -EBADMSG;
	event->activity = data;
	event->related = size == 32 ? data + 16 : NULL;
	return 0;
}

/* Goes along the chain of extensions from *payload on, and leaves *payload behind them. */
static int take_extensions(struct evh_event *event)
{
	const uint8_t *p = event->payload;
	const uint8_t *end = p + event->payload_size;
	uint16_t kind;

	do {
		uint16_t size;
		int result = 0;

		if ((size_t)(end - p) < sizeof(struct evh_extension))
			return -ENODATA;
		size = load16(p, event->big_endian);
		kind = load16(p + 2, event->big_endian);
		p += sizeof(struct evh_extension);
		if ((size_t)(end - p) < size)
			return -ENODATA;
		switch (kind & EVH_EXTENSION_KIND_MASK) {
		case 0:
			return -EBADMSG;
		case EVH_EXTENSION_METADATA:
			result = take_metadata(event, p, size);
			break;
		case EVH_EXTENSION_ACTIVITY_ID:
			result = take_activity(event, p, size);
			break;
		default: /* later versions may add some */
			break;
		}
		if (result < 0)
			return result;
		p += size;
	} while (kind & EVH_EXTENSION_CHAIN);
	event->payload = p;
	event->payload_size = (size_t)(end - p);
	return 0;
}

int evh_event_open(struct evh_event *event, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	int result;

	*event = (struct evh_event){ 0 };
	if (size < sizeof(struct evh_header))
		return -ENODATA;
	event->flags = p[0];
	if (event->flags & ~KNOWN_FLAGS)
		return -EOPNOTSUPP;
	event->big_endian = !(event->flags & EVH_FLAG_LITTLE_ENDIAN);
	event->pointer_size = event->flags & EVH_FLAG_POINTER64 ? 8 : 4;
	event->version = p[1];
	event->id = load16(p + 2, event->big_endian);
	event->tag = load16(p + 4, event->big_endian);
	event->opcode = p[6];
	event->level = p[7];
	event->payload = p + sizeof(struct evh_header);
	event->payload_size = size - sizeof(struct evh_header);
	if (!(event->flags & EVH_FLAG_EXTENSION))
		return -ENOENT;
	result = take_extensions(event);
	if (result < 0)
		return result;
	return event->fields ? 0 : -ENOENT;
}

int evh_field_describe(const struct evh_event *event, uint32_t *offset, struct evh_item *field,
		       uint8_t *struct_fields)
{
	const uint8_t *start = event->fields + *offset;
	const uint8_t *end = event->fields + event->fields_size;
	const uint8_t *p = memchr(start, '\0', (size_t)(end - start));
	uint8_t encoding;
	uint8_t format = 0;

	if (!p || end - p < 2)
		return -EBADMSG;
	*field = (struct evh_item){ .big_endian = event->big_endian };
	split_name((const char *)start, (size_t)(p - start), &field->name, &field->attributes);
	encoding = p[1];
	p += 2;
	if (encoding & EVH_ENCODING_HAS_FORMAT) {
		if (p == end)
			return -EBADMSG;
		format = *p++;
	}
	if (format & EVH_FORMAT_HAS_TAG) {
		if (end - p < 2)
			return -EBADMSG;
		field->tag = load16(p, event->big_endian);
		p += 2;
	}
	field->encoding = encoding & EVH_ENCODING_TYPE_MASK;
	field->array = encoding & EVH_ENCODING_ARRAY_MASK;
	field->format = format & EVH_FORMAT_VALUE_MASK;
	if (field->array == EVH_ENCODING_ARRAY_MASK || field->encoding == EVH_ENCODING_INVALID)
		return -EBADMSG;
	if (field->encoding > EVH_ENCODING_BINARY)
		return -EOPNOTSUPP;
	if (field->array == EVH_ENCODING_CARRAY) {
		if (end - p < 2)
			return -EBADMSG;
		field->count = load16(p, event->big_endian);
		p += 2;
		if (field->count == 0)
			return -EBADMSG;
	}
	*struct_fields = 0;
	if (field->encoding == EVH_ENCODING_STRUCT) {
		*struct_fields = field->format;
		field->format = 0;
		/* One without a field could repeat 65535 times at no cost in payload, at each
		 * level. Peers allow metadata that ends inside a struct, but not in front of it. */
		if (*struct_fields == 0 || p == end)
			return -EBADMSG;
	}
	*offset = (uint32_t)(p - event->fields);
	return 0;
}
