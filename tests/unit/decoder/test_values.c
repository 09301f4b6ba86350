/* SPDX-License-Identifier: MIT */
/* Values: what each encoding and format is taken for, and the typed getters. */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include <evh/decode.h>

#include "event_bytes.h"

static struct maker m;
static struct evh_reader reader;

/* Reads the single field of the event being made. */
static struct evh_item only_field(void)
{
	struct evh_item item;

	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	cr_assert_eq(evh_reader_next(&reader, &item), 1);
	cr_assert_eq(evh_reader_next(&reader, &item), 1);
	return item;
}

static struct evh_item value(uint8_t encoding, uint8_t format, const void *payload, size_t size,
			     bool big_endian)
{
	start(&m, "E", big_endian);
	field(&m, "f", encoding, format, 0);
	add(&m.payload, payload, size);
	return only_field();
}

static struct evh_item integer(uint8_t encoding, uint8_t format, uint64_t number_, bool big_endian)
{
	start(&m, "E", big_endian);
	field(&m, "f", encoding, format, 0);
	number(&m, number_, (size_t)1 << (encoding - 2));
	return only_field();
}

Test(values, integers_of_both_orders)
{
	static const uint64_t numbers[] = { 0, 1, 0x7f, 0x80, 0x1234, 0x89abcdef, UINT64_MAX };

	for (int big = 0; big < 2; big++)
		for (uint8_t encoding = 2; encoding <= 5; encoding++)
			for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
				unsigned bits = 8u << (encoding - 2);
				uint64_t mask = bits == 64 ? UINT64_MAX : (1ull << bits) - 1;
				uint64_t expected = numbers[i] & mask;
				int64_t expected_signed =
					(int64_t)(expected << (64 - bits)) >> (64 - bits);
				struct evh_item item = integer(encoding, 0, numbers[i], big != 0);
				uint64_t u = 42;
				int64_t s = 42;

				cr_assert_eq(item.value, EVH_VALUE_UNSIGNED);
				cr_expect_eq(evh_item_u64(&item, &u), 0);
				cr_expect_eq(u, expected);
				cr_expect_eq(evh_item_i64(&item, &s),
					     expected > INT64_MAX ? -EDOM : 0);
				item = integer(encoding, 2, numbers[i], big != 0);
				cr_assert_eq(item.value, EVH_VALUE_SIGNED);
				cr_expect_eq(evh_item_i64(&item, &s), 0);
				cr_expect_eq(s, expected_signed);
				cr_expect_eq(evh_item_u64(&item, &u),
					     expected_signed < 0 ? -EDOM : 0);
			}
}

