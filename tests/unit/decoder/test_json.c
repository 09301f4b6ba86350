/* SPDX-License-Identifier: MIT */
/* Events as JSON: the whole object in each of its forms, by both ways of making it. */
#include <criterion/criterion.h>
#include <errno.h>
#include <float.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <evh/schema.h>

#include "../../fuzz/check.h"
#include "event_bytes.h"
#include "text_taken.h"

static struct maker m;
static struct evh_text text;
static struct evh_schemas *schemas;
static struct evh_sample sample;

static void open_schemas(void)
{
	cr_assert_eq(evh_schemas_create(&schemas), 0);
	sample = (struct evh_sample){ .tracepoint = "logtap_L4K2" };
}

static void close_schemas(void)
{
	evh_schemas_destroy(schemas);
	evh_text_free(&text);
}

TestSuite(json, .init = open_schemas, .fini = close_schemas);

/* The object the plain way, after the fast way gave the same, the first time and again. */
static const char *object(void)
{
	char *fast[2];
	const char *plain;
	int result;

	finish(&m);
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	for (int i = 0; i < 2; i++) {
		evh_schemas_json(schemas, &text, &sample);
		fast[i] = strdup(text_taken(&text));
	}
	result = evh_json_event(&text, &sample);
	plain = text_taken(&text);
	for (int i = 0; i < 2; i++) {
		cr_expect_str_eq(fast[i], plain);
		free(fast[i]);
	}
	cr_expect_eq(result < 0, strstr(plain, "\"error\":") != NULL);
	return plain;
}

static void make_stderr_event(void)
{
	start(&m, "stderr", false);
	text_field(&m, "level", "info");
	text_field(&m, "ident", "ls");
	text_field(&m, "message", "a \"b\"\\\n\x1b\x7f\xc2\x85\xff");
}

Test(json, the_object_of_the_contract)
{
	make_stderr_event();
	sample.has = EVH_SAMPLE_TIME | EVH_SAMPLE_PID | EVH_SAMPLE_TID | EVH_SAMPLE_CPU;
	sample.time = 1795287001123456789;
	sample.pid = 1;
	sample.tid = 4294967295;
	cr_expect_str_eq(
		object(),
		"{\"time\":\"2026-11-21T18:50:01.123456789Z\",\"pid\":1,\"tid\":4294967295,"
		"\"cpu\":0,\"provider\":\"logtap\",\"event\":\"stderr\",\"level\":4,"
		"\"keyword\":\"0x2\",\"opcode\":0,\"fields\":{\"level\":\"info\",\"ident\":\"ls\","
		"\"message\":\"a \\\"b\\\"\\\\\\n\\u001b\\u007f\\u0085\u00ff\"}}");
}

Test(json, what_the_recording_does_not_say_is_left_out)
{
	start(&m, "e", false);
	cr_expect_str_eq(object(), "{\"provider\":\"logtap\",\"event\":\"e\",\"level\":4,"
				   "\"keyword\":\"0x2\",\"opcode\":0,\"fields\":{}}");
	sample.has = EVH_SAMPLE_CPU;
	sample.cpu = 7;
	sample.tracepoint = NULL;
	cr_expect_str_eq(object(), "{\"cpu\":7,\"event\":\"e\",\"level\":4,\"keyword\":\"0x0\","
				   "\"opcode\":0,\"fields\":{}}");
	sample.has = EVH_SAMPLE_CLOCK;
	sample.time = 67000000042;
	sample.tracepoint = "not its name";
	cr_expect_str_eq(object(), "{\"time\":67.000000042,\"provider\":\"not its name\","
				   "\"event\":\"e\",\"level\":4,\"keyword\":\"0x0\",\"opcode\":0,"
				   "\"fields\":{}}");
}

