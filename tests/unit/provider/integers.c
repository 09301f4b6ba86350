/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of every integer field: one value, an array of constant and one of variable length;
 * and of the options of a field. Compiled as C and as C++.
 *
 * Metadata: 'E' NUL, 'f' NUL, encoding (2, 3, 4, 5, 6 = 1, 2, 4, 8, 16 bytes; 20 = constant array,
 * 40 = variable array, 80 = a format follows), format, count of a constant array.
 */
#include "golden.h"

TestSuite(integers, .init = golden_open);

Test(integers, u8)
{
	static const uint8_t array[] = { 1, 0x80, 255 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 02"
		      " f1",
	       "E", EVH_U8("f", 0xf1));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 22 03 00"
		      " 01"
		      " 80"
		      " ff",
	       "E", EVH_U8_ARRAY("f", array, 3));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 42"
		      " 03 00"
		      " 01"
		      " 80"
		      " ff",
	       "E", EVH_U8_VARRAY("f", array, 3));
}

Test(integers, u16)
{
	const uint16_t array[] = { 1, 0x8000, 65535 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 03"
		      " f2 f1",
	       "E", EVH_U16("f", 0xf1f2));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 23 03 00"
		      " 01 00"
		      " 00 80"
		      " ff ff",
	       "E", EVH_U16_ARRAY("f", array, 3));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 43"
		      " 03 00"
		      " 01 00"
		      " 00 80"
		      " ff ff",
	       "E", EVH_U16_VARRAY("f", array, 3));
}

Test(integers, u32)
{
	const uint32_t array[] = { 1, 0x80000000, 0xffffffff };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 04"
		      " f4 f3 f2 f1",
	       "E", EVH_U32("f", 0xf1f2f3f4));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 24 03 00"
		      " 01 00 00 00"
		      " 00 00 00 80"
		      " ff ff ff ff",
	       "E", EVH_U32_ARRAY("f", array, 3));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 44"
		      " 03 00"
		      " 01 00 00 00"
		      " 00 00 00 80"
		      " ff ff ff ff",
	       "E", EVH_U32_VARRAY("f", array, 3));
}

Test(integers, u64)
{
	static const uint64_t array[] = { 1, UINT64_C(0x8000000000000000) };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 05"
		      " f8 f7 f6 f5 f4 f3 f2 f1",
	       "E", EVH_U64("f", UINT64_C(0xf1f2f3f4f5f6f7f8)));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 25 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 00 00 00 00 00 00 00 80",
	       "E", EVH_U64_ARRAY("f", array, 2));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 45"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 00 00 00 00 00 00 00 80",
	       "E", EVH_U64_VARRAY("f", array, 2));
}

