/* SPDX-License-Identifier: MIT */
/*
 * evh-reencode FILE: decodes every EventHeader event of a recording (.dat or perf.data), builds it
 * anew from what the decoder said, and compares the bytes. Prints "N of N events identical".
 *
 * Status 0 when all are identical and there is at least one; each other event gets a line on
 * stderr. Events of another machine (byte order, pointer size) are reported as such: the builder
 * writes this machine's form only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <evh/builder.h>
#include <evh/decode.h>
#include <evh/trace.h>

/* perf pads records to 8 bytes, with bytes that mean nothing. */
#define PADDING_MAX 7

static uint8_t memory[65536];
static struct evh_transport transport;
static struct evh_builder builder;
static bool raw_structs; /* this event has a struct with fewer fields than it says */

/* The parts of a name as the writer gave it: with its attributes, and terminated. */
struct full_name {
	char text[65536];
};

static const char *join_name(struct full_name *name, const struct evh_item *item)
{
	size_t size = item->name.size;

	memcpy(name->text, item->name.data, size);
	if (item->attributes.size) {
		name->text[size++] = ';';
		memcpy(name->text + size, item->attributes.data, item->attributes.size);
		size += item->attributes.size;
	}
	name->text[size] = 0;
	return name->text;
}

static bool is_counted(const struct evh_item *item)
{
	return item->encoding >= EVH_ENCODING_STRING_CHAR8;
}

static bool is_terminated(const struct evh_item *item)
{
	return item->encoding >= EVH_ENCODING_ZSTRING_CHAR8 &&
	       item->encoding <= EVH_ENCODING_ZSTRING_CHAR32;
}

static size_t unit_size(const struct evh_item *item)
{
	switch (item->encoding) {
	case EVH_ENCODING_ZSTRING_CHAR16:
	case EVH_ENCODING_STRING_CHAR16:
		return 2;
	case EVH_ENCODING_ZSTRING_CHAR32:
	case EVH_ENCODING_STRING_CHAR32:
		return 4;
	default:
		return 1;
	}
}

/*
 * The value as it was written. The decoder takes a byte order mark off the text of these formats;
 * it stands in front of what it hands out.
 */
static struct evh_units whole_value(const struct evh_item *item, const uint8_t *event)
{
	static const struct {
		size_t size;
		uint8_t bytes[4];
	} marks[] = {
		{ 4, { 0xff, 0xfe, 0, 0 } }, { 4, { 0, 0, 0xfe, 0xff } }, { 2, { 0xff, 0xfe } },
		{ 2, { 0xfe, 0xff } },	     { 3, { 0xef, 0xbb, 0xbf } },
	};
	struct evh_units value = { item->data, item->size };
	bool may_have_mark =
		item->format >= EVH_FORMAT_STRING_UTF_BOM && item->format <= EVH_FORMAT_STRING_JSON;

	for (size_t i = 0; may_have_mark && i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t mark = marks[i].size;
		uint16_t count;

		if ((size_t)(item->data - event) < mark + 2 ||
		    memcmp(item->data - mark, marks[i].bytes, mark) != 0)
			continue;
		/* of a counted string, the count in front must count it too */
		memcpy(&count, item->data - mark - 2, sizeof(count));
		if (is_counted(item) && count * unit_size(item) != item->size + mark)
			continue;
		value = (struct evh_units){ item->data - mark, item->size + mark };
		break;
	}
	value.count /= unit_size(item);
	return value;
}

static void put_raw_value(const struct evh_item *item, const uint8_t *event)
{
	struct evh_units value = whole_value(item, event);
	uint16_t count = (uint16_t)value.count;

	if (is_counted(item))
		evh_builder_add_raw_data(&builder, &count, sizeof(count));
	evh_builder_add_raw_data(&builder, value.units, value.count * unit_size(item));
	if (is_terminated(item))
		evh_builder_add_raw_data(&builder, "\0\0\0", unit_size(item));
}

