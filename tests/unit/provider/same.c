/* SPDX-License-Identifier: MIT */
/*
 * The same event by the macros of provider.h and by the functions of builder.h gives the same
 * bytes.
 */
#include "golden.h"

#include <evh/builder.h>

static struct evh_dynamic_provider *provider;
static struct evh_builder builder;
static uint8_t expected[sizeof(golden_memory)];

static void open_both(void)
{
	golden_open();
	cr_assert_eq(evh_dynamic_provider_create(&provider, "Golden", NULL, &golden_transport), 0);
	cr_assert_eq(evh_builder_init(&builder, NULL, 0), 0);
}

TestSuite(same, .init = open_both);

/* Sends what is in the builder, and compares it with what was sent before. */
static void compare(uint8_t level, const uint8_t *activity, const uint8_t *related)
{
	size_t size = golden_transport.memory_used;
	struct evh_event_set *set = evh_dynamic_provider_register_set(provider, level, 1);

	memcpy(expected, golden_memory, size);
	memset(golden_memory, 0xaa, size);
	cr_assert_eq(evh_builder_write(&builder, set, activity, related), 0);
	if (golden_transport.memory_used != size || memcmp(expected, golden_memory, size) != 0) {
		golden_print("provider.h", expected, size);
		golden_print("builder.h ", golden_memory, golden_transport.memory_used);
		cr_assert_fail("the events differ");
	}
}

static const uint8_t id[16] = { 1, 2, 3 }, parent[16] = { 4, 5, 6 };
static const uint16_t numbers[] = { 1, 2, 0xffff };

Test(same, options)
{
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_LEVEL(2), EVH_OPCODE(EVH_OPCODE_SEND), EVH_TAG(7),
			       EVH_ID(3, 4)),
		     0);
	evh_builder_reset(&builder, "E", 7);
	evh_builder_set_id(&builder, 3, 4);
	evh_builder_set_opcode(&builder, EVH_OPCODE_SEND);
	compare(2, NULL, NULL);
}

Test(same, activities)
{
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_ACTIVITY(id)), 0);
	evh_builder_reset(&builder, "E", 0);
	compare(5, id, NULL);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_ACTIVITY_RELATED(id, parent)), 0);
	compare(5, id, parent);
}

