/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of whole events: options, activities, structs and the raw forms. Compiled as C and
 * as C++.
 */
#include "golden.h"

TestSuite(events, .init = golden_open);

static const uint8_t id[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t parent[16] = { 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
				    0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f };

#define ID     "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f "
#define PARENT "80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f "

/* flags, version, id, tag, opcode, level; the metadata extension's size and kind; the name */
Test(events, plain)
{
	EXPECT("07 00 00 00 00 00 00 05  02 00 01 00 'E' 00", "E");
	EXPECT("07 00 00 00 00 00 00 05  08 00 01 00 'My.Name' 00", "My.Name");
	/* UTF-8 */
	EXPECT("07 00 00 00 00 00 00 05  04 00 01 00 'E' c3 a9 00", "E\u00e9");
}

Test(events, options)
{
	EXPECT("07 00 00 00 00 00 00 01  02 00 01 00 'E' 00", "E", EVH_LEVEL(EVH_LEVEL_CRITICAL));
	EXPECT("07 00 00 00 00 00 00 ff  02 00 01 00 'E' 00", "E", EVH_LEVEL(255));
	EXPECT("07 00 00 00 00 00 f0 05  02 00 01 00 'E' 00", "E", EVH_OPCODE(EVH_OPCODE_RECEIVE));
	EXPECT("07 00 00 00 34 12 00 05  02 00 01 00 'E' 00", "E", EVH_TAG(0x1234));
	EXPECT("07 07 cd ab 00 00 00 05  02 00 01 00 'E' 00", "E", EVH_ID(0xabcd, 7));
	EXPECT("07 00 00 00 00 00 00 05  02 00 01 00 'E' 00", "E", EVH_KEYWORD(0x8000000000000000),
	       EVH_KEYWORD(2));
}

Test(events, options_in_any_place)
{
	EXPECT("07 02 01 00 03 00 01 04  08 00 01 00 'E' 00 'f' 00 02 'g' 00 02  01 02", "E",
	       EVH_U8("f", 1), EVH_ID(1, 2), EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_U8("g", 2),
	       EVH_TAG(3), EVH_OPCODE(EVH_OPCODE_ACTIVITY_START));
}

/* The activity extension goes first; the top bit of its kind says that another one follows. */
Test(events, activity)
{
	EXPECT(HEADER "10 00 02 80 " ID "05 00 01 00 'E' 00 'f' 00 02  07", "E", EVH_ACTIVITY(id),
	       EVH_U8("f", 7));
	EXPECT(HEADER "20 00 02 80 " ID PARENT "05 00 01 00 'E' 00 'f' 00 02  07", "E",
	       EVH_U8("f", 7), EVH_ACTIVITY_RELATED(id, parent));
	EXPECT(HEADER "10 00 02 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 00 01 00 'E' "
		      "00 'f' 00 02  07",
	       "E", EVH_ACTIVITY((const uint8_t *)NULL), EVH_U8("f", 7));
	EXPECT(HEADER "20 00 02 80 " ID
		      "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 00 01 00 'E' 00",
	       "E", EVH_ACTIVITY_RELATED(id, (const uint8_t *)NULL));
}

/* An id that is sent as zeros is not what the event before it left there. */
Test(events, activity_is_not_remembered)
{
	for (int round = 0; round < 2; round++) {
		const uint8_t *which = round ? NULL : id;

		cr_assert_eq(EVH_WRITE(golden, "E", EVH_ACTIVITY(which)), 0);
		cr_assert_eq(golden_memory[12 + 15], round ? 0 : 15);
	}
}

/* A struct: encoding 81, then the number of its fields. */
Test(events, structs)
{
	EXPECT(HEADER "0a 00 01 00 'E' 00 's' 00 81 01 'f' 00 82 02  ff", "E",
	       EVH_STRUCT("s", EVH_I8("f", -1)));
	EXPECT(HEADER "0e 00 01 00 'E' 00 's' 00 81 82 07 00 'f' 00 02 'g' 00 0a  01 02 00 'hi'",
	       "E", EVH_STRUCT("s", EVH_U8("f", 1), EVH_TAG(7), EVH_STR8("g", "hi", 2)));
}

/* A struct counts as one field of its parent, whatever is in it. */
Test(events, nested_structs)
{
	EXPECT(HEADER "1a 00 01 00 'E' 00 'a' 00 81 03 'f' 00 02 'b' 00 81 02 'g' 00 02 'c' 00 81 "
		      "01 'h' 00 02 'i' 00 02"
		      "  01 02 03 04 ",
	       "E",
	       EVH_STRUCT("a", EVH_U8("f", 1),
			  EVH_STRUCT("b", EVH_U8("g", 2), EVH_STRUCT("c", EVH_U8("h", 3))),
			  EVH_U8("i", 4)));
}

#define F   EVH_U8("f", 1)
#define F2  F, F
#define F4  F2, F2
#define F8  F4, F4
#define F16 F8, F8
#define F32 F16, F16
#define F64 F32, F32

/* 127 fields is as many as a struct can have. */
Test(events, largest_struct)
{
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STRUCT("s", F64, F32, F16, F8, F4, F2, F),
			       EVH_U8("last", 9)),
		     0);
	cr_assert_eq(golden_memory[16], 0x81);
	cr_assert_eq(golden_memory[17], 127);
	/* header 8, extension 4, "E" 2, struct 4, fields 3 each, "last" 6; a byte of payload each
	 */
	cr_assert_eq(golden_transport.memory_used, 8 + 4 + 2 + 4 + 127 * 3 + 6 + 128);
	cr_assert_eq(golden_memory[golden_transport.memory_used - 1], 9);
}

