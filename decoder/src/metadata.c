/* SPDX-License-Identifier: MIT */
/*
 * <evh/metadata.h>: the walk through the descriptions alone, and types as text. Must never look at
 * the payload.
 */
#include <evh/metadata.h>

#include "event.h"

int evh_metadata_open(struct evh_metadata *metadata, const void *bytes, size_t size)
{
	memset(metadata, 0, sizeof(*metadata));
	metadata->error = evh_event_open(&metadata->event, bytes, size);
	return metadata->error;
}

static int fail(struct evh_metadata *metadata, int error)
{
	metadata->error = error;
	return error;
}

static int leave(struct evh_metadata *metadata, struct evh_item *item)
{
	metadata->depth--;
	*item = (struct evh_item){
		.kind = EVH_ITEM_STRUCT_END,
		.encoding = EVH_ENCODING_STRUCT,
		.depth = metadata->depth,
		.name = metadata->names[metadata->depth],
	};
	return 1;
}

static int enter(struct evh_metadata *metadata, struct evh_item *item, uint8_t fields)
{
	if (metadata->depth == EVH_DEPTH_MAX)
		return fail(metadata, -E2BIG);
	item->kind = EVH_ITEM_STRUCT_BEGIN;
	item->index = fields;
	metadata->remaining[metadata->depth] = fields;
	metadata->names[metadata->depth++] = item->name;
	return 1;
}

int evh_metadata_next(struct evh_metadata *metadata, struct evh_item *item)
{
	uint8_t fields;
	int result;

	if (metadata->error)
		return metadata->error;
	if (metadata->depth && (!metadata->remaining[metadata->depth - 1] ||
				metadata->next == metadata->event.fields_size))
		return leave(metadata, item);
	if (metadata->next == metadata->event.fields_size)
		return 0;
	result = evh_field_describe(&metadata->event, &metadata->next, item, &fields);
	if (result < 0)
		return fail(metadata, result);
	item->depth = metadata->depth;
	if (metadata->depth)
		metadata->remaining[metadata->depth - 1]--;
	if (item->encoding == EVH_ENCODING_STRUCT)
		return enter(metadata, item, fields);
	item->kind = EVH_ITEM_FIELD;
	item->value = evh_value_constant_kind(item->encoding, item->format);
	return 1;
}

/* Of values of fixed size, by what they are; true: with the number of bits behind it. */
static const struct {
	const char *name;
	bool sized;
} kinds[] = {
	[EVH_VALUE_UNSIGNED] = { "u", true },	[EVH_VALUE_SIGNED] = { "i", true },
	[EVH_VALUE_HEX] = { "hex", true },	[EVH_VALUE_ERRNO] = { "errno", false },
	[EVH_VALUE_PID] = { "pid", false },	[EVH_VALUE_TIME] = { "time", true },
	[EVH_VALUE_BOOLEAN] = { "bool", true }, [EVH_VALUE_FLOAT] = { "f", true },
	[EVH_VALUE_BYTES] = { "bytes", true },	[EVH_VALUE_UUID] = { "uuid", false },
	[EVH_VALUE_PORT] = { "port", false },	[EVH_VALUE_IPV4] = { "ipv4", false },
	[EVH_VALUE_IPV6] = { "ipv6", false },	[EVH_VALUE_LATIN1] = { "char", true },
	[EVH_VALUE_UTF16] = { "char", true },	[EVH_VALUE_UTF32] = { "char", true },
};

/* Of strings and binaries, whose default says it all. */
static const char *const formats[] = {
	[EVH_FORMAT_UNSIGNED_INT] = ":u",  [EVH_FORMAT_SIGNED_INT] = ":i",
	[EVH_FORMAT_HEX_INT] = ":hex",	   [EVH_FORMAT_ERRNO] = ":errno",
	[EVH_FORMAT_PID] = ":pid",	   [EVH_FORMAT_TIME] = ":time",
	[EVH_FORMAT_BOOLEAN] = ":bool",	   [EVH_FORMAT_FLOAT] = ":f",
	[EVH_FORMAT_HEX_BYTES] = ":bytes", [EVH_FORMAT_STRING8] = ":latin1",
	[EVH_FORMAT_STRING_UTF] = ":utf",  [EVH_FORMAT_STRING_UTF_BOM] = ":utf-bom",
	[EVH_FORMAT_STRING_XML] = ":xml",  [EVH_FORMAT_STRING_JSON] = ":json",
	[EVH_FORMAT_UUID] = ":uuid",	   [EVH_FORMAT_PORT] = ":port",
	[EVH_FORMAT_IP_ADDRESS] = ":ip",   [EVH_FORMAT_IP_ADDRESS_OLD] = ":ip",
};

static void append_counted(struct evh_text *text, const struct evh_item *item)
{
	unsigned bits = 8U * evh_encoding_unit[item->encoding];

	if (item->encoding == EVH_ENCODING_BINARY)
		evh_text_puts(text, "binary");
	else
		evh_text_puts(text, encoding_is_zstring(item->encoding) ? "zstring" : "string");
	if (bits > 8)
		evh_text_u64(text, bits);
	if (item->format && item->format < sizeof(formats) / sizeof(formats[0]))
		evh_text_puts(text, formats[item->format]);
}

void evh_metadata_type(struct evh_text *text, const struct evh_item *item)
{
	if (item->encoding == EVH_ENCODING_STRUCT) {
		evh_text_puts(text, "struct");
	} else if (encoding_is_value(item->encoding)) {
		enum evh_value_kind kind = evh_value_constant_kind(item->encoding, item->format);

		evh_text_puts(text, kinds[kind].name);
		if (kinds[kind].sized)
			evh_text_u64(text, UINT64_C(8) * evh_encoding_unit[item->encoding]);
	} else if (item->encoding <= EVH_ENCODING_BINARY) {
		append_counted(text, item);
	}
	if (item->array == EVH_ENCODING_VARRAY) {
		evh_text_puts(text, "[]");
	} else if (item->array == EVH_ENCODING_CARRAY) {
		evh_text_puts(text, "[");
		evh_text_u64(text, item->count);
		evh_text_puts(text, "]");
	}
}
