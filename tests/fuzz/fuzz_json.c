/* SPDX-License-Identifier: MIT */
/*
 * The JSON writer on any event under any tracepoint name: valid JSON, valid UTF-8, no control
 * characters; and the fast way gives the same bytes as the plain one, the first time, the second
 * time, and after other events have been seen.
 *
 * Input: a byte of what the sample has, the tracepoint's name with a NUL, then the event.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include <evh/schema.h>

#include "check.h"

static struct evh_schemas *schemas; /* stays, as it does in a reader of long recordings */

static void check_object(const struct evh_text *text)
{
	check(text->error == 0, "there is memory");
	check(is_utf8(text->data, text->size), "JSON is UTF-8");
	check(!has_control(text->data, text->size), "JSON has no control characters");
	check(is_json(text->data, text->size), "JSON is JSON");
}

static void check_fast(const struct evh_sample *sample, const struct evh_text *plain, int result)
{
	struct evh_text fast = { 0 };

	for (int i = 0; i < 2; i++) {
		evh_text_clear(&fast);
		check(evh_schemas_json(schemas, &fast, sample) == result, "the same result");
		check(fast.size == plain->size && memcmp(fast.data, plain->data, fast.size) == 0,
		      "the same bytes");
	}
	evh_text_free(&fast);
}

/* The same with members of the caller's, put into the plain way's object by hand. */
static void check_members(const struct evh_sample *sample, const struct evh_text *plain)
{
	static const char members[] = ",\"process\":{\"comm\":\"x\"}";
	static const char fields[] = ",\"fields\":{";
	const size_t size = sizeof(members) - 1;
	const char *place = memmem(plain->data, plain->size, fields, sizeof(fields) - 1);
	struct evh_text with = { 0 };
	size_t before;

	check(place != NULL, "each object has fields");
	before = (size_t)(place - plain->data);
	evh_schemas_json_with(schemas, &with, sample, evh_schemas_find(schemas, sample), members,
			      size);
	check(with.size == plain->size + size, "the members are all that is more");
	check(memcmp(with.data, plain->data, before) == 0, "what stands before them");
	check(memcmp(with.data + before, members, size) == 0, "the members");
	check(memcmp(with.data + before + size, place, plain->size - before) == 0,
	      "what stands behind them");
	evh_text_free(&with);
}

/* The plain way to what evh_schemas_field answers. */
static int find_field(const struct evh_sample *sample, const struct evh_name *name,
		      struct evh_item *item)
{
	struct evh_reader reader;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	while (result >= 0 && (result = evh_reader_next(&reader, item)) > 0)
		if (item->kind == EVH_ITEM_FIELD && item->depth == 0 && !item->element &&
		    item->name.size == name->size &&
		    memcmp(item->name.data, name->data, name->size) == 0)
			return 1;
	return result;
}

static bool same_name(const struct evh_name *one, const struct evh_name *other)
{
	return one->size == other->size && memcmp(one->data, other->data, one->size) == 0;
}

/* The same for evh_schemas_field_in. */
static int find_field_in(const struct evh_sample *sample, const struct evh_name *in,
			 const struct evh_name *name, struct evh_item *item)
{
	struct evh_reader reader;
	bool inside = false;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	while (result >= 0 && (result = evh_reader_next(&reader, item)) > 0) {
		if (item->depth == 0)
			inside = item->kind == EVH_ITEM_STRUCT_BEGIN && !item->element &&
				 same_name(&item->name, in);
		else if (inside && item->kind == EVH_ITEM_FIELD && item->depth == 1 &&
			 !item->element && same_name(&item->name, name))
			return 1;
	}
	return result;
}

/* Every field of a struct at the top level is found by both names. */
static void check_fields_in(const struct evh_sample *sample)
{
	struct evh_reader reader;
	struct evh_item item;
	char in[256] = "";
	unsigned count = 0;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	while (result >= 0 && count < 8 && (result = evh_reader_next(&reader, &item)) > 0) {
		struct evh_item plain = { 0 };
		struct evh_item fast = { 0 };
		char name[256] = "";
		int expected;

		if (item.name.size >= sizeof(name) || item.kind == EVH_ITEM_STRUCT_END)
			continue;
		memcpy(name, item.name.data, item.name.size);
		if (item.depth == 0) {
			memcpy(in, name, sizeof(in));
			continue;
		}
		expected = find_field_in(sample, &(struct evh_name){ in, strlen(in) },
					 &(struct evh_name){ name, strlen(name) }, &plain);
		check(evh_schemas_field_in(schemas, sample, in, name, &fast) == expected,
		      "found alike in a struct");
		if (expected > 0)
			check(fast.data == plain.data && fast.size == plain.size &&
				      fast.value == plain.value,
			      "the same field of a struct");
		count++;
	}
}

/* Every field at the top level is found by its name. */
static void check_fields(const struct evh_sample *sample)
{
	struct evh_reader reader;
	struct evh_item item;
	unsigned count = 0;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	while (result >= 0 && count < 8 && (result = evh_reader_next(&reader, &item)) > 0) {
		struct evh_item plain = { 0 };
		struct evh_item fast = { 0 };
		char name[256] = "";
		struct evh_name looked = { name, item.name.size };
		int expected;

		if (item.name.size >= sizeof(name))
			continue;
		memcpy(name, item.name.data, item.name.size);
		expected = find_field(sample, &looked, &plain);
		check(evh_schemas_field(schemas, sample, name, &fast) == expected, "found alike");
		if (expected > 0)
			check(fast.data == plain.data && fast.size == plain.size &&
				      fast.value == plain.value && fast.tag == plain.tag &&
				      fast.big_endian == plain.big_endian,
			      "the same field");
		count++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct evh_sample sample = { .pid = 1, .tid = UINT32_MAX, .cpu = 3 };
	struct evh_text text = { 0 };
	const uint8_t *name_end;
	int result;

	if (!schemas)
		check(evh_schemas_create(&schemas) == 0, "there is memory");
	name_end = size > 1 ? memchr(data + 1, '\0', size - 1) : NULL;
	if (!name_end)
		return 0;
	sample.has = data[0] & 31;
	sample.time = UINT64_MAX / 3 * (data[0] >> 6);
	sample.tracepoint = data[0] & 32 ? NULL : (const char *)data + 1;
	sample.event = name_end + 1;
	sample.event_size = (size_t)(data + size - name_end - 1);
	result = evh_json_event(&text, &sample);
	check_object(&text);
	check_fast(&sample, &text, result);
	check_members(&sample, &text);
	check_fields(&sample);
	check_fields_in(&sample);
	evh_text_clear(&text);
	evh_json_joined(&text, &sample, data, size);
	check_object(&text);
	evh_text_free(&text);
	return 0;
}