Test(json, the_whole_header)
{
	uint8_t ids[32];

	for (unsigned i = 0; i < sizeof(ids); i++)
		ids[i] = (uint8_t)(i * 7);
	for (int big = 0; big < 2; big++) {
		start(&m, "e;x=1", big != 0);
		m.id = 1000;
		m.version = 2;
		m.tag = 0xbeef;
		m.opcode = 0xf0;
		m.activity = ids;
		m.activity_size = 32;
		cr_expect_str_eq(object(),
				 "{\"provider\":\"logtap\",\"event\":\"e;x=1\",\"level\":4,"
				 "\"keyword\":\"0x2\",\"opcode\":240,\"id\":1000,\"version\":2,"
				 "\"tag\":\"0xBEEF\","
				 "\"activity\":\"00070e15-1c23-2a31-383f-464d545b6269\","
				 "\"related\":\"70777e85-8c93-9aa1-a8af-b6bdc4cbd2d9\","
				 "\"fields\":{}}");
	}
}

/* The activity is no part of the schema: it changes with each event. */
Test(json, activities_of_one_schema)
{
	uint8_t ids[2][32] = { { 1 }, { 2 } };

	for (int i = 0; i < 3; i++) {
		char id[64];
		const char *line;

		start(&m, "e", false);
		m.activity = i < 2 ? ids[i] : NULL;
		m.activity_size = 16;
		line = object();
		snprintf(id, sizeof(id), "\"activity\":\"%02x000000-", i + 1);
		cr_expect_eq(strstr(line, id) != NULL, i < 2, "%s", line);
	}
}

Test(json, nested_names_tags_and_duplicates)
{
	start(&m, "e", true);
	field(&m, "s;a=b", 1, 2, 0xbeef);
	field(&m, "x", 2, 0, 1);
	field(&m, "x", 0x42, 0, 0);
	field(&m, "s;a=b", 10, 1, 0);
	field(&m, "t;", 10, 1, 0);
	number(&m, 1, 1);
	number(&m, 2, 2);
	number(&m, 3, 1);
	number(&m, 4, 1);
	number(&m, 0, 2);
	number(&m, 0, 2);
	cr_expect_not_null(strstr(object(), "\"fields\":{\"s;a=b;tag=0xBEEF\":{\"x;tag=0x1\":1,"
					    "\"x\":[3,4]},\"s;a=b\":null,\"t;\":null}}"));
}

Test(json, arrays_of_structs)
{
	start(&m, "e", false);
	field(&m, "rows", 0x41, 2, 0);
	field(&m, "a", 2, 0, 0);
	field(&m, "b", 0x42, 7, 0);
	number(&m, 2, 2);
	number(&m, 1, 1);
	number(&m, 0, 2);
	number(&m, 2, 1);
	number(&m, 2, 2);
	number(&m, 0x0100, 2);
	field(&m, "none", 0x41, 1, 0);
	field(&m, "c", 2, 0, 0);
	number(&m, 0, 2);
	cr_expect_not_null(strstr(object(), "\"fields\":{\"rows\":[{\"a\":1,\"b\":[]},"
					    "{\"a\":2,\"b\":[false,true]}],\"none\":[]}}"));
}

/* Damage: what was read stands there, and "error" says what is wrong, before "fields". */
Test(json, damaged_events)
{
	start(&m, "e", false);
	field(&m, "good", 2, 0, 0);
	number(&m, 7, 1);
	field(&m, "s", 1, 1, 0);
	constant_array(&m, "list", 10, 0, 2);
	counted(&m, "x", 1);
	number(&m, 500, 2);
	cr_expect_not_null(strstr(
		object(), "\"opcode\":0,\"error\":\"a value runs past the end of the event\","
			  "\"fields\":{\"good\":7,\"s\":{\"list\":[\"x\"]}}}"));
	finish(&m);
	sample.event_size = 9;
	cr_expect_eq(evh_json_event(&text, &sample), -ENODATA);
	cr_expect_str_eq(text_taken(&text),
			 "{\"provider\":\"logtap\",\"level\":4,\"keyword\":\"0x2\",\"opcode\":0,"
			 "\"error\":\"a value runs past the end of the event\",\"fields\":{}}");
	sample.event_size = 0;
	cr_expect_eq(evh_json_event(&text, &sample), -ENODATA);
	cr_expect_str_eq(text_taken(&text),
			 "{\"provider\":\"logtap\",\"level\":0,\"keyword\":\"0x2\",\"opcode\":0,"
			 "\"error\":\"a value runs past the end of the event\",\"fields\":{}}");
}

