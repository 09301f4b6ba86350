/* SPDX-License-Identifier: MIT */
/*
 * Checks a built event by walking through it as a decoder would: needed for structs, raw fields and
 * names with attributes, which can be put together wrongly.
 *
 * Must never read beyond what it is given, recurse, or take a number from the event as it is.
 */
#include <string.h>

#include "builder.h"

/* The deepest nesting that decoders of this format take. */
#define NESTING_MAX 8

/* A struct whose fields are being walked. */
struct level {
	const uint8_t *first; /* its first field's metadata */
	size_t description;   /* bytes of its own */
	unsigned fields;      /* how many it has */
	unsigned left;	      /* of this element */
	uint32_t elements;    /* still to come, this one included */
	bool empty;	      /* an array without elements: metadata, but no payload */
};

struct walk {
	const uint8_t *meta, *meta_end;
	const uint8_t *data, *data_end;
	size_t budget; /* of EVH_METADATA_MAX, counted as a decoder does; 0: it was exceeded */
	enum refusal why;
	unsigned depth;
	struct level levels[NESTING_MAX];
};

struct field {
	unsigned encoding; /* without flags */
	unsigned arrays;   /* its array flags */
	unsigned format;
	uint16_t count; /* of a constant-length array */
};

/* `name;attr=value;attr=value`: an attribute has a name, and a ';' in a value is doubled. */
static bool attributes_are_good(const uint8_t *name, const uint8_t *end)
{
	const uint8_t *at = memchr(name, ';', (size_t)(end - name));

	while (at && at < end) {
		const uint8_t *attribute = ++at;

		while (at < end && *at != '=' && *at != ';')
			at++;
		if (at == end || *at != '=' || at == attribute)
			return false;
		for (at++; at < end; at++) {
			if (*at != ';')
				continue;
			if (at + 1 == end)
				return false;
			if (at[1] != ';')
				break;
			at++;
		}
	}
	return true;
}

static bool refuse(struct walk *walk, enum refusal why)
{
	walk->why = why;
	return false;
}

static bool take_name(struct walk *walk)
{
	const uint8_t *end = memchr(walk->meta, 0, (size_t)(walk->meta_end - walk->meta));

	if (!end)
		return refuse(walk, REFUSED_STRUCT);
	if (!attributes_are_good(walk->meta, end))
		return refuse(walk, REFUSED_ATTRIBUTES);
	walk->meta = end + 1;
	return true;
}

static bool take_meta(struct walk *walk, void *out, size_t size)
{
	if ((size_t)(walk->meta_end - walk->meta) < size)
		return refuse(walk, REFUSED_METADATA);
	memcpy(out, walk->meta, size);
	walk->meta += size;
	return true;
}

static bool take_field(struct walk *walk, struct field *field)
{
	uint8_t encoding, format = 0;
	uint16_t tag;

	memset(field, 0, sizeof(*field));
	if (!take_name(walk) || !take_meta(walk, &encoding, 1))
		return false;
	if ((encoding & EVH_ENCODING_HAS_FORMAT) && !take_meta(walk, &format, 1))
		return false;
	if ((format & EVH_FORMAT_HAS_TAG) && !take_meta(walk, &tag, sizeof(tag)))
		return false;
	field->encoding = encoding & EVH_ENCODING_TYPE_MASK;
	field->arrays = encoding & EVH_ENCODING_ARRAY_MASK;
	field->format = format & EVH_FORMAT_VALUE_MASK;
	if (field->arrays == EVH_ENCODING_ARRAY_MASK)
		return refuse(walk, REFUSED_METADATA);
	if (field->arrays == EVH_ENCODING_CARRAY)
		return take_meta(walk, &field->count, sizeof(field->count)) &&
		       (field->count || refuse(walk, REFUSED_NO_ELEMENTS));
	return true;
}

static bool skip_data(struct walk *walk, size_t size)
{
	if ((size_t)(walk->data_end - walk->data) < size)
		return refuse(walk, REFUSED_SHORT_DATA);
	walk->data += size;
	return true;
}

static bool take_u16(struct walk *walk, uint16_t *out)
{
	const uint8_t *at = walk->data;

	if (!skip_data(walk, sizeof(*out)))
		return false;
	memcpy(out, at, sizeof(*out));
	return true;
}

static bool skip_terminated(struct walk *walk, size_t unit_size)
{
	static const uint8_t zero[4];
	const uint8_t *unit;

	do {
		unit = walk->data;
		if (!skip_data(walk, unit_size))
			return false;
	} while (memcmp(unit, zero, unit_size) != 0);
	return true;
}

