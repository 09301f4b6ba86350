/* SPDX-License-Identifier: MIT */
/* Raw metadata and payload that don't fit each other, or nest too deep, are refused. */
#include "bytes.h"

BENCH_SUITE(event_check);

struct raw_case {
	const char *what;
	unsigned encoding, format;
	unsigned count;
	bool good;
	const char *payload; /* bytes_parse's notation */
};

static const struct raw_case cases[] = {
	{ "value with its payload", EVH_ENCODING_VALUE32, 0, 0, true, "01020304" },
	{ "value without payload", EVH_ENCODING_VALUE32, 0, 0, false, "" },
	{ "value cut short", EVH_ENCODING_VALUE32, 0, 0, false, "010203" },
	{ "value and bytes of nothing", EVH_ENCODING_VALUE32, 0, 0, false, "0102030405" },
	{ "16 bytes", EVH_ENCODING_VALUE128, 0, 0, true, "00010203040506070809101112131415" },
	{ "15 bytes", EVH_ENCODING_VALUE128, 0, 0, false, "000102030405060708091011121314" },
	{ "zstring", EVH_ENCODING_ZSTRING_CHAR8, 0, 0, true, "'abc'00" },
	{ "zstring without its zero", EVH_ENCODING_ZSTRING_CHAR8, 0, 0, false, "'abc'" },
	{ "zstring of 16 bits", EVH_ENCODING_ZSTRING_CHAR16, 0, 0, true, "6100 0000" },
	{ "zero not on a unit", EVH_ENCODING_ZSTRING_CHAR16, 0, 0, false, "6100 0000 00" },
	{ "zeros across units", EVH_ENCODING_ZSTRING_CHAR16, 0, 0, false, "6100 0062" },
	{ "zstring of 32 bits", EVH_ENCODING_ZSTRING_CHAR32, 0, 0, true, "00000001 00000000" },
	{ "zstring of 32 bits, cut", EVH_ENCODING_ZSTRING_CHAR32, 0, 0, false, "000000" },
	{ "string", EVH_ENCODING_STRING_CHAR16, 0, 0, true, "0100 6100" },
	{ "string with a long count", EVH_ENCODING_STRING_CHAR16, 0, 0, false, "0200 6100" },
	{ "string with half a count", EVH_ENCODING_STRING_CHAR8, 0, 0, false, "00" },
	{ "string of 32 bits, huge", EVH_ENCODING_STRING_CHAR32, 0, 0, false, "ffff 00000000" },
	{ "binary", EVH_ENCODING_BINARY, 0, 0, true, "0100 61" },
	{ "variable array", EVH_ENCODING_VALUE16 | EVH_ENCODING_VARRAY, 0, 0, true,
	  "0200 01000200" },
	{ "variable array, empty", EVH_ENCODING_VALUE16 | EVH_ENCODING_VARRAY, 0, 0, true, "0000" },
	{ "variable array, cut", EVH_ENCODING_VALUE16 | EVH_ENCODING_VARRAY, 0, 0, false,
	  "0200 0100" },
	{ "constant array", EVH_ENCODING_VALUE16 | EVH_ENCODING_CARRAY, 0, 2, true, "01000200" },
	{ "constant array, cut", EVH_ENCODING_VALUE16 | EVH_ENCODING_CARRAY, 0, 3, false,
	  "01000200" },
	{ "no such encoding", 14, 0, 0, false, "" },
	{ "no such encoding in an empty array", 14 | EVH_ENCODING_VARRAY, 0, 0, false, "0000" },
	{ "struct without fields", EVH_ENCODING_STRUCT, 0, 0, false, "" },
	{ "struct whose fields are missing", EVH_ENCODING_STRUCT, 1, 0, false, "" },
};

Test(event_check, raw_fields)
{
	uint8_t payload[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = bytes_parse(cases[i].payload, payload, sizeof(payload));
		int error;

		evh_builder_reset(b, "e", 0);
		evh_builder_add_raw_meta(b, "f", cases[i].encoding, cases[i].format,
					 (uint16_t)cases[i].count, 0);
		evh_builder_add_raw_data(b, payload, size);
		error = evh_builder_write(b, bench.set, NULL, NULL);
		cr_assert_eq(error, cases[i].good ? 0 : -EINVAL, "%s: %d", cases[i].what, error);
	}
}