/* Events that differ only in their last byte of metadata, or only in the tracepoint. */
Test(json, schemas_are_told_apart)
{
	static const char *const tracepoints[] = { "a_L1K1", "b_L1K1", "a_L1K2" };
	char first[80000];

	for (int round = 0; round < 2; round++)
		for (uint8_t format = 0; format < 4; format++)
			for (int i = 0; i < 3; i++) {
				start(&m, "e", false);
				field(&m, "f", 2, 0, 0);
				field(&m, "g", 2, format, 0);
				number(&m, 0xff01, 2);
				sample.tracepoint = tracepoints[i];
				strcpy(first, object());
				cr_expect_eq(strstr(first, "\"g\":-1}") != NULL, format == 2);
				cr_expect_eq(strstr(first, "\"g\":\"0xFF\"}") != NULL, format == 3);
				cr_expect_eq(strstr(first, "\"provider\":\"b\"") != NULL, i == 1);
				cr_expect_eq(strstr(first, "\"keyword\":\"0x2\"") != NULL, i == 2);
			}
}

/* Same metadata, other header. */
Test(json, headers_are_told_apart)
{
	for (int i = 0; i < 8; i++) {
		const char *line;

		start(&m, "e", false);
		m.level = i & 1 ? 5 : 4;
		m.opcode = i & 2 ? 1 : 0;
		m.id = i & 4 ? 9 : 0;
		line = object();
		cr_expect_eq(strstr(line, "\"level\":5") != NULL, (i & 1) != 0);
		cr_expect_eq(strstr(line, "\"opcode\":1") != NULL, (i & 2) != 0);
		cr_expect_eq(strstr(line, "\"id\":9") != NULL, (i & 4) != 0);
	}
}

/* The second is remembered, and another one is noticed. */
Test(json, times)
{
	static const struct {
		uint64_t time;
		const char *expected;
	} cases[] = { { 1795287001000000000, "\"2026-11-21T18:50:01.000000000Z\"" },
		      { 1795287001999999999, "\"2026-11-21T18:50:01.999999999Z\"" },
		      { 1795287002000000000, "\"2026-11-21T18:50:02.000000000Z\"" },
		      { 0, "\"1970-01-01T00:00:00.000000000Z\"" },
		      { UINT64_MAX, "\"2554-07-21T23:34:33.709551615Z\"" } };

	sample.has = EVH_SAMPLE_TIME;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(&m, "e", false);
		sample.time = cases[i].time;
		cr_expect_not_null(strstr(object(), cases[i].expected), "%s", cases[i].expected);
	}
}

/* What JSON has of one byte that is no part of UTF-8: the Latin-1 character. */
static char *put_latin1(char *out, unsigned char byte)
{
	if (byte < 0xa0)
		return out + sprintf(out, "\\u%04x", byte);
	*out++ = (char)(0xc0 | byte >> 6);
	*out++ = (char)(0x80 | (byte & 0x3f));
	*out = '\0';
	return out;
}