Test(integers, i8)
{
	static const int8_t array[] = { -128, 0, 127 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 02"
		      " fe",
	       "E", EVH_I8("f", -2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a2 02 03 00"
		      " 80"
		      " 00"
		      " 7f",
	       "E", EVH_I8_ARRAY("f", array, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c2 02"
		      " 03 00"
		      " 80"
		      " 00"
		      " 7f",
	       "E", EVH_I8_VARRAY("f", array, 3));
}

Test(integers, i16)
{
	static const int16_t array[] = { -32768, 0, 32767 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 83 02"
		      " fe ff",
	       "E", EVH_I16("f", -2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a3 02 03 00"
		      " 00 80"
		      " 00 00"
		      " ff 7f",
	       "E", EVH_I16_ARRAY("f", array, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c3 02"
		      " 03 00"
		      " 00 80"
		      " 00 00"
		      " ff 7f",
	       "E", EVH_I16_VARRAY("f", array, 3));
}

Test(integers, i32)
{
	static const int32_t array[] = { INT32_MIN, 0, INT32_MAX };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 02"
		      " fe ff ff ff",
	       "E", EVH_I32("f", -2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 02 03 00"
		      " 00 00 00 80"
		      " 00 00 00 00"
		      " ff ff ff 7f",
	       "E", EVH_I32_ARRAY("f", array, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 02"
		      " 03 00"
		      " 00 00 00 80"
		      " 00 00 00 00"
		      " ff ff ff 7f",
	       "E", EVH_I32_VARRAY("f", array, 3));
}

Test(integers, i64)
{
	static const int64_t array[] = { INT64_MIN, INT64_MAX };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 02"
		      " fe ff ff ff ff ff ff ff",
	       "E", EVH_I64("f", -2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 02 02 00"
		      " 00 00 00 00 00 00 00 80"
		      " ff ff ff ff ff ff ff 7f",
	       "E", EVH_I64_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 02"
		      " 02 00"
		      " 00 00 00 00 00 00 00 80"
		      " ff ff ff ff ff ff ff 7f",
	       "E", EVH_I64_VARRAY("f", array, 2));
}

Test(integers, hex8)
{
	static const uint8_t array[] = { 1, 0x80 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 03"
		      " f1",
	       "E", EVH_HEX8("f", 0xf1));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a2 03 02 00"
		      " 01"
		      " 80",
	       "E", EVH_HEX8_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c2 03"
		      " 02 00"
		      " 01"
		      " 80",
	       "E", EVH_HEX8_VARRAY("f", array, 2));
}

Test(integers, hex16)
{
	const uint16_t array[] = { 1, 0x8000 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 83 03"
		      " f2 f1",
	       "E", EVH_HEX16("f", 0xf1f2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a3 03 02 00"
		      " 01 00"
		      " 00 80",
	       "E", EVH_HEX16_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c3 03"
		      " 02 00"
		      " 01 00"
		      " 00 80",
	       "E", EVH_HEX16_VARRAY("f", array, 2));
}

Test(integers, hex32)
{
	const uint32_t array[] = { 1, 0x80000000 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 03"
		      " f4 f3 f2 f1",
	       "E", EVH_HEX32("f", 0xf1f2f3f4));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 03 02 00"
		      " 01 00 00 00"
		      " 00 00 00 80",
	       "E", EVH_HEX32_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 03"
		      " 02 00"
		      " 01 00 00 00"
		      " 00 00 00 80",
	       "E", EVH_HEX32_VARRAY("f", array, 2));
}

Test(integers, hex64)
{
	static const uint64_t array[] = { 1, 2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 03"
		      " f8 f7 f6 f5 f4 f3 f2 f1",
	       "E", EVH_HEX64("f", UINT64_C(0xf1f2f3f4f5f6f7f8)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 03 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_HEX64_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 03"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_HEX64_VARRAY("f", array, 2));
}

Test(integers, size)
{
	static const size_t array[] = { 1, 2 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 05"
		      " fe ff ff ff ff ff ff ff",
	       "E", EVH_SIZE("f", (size_t)-2));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 25 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_SIZE_ARRAY("f", array, 2));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 45"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_SIZE_VARRAY("f", array, 2));
}

Test(integers, ssize)
{
	static const ssize_t array[] = { -1, 2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 02"
		      " fe ff ff ff ff ff ff ff",
	       "E", EVH_SSIZE("f", (ssize_t)-2));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 02 02 00"
		      " ff ff ff ff ff ff ff ff"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_SSIZE_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 02"
		      " 02 00"
		      " ff ff ff ff ff ff ff ff"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_SSIZE_VARRAY("f", array, 2));
}

Test(integers, hexsize)
{
	static const size_t array[] = { 1, 2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 03"
		      " 02 01 00 00 00 00 00 00",
	       "E", EVH_HEXSIZE("f", (size_t)258));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 03 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_HEXSIZE_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 03"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_HEXSIZE_VARRAY("f", array, 2));
}

/* Elements lie behind each other without alignment, and none is as good as any number. */
Test(integers, empty_array)
{
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 45"
		      " 00 00",
	       "E", EVH_U64_VARRAY("f", (uint64_t *)NULL, 0));
}

Test(integers, tag_and_format)
{
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 84 80 34 12"
		      " 01 00 00 00",
	       "E", EVH_U32("f", 1, EVH_TAG(0x1234)));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 05"
		      " 01 00 00 00",
	       "E", EVH_U32("f", 1, EVH_FORMAT(EVH_FORMAT_PID)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 84 85 34 12"
		      " 01 00 00 00",
	       "E", EVH_U32("f", 1, EVH_FORMAT(EVH_FORMAT_PID), EVH_TAG(0x1234)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 84 85 34 12"
		      " 01 00 00 00",
	       "E", EVH_U32("f", 1, EVH_TAG(0x1234), EVH_FORMAT(EVH_FORMAT_PID)));
	/* where the type has a format of its own, the given one takes its place */
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 03"
		      " ff ff ff ff",
	       "E", EVH_I32("f", -1, EVH_FORMAT(EVH_FORMAT_HEX_INT)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 84 82 ff ff"
		      " ff ff ff ff",
	       "E", EVH_I32("f", -1, EVH_TAG(65535)));
}

Test(integers, tag_and_format_of_arrays)
{
	const uint16_t array[] = { 1, 2 };

	EXPECT(HEADER "0a 00 01 00 'E' 00 'f' 00 a3 83 34 12 02 00"
		      " 01 00 02 00",
	       "E", EVH_U16_ARRAY("f", array, 2, EVH_TAG(0x1234), EVH_FORMAT(EVH_FORMAT_HEX_INT)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 c3 83 34 12"
		      " 02 00 01 00 02 00",
	       "E", EVH_U16_VARRAY("f", array, 2, EVH_TAG(0x1234), EVH_FORMAT(EVH_FORMAT_HEX_INT)));
}

/* What C programs hand over without a cast. */
Test(integers, ordinary_values)
{
	enum { APPLE, PEAR } fruit = PEAR;
	struct {
		unsigned narrow : 3;
		unsigned long long wide : 40;
	} bits = { 5, UINT64_C(0x8000000001) };
	unsigned char c = 200;
	long wide = -1;

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 02"
		      " 01",
	       "E", EVH_U8("f", fruit));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 04"
		      " 05 00 00 00",
	       "E", EVH_U32("f", bits.narrow));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 05"
		      " 01 00 00 00 80 00 00 00",
	       "E", EVH_U64("f", bits.wide));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 02"
		      " c8",
	       "E", EVH_U8("f", c));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 02"
		      " ff ff ff ff ff ff ff ff",
	       "E", EVH_I64("f", wide));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 05"
		      " c8 00 00 00 00 00 00 00",
	       "E", EVH_U64("f", c));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 07"
		      " 00",
	       "E", EVH_BOOL8("f", c > 200));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 03"
		      " 00 00 00 00 00 00 00 00",
	       "E", EVH_POINTER("f", (void *)NULL));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 08"
		      " 00 00 80 3f",
	       "E", EVH_F32("f", 1));
}
