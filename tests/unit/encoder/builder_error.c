/* SPDX-License-Identifier: MIT */
/* The builder says which field was refused, and why. */
#include "bytes.h"

BENCH_SUITE(builder_error);

static void expect_text(const struct evh_builder *builder, const char *expected)
{
	char text[EVH_BUILDER_ERROR_TEXT_SIZE];

	cr_assert_str_eq(evh_builder_error_text(builder, text, sizeof(text)), expected);
}

static void expect(const char *expected)
{
	expect_text(b, expected);
	evh_builder_add_string8(b, "later", bench.memory, 65536, 0, 0);
	expect_text(b, expected);
	evh_builder_write(b, bench.set, NULL, NULL);
	expect_text(b, expected);
	evh_builder_reset(b, "e", 0);
	evh_builder_add_u8(b, "good", 1, 0, 0);
}

static void begin(void)
{
	evh_builder_reset(b, "e", 0);
	evh_builder_add_u8(b, "good", 1, 0, 0);
}

Test(builder_error, none)
{
	char text[4] = "abc";

	begin();
	expect_text(b, "");
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
	expect_text(b, "");
	evh_builder_error_text(b, text, 0);
	cr_assert_str_eq(text, "abc");
}

Test(builder_error, fields)
{
	static const uint8_t zeros[65536];
	const struct evh_units long_one = { zeros, 65536 };
	size_t bookmark;

	begin();
	evh_builder_add_u8(b, "f", 1, 77777, 0);
	expect("event \"e\", field 2 \"f\": the format is not one of enum evh_format");
	evh_builder_add_string(b, "f", "x", 18, 0);
	expect("event \"e\", field 2 \"f\": the format is not one of enum evh_format");
	evh_builder_add_string8(b, "f", zeros, 65536, 0, 0);
	expect("event \"e\", field 2 \"f\": a string or binary of more than 65535 units");
	evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8, &long_one, 1, 0, 0);
	expect("event \"e\", field 2 \"f\": a string or binary of more than 65535 units");
	evh_builder_add_units_array(b, "f", EVH_ENCODING_VALUE8, &long_one, 1, 0, 0);
	expect("event \"e\", field 2 \"f\": the encoding is not one of a string or binary");
	evh_builder_add_value(b, "f", EVH_ENCODING_BINARY, zeros, 0, 0);
	expect("event \"e\", field 2 \"f\": the encoding is not one of a value of fixed size");
	evh_builder_add_array(b, "f", EVH_ENCODING_VALUE8, zeros, 65536, 0, 0);
	expect("event \"e\", field 2 \"f\": an array of more than 65535 elements");
	evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE8, zeros, 0, 0, 0);
	expect("event \"e\", field 2 \"f\": an array of constant length can't be empty");
	evh_builder_add_struct(b, "s", 128, 0);
	expect("event \"e\", field 2 \"s\": a struct has 1 to 127 fields");
	evh_builder_add_struct_with_bookmark(b, "s", 1, 0, &bookmark);
	evh_builder_set_struct_field_count(b, 1000, 1);
	expect("event \"e\": the bookmark is not one of this event");
	evh_builder_add_raw_meta(b, "f", 0x80, 0, 0, 0);
	expect("event \"e\", field 2 \"f\": encoding, format and constant count don't belong "
	       "together");
	evh_builder_add_raw_meta(b, "raw", EVH_ENCODING_VALUE8, 0, 0, 0);
	evh_builder_add_raw_data(b, NULL, 1);
	expect("event \"e\", field 2 \"raw\": raw data can't be missing");
	evh_builder_add_string32(b, "f", zeros, 16400, 0, 0);
	expect("event \"e\", field 2 \"f\": the event would exceed 65536 bytes");
	evh_builder_reset(b, "", 0);
	expect("event: an event must have a name");
}

Test(builder_error, found_by_write)
{
	static const uint8_t id[16];

	begin();
	evh_builder_add_u8(b, "f;a", 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	expect_text(
		b,
		"event \"e\", field 2 \"f;a\": attributes of a name are not `;name=value` with `;` "
		"doubled");
	begin();
	evh_builder_add_raw_meta(b, "f", EVH_ENCODING_VALUE32, 0, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	expect_text(b, "event \"e\", field 2 \"f\": the payload ends before this field's value");
	evh_builder_add_raw_data(b, "xxxxx", 5);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	expect_text(b, "event \"e\": the payload is longer than its fields");
	begin();
	evh_builder_add_struct(b, "s", 2, 0);
	evh_builder_add_u8(b, "in", 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	expect_text(b, "event \"e\", field 2 \"s\": a struct lacks fields");
	begin();
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, id), -EINVAL);
	expect_text(b, "event \"e\": a related activity needs an activity");
	cr_assert_eq(evh_builder_write(b, NULL, NULL, NULL), -EBADF);
	expect_text(b, "event \"e\": nobody listens");
	cr_assert_eq(evh_transport_set_size_max(&bench.transport, 20), 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -E2BIG);
	expect_text(b, "event \"e\": it is larger than the transport takes");
}

/* What is kept of a name, and where, must never leave a caller's buffer. */
Test(builder_error, small_buffers)
{
	static const char long_name[] = "0123456789012345678901234567890123456789\x1b"
					"01234567890123456789012345678901234567890123456789";

	for (size_t size = EVH_BUILDER_OVERHEAD + 1; size < EVH_BUILDER_OVERHEAD + 400; size++) {
		struct evh_builder small;
		char text[EVH_BUILDER_ERROR_TEXT_SIZE];
		uint8_t *buffer = malloc(size); /* a sanitizer sees its end */

		cr_assert_eq(evh_builder_init(&small, buffer, size), 0);
		expect_text(&small, "event: no event was begun (evh_builder_reset)");
		evh_builder_reset(&small, long_name, 0);
		for (int i = 0; i < 8; i++) {
			evh_builder_add_u16(&small, long_name, 1, 0, 0);
			evh_builder_add_constant_array(&small, "array", EVH_ENCODING_VALUE64,
						       buffer, 2, 0, 7);
		}
		cr_assert_eq(evh_builder_error(&small), -ENOBUFS);
		evh_builder_error_text(&small, text, sizeof(text));
		cr_assert(strstr(text, "the caller's buffer is full"), "%s", text);
		cr_assert_null(strchr(text, 0x1b));
		for (size_t room = 1; room < sizeof(text); room++) {
			char *tight = malloc(room);

			evh_builder_error_text(&small, tight, room);
			cr_assert_lt(strlen(tight), room);
			free(tight);
		}
		evh_builder_destroy(&small);
		expect_text(&small, "event: no event was begun (evh_builder_reset)");
		free(buffer);
	}
}