/* Each byte of a malformed sequence is one character (Unicode's table 3-8 is among them). */
Test(json, malformed_utf8)
{
	static const char *const cases[] = {
		"\x80",
		"\xc0\xaf",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80",
		"\xfe\xff",
		"\xc3",
		"\xe2\x82",
		"\xf0\x9f\x98",
		"\xe1\x80\xe2\xf0\x91",
		"\xe9",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char expected[128] = "\"<";
		char *out = expected + 2;
		char raw[64];

		for (const char *at = cases[i]; *at; at++)
			out = put_latin1(out, (unsigned char)*at);
		strcpy(out, "(\"");
		snprintf(raw, sizeof(raw), "<%s(", cases[i]);
		evh_json_string(&text, raw, strlen(raw));
		cr_expect_str_eq(text_taken(&text), expected, "case %zu", i);
	}
}

/* The slow twin: characters where there are such, else one byte. */
static size_t read_slowly(char *out, const char *raw, size_t size)
{
	char *begin = out;

	for (size_t at = 0; at < size;) {
		size_t length = 1;

		for (size_t more = 2; more <= 4 && at + more <= size; more++) {
			if ((raw[at] & 0x80) && is_utf8(raw + at, more) && !is_utf8(raw + at, 1))
				length = more;
			if (length > 1)
				break;
		}
		if (length == 1 && (raw[at] & 0x80)) {
			out = put_latin1(out, (unsigned char)raw[at]);
		} else if (has_control(raw + at, length)) {
			out += sprintf(out, "\\u%04x", 0x80 | (raw[at + length - 1] & 0x7f));
		} else {
			memcpy(out, raw + at, length);
			out += length;
		}
		at += length;
	}
	return (size_t)(out - begin);
}

/* Whether the string is what the slow twin makes of it; for what needs no other escapes. */
static bool is_as_slow(const char *raw, size_t size, const struct evh_text *json)
{
	char expected[128];
	size_t length;

	if (memchr(raw, '"', size) || memchr(raw, '\\', size))
		return true;
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)raw[i] < 0x20 || raw[i] == 0x7f)
			return true;
	}
	length = read_slowly(expected, raw, size);
	return json->size == length + 2 && memcmp(json->data + 1, expected, length) == 0;
}

/*
 * Every sequence of three bytes that begins with one that isn't ASCII, and every character of four:
 * what comes out is UTF-8, the same where what went in was it and has no control character, and
 * what isn't UTF-8 is Latin-1.
 */
Test(json, every_sequence)
{
	static const char lead[] = "plain";
	static const char tail[] = "tail";
	unsigned wrong = 0;

	for (uint32_t n = 0x800000; n < 0x1000000 + 0x110000; n++) {
		char raw[16];
		size_t size = sizeof(lead) - 1;
		bool valid;

		memcpy(raw, lead, size);
		if (n < 0x1000000) {
			raw[size++] = (char)(n >> 16);
			raw[size++] = (char)(n >> 8);
			raw[size++] = (char)n;
		} else {
			uint32_t c = n - 0x1000000;

			raw[size++] = (char)(0xf0 | c >> 18);
			raw[size++] = (char)(0x80 | (c >> 12 & 0x3f));
			raw[size++] = (char)(0x80 | (c >> 6 & 0x3f));
			raw[size++] = (char)(0x80 | (c & 0x3f));
		}
		memcpy(raw + size, tail, sizeof(tail) - 1);
		size += sizeof(tail) - 1;
		evh_text_clear(&text);
		evh_json_string(&text, raw, size);
		valid = is_utf8(raw, size) && !has_control(raw, size) && !memchr(raw, '"', size) &&
			!memchr(raw, '\\', size);
		wrong += !is_utf8(text.data, text.size) || has_control(text.data, text.size) ||
			 text.data[text.size - 1] != '"' ||
			 memcmp(text.data + text.size - 5, tail, 4) != 0 ||
			 (valid &&
			  (text.size != size + 2 || memcmp(text.data + 1, raw, size) != 0)) ||
			 !is_as_slow(raw, size, &text);
	}
	cr_expect_eq(wrong, 0, "%u sequences", wrong);
}

