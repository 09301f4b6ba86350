/* SPDX-License-Identifier: MIT */
/*
 * The builder's less common fields: values from memory, arrays of them, structs, raw metadata.
 * All of it is put together from the functions of builder.c, which own the buffer.
 */
#include <string.h>

#include "builder.h"

/* Bytes of one value; 0 when the encoding is none of a single value. */
static size_t value_size(unsigned encoding)
{
	if (encoding < EVH_ENCODING_VALUE8 || encoding > EVH_ENCODING_VALUE128)
		return 0;
	return (size_t)1 << (encoding - EVH_ENCODING_VALUE8);
}

static void refuse(struct evh_builder *builder, enum refusal why, const char *name)
{
	if (!builder->error)
		evh_builder_fail_field(builder, why, name, strlen(name));
}

/* A value or values of known size; NULL is sent as zeros. */
static void put_bytes(struct evh_builder *builder, const void *bytes, size_t size)
{
	if (!size || !take_room(builder, 0, size))
		return;
	if (bytes)
		memcpy(builder->data, bytes, size);
	else
		memset(builder->data, 0, size);
	builder->data += size;
}

/* Metadata of any field, with the checks that the typed functions need. */
static void put_type(struct evh_builder *builder, const char *name, unsigned encoding,
		     unsigned format, uint16_t tag, uint16_t constant_count)
{
	evh_builder_put_meta(builder, name, evh_builder_name_length(name),
			     evh_builder_type(encoding, format, tag), constant_count);
}

void evh_builder_add_value(struct evh_builder *builder, const char *name, unsigned encoding,
			   const void *value, unsigned format, uint16_t tag)
{
	size_t size = value_size(encoding);

	if (!size) {
		refuse(builder, REFUSED_VALUE_ENCODING, name);
		return;
	}
	put_type(builder, name, encoding, format, tag, 0);
	put_bytes(builder, value, size);
}

void evh_builder_add_nullable(struct evh_builder *builder, const char *name, const void *value,
			      size_t size, unsigned format, uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_BINARY, format, tag), value,
			      value ? size : 0);
}

void evh_builder_add_array(struct evh_builder *builder, const char *name, unsigned encoding,
			   const void *values, size_t count, unsigned format, uint16_t tag)
{
	size_t size = value_size(encoding);
	uint16_t length = (uint16_t)(count = values ? count : 0);

	if (!size || count > UINT16_MAX) {
		refuse(builder, size ? REFUSED_ELEMENTS : REFUSED_VALUE_ENCODING, name);
		return;
	}
	put_type(builder, name, encoding | EVH_ENCODING_VARRAY, format, tag, 0);
	put_bytes(builder, &length, sizeof(length));
	put_bytes(builder, values, size * count);
}

void evh_builder_add_constant_array(struct evh_builder *builder, const char *name,
				    unsigned encoding, const void *values, size_t count,
				    unsigned format, uint16_t tag)
{
	size_t size = value_size(encoding);

	if (!size || !count || count > UINT16_MAX) {
		refuse(builder,
		       count > UINT16_MAX ? REFUSED_ELEMENTS
		       : count		  ? REFUSED_VALUE_ENCODING
					  : REFUSED_NO_ELEMENTS,
		       name);
		return;
	}
	put_type(builder, name, encoding | EVH_ENCODING_CARRAY, format, tag, (uint16_t)count);
	put_bytes(builder, values, size * count);
}

/* A struct's field count stands where other fields have their format, and is always there. */
static uint32_t struct_type(unsigned encoding, unsigned field_count, uint16_t tag)
{
	return evh_builder_type(encoding, 0, tag) | EVH_ENCODING_HAS_FORMAT | field_count << 8;
}

void evh_builder_add_struct_with_bookmark(struct evh_builder *builder, const char *name,
					  unsigned field_count, uint16_t tag, size_t *bookmark)
{
	*bookmark = 0;
	if (field_count > EVH_FORMAT_VALUE_MASK) {
		refuse(builder, REFUSED_FIELD_COUNT, name);
		return;
	}
	builder->checked = true;
	builder->strict = true;
	evh_builder_put_meta(builder, name, evh_builder_name_length(name),
			     struct_type(EVH_ENCODING_STRUCT, field_count, tag), 0);
	if (!builder->error)
		*bookmark = (size_t)(builder->meta - builder->start) - (tag ? 3 : 1);
}

void evh_builder_add_struct(struct evh_builder *builder, const char *name, unsigned field_count,
			    uint16_t tag)
{
	size_t bookmark;

	if (!field_count)
		refuse(builder, REFUSED_FIELD_COUNT, name);
	else
		evh_builder_add_struct_with_bookmark(builder, name, field_count, tag, &bookmark);
}

void evh_builder_set_struct_field_count(struct evh_builder *builder, size_t bookmark,
					unsigned field_count)
{
	uint8_t *format = builder->start + bookmark;

	if (builder->error)
		return;
	if (field_count == 0 || field_count > EVH_FORMAT_VALUE_MASK || bookmark == 0 ||
	    bookmark >= (size_t)(builder->meta - builder->start)) {
		evh_builder_fail(builder, field_count - 1 < EVH_FORMAT_VALUE_MASK
						  ? REFUSED_BOOKMARK
						  : REFUSED_FIELD_COUNT);
		return;
	}
	/* Whether the byte really was a struct's, the walk through the finished event tells. */
	builder->checked = true;
	builder->strict = true;
	*format = (uint8_t)((*format & EVH_FORMAT_HAS_TAG) | field_count);
}

void evh_builder_add_raw_meta(struct evh_builder *builder, const char *name, unsigned encoding,
			      unsigned format, uint16_t constant_count, uint16_t tag)
{
	unsigned arrays = encoding & EVH_ENCODING_ARRAY_MASK;
	unsigned allowed = EVH_ENCODING_TYPE_MASK | EVH_ENCODING_ARRAY_MASK;

	if ((encoding & ~allowed) || arrays == EVH_ENCODING_ARRAY_MASK ||
	    format > EVH_FORMAT_VALUE_MASK || (arrays == EVH_ENCODING_CARRAY) != !!constant_count) {
		refuse(builder, REFUSED_RAW_ENCODING, name);
		return;
	}
	builder->checked = true;
	evh_builder_put_meta(builder, name, evh_builder_name_length(name),
			     evh_builder_type(encoding, 0, tag) |
				     (format ? EVH_ENCODING_HAS_FORMAT | format << 8 : 0),
			     constant_count);
}
