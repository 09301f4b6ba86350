/* SPDX-License-Identifier: MIT */
/*
 * The builder's strings and binaries: counted and zero-terminated, of 8, 16 and 32-bit units, and
 * arrays of them.
 *
 * Must never read a zero-terminated string beyond its terminator or the caller's limit.
 */
#include <string.h>

#include "builder.h"

/* How one string or binary lies in the payload. */
static const struct unit_form {
	uint8_t unit_size;
	bool counted; /* else zero-terminated */
} unit_forms[] = {
	[EVH_ENCODING_ZSTRING_CHAR8] = { 1, false },  [EVH_ENCODING_ZSTRING_CHAR16] = { 2, false },
	[EVH_ENCODING_ZSTRING_CHAR32] = { 4, false }, [EVH_ENCODING_STRING_CHAR8] = { 1, true },
	[EVH_ENCODING_STRING_CHAR16] = { 2, true },   [EVH_ENCODING_STRING_CHAR32] = { 4, true },
	[EVH_ENCODING_BINARY] = { 1, true },
};

/* NULL when the encoding is no string. */
static const struct unit_form *find_form(unsigned encoding)
{
	if (encoding >= sizeof(unit_forms) / sizeof(unit_forms[0]) ||
	    !unit_forms[encoding].unit_size)
		return NULL;
	return &unit_forms[encoding];
}

/* Units before the first zero, at most `limit`. */
static size_t count_units(const uint8_t *units, size_t unit_size, size_t limit)
{
	static const uint8_t zero[4];
	size_t count = 0;

	if (unit_size == 1)
		return strnlen((const char *)units, limit);
	while (count < limit && memcmp(units + count * unit_size, zero, unit_size) != 0)
		count++;
	return count;
}

/* The string's payload; `meta` bytes of room are made in the same step. */
static inline bool put_payload(struct evh_builder *builder, size_t meta,
			       const struct unit_form *form, const void *units, size_t count)
{
	uint16_t length;
	size_t size;

	if (!units)
		count = 0;
	else if (!form->counted)
		count = count_units(units, form->unit_size, count);
	if (count > UINT16_MAX) {
		evh_builder_fail_last_field(builder, REFUSED_UNITS);
		return false;
	}
	size = count * form->unit_size;
	/* A length and a terminator both take at most four bytes. */
	if (!take_room(builder, meta, size + 4))
		return false;
	if (form->counted) {
		length = (uint16_t)count;
		memcpy(builder->data, &length, sizeof(length));
		builder->data += sizeof(length);
	}
	if (size)
		memcpy(builder->data, units, size);
	builder->data += size;
	if (!form->counted) {
		memset(builder->data, 0, form->unit_size);
		builder->data += form->unit_size;
	}
	return true;
}

static __attribute__((noinline)) void put_units_slowly(struct evh_builder *builder,
						       const char *name, size_t name_length,
						       uint32_t type, const void *units,
						       size_t count)
{
	const struct unit_form *form = find_form(type & EVH_ENCODING_TYPE_MASK);

	if (builder->error)
		return;
	name_length = take_mark(builder, name_length);
	if (!form)
		evh_builder_fail_field(builder, REFUSED_FORMAT, name, name_length);
	else if (!put_payload(builder, name_length + 1 + type_size(type), form, units, count))
		evh_builder_name_refused(builder, name, name_length);
	else
		put_name_and_type(builder, name, name_length, type);
}

void evh_builder_put_units(struct evh_builder *builder, const char *name, size_t name_length,
			   uint32_t type, const void *units, size_t count)
{
	unsigned encoding = type & EVH_ENCODING_TYPE_MASK;
	uint16_t length = (uint16_t)count;
	uint8_t *out;

	/* Counted bytes that fit: nearly all strings there are. The copy comes last, as a jump. */
	if ((encoding != EVH_ENCODING_STRING_CHAR8 && encoding != EVH_ENCODING_BINARY) ||
	    name_length > SHORT_NAME || count > UINT16_MAX || !units ||
	    !has_room(builder, name_length + 1 + type_size(type), count + sizeof(length))) {
		put_units_slowly(builder, name, name_length, type, units, count);
		return;
	}
	put_name_and_type(builder, name, name_length, type);
	out = builder->data;
	memcpy(out, &length, sizeof(length));
	out += sizeof(length);
	builder->data = out + count;
	if (count > 16)
		memcpy(out, units, count);
	else
		copy_up_to_16(out, units, count);
}

void evh_builder_add_units_array(struct evh_builder *builder, const char *name, unsigned encoding,
				 const struct evh_units *elements, size_t count, unsigned format,
				 uint16_t tag)
{
	const struct unit_form *form = find_form(encoding);
	uint16_t length = (uint16_t)count;

	if (!form || count > UINT16_MAX) {
		if (!builder->error)
			evh_builder_fail_field(builder,
					       form ? REFUSED_ELEMENTS : REFUSED_UNITS_ENCODING,
					       name, strlen(name));
		return;
	}
	evh_builder_put_meta(builder, name, evh_builder_name_length(name),
			     evh_builder_type(encoding | EVH_ENCODING_VARRAY, format, tag), 0);
	if (!take_room(builder, 0, sizeof(length)))
		return;
	memcpy(builder->data, &length, sizeof(length));
	builder->data += sizeof(length);
	for (size_t i = 0; i < count; i++)
		if (!put_payload(builder, 0, form, elements[i].units, elements[i].count))
			return;
}
