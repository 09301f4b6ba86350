/* SPDX-License-Identifier: MIT */
/* <evh/metadata.h>: the fields that an event's metadata describes, without its payload. */
#include <errno.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include <evh/metadata.h>

#include "event_bytes.h"

static struct maker m;

/* All of a walk, on one line: "name type", structs in braces. */
static void walk(const void *bytes, size_t size, struct evh_text *text)
{
	struct evh_metadata metadata;
	struct evh_item item;
	int result = evh_metadata_open(&metadata, bytes, size);

	while (result >= 0 && (result = evh_metadata_next(&metadata, &item)) > 0) {
		if (item.kind == EVH_ITEM_STRUCT_END) {
			evh_text_puts(text, "}");
			continue;
		}
		evh_text_puts(text, text->size ? " " : "");
		evh_text_append(text, item.name.data, item.name.size);
		evh_text_puts(text, " ");
		evh_metadata_type(text, &item);
		cr_assert_null(item.data);
		if (item.kind == EVH_ITEM_STRUCT_BEGIN) {
			evh_text_puts(text, "{");
			evh_text_u64(text, item.index);
			evh_text_puts(text, ":");
		}
	}
	if (result < 0) {
		evh_text_puts(text, " !");
		evh_text_i64(text, -result);
		cr_assert_eq(evh_metadata_next(&metadata, &item), result);
	}
}

static void expect(const char *expected)
{
	struct evh_text text = { 0 };
	void *exact;

	finish(&m);
	exact = malloc(m.event.size); /* a sanitizer sees its end */
	memcpy(exact, m.event.data, m.event.size);
	walk(exact, m.event.size, &text);
	free(exact);
	evh_text_append(&text, "", 1);
	cr_assert_str_eq(text.data, expected);
	evh_text_free(&text);
}

Test(metadata, types)
{
	for (int big = 0; big < 2; big++) {
		start(&m, "e", big);
		field(&m, "a", 2, 0, 0);
		field(&m, "b", 4, 2, 7);
		field(&m, "c", 5, 3, 0);
		field(&m, "d", 5, 8, 0);
		field(&m, "e", 4, 5, 0);
		field(&m, "f", 5, 6, 0);
		field(&m, "g", 6, 15, 0);
		field(&m, "h", 6, 17, 0);
		field(&m, "i", 3, 16, 0);
		field(&m, "j", 2, 7, 0);
		field(&m, "k", 6, 0, 0);
		field(&m, "l", 3, 11, 0);
		expect("a u8 b i32 c hex64 d f64 e pid f time64 g uuid h ipv6 i port j bool8 k "
		       "bytes128 l "
		       "char16");
	}
	start(&m, "e", false);
	field(&m, "a", 10, 0, 0);
	field(&m, "b", 8, 0, 0);
	field(&m, "c", 10, 14, 0);
	field(&m, "d", 13, 0, 0);
	field(&m, "e", 13, 17, 0);
	field(&m, "f", 12, 77, 0);
	field(&m, "g", 0x40 | 4, 0, 0);
	constant_array(&m, "h", 2, 3, 5);
	field(&m, "i", 0x40 | 7, 0, 0);
	expect("a string b zstring16 c string:json d binary e binary:ip f string32 g u32[] h "
	       "hex8[5] "
	       "i zstring[]");
}

Test(metadata, structs)
{
	start(&m, "e", false);
	field(&m, "s", 1, 2, 0);
	field(&m, "a", 2, 0, 0);
	field(&m, "t", 0x40 | 1, 1, 0);
	field(&m, "b", 2, 0, 0);
	constant_array(&m, "u", 1, 1, 9);
	field(&m, "c", 2, 0, 0);
	field(&m, "d", 2, 0, 0);
	expect("s struct{2: a u8 t struct[]{1: b u8}} u struct[9]{1: c u8} d u8");
	/* The metadata ends within it, as readers allow. */
	start(&m, "e", false);
	field(&m, "s", 1, 5, 0);
	field(&m, "a", 2, 0, 0);
	expect("s struct{5: a u8}");
	start(&m, "e", false);
	expect("");
}

Test(metadata, errors)
{
	start(&m, "e", false);
	field(&m, "a", 2, 0, 0);
	field(&m, "b", 0x60 | 2, 0, 0);
	expect("a u8 !74");
	start(&m, "e", false);
	field(&m, "a", 14, 0, 0);
	expect(" !95");
	start(&m, "e", false);
	field(&m, "s", 1, 0, 0);
	expect(" !74");
	start(&m, "e", false);
	for (int i = 0; i < EVH_DEPTH_MAX + 1; i++)
		field(&m, "s", 1, 1, 0);
	field(&m, "a", 2, 0, 0);
	{
		struct evh_text text = { 0 };

		finish(&m);
		walk(m.event.data, m.event.size, &text);
		cr_assert(text.size > 2 && memcmp(text.data + text.size - 2, "!7", 2) == 0);
		evh_text_free(&text);
	}
}

/* Every beginning of an event: no byte beyond it is looked at. */
Test(metadata, cut)
{
	start(&m, "e", false);
	field(&m, "s", 1, 2, 3);
	field(&m, "a", 10, 14, 9);
	constant_array(&m, "b", 2, 0, 5);
	finish(&m);
	for (size_t size = 0; size < m.event.size; size++) {
		struct evh_text text = { 0 };
		void *exact = malloc(size ? size : 1);

		memcpy(exact, m.event.data, size);
		walk(exact, size, &text);
		cr_assert(text.size >= 2 && memchr(text.data, '!', text.size));
		free(exact);
		evh_text_free(&text);
	}
}
