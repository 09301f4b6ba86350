/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of what surrounds fields: header, ids, extensions, names, structs and raw fields;
 * written out from the format's description.
 */
#include "bytes.h"

#define HEADER "07 00 0000 0000 00 05  "

BENCH_SUITE(golden_events);

static const uint8_t activity[16] = "0123456789abcdef";
static const uint8_t related[16] = "ABCDEFGHIJKLMNOP";

static void expect_with_ids(const uint8_t *one, const uint8_t *other, const char *notation)
{
	cr_assert_eq(evh_builder_write(b, bench.set, one, other), 0);
	bytes_expect(bench.memory, bench.transport.memory_used, notation);
}

Test(golden_events, no_fields)
{
	bench_expect(&bench, HEADER "0200 0100 'e'00");
}

Test(golden_events, options)
{
	evh_builder_reset(b, "Name", 0x1234);
	evh_builder_set_id(b, 0x5678, 9);
	evh_builder_set_opcode(b, EVH_OPCODE_RECEIVE);
	bench_expect(&bench, "07 09 7856 3412 f0 05  0500 0100 'Name' 00");
}

Test(golden_events, options_end_with_reset)
{
	evh_builder_reset(b, "a", 1);
	evh_builder_set_id(b, 2, 3);
	evh_builder_set_opcode(b, EVH_OPCODE_ACTIVITY_START);
	evh_builder_reset(b, "b", 0);
	bench_expect(&bench, HEADER "0200 0100 'b' 00");
}

Test(golden_events, activity)
{
	evh_builder_set_opcode(b, EVH_OPCODE_ACTIVITY_START);
	expect_with_ids(activity, NULL,
			"07 00 0000 0000 01 05  1000 0280 '0123456789abcdef'  0200 0100 'e'00");
}

Test(golden_events, activity_and_related)
{
	evh_builder_add_u8(b, "f", 1, 0, 0);
	expect_with_ids(activity, related,
			HEADER "2000 0280 '0123456789abcdef' 'ABCDEFGHIJKLMNOP'"
			       "0500 0100 'e'00 'f'00 02  01");
}

/* The same builder again without ids: nothing of them stays behind. */
Test(golden_events, ids_are_of_one_write)
{
	expect_with_ids(activity, related,
			HEADER "2000 0280 '0123456789abcdef' 'ABCDEFGHIJKLMNOP' 0200 0100 'e'00");
	expect_with_ids(NULL, NULL, HEADER "0200 0100 'e'00");
}

Test(golden_events, related_needs_activity)
{
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, related), -EINVAL);
	cr_assert_eq(bench.transport.memory_sent, 0);
}

Test(golden_events, level_is_the_sets)
{
	struct evh_event_set *critical =
		evh_dynamic_provider_register_set(bench.provider, EVH_LEVEL_CRITICAL, 0x2a);

	cr_assert_eq(evh_builder_write(b, critical, NULL, NULL), 0);
	bytes_expect(bench.memory, bench.transport.memory_used,
		     "07 00 0000 0000 00 01  0200 0100 'e'00");
}

/* The event that other encoders wrote into the reference recordings. */
Test(golden_events, syslog)
{
	struct evh_event_set *set =
		evh_dynamic_provider_register_set(bench.provider, EVH_LEVEL_INFORMATION, 1);

	evh_builder_reset(b, "Syslog", 0);
	evh_builder_add_u8(b, "level", 4, 0, 0);
	evh_builder_add_string(b, "message", "text", 0, 0);
	evh_builder_add_u8(b, "facility", 10, 0, 0);
	evh_builder_add_string(b, "ident", "sshd-ses", 0, 0);
	cr_assert_eq(evh_builder_write(b, set, NULL, NULL), 0);
	bytes_expect(bench.memory, bench.transport.memory_used,
		     "07 00 0000 0000 00 04  2800 0100 'Syslog' 00 'level' 00 02 'message' 00 0a"
		     "'facility' 00 02 'ident' 00 0a   04  0400 'text'  0a  0800 'sshd-ses'");
}

Test(golden_events, name_attributes)
{
	evh_builder_reset(b, "e;a=b;c=1;;2", 0);
	evh_builder_add_u8(b, "f;unit=", 1, 0, 0);
	bench_expect(&bench, HEADER "1600 0100 'e;a=b;c=1;;2' 00 'f;unit=' 00 02  01");
}