/* More kinds than the memory holds: it forgets, and goes on being right. */
Test(json, more_schemas_than_there_is_room_for)
{
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 3000; i++) {
			char name[32];
			char expected[64];

			snprintf(name, sizeof(name), "event%d", i);
			snprintf(expected, sizeof(expected), "\"event\":\"event%d\",", i);
			start(&m, name, false);
			text_field(&m, "f", name);
			cr_assert_not_null(strstr(object(), expected));
		}
}

/* The largest schemas there can be, more of them than there are places: the memory stays bounded.
 */
Test(json, memory_is_bounded)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("the sanitizer's allocator doesn't count");
#else
	struct mallinfo2 before = mallinfo2();
	struct mallinfo2 after;

	for (unsigned i = 0; i < 1500; i++) {
		char name[16];

		snprintf(name, sizeof(name), "e%u", i);
		start(&m, name, false);
		for (int f = 0; f < 2000; f++)
			field(&m, "", 2, 0, 0);
		for (int f = 0; f < 250; f++)
			number(&m, 0, 8);
		finish(&m);
		sample.event = m.event.data;
		sample.event_size = m.event.size;
		cr_assert_not_null(evh_schemas_find(schemas, &sample));
	}
	after = mallinfo2();
	cr_expect_lt(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd, 17u << 20);
#endif
}

Test(json, schema_of_a_sample)
{
	const struct evh_schema *schema;
	struct evh_item item;
	uint64_t value = 0;

	start(&m, "e;x=1", false);
	m.id = 5;
	m.opcode = 9;
	field(&m, "s", 1, 1, 0);
	field(&m, "n", 2, 0, 0);
	number(&m, 1, 1);
	field(&m, "list", 0x4a, 0, 0);
	number(&m, 1, 2);
	counted(&m, "skipped", 7);
	field(&m, "n;unit=s", 4, 0, 0);
	number(&m, 77, 4);
	finish(&m);
	sample.tracepoint = "my_prov_L4Kff0Ggrp";
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	schema = evh_schemas_find(schemas, &sample);
	cr_assert_not_null(schema);
	cr_expect_eq(schema->provider.size, 7);
	cr_expect_eq(memcmp(schema->provider.data, "my_prov", 7), 0);
	cr_expect_eq(schema->event.size, 1);
	cr_expect_eq(schema->options.size, 4);
	cr_expect_eq(schema->keyword, 0xff0);
	cr_expect_eq(schema->level, 4);
	cr_expect_eq(schema->id, 5);
	cr_expect_eq(schema->opcode, 9);
	cr_assert_eq(evh_schemas_field(schemas, &sample, "n", &item), 1, "the top level's");
	cr_expect_eq(evh_item_u64(&item, &value), 0);
	cr_expect_eq(value, 77);
	cr_expect_eq(evh_schemas_field(schemas, &sample, "list", &item), 0, "no single value");
	cr_expect_eq(evh_schemas_field(schemas, &sample, "absent", &item), 0);
	cr_assert_eq(evh_schemas_field_in(schemas, &sample, "s", "n", &item), 1, "the struct's");
	cr_expect_eq(evh_item_u64(&item, &value), 0);
	cr_expect_eq(value, 1);
	cr_expect_eq(evh_schemas_field_in(schemas, &sample, "s", "list", &item), 0);
	cr_expect_eq(evh_schemas_field_in(schemas, &sample, "n", "n", &item), 0, "no struct");
	sample.event_size -= 1;
	cr_expect_eq(evh_schemas_field(schemas, &sample, "n", &item), -ENODATA);
	sample.event_size = 3;
	cr_expect_null(evh_schemas_find(schemas, &sample));
}

/* The fields alone, for objects of another make. */
Test(json, fields_alone)
{
	struct evh_reader reader;

	start(&m, "e", false);
	text_field(&m, "a", "x");
	field(&m, "s", 1, 1, 0);
	field(&m, "b", 2, 0, 0);
	number(&m, 1, 1);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	cr_assert_eq(evh_json_fields(&text, &reader), 0);
	cr_expect_str_eq(text_taken(&text), "\"a\":\"x\",\"s\":{\"b\":1}");
}

