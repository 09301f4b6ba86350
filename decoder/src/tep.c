/* SPDX-License-Identifier: MIT */
/*
 * <evh/tep.h>: the fields of kernel tracepoints. libtraceevent says where they are and of what
 * type; what is read here is bounded by the record. Must never use tep_print_event and its like:
 * they trust offsets and strings in the record.
 */
#include <evh/tep.h>

#include <string.h>

#include <event-parse.h>

#include <evh/json.h>

#include "event.h"
#include "put.h"

/* Where a field's bytes are. False when the record is too short for them. */
static bool locate(const struct evh_sample *sample, const struct tep_format_field *field,
		   const uint8_t **bytes, size_t *size)
{
	bool big_endian = sample->has & EVH_SAMPLE_BIG_ENDIAN;
	size_t offset = (size_t)field->offset;
	size_t length = (size_t)field->size;

	if (field->offset < 0 || field->size < 0 || offset > sample->raw_size ||
	    length > sample->raw_size - offset)
		return false;
	if (field->flags & TEP_FIELD_IS_DYNAMIC && length == 4) {
		/* Low half: offset of the data, high half: its length. */
		uint32_t place = load32((const uint8_t *)sample->raw + offset, big_endian);
		size_t end = offset + length;

		offset = place & 0xffff;
		length = place >> 16;
		if (field->flags & TEP_FIELD_IS_RELATIVE)
			offset += end;
		if (offset > sample->raw_size || length > sample->raw_size - offset)
			return false;
	}
	*bytes = (const uint8_t *)sample->raw + offset;
	*size = length;
	return true;
}

static void append_number(struct evh_text *text, const struct tep_format_field *field,
			  const uint8_t *bytes, size_t size, bool big_endian, bool json)
{
	uint64_t value = load_unsigned(bytes, size, big_endian);

	if (field->flags & TEP_FIELD_IS_POINTER) {
		static const char DIGITS[] = "0123456789abcdef";
		char digits[16];
		size_t count = 0;

		do {
			digits[sizeof(digits) - ++count] = DIGITS[value & 15];
			value >>= 4;
		} while (value);
		evh_text_puts(text, json ? "\"0x" : "0x");
		evh_text_append(text, digits + sizeof(digits) - count, count);
		if (json)
			evh_text_puts(text, "\"");
	} else if (field->flags & TEP_FIELD_IS_SIGNED) {
		evh_text_i64(text, load_signed(bytes, size, big_endian));
	} else {
		evh_text_u64(text, value);
	}
}

static bool is_number_size(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Bytes that are no number: "01 02 ff". */
static void append_bytes(struct evh_text *text, const uint8_t *bytes, size_t size, bool json)
{
	static const char DIGITS[] = "0123456789abcdef";

	evh_text_puts(text, json ? "\"" : "[");
	for (size_t i = 0; i < size; i++) {
		char hex[3] = { ' ', DIGITS[bytes[i] >> 4], DIGITS[bytes[i] & 15] };

		evh_text_append(text, i ? hex : hex + 1, i ? 3 : 2);
	}
	evh_text_puts(text, json ? "\"" : "]");
}

static void append_array(struct evh_text *text, const struct tep_format_field *field,
			 const uint8_t *bytes, size_t size, bool big_endian, bool json)
{
	size_t element = field->elementsize;

	if (!is_number_size(element) || size % element) {
		append_bytes(text, bytes, size, json);
		return;
	}
	evh_text_puts(text, "[");
	for (size_t at = 0; at < size; at += element) {
		if (at)
			evh_text_puts(text, json ? "," : " ");
		append_number(text, field, bytes + at, element, big_endian, json);
	}
	evh_text_puts(text, "]");
}

static void append_value(struct evh_text *text, const struct evh_sample *sample,
			 const struct tep_format_field *field, const uint8_t *bytes, size_t size,
			 bool json)
{
	bool big_endian = sample->has & EVH_SAMPLE_BIG_ENDIAN;

	if (field->flags & TEP_FIELD_IS_STRING) {
		size = strnlen((const char *)bytes, size);
		if (json)
			evh_json_string(text, bytes, size);
		else
			text_append_string(text, bytes, size);
	} else if (field->flags & TEP_FIELD_IS_ARRAY || field->flags & TEP_FIELD_IS_DYNAMIC) {
		append_array(text, field, bytes, size, big_endian, json);
	} else if (is_number_size(size)) {
		append_number(text, field, bytes, size, big_endian, json);
	} else {
		append_bytes(text, bytes, size, json);
	}
}

/*
 * What the record says is elsewhere in it is there once: fields that all point to the same bytes
 * would make megabytes of a few kilobytes.
 */
static bool fits(const struct tep_format_field *field, size_t size, size_t *left)
{
	if (!(field->flags & TEP_FIELD_IS_DYNAMIC))
		return true;
	if (size > *left)
		return false;
	*left -= size;
	return true;
}

static void append_fields(struct evh_text *text, const struct evh_sample *sample, bool json)
{
	size_t left = sample->raw_size;
	const struct tep_format_field *field =
		sample->format ? sample->format->format.fields : NULL;
	bool first = true;

	for (; field; field = field->next) {
		const uint8_t *bytes;
		size_t size;

		if (!locate(sample, field, &bytes, &size) || !fits(field, size, &left))
			continue;
		if (!first)
			evh_text_puts(text, json ? "," : " ");
		first = false;
		if (json)
			evh_json_string(text, field->name, strlen(field->name));
		else
			evh_text_visible(text, field->name, strlen(field->name));
		evh_text_puts(text, json ? ":" : "=");
		append_value(text, sample, field, bytes, size, json);
	}
}

static void append_name(struct evh_text *text, const char *key, const char *name)
{
	if (!name)
		return;
	evh_text_puts(text, key);
	evh_json_string(text, name, strlen(name));
}

void evh_tep_json(struct evh_text *text, const struct evh_sample *sample)
{
	size_t before = text->size;

	evh_json_sample(text, sample);
	/* After a lone brace no comma. */
	bool bare = text->size - before == 1;

	append_name(text, bare ? "\"provider\":" : ",\"provider\":",
		    sample->system ? sample->system : "");
	append_name(text, ",\"event\":", sample->tracepoint ? sample->tracepoint : "");
	evh_text_puts(text, ",\"fields\":{");
	append_fields(text, sample, true);
	evh_text_puts(text, "}}");
}

void evh_tep_text(struct evh_text *text, const struct evh_sample *sample)
{
	append_fields(text, sample, false);
}
