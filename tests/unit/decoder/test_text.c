/* SPDX-License-Identifier: MIT */
/* Buffers, and events as text for people. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <evh/text.h>

#include "event_bytes.h"
#include "text_taken.h"

static struct maker m;
static struct evh_text text;

static const char *fields(void)
{
	struct evh_reader reader;

	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	evh_text_fields(&text, &reader);
	return text_taken(&text);
}

Test(text, grows)
{
	char block[1000];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 1000; i++)
		evh_text_append(&text, block, sizeof(block));
	cr_expect_eq(text.error, 0);
	cr_expect_eq(text.size, 1000000);
	cr_expect_eq(text.data[999999], 'x');
	evh_text_free(&text);
	cr_expect_null(text.data);
	evh_text_puts(&text, "again");
	cr_expect_str_eq(text_taken(&text), "again");
	cr_expect_null(evh_text_reserve(&text, SIZE_MAX));
	cr_expect_eq(text.error, -ENOMEM);
	evh_text_free(&text);
}

Test(text, of_the_caller)
{
	char memory[12];

	memset(memory, '#', sizeof(memory));
	evh_text_use(&text, memory, 8);
	evh_text_puts(&text, "12345");
	evh_text_puts(&text, "6789");
	evh_text_puts(&text, "x");
	cr_expect_eq(text.error, -ENOSPC);
	cr_expect_eq(text.size, 5, "what doesn't fit, and all behind it, is dropped");
	cr_expect_eq(memcmp(memory + 5, "#######", 7), 0);
	evh_text_clear(&text);
	evh_text_puts(&text, "12345678");
	cr_expect_eq(text.size, 8);
	evh_text_free(&text);
}

Test(text, numbers)
{
	static const uint64_t numbers[] = { 0, 9, 10, 99, 100, 101, 12345, 1000000, UINT64_MAX };
	char expected[64];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		evh_text_u64(&text, numbers[i]);
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)numbers[i]);
		cr_expect_str_eq(text_taken(&text), expected);
	}
	evh_text_i64(&text, INT64_MIN);
	cr_expect_str_eq(text_taken(&text), "-9223372036854775808");
}

/* libc's own names, where it counts errors as most processors do. */
Test(text, error_numbers)
{
	for (int32_t number = -1; number < 140; number++) {
		const char *name = number > 0 ? strerrorname_np(number) : NULL;
		struct evh_item item = { .kind = EVH_ITEM_FIELD,
					 .value = EVH_VALUE_ERRNO,
					 .data = (const uint8_t *)&number,
					 .size = sizeof(number),
					 .big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ };
		char expected[40];

		snprintf(expected, sizeof(expected), "%s(%d)", name ? name : "ERRNO", number);
		evh_text_clear(&text);
		evh_text_value(&text, &item);
		cr_expect_str_eq(text_taken(&text), expected);
	}
	evh_text_free(&text);
}

Test(text, control_characters_become_visible)
{
	static const char raw[] = "\x1b[31m\t\r\n\x7f\0\xc2\x9b"
				  "2J \xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9 \"\\ "
				  "caf\xc3\xa9 \xff\xe2\x82 ok";

	evh_text_visible(&text, raw, sizeof(raw) - 1);
	cr_expect_str_eq(text_taken(&text),
			 "\\x1b[31m\\t\\r\\n\\x7f\\x00\\x9b2J \\u202a\\u202e\\u2066\\u2069 \"\\\\ "
			 "caf\u00e9 \u00ff\u00e2\\x82 ok");
}

Test(text, fields_of_all_forms)
{
	start(&m, "E", false);
	field(&m, "n", 4, 2, 0);
	number(&m, (uint32_t)-5, 4);
	text_field(&m, "plain", "word");
	text_field(&m, "empty", "");
	text_field(&m, "quoted", "two words=\"x\\\"\n");
	field(&m, "s", 1, 2, 9);
	field(&m, "err", 4, 4, 0);
	number(&m, 2, 4);
	constant_array(&m, "list", 2, 3, 2);
	number(&m, 0x0aff, 2);
	field(&m, "rows", 0x41, 1, 0);
	text_field(&m, "r", "a");
	m.payload.size -= 3;
	number(&m, 2, 2);
	counted(&m, "a", 1);
	counted(&m, "b c", 3);
	field(&m, "null", 10, 1, 0);
	number(&m, 0, 2);
	field(&m, "bytes", 13, 0, 0);
	counted(&m, "\x2f\x6d", 2);
	field(&m, "none", 13, 0, 0);
	number(&m, 0, 2);
	cr_expect_str_eq(fields(),
			 "n=-5 plain=word empty=\"\" quoted=\"two words=\\\"x\\\\\\\"\\n\" "
			 "s={err=ENOENT(2) list=[0xFF 0xA]} rows=[{r=a} {r=\"b c\"}] "
			 "null=null bytes=\"2f 6d\" none=\"\"");
}

/* What was read before the damage is there, and closed. */
Test(text, damaged_event)
{
	struct evh_reader reader;

	start(&m, "E", false);
	field(&m, "s", 1, 2, 0);
	constant_array(&m, "list", 10, 0, 2);
	counted(&m, "a", 1);
	number(&m, 200, 2);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	cr_expect_eq(evh_text_fields(&text, &reader), -ENODATA);
	cr_expect_str_eq(text_taken(&text), "s={list=[a]}");
}

Test(text, names_become_visible)
{
	start(&m, "E", false);
	field(&m, "a\x1b[0m\n", 2, 0, 0);
	number(&m, 1, 1);
	cr_expect_str_eq(fields(), "a\\x1b[0m\\n=1");
}