/* More fields than a struct can have, in an event: as many as the preprocessor's list takes. */
Test(events, many_fields)
{
	cr_assert_eq(EVH_WRITE(golden, "E", F64, F64, F32, F8, F4, F2, EVH_U8("last", 9)), 0);
	cr_assert_eq(golden_transport.memory_used, 8 + 4 + 2 + 174 * 3 + 6 + 175);
	cr_assert_eq(golden_memory[golden_transport.memory_used - 1], 9);
}

/* Data and metadata are apart; data goes where it is put among the fields. */
Test(events, raw)
{
	static const uint8_t bytes[] = { 1, 0, 'a', 2, 0, 'b', 'c' };
	static const uint8_t two[] = { 2, 0, 1, 2, 3, 4 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 0a  41", "E",
	       EVH_RAW_FIELD("f", EVH_ENCODING_VALUE8, "A", 1, EVH_FORMAT(EVH_FORMAT_STRING8)));
	/* an array of counted strings */
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 4a  02 00 01 00 'a' 02 00 'bc'", "E",
	       EVH_RAW_META("f", EVH_ENCODING_STRING_CHAR8 | EVH_ENCODING_VARRAY),
	       EVH_RAW_DATA("\2", 2), EVH_RAW_DATA(bytes, 7));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 2a 02 00  01 00 'a' 02 00 'bc'", "E",
	       EVH_RAW_META_ARRAY("f", EVH_ENCODING_STRING_CHAR8, 2), EVH_RAW_DATA(bytes, 7));
	EXPECT(HEADER "0a 00 01 00 'E' 00 'f' 00 a2 83 34 12 02 00  01 00", "E",
	       EVH_RAW_META_ARRAY("f", EVH_ENCODING_VALUE8, 2, EVH_TAG(0x1234),
				  EVH_FORMAT(EVH_FORMAT_HEX_INT)),
	       EVH_RAW_DATA(bytes, 2));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 43  02 00 01 02 03 04", "E",
	       EVH_RAW_FIELD("f", EVH_ENCODING_VALUE16 | EVH_ENCODING_VARRAY, two, 6));
}

Test(events, raw_structs)
{
	static const uint8_t elements[] = { 2, 0, 1, 0, 'a', 5, 0, 0, 6 };

	EXPECT(HEADER "0c 00 01 00 'E' 00 's' 00 81 02 'f' 00 0a 'g' 00 02  01 00 'a' 05", "E",
	       EVH_RAW_STRUCT("s", 2), EVH_STR8("f", "a", 1), EVH_U8("g", 5));
	EXPECT(HEADER
	       "0c 00 01 00 'E' 00 's' 00 c1 02 'f' 00 0a 'g' 00 02  02 00 01 00 'a' 05 00 00 06",
	       "E", EVH_RAW_STRUCT_VARRAY("s", 2), EVH_RAW_META("f", EVH_ENCODING_STRING_CHAR8),
	       EVH_RAW_META("g", EVH_ENCODING_VALUE8), EVH_RAW_DATA(elements, 9));
	EXPECT(HEADER "10 00 01 00 'E' 00 's' 00 a1 82 07 00 02 00 'f' 00 0a 'g' 00 02  01 00 'a' "
		      "05 00 00 06",
	       "E", EVH_RAW_STRUCT_ARRAY("s", 2, 2, EVH_TAG(7)),
	       EVH_RAW_META("f", EVH_ENCODING_STRING_CHAR8), EVH_RAW_META("g", EVH_ENCODING_VALUE8),
	       EVH_RAW_DATA(elements + 2, 7));
}

/* A raw struct with its fields is one field of the struct around it. */
Test(events, raw_struct_in_struct)
{
	EXPECT(HEADER "13 00 01 00 'E' 00 'o' 00 81 02 'f' 00 02 's' 00 81 02 'g' 00 02 'h' 00 02  "
		      "01 02 03",
	       "E",
	       EVH_STRUCT("o", EVH_U8("f", 1), EVH_RAW_STRUCT("s", 2), EVH_U8("g", 2),
			  EVH_U8("h", 3)));
}