Test(values, kinds)
{
	static const struct {
		uint8_t encoding, format, size;
		enum evh_value_kind kind;
	} cases[] = {
		{ 2, 0, 1, EVH_VALUE_UNSIGNED },  { 2, 3, 1, EVH_VALUE_HEX },
		{ 2, 7, 1, EVH_VALUE_BOOLEAN },	  { 2, 9, 1, EVH_VALUE_BYTES },
		{ 2, 10, 1, EVH_VALUE_LATIN1 },	  { 2, 11, 1, EVH_VALUE_UNSIGNED },
		{ 2, 16, 1, EVH_VALUE_UNSIGNED }, { 3, 16, 2, EVH_VALUE_PORT },
		{ 3, 11, 2, EVH_VALUE_UTF16 },	  { 4, 4, 4, EVH_VALUE_ERRNO },
		{ 4, 5, 4, EVH_VALUE_PID },	  { 4, 6, 4, EVH_VALUE_TIME },
		{ 4, 8, 4, EVH_VALUE_FLOAT },	  { 4, 11, 4, EVH_VALUE_UTF32 },
		{ 4, 17, 4, EVH_VALUE_IPV4 },	  { 4, 18, 4, EVH_VALUE_IPV4 },
		{ 4, 15, 4, EVH_VALUE_UNSIGNED }, { 4, 127, 4, EVH_VALUE_UNSIGNED },
		{ 5, 6, 8, EVH_VALUE_TIME },	  { 5, 8, 8, EVH_VALUE_FLOAT },
		{ 5, 7, 8, EVH_VALUE_UNSIGNED },  { 5, 4, 8, EVH_VALUE_UNSIGNED },
		{ 6, 0, 16, EVH_VALUE_BYTES },	  { 6, 1, 16, EVH_VALUE_BYTES },
		{ 6, 15, 16, EVH_VALUE_UUID },	  { 6, 17, 16, EVH_VALUE_IPV6 },
	};
	static const uint8_t bytes[16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_eq(value(cases[i].encoding, cases[i].format, bytes, cases[i].size, false)
				     .value,
			     cases[i].kind, "encoding %u, format %u", cases[i].encoding,
			     cases[i].format);
}

/* Encodings 10 and 13: null, the format's own value, or the encoding's default. */
Test(values, nullable)
{
	static const struct {
		uint8_t format;
		uint8_t size;
		enum evh_value_kind kind; /* NONE: the encoding's default */
	} cases[] = {
		{ 1, 0, EVH_VALUE_NULL },
		{ 1, 4, EVH_VALUE_UNSIGNED },
		{ 1, 3, 0 },
		{ 1, 16, 0 },
		{ 2, 8, EVH_VALUE_SIGNED },
		{ 4, 4, EVH_VALUE_ERRNO },
		{ 4, 2, 0 },
		{ 5, 0, EVH_VALUE_NULL },
		{ 6, 8, EVH_VALUE_TIME },
		{ 7, 2, EVH_VALUE_BOOLEAN },
		{ 7, 8, 0 },
		{ 8, 4, EVH_VALUE_FLOAT },
		{ 8, 0, EVH_VALUE_NULL },
		{ 15, 16, EVH_VALUE_UUID },
		{ 15, 15, 0 },
		{ 16, 2, EVH_VALUE_PORT },
		{ 17, 4, EVH_VALUE_IPV4 },
		{ 18, 16, EVH_VALUE_IPV6 },
		{ 9, 0, EVH_VALUE_BYTES },
		{ 9, 5, EVH_VALUE_BYTES },
		{ 0, 0, 0 },
		{ 10, 0, EVH_VALUE_LATIN1 },
		{ 11, 0, EVH_VALUE_UTF8 },
		{ 99, 0, 0 },
		{ 13, 4, EVH_VALUE_UTF8 },
	};
	static const uint8_t bytes[16] = "abcdefghijklmno";

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (uint8_t encoding = 10; encoding <= 13; encoding += 3) {
			enum evh_value_kind kind = cases[i].kind;
			struct evh_item item;

			start(&m, "E", false);
			field(&m, "f", encoding, cases[i].format, 0);
			counted(&m, bytes, cases[i].size);
			item = only_field();
			if (kind == EVH_VALUE_NONE)
				kind = encoding == 10 ? EVH_VALUE_UTF8 : EVH_VALUE_BYTES;
			cr_expect_eq(item.value, kind, "encoding %u, format %u, size %u", encoding,
				     cases[i].format, cases[i].size);
			cr_expect_eq(item.size, cases[i].size);
		}
}

static const char *as_utf8(const struct evh_item *item)
{
	static char buffer[256];

	cr_assert_geq(evh_item_utf8(item, buffer, sizeof(buffer)), 0);
	return buffer;
}

Test(values, text_of_every_encoding)
{
	struct evh_item item = value(7, 0, "caf\xc3\xa9\0rest", 11, false);

	cr_expect_str_eq(as_utf8(&item), "caf\u00e9");
	item = value(7, 10, "caf\xe9\0rest", 10, false);
	cr_expect_str_eq(as_utf8(&item), "caf\u00e9");
	for (int big = 0; big < 2; big++) {
		static const uint32_t units16[] = { 'a', 0xe9, 0xd83d, 0xde00, 0xdc00, 0xd800 };
		static const uint32_t units32[] = { 'a', 0xe9, 0x1f600, 0xd800, 0x110000 };

		start(&m, "E", big != 0);
		field(&m, "f", 11, 0, 0);
		number(&m, 6, 2);
		for (int i = 0; i < 6; i++)
			number(&m, units16[i], 2);
		item = only_field();
		cr_expect_str_eq(as_utf8(&item), "a\u00e9\U0001f600\ufffd\ufffd");
		start(&m, "E", big != 0);
		field(&m, "f", 9, 0, 0);
		for (int i = 0; i < 5; i++)
			number(&m, units32[i], 4);
		number(&m, 0, 4);
		item = only_field();
		cr_expect_str_eq(as_utf8(&item), "a\u00e9\U0001f600\ufffd\ufffd");
	}
}

/* The mark decides, not the event's own order; and is no part of the value. */
Test(values, byte_order_marks)
{
	static const struct {
		const char *bytes;
		uint16_t size;
	} cases[] = {
		{ "\xef\xbb\xbfhi", 5 },
		{ "\xff\xfeh\0i\0", 6 },
		{ "\xfe\xff\0h\0i", 6 },
		{ "\xff\xfe\0\0h\0\0\0i\0\0\0", 12 },
		{ "\0\0\xfe\xff\0\0\0h\0\0\0i", 12 },
		{ "hi", 2 },
	};

	for (int big = 0; big < 2; big++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct evh_item item;

			start(&m, "E", big != 0);
			field(&m, "f", 10, 12 + i % 3, 0);
			counted(&m, cases[i].bytes, cases[i].size);
			item = only_field();
			cr_expect_str_eq(as_utf8(&item), "hi", "mark %zu", i);
		}
}

Test(values, utf8_in_a_small_buffer)
{
	struct evh_item item = value(7, 0, "a\xe2\x82\xac\0", 5, false);
	char buffer[4] = "???";

	cr_expect_eq(evh_item_utf8(&item, NULL, 0), 4);
	cr_expect_eq(evh_item_utf8(&item, buffer, 4), 4);
	cr_expect_str_eq(buffer, "a");
	item = value(2, 0, "a", 1, false);
	cr_expect_eq(evh_item_utf8(&item, buffer, sizeof(buffer)), -EINVAL);
}

Test(values, other_getters)
{
	struct evh_item item = value(5, 8, "\0\0\0\0\0\0\xf8\x3f", 8, false);
	double d = 0;
	bool b = false;
	uint64_t u = 7;

	cr_expect_eq(evh_item_double(&item, &d), 0);
	cr_expect_float_eq(d, 1.5, 0);
	cr_expect_eq(evh_item_u64(&item, &u), -EINVAL);
	cr_expect_eq(u, 7);
	item = value(4, 8, "\x3f\xc0\0\0", 4, true);
	cr_expect_eq(evh_item_double(&item, &d), 0);
	cr_expect_float_eq(d, 1.5, 0);
	item = value(2, 7, "\1", 1, false);
	cr_expect_eq(evh_item_bool(&item, &b), 0);
	cr_expect(b);
	item = value(2, 7, "\2", 1, false);
	cr_expect_eq(evh_item_bool(&item, &b), -EDOM);
	cr_expect_eq(evh_item_double(&item, &d), -EINVAL);
	item = value(3, 16, "\x01\xbb", 2, false);
	cr_expect_eq(evh_item_u64(&item, &u), 0);
	cr_expect_eq(u, 443);
}

Test(values, elements)
{
	struct evh_item array;
	struct evh_item element;
	uint64_t u = 0;

	start(&m, "E", true);
	field(&m, "list", 0x43, 0, 0);
	number(&m, 3, 2);
	for (unsigned i = 1; i <= 3; i++)
		number(&m, (uint64_t)i * 0x101, 2);
	array = only_field();
	cr_assert_eq(array.kind, EVH_ITEM_ARRAY_BEGIN);
	cr_assert_eq(evh_item_element(&array, 2, &element), 0);
	cr_expect_eq(evh_item_u64(&element, &u), 0);
	cr_expect_eq(u, 0x303);
	cr_expect_eq(evh_item_element(&array, 3, &element), -EINVAL);
	cr_expect_eq(evh_item_element(&element, 0, &element), -EINVAL);
}