static bool skip_value(struct walk *walk, unsigned encoding)
{
	uint16_t length;

	switch (encoding) {
	case EVH_ENCODING_VALUE8:
	case EVH_ENCODING_VALUE16:
	case EVH_ENCODING_VALUE32:
	case EVH_ENCODING_VALUE64:
	case EVH_ENCODING_VALUE128:
		return skip_data(walk, (size_t)1 << (encoding - EVH_ENCODING_VALUE8));
	case EVH_ENCODING_ZSTRING_CHAR8:
	case EVH_ENCODING_ZSTRING_CHAR16:
	case EVH_ENCODING_ZSTRING_CHAR32:
		return skip_terminated(walk, (size_t)1 << (encoding - EVH_ENCODING_ZSTRING_CHAR8));
	case EVH_ENCODING_STRING_CHAR8:
	case EVH_ENCODING_STRING_CHAR16:
	case EVH_ENCODING_STRING_CHAR32:
		return take_u16(walk, &length) &&
		       skip_data(walk, (size_t)length << (encoding - EVH_ENCODING_STRING_CHAR8));
	case EVH_ENCODING_BINARY:
		return take_u16(walk, &length) && skip_data(walk, length);
	default:
		return refuse(walk, REFUSED_METADATA);
	}
}

static void charge(struct walk *walk, size_t size)
{
	walk->budget -= size < walk->budget ? size : walk->budget;
}

/* The beginning and the end of one element. */
static void charge_element(struct walk *walk, const struct level *level)
{
	charge(walk, 2 * EVH_METADATA_REVISIT(level->description));
}

static bool enter_struct(struct walk *walk, size_t description, unsigned fields, uint32_t elements,
			 bool empty)
{
	struct level *level = &walk->levels[walk->depth];

	if (!fields)
		return refuse(walk, REFUSED_FIELD_COUNT);
	if (walk->depth == NESTING_MAX)
		return refuse(walk, REFUSED_DEPTH);
	*level = (struct level){
		.first = walk->meta,
		.description = description,
		.fields = fields,
		.left = fields,
		.elements = elements ? elements : 1,
		.empty = empty || !elements,
	};
	walk->depth++;
	charge_element(walk, level);
	return true;
}

/* Goes on to the next element, or out, of each struct whose fields are all done. */
static void leave_structs(struct walk *walk)
{
	while (walk->depth && !walk->levels[walk->depth - 1].left) {
		struct level *level = &walk->levels[walk->depth - 1];

		if (--level->elements) {
			walk->meta = level->first;
			level->left = level->fields;
			charge_element(walk, level);
		} else {
			walk->depth--;
		}
	}
}

static bool walk_field(struct walk *walk)
{
	const uint8_t *start = walk->meta;
	struct field field;
	uint16_t count = 1;
	bool empty = walk->depth && walk->levels[walk->depth - 1].empty;

	if (!take_field(walk, &field))
		return false;
	charge(walk, (size_t)(walk->meta - start));
	if (walk->depth)
		walk->levels[walk->depth - 1].left--;
	if (field.arrays == EVH_ENCODING_CARRAY)
		count = field.count;
	else if (field.arrays == EVH_ENCODING_VARRAY && empty)
		count = 0;
	else if (field.arrays == EVH_ENCODING_VARRAY && !take_u16(walk, &count))
		return false;
	if (field.encoding == EVH_ENCODING_STRUCT)
		return enter_struct(walk, (size_t)(walk->meta - start), field.format,
				    empty ? 0 : count, empty);
	if (empty || !count)
		return (field.encoding >= EVH_ENCODING_VALUE8 &&
			field.encoding <= EVH_ENCODING_BINARY) ||
		       refuse(walk, REFUSED_METADATA);
	while (count--)
		if (!skip_value(walk, field.encoding))
			return false;
	return true;
}

/* Whether all structs that are open have begun and are in their last element. */
static bool may_end_here(const struct walk *walk)
{
	for (unsigned i = 0; i < walk->depth; i++)
		if (walk->levels[i].elements != 1 || walk->levels[i].left == walk->levels[i].fields)
			return false;
	return true;
}

enum refusal evh_event_check(const uint8_t *meta, size_t meta_size, const uint8_t *data,
			     size_t data_size, bool strict, size_t *at)
{
	struct walk walk = {
		.meta = meta,
		.meta_end = meta + meta_size,
		.data = data,
		.data_end = data + data_size,
		.budget = EVH_METADATA_MAX,
	};

	*at = 0;
	if (!take_name(&walk))
		return walk.why;
	for (;;) {
		const uint8_t *field;

		leave_structs(&walk);
		if (walk.meta == walk.meta_end && (!walk.depth || (!strict && may_end_here(&walk))))
			break;
		field = walk.meta;
		if (!walk_field(&walk)) {
			const struct level *level = &walk.levels[walk.depth ? walk.depth - 1 : 0];

			if (walk.why == REFUSED_STRUCT && walk.depth)
				field = level->first - level->description;
			*at = (size_t)(field - meta);
			return walk.why;
		}
		if (!walk.budget)
			return REFUSED_REPEATED;
	}
	return walk.data == walk.data_end ? REFUSED_NOTHING : REFUSED_LONG_DATA;
}