static int put_field(const struct evh_item *item, const char *name, const uint8_t *event)
{
	struct evh_units value = whole_value(item, event);

	if (item->format == EVH_FORMAT_IP_ADDRESS_OLD) {
		/* a format that is never written, except as a copy */
		evh_builder_add_raw_meta(&builder, name, item->encoding, item->format, 0,
					 item->tag);
		put_raw_value(item, event);
		return 0;
	}
#define CASE(encoding, function)                                                                   \
	case encoding:                                                                             \
		function(&builder, name, value.units, value.count, item->format, item->tag);       \
		return 0
	switch (item->encoding) {
	case EVH_ENCODING_VALUE8:
	case EVH_ENCODING_VALUE16:
	case EVH_ENCODING_VALUE32:
	case EVH_ENCODING_VALUE64:
	case EVH_ENCODING_VALUE128:
		evh_builder_add_value(&builder, name, item->encoding, item->data, item->format,
				      item->tag);
		return 0;
		CASE(EVH_ENCODING_ZSTRING_CHAR8, evh_builder_add_zstring8);
		CASE(EVH_ENCODING_ZSTRING_CHAR16, evh_builder_add_zstring16);
		CASE(EVH_ENCODING_ZSTRING_CHAR32, evh_builder_add_zstring32);
		CASE(EVH_ENCODING_STRING_CHAR8, evh_builder_add_string8);
		CASE(EVH_ENCODING_STRING_CHAR16, evh_builder_add_string16);
		CASE(EVH_ENCODING_STRING_CHAR32, evh_builder_add_string32);
		CASE(EVH_ENCODING_BINARY, evh_builder_add_binary);
	default:
		return -EOPNOTSUPP;
	}
#undef CASE
}

/* An array of strings or binaries: its elements follow as fields. */
static int put_units_array(struct evh_reader *reader, const struct evh_item *array,
			   const char *name, const uint8_t *event)
{
	struct evh_units *elements = calloc((size_t)array->count + 1, sizeof(*elements));
	bool raw =
		array->array == EVH_ENCODING_CARRAY || array->format == EVH_FORMAT_IP_ADDRESS_OLD;
	struct evh_item item;
	int result = 1;

	if (!elements)
		return -ENOMEM;
	if (raw) {
		evh_builder_add_raw_meta(
			&builder, name, (unsigned)array->encoding | array->array, array->format,
			array->array == EVH_ENCODING_CARRAY ? array->count : 0, array->tag);
		if (array->array == EVH_ENCODING_VARRAY)
			evh_builder_add_raw_data(&builder, &array->count, sizeof(array->count));
	}
	for (unsigned i = 0; i < array->count && result > 0; i++) {
		result = evh_reader_next(reader, &item);
		if (result > 0 && raw)
			put_raw_value(&item, event);
		else if (result > 0)
			elements[i] = whole_value(&item, event);
	}
	if (result > 0)
		result = evh_reader_next(reader, &item); /* the array's end */
	if (result > 0 && !raw)
		evh_builder_add_units_array(&builder, name, array->encoding, elements, array->count,
					    array->format, array->tag);
	free(elements);
	return result > 0 ? 0 : result < 0 ? result : -EBADMSG;
}

static int put_value_array(struct evh_reader *reader, const struct evh_item *array,
			   const char *name)
{
	if (array->format == EVH_FORMAT_IP_ADDRESS_OLD) {
		evh_builder_add_raw_meta(
			&builder, name, (unsigned)array->encoding | array->array, array->format,
			array->array == EVH_ENCODING_CARRAY ? array->count : 0, array->tag);
		if (array->array == EVH_ENCODING_VARRAY)
			evh_builder_add_raw_data(&builder, &array->count, sizeof(array->count));
		evh_builder_add_raw_data(&builder, array->data, array->size);
	} else if (array->array == EVH_ENCODING_CARRAY) {
		evh_builder_add_constant_array(&builder, name, array->encoding, array->data,
					       array->count, array->format, array->tag);
	} else {
		evh_builder_add_array(&builder, name, array->encoding, array->data, array->count,
				      array->format, array->tag);
	}
	return evh_reader_skip(reader);
}

/*
 * An array of no structs: the decoder passes over the description of what an element would have
 * been, so it is read here, from the metadata behind the array's name.
 */