Test(event_check, raw_meta_that_is_none)
{
	static const struct raw_case bad[] = {
		{ "both array flags", EVH_ENCODING_VALUE8 | EVH_ENCODING_ARRAY_MASK, 0, 1, false,
		  "" },
		{ "constant array of none", EVH_ENCODING_VALUE8 | EVH_ENCODING_CARRAY, 0, 0, false,
		  "" },
		{ "count without an array", EVH_ENCODING_VALUE8, 0, 1, false, "" },
		{ "count of a variable array", EVH_ENCODING_VALUE8 | EVH_ENCODING_VARRAY, 0, 1,
		  false, "" },
		{ "format flag by hand", EVH_ENCODING_VALUE8 | EVH_ENCODING_HAS_FORMAT, 0, 0, false,
		  "" },
		{ "format of 8 bits", EVH_ENCODING_VALUE8, 128, 0, false, "" },
		{ "encoding 0", 0, 0, 0, false, "" },
		{ "encoding 0 with a format", 0, 1, 0, false, "" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		evh_builder_reset(b, "e", 0);
		evh_builder_add_raw_meta(b, "f", bad[i].encoding, bad[i].format,
					 (uint16_t)bad[i].count, 0);
		cr_assert_eq(evh_builder_error(b), -EINVAL, "%s", bad[i].what);
	}
}

Test(event_check, payload_of_nothing)
{
	evh_builder_add_raw_data(b, "x", 1);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
}

/* An array of structs whose elements vary in length, with structs in structs. */
Test(event_check, nested_arrays_of_structs)
{
	evh_builder_add_raw_meta(b, "outer", EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, 2, 0, 0);
	evh_builder_add_raw_meta(b, "inner", EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, 1, 0, 0);
	evh_builder_add_raw_meta(b, "text", EVH_ENCODING_STRING_CHAR8, 0, 0, 0);
	evh_builder_add_raw_meta(b, "number", EVH_ENCODING_VALUE8, 0, 0, 0);
	/* 2 { 2 { "a" "" } 7 } { 0 { } 8 } */
	evh_builder_add_raw_data(b, "\2\0\2\0\1\0a\0\0\7\0\0\x8", 13);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
	evh_builder_add_raw_data(b, "\0", 1);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
}

Test(event_check, nesting_depth)
{
	for (int depth = 1; depth <= 12; depth++) {
		evh_builder_reset(b, "e", 0);
		for (int i = 0; i < depth; i++)
			evh_builder_add_struct(b, "s", 1, 0);
		evh_builder_add_u8(b, "x", 1, 0, 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), depth <= 8 ? 0 : -EINVAL,
			     "depth %d", depth);
	}
}

/* Decoders end a struct with the event; one that says so raw may lack fields, the typed may not. */
Test(event_check, struct_that_ends_early)
{
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT, 20, 0, 0);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	bench_expect(&bench, "07 00 0000 0000 00 05  0900 0100 'e'00 's'00 81 14 'x'00 02  01");
	evh_builder_reset(b, "e", 0);
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT, 20, 0, 0);
	evh_builder_add_struct(b, "t", 2, 0);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	evh_builder_reset(b, "e", 0);
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, 2, 2, 0);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	evh_builder_add_raw_data(b, "x", 1);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
}

/* Many elements with long names: more than a decoder would go through. */
Test(event_check, much_metadata_many_times)
{
	char name[2000];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, 1, 50000, 0);
	evh_builder_add_raw_meta(b, name, EVH_ENCODING_VALUE8, 0, 0, 0);
	for (int i = 0; i < 50; i++)
		evh_builder_add_raw_data(b, bench.memory, 1000);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -E2BIG);
}

/* Counts that multiply must not multiply the time: the payload ends the walk. */
Test(event_check, multiplying_counts)
{
	for (int i = 0; i < 8; i++)
		evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, 1,
					 65535, 0);
	evh_builder_add_raw_meta(b, "x", EVH_ENCODING_VALUE8, 0, 0, 0);
	for (int i = 0; i < 60; i++)
		evh_builder_add_raw_data(b, bench.memory, 1000);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
}