Test(golden_events, long_names)
{
	evh_builder_reset(b, "an_event_name_of_30_characters", 0);
	evh_builder_add_u8(b, "a_field_name_of_29_characters", 1, 0, 0);
	evh_builder_add_string(b, "another_name_of_29_characters", "v", 0, 0);
	bench_expect(&bench, HEADER "5d00 0100 'an_event_name_of_30_characters' 00"
				    "'a_field_name_of_29_characters' 00 02"
				    "'another_name_of_29_characters' 00 0a  01 0100 'v'");
}

/* Names of every length around the places where the copying changes. */
Test(golden_events, names_of_all_lengths)
{
	char name[41] = "";

	for (size_t length = 1; length <= 40; length++) {
		name[length - 1] = (char)('A' + length % 26);
		evh_builder_reset(b, name, 0);
		evh_builder_add_u8(b, name, (uint8_t)length, 0, 0);
		evh_builder_add_string(b, name, name, 0, 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
		cr_assert_eq(bench.transport.memory_used,
			     12 + 3 * (length + 1) + 2 + 1 + 2 + length);
		cr_assert_str_eq((char *)bench.memory + 12, name);
		cr_assert_str_eq((char *)bench.memory + 12 + length + 1, name);
		cr_assert_str_eq((char *)bench.memory + 12 + 2 * length + 3, name);
		cr_assert_eq(memcmp(bench.memory + 12 + 3 * length + 8, name, length), 0);
	}
}

/* Structs: encoding 1 with the number of fields as format, and no payload of their own. */
Test(golden_events, nested_structs)
{
	evh_builder_add_struct(b, "s", 2, 0);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	evh_builder_add_struct(b, "t", 1, 0x0102);
	evh_builder_add_u8(b, "y", 2, 0, 0);
	evh_builder_add_u8(b, "z", 3, 0, 0);
	bench_expect(&bench, HEADER "1500 0100 'e'00 's'00 81 02 'x'00 02 't'00 81 81 0201"
				    "'y'00 02 'z'00 02  01 02 03");
}

Test(golden_events, struct_with_bookmark)
{
	size_t plain, tagged;

	evh_builder_add_struct_with_bookmark(b, "s", 0, 0, &plain);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	evh_builder_add_u8(b, "y", 2, 0, 0);
	evh_builder_add_struct_with_bookmark(b, "t", 1, 0x0102, &tagged);
	evh_builder_add_u8(b, "z", 3, 0, 0);
	evh_builder_add_u8(b, "w", 4, 0, 0);
	evh_builder_add_u8(b, "v", 5, 0, 0);
	evh_builder_set_struct_field_count(b, plain, 2);
	evh_builder_set_struct_field_count(b, tagged, 3);
	bench_expect(&bench, HEADER "1b00 0100 'e'00 's'00 81 02 'x'00 02 'y'00 02"
				    "'t'00 81 83 0201 'z'00 02 'w'00 02 'v'00 02  01 02 03 04 05");
}

/* An array of structs: the count, then each element's fields. */
Test(golden_events, raw_variable_array_of_structs)
{
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, 2, 0, 0);
	evh_builder_add_raw_meta(b, "x", EVH_ENCODING_VALUE8, 0, 0, 0);
	evh_builder_add_raw_meta(b, "y", EVH_ENCODING_ZSTRING_CHAR8, EVH_FORMAT_STRING8, 0, 0);
	evh_builder_add_raw_data(b, "\2\0\1a\0\2\0", 7);
	bench_expect(&bench, HEADER "0d00 0100 'e'00 's'00 c1 02 'x'00 02 'y'00 87 0a"
				    "0200  01 'a' 00  02 00");
}

Test(golden_events, raw_constant_array_of_structs)
{
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, 1, 3, 0x0908);
	evh_builder_add_raw_meta(b, "x", EVH_ENCODING_VALUE8, 0, 0, 0);
	evh_builder_add_raw_data(b, "\1\2\3", 3);
	bench_expect(&bench, HEADER "0d00 0100 'e'00 's'00 a1 81 0809 0300 'x'00 02  01 02 03");
}

Test(golden_events, raw_empty_array_of_structs)
{
	evh_builder_add_raw_meta(b, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, 1, 0, 0);
	evh_builder_add_raw_meta(b, "x", EVH_ENCODING_VALUE8 | EVH_ENCODING_VARRAY, 0, 0, 0);
	evh_builder_add_raw_data(b, "\0\0", 2);
	evh_builder_add_u8(b, "z", 9, 0, 0);
	bench_expect(&bench, HEADER "0c00 0100 'e'00 's'00 c1 01 'x'00 42 'z'00 02  0000 09");
}

