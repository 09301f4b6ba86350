/* SPDX-License-Identifier: MIT */
/* The pull reader: which items come in which order, and what ends the reading. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include <evh/decode.h>

#include "event_bytes.h"

static struct maker m;

/* All items as one line: "E:name F:x A:y(2) F:y F:y a:y S:z(1) ... ", with errors as "!-61". */
static const char *outline(const void *bytes, size_t size)
{
	static char line[4096];
	size_t used = 0;
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, bytes, size);

	line[0] = '\0';
	while (result >= 0 && (result = evh_reader_next(&reader, &item)) > 0) {
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%c:%.*s",
					 "?EFAaSs"[item.kind], (int)item.name.size, item.name.data);
		if (item.kind == EVH_ITEM_ARRAY_BEGIN || item.kind == EVH_ITEM_STRUCT_BEGIN)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "(%u)",
						 item.count);
		if (item.element)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "[%u]",
						 item.index);
		if (item.depth > 0)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "^%u",
						 item.depth);
		used += (size_t)snprintf(line + used, sizeof(line) - used, " ");
	}
	if (result < 0)
		snprintf(line + used, sizeof(line) - used, "!%d", result);
	return line;
}

static const char *outline_made(void)
{
	const struct bytes *event = finish(&m);

	return outline(event->data, event->size);
}

/* A struct array whose struct holds a struct and arrays, with fields before and behind. */
static void make_nested(bool big_endian)
{
	start(&m, "Event", big_endian);
	field(&m, "before", 3, 0, 0);
	number(&m, 0x1234, 2);
	field(&m, "rows", 0x41, 3, 0);
	field(&m, "n", 2, 0, 0);
	field(&m, "in", 1, 1, 7);
	constant_array(&m, "pair", 2, 0, 2);
	field(&m, "list", 0x4a, 0, 0);
	number(&m, 2, 2);
	for (int i = 0; i < 2; i++) {
		number(&m, 1, 1);
		number(&m, 2, 1);
		number(&m, 3, 1);
		number(&m, 1, 2);
		counted(&m, "hi", 2);
	}
	text_field(&m, "behind", "!");
}

Test(reader, items_in_order)
{
	static const char expected[] =
		"E:Event F:before A:rows(2) "
		"S:rows(3)[0] F:n^1 S:in(1)^1 A:pair(2)^2 F:pair[0]^2 F:pair[1]^2 a:pair^2 s:in^1 "
		"A:list(1)^1 F:list[0]^1 a:list^1 s:rows[0] "
		"S:rows(3)[1] F:n^1 S:in(1)^1 A:pair(2)^2 F:pair[0]^2 F:pair[1]^2 a:pair^2 s:in^1 "
		"A:list(1)^1 F:list[0]^1 a:list^1 s:rows[1] "
		"a:rows F:behind ";

	make_nested(false);
	cr_expect_str_eq(outline_made(), expected);
	make_nested(true);
	cr_expect_str_eq(outline_made(), expected);
}

Test(reader, arrays_of_no_structs)
{
	start(&m, "E", false);
	field(&m, "none", 0x41, 2, 0);
	field(&m, "a", 2, 0, 0);
	field(&m, "deep", 1, 1, 0);
	field(&m, "b", 0x41, 1, 0);
	field(&m, "c", 10, 0, 0);
	number(&m, 0, 2);
	text_field(&m, "behind", "x");
	cr_expect_str_eq(outline_made(), "E:E A:none(0) a:none F:behind ");
}

/* Peers let the metadata end inside a struct, and so do their decoders. */
Test(reader, metadata_may_end_in_a_struct)
{
	start(&m, "E", false);
	field(&m, "s", 1, 9, 0);
	field(&m, "t", 0x41, 5, 0);
	field(&m, "v", 2, 0, 0);
	number(&m, 2, 2);
	number(&m, 1, 1);
	number(&m, 1, 1);
	cr_expect_str_eq(outline_made(), "E:E S:s(9) A:t(2)^1 S:t(5)[0]^1 F:v^2 s:t[0]^1 "
					 "S:t(5)[1]^1 F:v^2 s:t[1]^1 a:t^1 s:s ");
}