Test(same, values)
{
	float f = 1.5f;
	double d = -2.5;

	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_I16("b", -1), EVH_HEX32("c", 2),
			       EVH_I64("d", INT64_MIN), EVH_F32("e", f), EVH_F64("f", d),
			       EVH_BOOL8("g", true), EVH_BOOL32("h", true), EVH_GUID("i", id),
			       EVH_TIME64("j", 1000), EVH_U16("k", 5, EVH_TAG(9)),
			       EVH_I32("l", 6, EVH_TAG(9), EVH_FORMAT(EVH_FORMAT_ERRNO))),
		     0);
	evh_builder_reset(&builder, "E", 0);
	evh_builder_add_u8(&builder, "a", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_i16(&builder, "b", -1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_u32(&builder, "c", 2, EVH_FORMAT_HEX_INT, 0);
	evh_builder_add_i64(&builder, "d", INT64_MIN, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_f32(&builder, "e", f, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_f64(&builder, "f", d, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_bool8(&builder, "g", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_bool32(&builder, "h", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_value(&builder, "i", EVH_ENCODING_VALUE128, id, EVH_FORMAT_UUID, 0);
	evh_builder_add_i64(&builder, "j", 1000, EVH_FORMAT_TIME, 0);
	evh_builder_add_u16(&builder, "k", 5, EVH_FORMAT_DEFAULT, 9);
	evh_builder_add_i32(&builder, "l", 6, EVH_FORMAT_ERRNO, 9);
	compare(5, NULL, NULL);
}

Test(same, arrays)
{
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U16_ARRAY("a", numbers, 3),
			       EVH_HEX16_VARRAY("b", numbers, 2, EVH_TAG(3)),
			       EVH_U16_VARRAY("c", numbers, 0), EVH_U8("d", 9)),
		     0);
	evh_builder_reset(&builder, "E", 0);
	evh_builder_add_constant_array(&builder, "a", EVH_ENCODING_VALUE16, numbers, 3, 0, 0);
	evh_builder_add_array(&builder, "b", EVH_ENCODING_VALUE16, numbers, 2, EVH_FORMAT_HEX_INT,
			      3);
	evh_builder_add_array(&builder, "c", EVH_ENCODING_VALUE16, numbers, 0, 0, 0);
	evh_builder_add_u8(&builder, "d", 9, 0, 0);
	compare(5, NULL, NULL);
}

Test(same, strings)
{
	static const uint16_t wide[] = { 'a', 0x20ac, 0 };
	static const uint32_t wider[] = { 'a', 0x1f600, 0 };

	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("a", "text", 4), EVH_ZSTR8_XML("b", "<x/>"),
			       EVH_STR16("c", wide, 2), EVH_ZSTR16("d", wide),
			       EVH_STR32_JSON("e", wider, 2, EVH_TAG(1)), EVH_ZSTR32("f", wider),
			       EVH_BINARY("g", id, 16, EVH_FORMAT(EVH_FORMAT_UUID)),
			       EVH_STR8("h", "", 0)),
		     0);
	evh_builder_reset(&builder, "E", 0);
	evh_builder_add_string(&builder, "a", "text", 0, 0);
	evh_builder_add_zstring8(&builder, "b", "<x/>", SIZE_MAX, EVH_FORMAT_STRING_XML, 0);
	evh_builder_add_string16(&builder, "c", wide, 2, 0, 0);
	evh_builder_add_zstring16(&builder, "d", wide, SIZE_MAX, 0, 0);
	evh_builder_add_string32(&builder, "e", wider, 2, EVH_FORMAT_STRING_JSON, 1);
	evh_builder_add_zstring32(&builder, "f", wider, SIZE_MAX, 0, 0);
	evh_builder_add_binary(&builder, "g", id, 16, EVH_FORMAT_UUID, 0);
	evh_builder_add_string8(&builder, "h", "", 0, 0, 0);
	compare(5, NULL, NULL);
}

Test(same, structs)
{
	cr_assert_eq(EVH_WRITE(golden, "E",
			       EVH_STRUCT("a", EVH_TAG(5), EVH_U8("b", 1),
					  EVH_STRUCT("c", EVH_U8("d", 2), EVH_U8("e", 3))),
			       EVH_U8("f", 4)),
		     0);
	evh_builder_reset(&builder, "E", 0);
	evh_builder_add_struct(&builder, "a", 2, 5);
	evh_builder_add_u8(&builder, "b", 1, 0, 0);
	evh_builder_add_struct(&builder, "c", 2, 0);
	evh_builder_add_u8(&builder, "d", 2, 0, 0);
	evh_builder_add_u8(&builder, "e", 3, 0, 0);
	evh_builder_add_u8(&builder, "f", 4, 0, 0);
	compare(5, NULL, NULL);
}

/* An array of structs, and one of strings. */
Test(same, raw)
{
	static const uint8_t elements[] = { 2, 0, 1, 1, 0, 'a', 2, 2, 0, 'b', 'c' };

	cr_assert_eq(EVH_WRITE(golden, "E", EVH_RAW_STRUCT_VARRAY("s", 2),
			       EVH_RAW_META("a", EVH_ENCODING_VALUE8),
			       EVH_RAW_META("b", EVH_ENCODING_STRING_CHAR8),
			       EVH_RAW_DATA(elements, 11),
			       EVH_RAW_META_ARRAY("c", EVH_ENCODING_STRING_CHAR8, 1, EVH_TAG(2)),
			       EVH_RAW_DATA(elements + 3, 3)),
		     0);
	evh_builder_reset(&builder, "E", 0);
	evh_builder_add_raw_meta(&builder, "s", EVH_ENCODING_STRUCT | EVH_ENCODING_VARRAY, 2, 0, 0);
	evh_builder_add_raw_meta(&builder, "a", EVH_ENCODING_VALUE8, 0, 0, 0);
	evh_builder_add_raw_meta(&builder, "b", EVH_ENCODING_STRING_CHAR8, 0, 0, 0);
	evh_builder_add_raw_data(&builder, elements, 11);
	evh_builder_add_raw_meta(&builder, "c", EVH_ENCODING_STRING_CHAR8 | EVH_ENCODING_CARRAY, 0,
				 1, 2);
	evh_builder_add_raw_data(&builder, elements + 3, 3);
	compare(5, NULL, NULL);
}

/* Whichever of its three ways a long string takes here. */
Test(same, long_strings)
{
	static char text[60000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	for (size_t n = 500; n <= sizeof(text); n = n * 3 / 2) {
		cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("a", text, n), EVH_U8("b", 1)), 0);
		evh_builder_reset(&builder, "E", 0);
		evh_builder_add_string8(&builder, "a", text, n, 0, 0);
		evh_builder_add_u8(&builder, "b", 1, 0, 0);
		compare(5, NULL, NULL);
	}
}