Test(golden_events, raw_constant_array_of_strings)
{
	evh_builder_add_raw_meta(b, "f", EVH_ENCODING_STRING_CHAR8 | EVH_ENCODING_CARRAY,
				 EVH_FORMAT_STRING_UTF, 2, 0);
	evh_builder_add_raw_data(b, "\1\0a\0\0", 5);
	bench_expect(&bench, HEADER "0800 0100 'e'00 'f'00 aa 0b 0200  0100 'a' 0000");
}

/* The old number of the address format can be said raw, to copy an event as it was. */
Test(golden_events, raw_old_format)
{
	evh_builder_add_raw_meta(b, "f", EVH_ENCODING_VALUE32, EVH_FORMAT_IP_ADDRESS_OLD, 0, 0);
	evh_builder_add_raw_data(b, "\x7f\0\0\1", 4);
	bench_expect(&bench, HEADER "0600 0100 'e'00 'f'00 84 12  7f000001");
}

/* ---- OpenTelemetry's Common Schema, as its Rust exporter makes it ---- */

#define TIME "2026-11-28T21:45:02.901879538Z"

/* The event of the `index`th record of a file of .dat records in hex. */
static size_t read_record(unsigned index, uint8_t *event, size_t room)
{
	FILE *file = fopen(COMMON_SCHEMA "/exporter.hex", "re");
	uint8_t bytes[1024];
	size_t size = 0, at = 0, head;
	uint32_t record;
	unsigned byte;

	cr_assert_not_null(file);
	while (size < sizeof(bytes) && fscanf(file, "%2x", &byte) == 1)
		bytes[size++] = (uint8_t)byte;
	fclose(file);
	memcpy(&record, bytes, sizeof(record));
	for (; index; index--) {
		at += record;
		memcpy(&record, bytes + at, sizeof(record));
	}
	head = sizeof(record) + strlen((char *)bytes + at + sizeof(record)) + 1;
	cr_assert(at + record <= size && record - head <= room);
	memcpy(event, bytes + at + head, record - head);
	return record - head;
}

static void expect_record(unsigned index, uint8_t level)
{
	struct evh_event_set *set = evh_dynamic_provider_register_set(bench.provider, level, 1);
	uint8_t event[1024];
	size_t size = read_record(index, event, sizeof(event));

	cr_assert_eq(evh_builder_write(b, set, NULL, NULL), 0);
	cr_assert_eq(bench.transport.memory_used, size);
	cr_assert_eq(memcmp(bench.memory, event, size), 0);
}

static void add_text(const char *name, const char *text)
{
	evh_builder_add_string(b, name, text, 0, 0);
}

static void begin_record(unsigned fields)
{
	evh_builder_reset(b, "Log", 0);
	evh_builder_add_u32(b, "__csver__", 0x400, EVH_FORMAT_UNSIGNED_INT, 0);
	evh_builder_add_struct(b, "PartA", fields, 0);
	add_text("time", TIME);
}

Test(golden_events, common_schema)
{
	begin_record(1);
	evh_builder_add_struct(b, "PartB", 4, 0);
	add_text("_typeName", "Log");
	add_text("body", "error: something failed");
	evh_builder_add_i16(b, "severityNumber", 17, 0, 0);
	add_text("severityText", "err");
	expect_record(0, 2);
}

Test(golden_events, common_schema_with_all)
{
	begin_record(5);
	add_text("ext_dt_traceId", "0102030405060708090a0b0c0d0e0f10");
	add_text("ext_dt_spanId", "a1b2c3d4e5f60718");
	add_text("ext_cloud_role", "ls");
	add_text("ext_cloud_roleInstance", "4242");
	evh_builder_add_struct(b, "PartC", 4, 0);
	evh_builder_add_i64(b, "process.pid", 4242, 0, 0);
	add_text("log.iostream", "stderr");
	evh_builder_add_bool8(b, "x", true, 0, 0);
	evh_builder_add_f64(b, "d", 1.5, 0, 0);
	evh_builder_add_struct(b, "PartB", 6, 0);
	add_text("_typeName", "Log");
	add_text("body", "caf\xc3\xa9");
	evh_builder_add_i16(b, "severityNumber", 9, 0, 0);
	add_text("severityText", "info");
	evh_builder_add_i64(b, "eventId", 7, 0, 0);
	add_text("name", "logtap.stderr");
	expect_record(1, 4);
}