Test(reader, header)
{
	uint8_t ids[32];
	struct evh_reader reader;
	struct evh_item item;
	struct evh_name list;
	struct evh_name name;
	struct evh_name value;
	char text[8];

	for (unsigned i = 0; i < sizeof(ids); i++)
		ids[i] = (uint8_t)i;
	start(&m, "Name;a=x;b=1;;2;c", true);
	m.id = 0x1234;
	m.tag = 0xbeef;
	m.version = 3;
	m.opcode = 1;
	m.level = 2;
	m.activity = ids;
	m.activity_size = sizeof(ids);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	cr_expect_eq(reader.event.id, 0x1234);
	cr_expect_eq(reader.event.tag, 0xbeef);
	cr_expect_eq(reader.event.version, 3);
	cr_expect_eq(reader.event.opcode, 1);
	cr_expect_eq(reader.event.level, 2);
	cr_expect(reader.event.big_endian);
	cr_expect_eq(reader.event.pointer_size, 8);
	cr_expect_eq(memcmp(reader.event.activity, ids, 16), 0);
	cr_expect_eq(memcmp(reader.event.related, ids + 16, 16), 0);
	cr_assert_eq(evh_reader_next(&reader, &item), 1);
	cr_expect_eq(item.kind, EVH_ITEM_EVENT);
	cr_expect_eq(item.name.size, 4);
	cr_expect_eq(item.tag, 0xbeef);

	list = item.attributes;
	cr_assert_eq(evh_attribute_next(&list, &name, &value), 1);
	cr_expect(name.size == 1 && name.data[0] == 'a' && value.size == 1);
	cr_assert_eq(evh_attribute_next(&list, &name, &value), 1);
	cr_expect_eq(evh_attribute_value(&value, text, sizeof(text)), 3);
	cr_expect_str_eq(text, "1;2");
	cr_expect_eq(evh_attribute_value(&value, text, 3), 3);
	cr_expect_str_eq(text, "1;");
	cr_assert_eq(evh_attribute_next(&list, &name, &value), 1);
	cr_expect(name.size == 1 && name.data[0] == 'c' && value.size == 0);
	cr_assert_eq(evh_attribute_next(&list, &name, &value), 0);
}

/* The event cut at each byte: an error, or (behind its end) all of it, never more than it has. */
Test(reader, cut_at_every_byte)
{
	char whole[4096];

	make_nested(false);
	strcpy(whole, outline_made());
	for (size_t size = 0; size < m.event.size; size++) {
		uint8_t *exact = malloc(size > 0 ? size : 1);
		const char *part;
		char *error;

		memcpy(exact, m.event.data, size);
		part = outline(exact, size);
		error = strchr(part, '!');
		cr_assert_not_null(error, "cut at %zu of %zu: no error", size, m.event.size);
		cr_expect_str_eq(error, "!-61", "cut at %zu", size);
		cr_expect_eq(strncmp(part, whole, (size_t)(error - part)), 0, "cut at %zu", size);
		free(exact);
	}
}

/* The metadata cut at each byte, with the whole payload behind it. */
Test(reader, metadata_cut_at_every_byte)
{
	char whole[4096];
	size_t full;

	make_nested(true);
	strcpy(whole, outline_made());
	full = m.meta.size;
	for (size_t size = 0; size < full; size++) {
		const char *part;
		char *error;

		make_nested(true);
		m.meta.size = size;
		part = outline_made();
		error = strchr(part, '!');
		if (error)
			cr_expect(strcmp(error, "!-74") == 0 || strcmp(error, "!-61") == 0,
				  "cut at %zu: %s", size, part);
		if (error == part)
			cr_expect_lt(size, sizeof("Event"), "cut at %zu: %s", size, part);
		else
			cr_expect_eq(strncmp(part, whole, strlen("E:Event ")), 0);
	}
}

Test(reader, errors_have_words)
{
	static const int errors[] = { 0, -ENODATA, -EBADMSG, -ENOENT, -EOPNOTSUPP, -E2BIG, -EIO };
	const size_t count = sizeof(errors) / sizeof(errors[0]);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(evh_reader_strerror(errors[i]),
					  evh_reader_strerror(errors[j]));
}

Test(reader, damage)
{
	static const struct {
		uint8_t encoding, format;
		const char *expected;
	} cases[] = {
		{ 2 | 0x60, 0, "E:E F:good !-74" }, { 0, 0, "E:E F:good !-74" },
		{ 14, 0, "E:E F:good !-95" },	    { 31, 0, "E:E F:good !-95" },
		{ 1, 0, "E:E F:good !-74" },	    { 1, 1, "E:E F:good !-74" },
		{ 6, 0, "E:E F:good !-61" },	    { 10, 0, "E:E F:good !-61" },
		{ 0x45, 0, "E:E F:good !-61" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(&m, "E", false);
		field(&m, "good", 2, 0, 0);
		number(&m, 7, 1);
		field(&m, "bad", cases[i].encoding, cases[i].format, 0);
		number(&m, 0x0303, 2);
		cr_expect_str_eq(outline_made(), cases[i].expected, "case %zu: %s", i,
				 outline_made());
	}
	start(&m, "E", false);
	constant_array(&m, "a", 2, 0, 0);
	cr_expect_str_eq(outline_made(), "E:E !-74");
	start(&m, "E", false);
	add(&m.meta, "no end", 6);
	cr_expect_str_eq(outline_made(), "E:E !-74");
}

Test(reader, damaged_front)
{
	struct evh_reader reader;
	struct evh_item item;
	uint8_t bytes[64];

	start(&m, "E", false);
	finish(&m);
	memcpy(bytes, m.event.data, m.event.size);
	bytes[0] |= 8;
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -EOPNOTSUPP);
	bytes[0] = 3;
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -ENOENT);
	cr_expect_eq(evh_reader_next(&reader, &item), -ENOENT);
	bytes[0] = 7;
	bytes[10] = 5; /* an extension of a kind from the future, and no metadata */
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -ENOENT);
	bytes[10] = 2; /* an activity id of two bytes */
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -EBADMSG);
	bytes[10] = 1;
	bytes[11] = 0x80; /* another extension is promised */
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -ENODATA);
	bytes[11] = 0;
	bytes[13] = 'x'; /* the name's end */
	cr_expect_eq(evh_reader_open(&reader, bytes, m.event.size), -EBADMSG);
	cr_expect_eq(evh_reader_skip(&reader), -EBADMSG);
}

