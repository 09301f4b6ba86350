/* SPDX-License-Identifier: MIT */
/* Arrays of structs up to the limit of what decoders go through: what is sent can be read. */
#include <evh/decode.h>

#include "bytes.h"

BENCH_SUITE(metadata_max);

struct shape {
	size_t struct_name, field_name; /* bytes */
	unsigned depth;			/* structs around the array's fields, the array's own too */
	unsigned fields;
	unsigned encoding; /* of the array: constant or variable */
};

static const struct shape SHAPES[] = {
	{ 1000, 1, 1, 1, EVH_ENCODING_VARRAY },	 { 1, 1000, 1, 1, EVH_ENCODING_VARRAY },
	{ 1, 1, 1, 1, EVH_ENCODING_CARRAY },	 { 200, 200, 4, 1, EVH_ENCODING_VARRAY },
	{ 3000, 20, 8, 3, EVH_ENCODING_CARRAY }, { 0, 0, 8, 1, EVH_ENCODING_VARRAY },
};

static const char *name_of(size_t size)
{
	static char name[4000];

	memset(name, 'n', size);
	name[size] = 0;
	return name;
}

/* An array of `count` elements, each of which has `fields` bytes in `depth` structs. */
static int write_array(const struct shape *shape, uint16_t count)
{
	static const uint8_t zeros[1000];
	unsigned encoding = EVH_ENCODING_STRUCT | shape->encoding;
	size_t size = (size_t)count * shape->fields;

	evh_builder_reset(b, "e", 0);
	for (unsigned i = 0; i < shape->depth; i++) {
		unsigned fields = i + 1 == shape->depth ? shape->fields : 1;

		evh_builder_add_raw_meta(b, name_of(shape->struct_name), encoding, fields,
					 encoding & EVH_ENCODING_CARRAY ? count : 0, 0);
		encoding = EVH_ENCODING_STRUCT;
	}
	if (shape->encoding == EVH_ENCODING_VARRAY)
		evh_builder_add_raw_data(b, &count, sizeof(count));
	for (unsigned i = 0; i < shape->fields; i++)
		evh_builder_add_raw_meta(b, name_of(shape->field_name), EVH_ENCODING_VALUE8, 0, 0,
					 0);
	for (; size > 0; size -= size < sizeof(zeros) ? size : sizeof(zeros))
		evh_builder_add_raw_data(b, zeros, size < sizeof(zeros) ? size : sizeof(zeros));
	return evh_builder_write(b, bench.set, NULL, NULL);
}

/* The values that a decoder finds, or its error. */
static int count_values(void)
{
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, bench.memory, bench.transport.memory_used);
	int values = 0;

	while (result >= 0 && (result = evh_reader_next(&reader, &item)) > 0)
		values += item.kind == EVH_ITEM_FIELD;
	return result < 0 ? result : values;
}

/* The largest count that is sent, found by halving. */
static uint16_t find_limit(const struct shape *shape)
{
	uint16_t good = 1;
	uint16_t bad = 20000;

	while (bad - good > 1) {
		uint16_t middle = (uint16_t)((good + bad) / 2);

		if (write_array(shape, middle) == 0)
			good = middle;
		else
			bad = middle;
	}
	return good;
}

Test(metadata_max, what_is_sent_can_be_read)
{
	unsigned limited = 0;

	for (size_t i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++) {
		const struct shape *shape = &SHAPES[i];
		uint16_t limit = find_limit(shape);

		cr_assert_eq(write_array(shape, limit), 0);
		cr_assert_eq(count_values(), (int)(limit * shape->fields), "shape %zu, %u elements",
			     i, limit);
		if (limit < 19999) {
			cr_assert_eq(write_array(shape, (uint16_t)(limit + 1)), -E2BIG);
			limited++;
		}
	}
	cr_assert_geq(limited, 3, "shapes that reach the limit");
}

/* What fits the kernel, with names as long as can be, is far from it. */
Test(metadata_max, a_long_name_of_many_elements)
{
	cr_assert_eq(write_array(&SHAPES[0], 3000), 0);
	cr_assert_leq(bench.transport.memory_used, 4048);
	cr_assert_eq(count_values(), 3000);
}
