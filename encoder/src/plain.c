/* SPDX-License-Identifier: MIT */
/*
 * Plain tracepoints: values checked against the fields, and laid out as the kernel reads them. The
 * writing half must never allocate, lock, or touch errno.
 */
#include <alloca.h>
#include <errno.h>
#include <stdlib.h>

#include <evh/plain.h>

#include "plain_fields.h"
#include "transport.h"

enum value_kind { VALUE_INT = 1, VALUE_UINT, VALUE_TEXT, VALUE_BYTES };

struct field {
	uint8_t kind; /* enum plain_kind */
	bool is_signed;
	bool text;
	uint16_t size;
	uint16_t offset; /* in the event, which begins behind the common fields */
};

struct evh_plain {
	struct evh_tracepoint tracepoint;
	uint32_t word;
	size_t count;
	size_t size; /* of all fields */
	struct field fields[];
};

static struct evh_plain *make(const char *fields)
{
	struct plain_list list = { .text = fields };
	struct plain_field field;
	struct evh_plain *plain;
	size_t count = 0;

	while (evh_plain_next(&list, &field) > 0)
		count++;
	plain = calloc(1, sizeof(*plain) + count * sizeof(plain->fields[0]));
	if (!plain)
		return NULL;
	plain->size = list.offset;
	list = (struct plain_list){ .text = fields };
	while (evh_plain_next(&list, &field) > 0)
		plain->fields[plain->count++] = (struct field){
			.kind = (uint8_t)field.kind,
			.is_signed = field.is_signed,
			.text = field.text,
			.size = field.size,
			.offset = (uint16_t)(field.offset - PLAIN_COMMON_SIZE),
		};
	return plain;
}

int evh_plain_open(struct evh_plain **plain, const char *name, const char *fields,
		   struct evh_transport *transport)
{
	int error;

	*plain = NULL;
	if (!fields)
		fields = "";
	error = evh_plain_check(name, strlen(name), fields);
	if (error)
		return error;
	*plain = make(fields);
	if (!*plain)
		return -ENOMEM;
	error = evh_tracepoint_register_fields(&(*plain)->tracepoint,
					       transport ? transport : evh_transport_default(),
					       name, fields, &(*plain)->word);
	if (error) {
		free(*plain);
		*plain = NULL;
	}
	return error;
}

void evh_plain_close(struct evh_plain *plain)
{
	if (plain)
		evh_tracepoint_unregister(&plain->tracepoint);
	free(plain);
}

bool evh_plain_enabled(const struct evh_plain *plain)
{
	return plain && __atomic_load_n(&plain->word, __ATOMIC_RELAXED);
}

static bool fits(const struct field *field, const struct evh_plain_value *value)
{
	unsigned bits = 8U * field->size;
	uint64_t max = UINT64_MAX >> (64 - bits + field->is_signed);

	if (value->kind == VALUE_INT && (int64_t)value->number < 0)
		return field->is_signed && ~value->number <= max;
	return value->number <= max;
}

static int put_integer(const struct field *field, const struct evh_plain_value *value, uint8_t *to)
{
	uint64_t number = value->number;

	if (value->kind > VALUE_UINT)
		return -EINVAL;
	if (!fits(field, value))
		return -ERANGE;
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		number <<= 64 - 8 * field->size;
	memcpy(to, &number, field->size);
	return 0;
}

static int put_array(const struct field *field, const struct evh_plain_value *value, uint8_t *to)
{
	if (value->kind < VALUE_TEXT || (field->kind == PLAIN_STRUCT && value->size != field->size))
		return -EINVAL;
	if (value->size > field->size)
		return -E2BIG;
	if (value->size)
		memcpy(to, value->bytes, value->size);
	memset(to + value->size, 0, field->size - value->size);
	return 0;
}

/* Where the bytes stand, in the low half; in the upper one how many they are. */
static int put_behind(const struct field *field, const struct evh_plain_value *value,
		      uint8_t *event, size_t *end)
{
	size_t at = *end + PLAIN_COMMON_SIZE, size = value->size + field->text;
	uint32_t place;

	if (field->kind == PLAIN_REL_LOC)
		at = *end - field->offset - field->size;
	place = (uint32_t)(at | size << 16);
	memcpy(event + field->offset, &place, sizeof(place));
	if (value->size)
		memcpy(event + *end, value->bytes, value->size);
	if (field->text)
		event[*end + value->size] = 0;
	*end += size;
	return 0;
}

/* Bytes of the whole event, or -EINVAL, -E2BIG. */
static long measure(const struct evh_plain *plain, const struct evh_plain_value *values,
		    size_t count)
{
	size_t size = plain->size;

	if (count != plain->count)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (plain->fields[i].kind < PLAIN_DATA_LOC)
			continue;
		if (values[i].kind < VALUE_TEXT)
			return -EINVAL;
		if (values[i].size > EVH_SIZE_MAX_PERF)
			return -E2BIG;
		size += values[i].size + plain->fields[i].text;
		if (size > EVH_SIZE_MAX_PERF)
			return -E2BIG;
	}
	return (long)size;
}

static int put_value(const struct field *field, const struct evh_plain_value *value, uint8_t *event,
		     size_t *end)
{
	if (field->kind == PLAIN_INTEGER)
		return put_integer(field, value, event + field->offset);
	if (field->kind < PLAIN_DATA_LOC)
		return put_array(field, value, event + field->offset);
	return put_behind(field, value, event, end);
}

int evh_plain_write(const struct evh_plain *plain, const struct evh_plain_value *values,
		    size_t count)
{
	size_t end;
	long size;
	uint8_t *event;

	if (!evh_plain_enabled(plain))
		return -EBADF;
	size = measure(plain, values, count);
	if (size < 0)
		return (int)size;
	event = (uint8_t *)alloca(EVH_HEADROOM + (size_t)size + EVH_TAILROOM) + EVH_HEADROOM;
	end = plain->size;
	for (size_t i = 0; i < count; i++) {
		int error = put_value(&plain->fields[i], &values[i], event, &end);

		if (error)
			return error;
	}
	return evh_tracepoint_send(&plain->tracepoint, event, (size_t)size);
}