static void make_deep(unsigned levels)
{
	start(&m, "E", false);
	for (unsigned i = 0; i < levels; i++)
		constant_array(&m, "s", 1, 1, 1);
	field(&m, "v", 2, 0, 0);
	number(&m, 1, 1);
	finish(&m);
}

Test(reader, depth)
{
	const char *line;

	make_deep(EVH_DEPTH_MAX);
	line = outline(m.event.data, m.event.size);
	cr_expect_null(strchr(line, '!'));
	cr_expect_not_null(strstr(line, "F:v^32 "));
	make_deep(EVH_DEPTH_MAX + 1);
	cr_expect_not_null(strstr(outline(m.event.data, m.event.size), "!-7"));
}

/* 65 kB that ask for 4 GB of metadata: refused in no time. */
Test(reader, work_is_bounded)
{
	char name[30000];
	struct evh_reader reader;
	struct evh_item item;
	struct timespec before;
	struct timespec after;
	int result;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	start(&m, "E", false);
	field(&m, "rows", 0x41, 1, 0);
	field(&m, name, 2, 0, 0);
	number(&m, 30000, 2);
	for (int i = 0; i < 30000; i++)
		number(&m, 1, 1);
	finish(&m);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	while ((result = evh_reader_next(&reader, &item)) > 0)
		;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	cr_expect_eq(result, -E2BIG);
	cr_expect_lt(after.tv_sec - before.tv_sec, 2);
}

/* As many structs as an event of 64 kB can hold, with long names: far from the limit. */
Test(reader, large_arrays_of_structs_are_fine)
{
	struct evh_reader reader;
	struct evh_item item;
	unsigned values = 0;
	int result;

	start(&m, "E", false);
	field(&m, "a rather long name", 0x41, 3, 0);
	field(&m, "the first of its fields", 2, 0, 0);
	field(&m, "the second of its fields", 2, 0, 0);
	field(&m, "the third of its fields", 2, 0, 0);
	number(&m, 21000, 2);
	for (int i = 0; i < 21000; i++)
		number(&m, 1, 3);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	while ((result = evh_reader_next(&reader, &item)) > 0)
		values += item.kind == EVH_ITEM_FIELD;
	cr_expect_eq(result, 0);
	cr_expect_eq(values, 63000);
}

Test(reader, skipping)
{
	struct evh_reader reader;
	struct evh_item item;

	make_nested(false);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	do
		cr_assert_eq(evh_reader_next(&reader, &item), 1);
	while (item.kind != EVH_ITEM_ARRAY_BEGIN);
	cr_assert_eq(evh_reader_skip(&reader), 0);
	cr_assert_eq(evh_reader_skip(&reader), 0, "there is nothing more to pass over");
	cr_assert_eq(evh_reader_next(&reader, &item), 1);
	cr_expect_eq(item.name.size, strlen("behind"));
	cr_expect_eq(item.size, 1);
	cr_assert_eq(evh_reader_next(&reader, &item), 0);
	cr_assert_eq(evh_reader_next(&reader, &item), 0);
}

/* A copy of a reader goes on from the same place, by itself. */
Test(reader, copies)
{
	struct evh_reader reader;
	struct evh_reader copy;
	struct evh_item item;
	struct evh_item other;

	make_nested(false);
	finish(&m);
	cr_assert_eq(evh_reader_open(&reader, m.event.data, m.event.size), 0);
	for (int i = 0; i < 9; i++)
		cr_assert_eq(evh_reader_next(&reader, &item), 1);
	copy = reader;
	while (evh_reader_next(&reader, &item) > 0) {
		cr_assert_eq(evh_reader_next(&copy, &other), 1);
		cr_assert(item.kind == other.kind && item.data == other.data &&
			  item.index == other.index);
	}
}
