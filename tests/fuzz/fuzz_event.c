/* SPDX-License-Identifier: MIT */
/*
 * The event reader on any bytes: what it hands out lies inside them, what begins ends, skipping
 * arrives where reading does, getters and the text form hold what they promise.
 */
#include <stdlib.h>
#include <string.h>

#include <evh/metadata.h>
#include <evh/text.h>

#include "check.h"

static const uint8_t *input;
static size_t input_size;

static bool inside(const void *data, size_t size)
{
	const uint8_t *p = data;

	return size == 0 ||
	       (p >= input && p < input + input_size && size <= (size_t)(input + input_size - p));
}

static void check_utf8(const struct evh_item *item)
{
	char small[7];
	char *whole;
	int64_t size = evh_item_utf8(item, NULL, 0);

	check((size >= 0) == (item->value >= EVH_VALUE_LATIN1), "text is text");
	if (size < 0)
		return;
	check(evh_item_utf8(item, small, sizeof(small)) == size, "the size is the same");
	check(is_utf8(small, strnlen(small, sizeof(small))), "a cut text is UTF-8");
	whole = malloc((size_t)size + 1);
	if (!whole)
		return;
	check(evh_item_utf8(item, whole, (size_t)size + 1) == size, "the size is the same");
	check(whole[size] == '\0' && is_utf8(whole, (size_t)size), "a text is UTF-8");
	free(whole);
}

static void check_value(const struct evh_item *item)
{
	uint64_t u = 0;
	int64_t i = 0;
	bool b;
	double d;
	bool has_u = evh_item_u64(item, &u) == 0;
	bool has_i = evh_item_i64(item, &i) == 0;

	check(item->value != EVH_VALUE_NONE, "a field has a kind");
	check(!has_u || !has_i || (uint64_t)i == u, "both integers are the same");
	evh_item_bool(item, &b);
	evh_item_double(item, &d);
	check_utf8(item);
}

static void check_attributes(const struct evh_item *item)
{
	struct evh_name list = item->attributes;
	struct evh_name name;
	struct evh_name value;
	size_t left = list.size + 1;

	while (evh_attribute_next(&list, &name, &value)) {
		char buffer[16];

		check(list.size < left, "attributes come to an end");
		left = list.size;
		check(inside(name.data, name.size) && inside(value.data, value.size),
		      "attributes lie inside");
		check(evh_attribute_value(&value, buffer, sizeof(buffer)) <= value.size,
		      "a value doesn't grow");
	}
}

static void check_array(const struct evh_item *array)
{
	struct evh_item first;

	if (!array->data || array->count == 0)
		return;
	check(evh_item_element(array, (uint16_t)(array->count - 1), &first) == 0 &&
		      inside(first.data, first.size),
	      "the last element lies inside");
	check_value(&first);
	check(evh_item_element(array, array->count, &first) < 0, "there is none behind it");
}

/* Reads on from a BEGIN to its END by hand, and compares with skipping. */
static void check_skip(const struct evh_reader *at)
{
	struct evh_reader reading = *at;
	struct evh_reader skipping = *at;
	struct evh_item item;
	int depth = 1;
	int result = 1;

	while (depth > 0 && (result = evh_reader_next(&reading, &item)) > 0) {
		depth += item.kind == EVH_ITEM_ARRAY_BEGIN || item.kind == EVH_ITEM_STRUCT_BEGIN;
		depth -= item.kind == EVH_ITEM_ARRAY_END || item.kind == EVH_ITEM_STRUCT_END;
	}
	check(result != 0, "what begins ends");
	check(evh_reader_skip(&skipping) == (result < 0 ? result : 0), "skipping says the same");
	if (result > 0)
		check(skipping.payload == reading.payload && skipping.next == reading.next,
		      "skipping arrives at the same place");
}

static void check_items(void)
{
	struct evh_reader reader;
	struct evh_item item;
	int depth = 0;
	unsigned skips = 0;
	int result = evh_reader_open(&reader, input, input_size);

	while (result >= 0 && (result = evh_reader_next(&reader, &item)) > 0) {
		check(inside(item.name.data, item.name.size), "names lie inside");
		check(inside(item.data, item.size), "values lie inside");
		check_attributes(&item);
		if (item.kind == EVH_ITEM_FIELD)
			check_value(&item);
		if (item.kind == EVH_ITEM_ARRAY_BEGIN)
			check_array(&item);
		if (item.kind == EVH_ITEM_ARRAY_BEGIN || item.kind == EVH_ITEM_STRUCT_BEGIN) {
			depth++;
			if (skips++ < 16) /* else the time would be quadratic */
				check_skip(&reader);
		}
		depth -= item.kind == EVH_ITEM_ARRAY_END || item.kind == EVH_ITEM_STRUCT_END;
		check(depth >= 0, "what ends began");
	}
	check(result < 0 || depth == 0, "what began ended");
	check(evh_reader_next(&reader, &item) == result, "the end stays the end");
	check(evh_reader_strerror(result) != NULL, "every error has words");
}

/* The walk through the descriptions ends, balanced, and opens what the reader opens. */
static void check_metadata(void)
{
	struct evh_metadata metadata;
	struct evh_reader reader;
	struct evh_text type = { 0 };
	struct evh_item item;
	size_t items = 0;
	int depth = 0;
	int result = evh_metadata_open(&metadata, input, input_size);

	check(result == evh_reader_open(&reader, input, input_size), "both say the same");
	while (result >= 0 && (result = evh_metadata_next(&metadata, &item)) > 0) {
		check(inside(item.name.data, item.name.size), "names lie inside");
		check(items++ <= 2 * input_size, "it comes to an end");
		depth -= item.kind == EVH_ITEM_STRUCT_END;
		check(item.depth == depth, "the depth is the structs that are open");
		depth += item.kind == EVH_ITEM_STRUCT_BEGIN;
		if (item.kind != EVH_ITEM_STRUCT_END) {
			evh_text_clear(&type);
			evh_metadata_type(&type, &item);
			check(type.size > 0, "every field has a type");
		}
	}
	check(result < 0 || depth == 0, "what began ended");
	evh_text_free(&type);
}

static void check_text(void)
{
	struct evh_text text = { 0 };
	struct evh_reader reader;
	char buffer[600];

	if (evh_reader_open(&reader, input, input_size) < 0)
		return;
	evh_text_fields(&text, &reader);
	check(text.error == 0, "there is memory");
	check(is_utf8(text.data, text.size), "text is UTF-8");
	check(!has_control(text.data, text.size), "text has no control characters");
	evh_text_free(&text);
	evh_text_use(&text, buffer, sizeof(buffer));
	evh_reader_open(&reader, input, input_size);
	evh_text_fields(&text, &reader);
	check(text.size <= sizeof(buffer), "a caller's buffer is kept to");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_size = size;
	check_items();
	check_metadata();
	check_text();
	return 0;
}