static int put_empty_struct_array(struct evh_reader *reader, const struct evh_item *array,
				  const char *name)
{
	const uint8_t *at = (const uint8_t *)array->name.data + strlen(name) + 1;
	unsigned pending = at[1] & EVH_FORMAT_VALUE_MASK;

	evh_builder_add_raw_meta(&builder, name, EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, pending,
				 0, array->tag);
	evh_builder_add_raw_data(&builder, "\0", 2);
	at += array->tag ? 4 : 2;
	for (; pending; pending--) {
		const char *field = (const char *)at;
		unsigned encoding, format = 0;
		uint16_t tag = 0, count = 0;

		at += strlen(field) + 1;
		encoding = *at++;
		if (encoding & EVH_ENCODING_HAS_FORMAT)
			format = *at++;
		if (format & EVH_FORMAT_HAS_TAG) {
			memcpy(&tag, at, sizeof(tag));
			at += sizeof(tag);
		}
		if (encoding & EVH_ENCODING_CARRAY) {
			memcpy(&count, at, sizeof(count));
			at += sizeof(count);
		}
		format &= EVH_FORMAT_VALUE_MASK;
		if ((encoding & EVH_ENCODING_TYPE_MASK) == EVH_ENCODING_STRUCT)
			pending += format;
		evh_builder_add_raw_meta(&builder, field,
					 encoding & ~(unsigned)EVH_ENCODING_HAS_FORMAT, format,
					 count, tag);
	}
	return evh_reader_skip(reader);
}

/* What stands in an array of structs: all payload, and of the first element also the metadata. */
static int put_struct_array(struct evh_reader *reader, const struct evh_item *array,
			    struct full_name *name, const uint8_t *event)
{
	struct evh_reader ahead = *reader;
	struct evh_item item;
	unsigned inner = 0; /* arrays of structs around the item, this one not counted */
	bool first[EVH_DEPTH_MAX] = { true };
	int result;

	if (!array->count)
		return put_empty_struct_array(reader, array, name->text);
	result = evh_reader_next(&ahead, &item);
	if (result <= 0 || item.kind != EVH_ITEM_STRUCT_BEGIN)
		return -EBADMSG;
	evh_builder_add_raw_meta(&builder, name->text, EVH_ENCODING_STRUCT | array->array,
				 item.count, array->array == EVH_ENCODING_CARRAY ? array->count : 0,
				 array->tag);
	if (array->array == EVH_ENCODING_VARRAY)
		evh_builder_add_raw_data(&builder, &array->count, sizeof(array->count));
	while ((result = evh_reader_next(reader, &item)) > 0) {
		bool with_meta = true;

		for (unsigned i = 0; i <= inner; i++)
			with_meta = with_meta && first[i];
		join_name(name, &item);
		switch (item.kind) {
		case EVH_ITEM_ARRAY_END:
			if (item.encoding == EVH_ENCODING_STRUCT && inner-- == 0)
				return 0;
			break;
		case EVH_ITEM_STRUCT_END:
			if (item.element)
				first[inner] = false;
			break;
		case EVH_ITEM_STRUCT_BEGIN:
			if (!item.element && with_meta)
				evh_builder_add_raw_meta(&builder, name->text, EVH_ENCODING_STRUCT,
							 item.count, 0, item.tag);
			break;
		case EVH_ITEM_ARRAY_BEGIN:
			if (item.encoding == EVH_ENCODING_STRUCT)
				return -EOPNOTSUPP; /* none of the reference events has it */
			if (with_meta)
				evh_builder_add_raw_meta(
					&builder, name->text, (unsigned)item.encoding | item.array,
					item.format,
					item.array == EVH_ENCODING_CARRAY ? item.count : 0,
					item.tag);
			if (item.array == EVH_ENCODING_VARRAY)
				evh_builder_add_raw_data(&builder, &item.count, sizeof(item.count));
			break;
		case EVH_ITEM_FIELD:
			if (!item.element && with_meta)
				evh_builder_add_raw_meta(&builder, name->text, item.encoding,
							 item.format, 0, item.tag);
			put_raw_value(&item, event);
			break;
		case EVH_ITEM_EVENT:
			return -EBADMSG;
		}
	}
	return result ? result : -EBADMSG;
}