Test(json, joined_message)
{
	size_t size = 3u << 20;
	char *message = malloc(size);
	char *line;

	cr_assert_not_null(message);
	memset(message, 'm', size);
	start(&m, "stderr.part", false);
	text_field(&m, "level", "info");
	field(&m, "part", 4, 0, 0);
	number(&m, 3, 4);
	field(&m, "last", 2, 7, 0);
	number(&m, 1, 1);
	text_field(&m, "message", "only the last piece");
	finish(&m);
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	cr_assert_eq(evh_json_joined(&text, &sample, "all\nof it", 9), 0);
	cr_expect_str_eq(text_taken(&text),
			 "{\"provider\":\"logtap\",\"event\":\"stderr\",\"level\":4,"
			 "\"keyword\":\"0x2\",\"opcode\":0,"
			 "\"fields\":{\"level\":\"info\",\"message\":\"all\\nof it\"}}");
	cr_assert_eq(evh_json_joined(&text, &sample, message, size), 0);
	cr_assert_eq(text.error, 0);
	line = memmem(text.data, text.size, "\"message\":\"mmm", 14);
	cr_assert_not_null(line);
	cr_expect_eq(memcmp(line + 11, message, size), 0);
	cr_expect_eq(memcmp(line + 11 + size, "\"}}", 3), 0);
	free(message);
}

/* The shortest number that gives the same bits back, whatever the locale. */
static void check_double(double value, bool single)
{
	char *end;
	const char *line;
	const char *number_;
	double back;
	uint64_t bits;

	start(&m, "e", false);
	field(&m, "f", single ? 4 : 5, 8, 0);
	if (single) {
		float f = (float)value;
		uint32_t b;

		memcpy(&b, &f, 4);
		number(&m, b, 4);
	} else {
		memcpy(&bits, &value, 8);
		number(&m, bits, 8);
	}
	line = object();
	number_ = strstr(line, "\"f\":") + 4;
	back = single ? (double)strtof(number_, &end) : strtod(number_, &end);
	cr_expect_str_eq(end, "}}", "%s", line);
	cr_expect_eq(back, single ? (double)(float)value : value, "%s", line);
	cr_expect_eq(signbit(back), signbit(value));
}

Test(json, floats_give_themselves_back)
{
	static const double values[] = { 0,
					 -0.0,
					 1,
					 0.1,
					 3.14,
					 1.0 / 3,
					 1e22,
					 1e23,
					 5e-324,
					 DBL_MIN,
					 DBL_MAX,
					 FLT_MAX,
					 FLT_MIN,
					 1.4e-45,
					 9007199254740993.0,
					 123456789.125,
					 -1e-7,
					 2.2250738585072011e-308 };
	uint64_t random = 42;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		check_double(values[i], false);
		if (fabs(values[i]) <= (double)FLT_MAX)
			check_double(values[i], true);
	}
	for (int i = 0; i < 2000; i++) {
		double value;
		float single;
		uint32_t half;

		random = random * 6364136223846793005u + 1442695040888963407u;
		memcpy(&value, &random, 8);
		half = (uint32_t)(random >> 32);
		memcpy(&single, &half, 4);
		if (isfinite(value))
			check_double(value, false);
		if (isfinite(single))
			check_double((double)single, true);
	}
}

static void check_single_text(float value, const char *expected)
{
	uint32_t bits;

	memcpy(&bits, &value, 4);
	start(&m, "e", true);
	field(&m, "f", 4, 8, 0);
	number(&m, bits, 4);
	cr_expect_not_null(strstr(object(), expected), "%s", expected);
}

static void check_float_text(double value, const char *expected)
{
	uint64_t bits;

	memcpy(&bits, &value, 8);
	start(&m, "e", false);
	field(&m, "f", 5, 8, 0);
	number(&m, bits, 8);
	cr_expect_not_null(strstr(object(), expected), "%s", expected);
}

