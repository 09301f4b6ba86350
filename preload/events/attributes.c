/* SPDX-License-Identifier: MIT */
/* See attributes.h. Must never write beyond the room, nor the beginning of a value alone. */
#include "attributes.h"

#include <string.h>

#include <evh/format.h>

#include "put.h"
#include "valid_utf8.h"

/* In metadata, a semicolon would begin an attribute of the field's, and a NUL end its name. */
static bool is_name(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char c = name[i], letter = (char)(c | 0x20);

		if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') && c != '.' &&
		    c != '_' && c != '-' && c != '/')
			return false;
	}
	return size != 0;
}

/* Behind its length. */
static bool add_value(struct lt_attributes *attributes, const char *value, size_t size)
{
	uint8_t *out = attributes->values + attributes->values_size;
	size_t room = attributes->values_room - attributes->values_size;
	struct lt_cleaned cleaned;
	uint16_t count;

	if (room < sizeof(count))
		return false;
	room -= sizeof(count);
	cleaned = lt_utf8_clean(out + sizeof(count), room < UINT16_MAX ? room : UINT16_MAX, value,
				size, false);
	if (cleaned.in < size)
		return false;
	count = (uint16_t)cleaned.out;
	memcpy(out, &count, sizeof(count));
	attributes->values_size += sizeof(count) + count;
	return true;
}

bool lt_attributes_add(struct lt_attributes *attributes, const char *name, size_t name_size,
		       const char *value, size_t value_size)
{
	uint8_t *out = attributes->names + attributes->names_size;

	if (attributes->count == LT_ATTRIBUTES_MAX || !is_name(name, name_size) ||
	    attributes->names_room - attributes->names_size < name_size + 2 ||
	    !add_value(attributes, value, value_size))
		return false;
	out = lt_put(out, name, name_size);
	*out++ = '\0';
	*out = EVH_ENCODING_STRING_CHAR8;
	attributes->names_size += name_size + 2;
	attributes->count++;
	return true;
}

bool lt_attributes_have(const struct lt_attributes *attributes, const char *name, size_t size)
{
	const uint8_t *at = attributes->names, *end = at + attributes->names_size;

	/* Behind each stand its NUL and its encoding. */
	for (size_t length; at < end; at += length + 2) {
		length = strlen((const char *)at);
		if (length == size && memcmp(at, name, size) == 0)
			return true;
	}
	return false;
}