static int put_item(struct evh_reader *reader, const struct evh_item *item, struct full_name *name,
		    const uint8_t *event)
{
	join_name(name, item);
	switch (item->kind) {
	case EVH_ITEM_EVENT:
		evh_builder_reset(&builder, name->text, reader->event.tag);
		evh_builder_set_id(&builder, reader->event.id, reader->event.version);
		evh_builder_set_opcode(&builder, reader->event.opcode);
		return 0;
	case EVH_ITEM_FIELD:
		return put_field(item, name->text, event);
	case EVH_ITEM_STRUCT_BEGIN:
		if (raw_structs)
			evh_builder_add_raw_meta(&builder, name->text, EVH_ENCODING_STRUCT,
						 item->count, 0, item->tag);
		else
			evh_builder_add_struct(&builder, name->text, item->count, item->tag);
		return 0;
	case EVH_ITEM_STRUCT_END:
		return 0;
	case EVH_ITEM_ARRAY_BEGIN:
		if (item->encoding == EVH_ENCODING_STRUCT)
			return put_struct_array(reader, item, name, event);
		if (item->encoding <= EVH_ENCODING_VALUE128)
			return put_value_array(reader, item, name->text);
		return put_units_array(reader, item, name->text, event);
	case EVH_ITEM_ARRAY_END:
		break;
	}
	return -EBADMSG;
}

static int build(const struct evh_sample *sample)
{
	static struct full_name name;
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	while (!result && (result = evh_reader_next(&reader, &item)) > 0)
		result = put_item(&reader, &item, &name, sample->event);
	return result;
}

/* NULL when the event was rebuilt and is the same, else what is wrong. */
static const char *reencode(const struct evh_sample *sample, struct evh_dynamic_provider *provider)
{
	struct evh_reader reader;
	const struct evh_event_set *set;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	if (result)
		return evh_reader_strerror(result);
	if (reader.event.flags != EVH_FLAGS_NATIVE)
		return "written by a machine of another kind";
	set = evh_dynamic_provider_register_set(provider, reader.event.level, 1);
	for (int attempt = 0; attempt < 2; attempt++) {
		raw_structs = attempt;
		result = build(sample);
		if (result)
			return evh_reader_strerror(result);
		result = evh_builder_write(&builder, set, reader.event.activity,
					   reader.event.related);
		if (result != -EINVAL)
			break;
	}
	if (result)
		return strerror(-result);
	if (transport.memory_used > sample->event_size ||
	    sample->event_size - transport.memory_used > (sample->raw ? PADDING_MAX : 0))
		return "another size";
	if (memcmp(sample->event, memory, transport.memory_used) != 0)
		return "other bytes";
	return NULL;
}

static bool is_event_header(const struct evh_sample *sample)
{
	struct evh_tracepoint_name name;

	return sample->event && evh_tracepoint_name_parse(&name, sample->tracepoint,
							  strlen(sample->tracepoint)) == 0;
}

static int run(const char *path, struct evh_dynamic_provider *provider)
{
	struct evh_trace *trace;
	struct evh_sample sample;
	unsigned long events = 0, identical = 0;
	int result, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		fprintf(stderr, "evh-reencode: %s: %s\n", path, strerror(errno));
		return 1;
	}
	result = evh_trace_open(&trace, fd, NULL);
	while (!result && (result = evh_trace_next(trace, &sample)) > 0) {
		const char *complaint;

		result = 0;
		if (!is_event_header(&sample))
			continue;
		events++;
		complaint = reencode(&sample, provider);
		identical += !complaint;
		if (complaint)
			fprintf(stderr, "evh-reencode: event %lu (%s): %s\n", events,
				sample.tracepoint, complaint);
	}
	if (result < 0)
		fprintf(stderr, "evh-reencode: %s: %s\n", path, strerror(-result));
	evh_trace_close(trace);
	printf("%lu of %lu events identical\n", identical, events);
	return result < 0 || !events || identical != events;
}

int main(int argc, char **argv)
{
	struct evh_dynamic_provider *provider;
	int status;

	if (argc != 2) {
		fprintf(stderr, "usage: evh-reencode FILE\n");
		return 2;
	}
	evh_transport_use_memory(&transport, memory, sizeof(memory));
	if (evh_dynamic_provider_create(&provider, "P", NULL, &transport) ||
	    evh_builder_init(&builder, NULL, 0)) {
		fprintf(stderr, "evh-reencode: out of memory\n");
		return 1;
	}
	status = run(argv[1], provider);
	evh_builder_destroy(&builder);
	evh_dynamic_provider_destroy(provider);
	return status;
}