Test(json, floats_are_short)
{
	check_float_text(0.1, "\"f\":0.1}");
	check_float_text(1.5e300, "\"f\":1.5e+300}");
	check_float_text(5e-324, "\"f\":5e-324}");
	check_float_text(-INFINITY, "\"f\":\"-inf\"}");
	check_float_text(INFINITY, "\"f\":\"inf\"}");
	check_float_text((double)NAN, "\"f\":\"nan\"}");
	check_float_text(-0.0, "\"f\":-0}");
	check_float_text(-100000, "\"f\":-100000}");
	check_float_text(123456789012345, "\"f\":123456789012345}");
	check_single_text(78953344, "\"f\":78953344}");
	check_single_text(-6618105856.0f, "\"f\":-6618105856}");
	check_single_text(6e14f, "\"f\":6e+14}");
}

Test(json, floats_have_a_point_in_every_locale)
{
	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		cr_skip_test("no locale de_DE.UTF-8 on this machine");
	check_float_text(1.5, "\"f\":1.5}");
	check_float_text(1.0 / 3, "\"f\":0.3333333333333333}");
}

Test(json, values_as_people_know_them)
{
	start(&m, "e", true);
	field(&m, "t", 5, 6, 0);
	number(&m, (uint64_t)-62167219201, 8); /* the second before the year 0 */
	field(&m, "leap", 4, 6, 0);
	number(&m, 951868799, 4); /* date -u -d @951868799 */
	field(&m, "far", 5, 6, 0);
	number(&m, INT64_MAX, 8);
	field(&m, "e", 4, 4, 0);
	number(&m, 11, 4);
	field(&m, "none", 4, 4, 0);
	number(&m, 99999, 4);
	field(&m, "v6", 6, 17, 0);
	add(&m.payload, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
	field(&m, "b", 13, 0, 0);
	counted(&m, "\0\xff", 2);
	field(&m, "big", 5, 0, 0);
	number(&m, 9007199254740993, 8);
	field(&m, "id", 6, 15, 0);
	add(&m.payload, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff", 16);
	field(&m, "v4", 4, 17, 0);
	add(&m.payload, "\xc0\xa8\0\x01", 4);
	field(&m, "port", 3, 16, 0);
	add(&m.payload, "\x01\xbb", 2);
	field(&m, "pid", 4, 5, 0);
	number(&m, 4242, 4);
	constant_array(&m, "bools", 2, 7, 3);
	number(&m, 0x0001ff, 3);
	field(&m, "b32", 4, 7, 0);
	number(&m, UINT32_MAX, 4);
	field(&m, "hex", 3, 3, 0);
	number(&m, 0xabc, 2);
	cr_expect_not_null(strstr(object(),
				  "\"fields\":{\"t\":\"-0001-12-31T23:59:59\","
				  "\"leap\":\"2000-02-29T23:59:59\","
				  "\"far\":\"TIME(9223372036854775807)\",\"e\":\"EAGAIN(11)\","
				  "\"none\":\"ERRNO(99999)\",\"v6\":\"2001:db8::1\","
				  "\"b\":\"00 ff\",\"big\":9007199254740993,"
				  "\"id\":\"01020304-0506-0708-090a-0b0c0d0e0fff\","
				  "\"v4\":\"192.168.0.1\",\"port\":443,\"pid\":4242,"
				  "\"bools\":[false,true,255],\"b32\":-1,"
				  "\"hex\":\"0xABC\"}}"));
}

/* The same text in every encoding, with what can be wrong in each. */
Test(json, text_of_every_encoding)
{
	static const uint16_t units16[] = { 'a', '"', 0xe9, 0x1b, 0xd83d, 0xde00, 0xdc00, 0xd83d };
	static const uint32_t units32[] = { 'a', '"', 0xe9, 0x1b, 0x1f600, 0xdc00, 0x110000 };

	for (int big = 0; big < 2; big++) {
		start(&m, "e", big != 0);
		field(&m, "s16", 11, 0, 0);
		number(&m, 8, 2);
		for (int i = 0; i < 8; i++)
			number(&m, units16[i], 2);
		field(&m, "z32", 9, 0, 0);
		for (int i = 0; i < 7; i++)
			number(&m, units32[i], 4);
		number(&m, 0, 4);
		field(&m, "latin", 10, 10, 0);
		counted(&m, "a\"\xe9\x1b\x9b, and more than a block of it", 34);
		field(&m, "char", 2, 10, 0);
		number(&m, 0xe9, 1);
		field(&m, "char16", 3, 11, 0);
		number(&m, 0x20ac, 2);
		field(&m, "odd", 10, 12, 0);
		counted(&m, "\xff\xfe\xac\x20x", 5);
		field(&m, "odd32", 10, 12, 0);
		counted(&m, "\xff\xfe\0\0\xac\x20\0\0xyz", 11);
		cr_expect_not_null(strstr(
			object(),
			"\"fields\":{"
			"\"s16\":\"a\\\"\u00e9\\u001b\U0001f600\ufffd\ufffd\","
			"\"z32\":\"a\\\"\u00e9\\u001b\U0001f600\ufffd\ufffd\","
			"\"latin\":\"a\\\"\u00e9\\u001b\\u009b, and more than a block of it\","
			"\"char\":\"\u00e9\",\"char16\":\"\u20ac\","
			"\"odd\":\"\u20ac\ufffd\",\"odd32\":\"\u20ac\ufffd\"}}"));
	}
}

/* Dates against the C library's: every leap rule, from before our era to the far future. */
Test(json, dates)
{
	for (int64_t second = -50000000000; second < 250000000000; second += 86400 * 29 + 17) {
		time_t t = (time_t)second;
		struct tm tm;
		char expected[64];

		gmtime_r(&t, &tm);
		snprintf(expected, sizeof(expected), "\"t\":\"%04d-%02d-%02dT%02d:%02d:%02d\"",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
		start(&m, "e", false);
		field(&m, "t", 5, 6, 0);
		number(&m, (uint64_t)second, 8);
		cr_assert_not_null(strstr(object(), expected), "%s", expected);
	}
}

/* Runs of clean text of every length, with one character to escape at every place. */
Test(json, escapes_at_every_place)
{
	static const struct {
		const char *raw, *written;
	} cases[] = { { "\"", "\\\"" },	     { "\\", "\\\\" },	    { "\n", "\\n" },
		      { "\x01", "\\u0001" }, { "\x7f", "\\u007f" }, { "\xc3\xa9", "\xc3\xa9" },
		      { "\xff", "\u00ff" },  { " ", " " } };

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
		for (size_t size = 0; size < 50; size++)
			for (size_t at = 0; at <= size; at++) {
				char raw[128] = "";
				char expected[256] = "\"";

				memset(raw, 'r', at);
				strcat(raw, cases[c].raw);
				memset(raw + strlen(raw), 's', size - at);
				memset(expected + 1, 'r', at);
				strcat(expected, cases[c].written);
				memset(expected + strlen(expected), 's', size - at);
				strcat(expected, "\"");
				evh_json_string(&text, raw, strlen(raw));
				cr_assert_str_eq(text_taken(&text), expected);
			}
}

Test(json, full_buffer_of_the_caller)
{
	char memory[200];
	struct evh_text fixed;
	size_t before;

	make_stderr_event();
	finish(&m);
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	evh_text_use(&fixed, memory, sizeof(memory));
	evh_text_puts(&fixed, "before");
	before = fixed.size;
	evh_schemas_json(schemas, &fixed, &sample);
	cr_expect_eq(fixed.error, -ENOSPC);
	cr_expect_eq(fixed.size, before, "all of an object or nothing");
}
