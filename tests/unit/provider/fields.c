/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of every field of fixed size that is no integer, or one of a special kind: one
 * value, an array of constant and one of variable length. Compiled as C and as C++.
 *
 * Metadata: 'E' NUL, 'f' NUL, encoding (2, 3, 4, 5, 6 = 1, 2, 4, 8, 16 bytes; 20 = constant array,
 * 40 = variable array, 80 = a format follows), format, count of a constant array.
 */
#include "golden.h"

#include <errno.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <time.h>

TestSuite(fields, .init = golden_open);

static const uint8_t sixteen[2][16] = {
	{ 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e,
	  0x1f },
	{ 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e,
	  0x8f },
};

Test(fields, pointer)
{
	const char *array[] = { (const char *)1, (const char *)2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 03"
		      " 34 12 00 00 00 00 00 00",
	       "E", EVH_POINTER("f", (void *)0x1234));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 03 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_POINTER_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 03"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_POINTER_VARRAY("f", array, 2));
}

Test(fields, code_pointer)
{
	void *array[] = { (void *)1, (void *)2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 03"
		      " 34 12 00 00 00 00 00 00",
	       "E", EVH_CODE_POINTER("f", (void (*)(void))0x1234));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 03 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_CODE_POINTER_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 03"
		      " 02 00"
		      " 01 00 00 00 00 00 00 00"
		      " 02 00 00 00 00 00 00 00",
	       "E", EVH_CODE_POINTER_VARRAY("f", array, 2));
}

Test(fields, f32)
{
	static const float array[] = { 1.5f, -2.0f };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 08"
		      " 00 00 c0 3f",
	       "E", EVH_F32("f", 1.5f));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 08 02 00"
		      " 00 00 c0 3f"
		      " 00 00 00 c0",
	       "E", EVH_F32_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 08"
		      " 02 00"
		      " 00 00 c0 3f"
		      " 00 00 00 c0",
	       "E", EVH_F32_VARRAY("f", array, 2));
}

Test(fields, f64)
{
	static const double array[] = { 1.5, -2.0 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 08"
		      " 00 00 00 00 00 00 f8 3f",
	       "E", EVH_F64("f", 1.5));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 08 02 00"
		      " 00 00 00 00 00 00 f8 3f"
		      " 00 00 00 00 00 00 00 c0",
	       "E", EVH_F64_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 08"
		      " 02 00"
		      " 00 00 00 00 00 00 f8 3f"
		      " 00 00 00 00 00 00 00 c0",
	       "E", EVH_F64_VARRAY("f", array, 2));
}

Test(fields, bool8)
{
	static const bool array[] = { true, false, true };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 07"
		      " 01",
	       "E", EVH_BOOL8("f", true));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a2 07 03 00"
		      " 01"
		      " 00"
		      " 01",
	       "E", EVH_BOOL8_ARRAY("f", array, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c2 07"
		      " 03 00"
		      " 01"
		      " 00"
		      " 01",
	       "E", EVH_BOOL8_VARRAY("f", array, 3));
}

Test(fields, bool32)
{
	static const int32_t array[] = { 1, 0 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 07"
		      " 01 00 00 00",
	       "E", EVH_BOOL32("f", 5));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 07 02 00"
		      " 01 00 00 00"
		      " 00 00 00 00",
	       "E", EVH_BOOL32_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 07"
		      " 02 00"
		      " 01 00 00 00"
		      " 00 00 00 00",
	       "E", EVH_BOOL32_VARRAY("f", array, 2));
}

Test(fields, char8)
{
	static const char array[] = { 'A', 'b' };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 82 0a"
		      " 41",
	       "E", EVH_CHAR8("f", 'A'));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a2 0a 02 00"
		      " 41"
		      " 62",
	       "E", EVH_CHAR8_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c2 0a"
		      " 02 00"
		      " 41"
		      " 62",
	       "E", EVH_CHAR8_VARRAY("f", array, 2));
}

Test(fields, char16)
{
	const uint16_t array[] = { 0x20ac, 65 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 83 0b"
		      " ac 20",
	       "E", EVH_CHAR16("f", 0x20ac));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a3 0b 02 00"
		      " ac 20"
		      " 41 00",
	       "E", EVH_CHAR16_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c3 0b"
		      " 02 00"
		      " ac 20"
		      " 41 00",
	       "E", EVH_CHAR16_VARRAY("f", array, 2));
}

Test(fields, char32)
{
	const uint32_t array[] = { 0x1f600, 65 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 0b"
		      " 00 f6 01 00",
	       "E", EVH_CHAR32("f", 0x1f600));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 0b 02 00"
		      " 00 f6 01 00"
		      " 41 00 00 00",
	       "E", EVH_CHAR32_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 0b"
		      " 02 00"
		      " 00 f6 01 00"
		      " 41 00 00 00",
	       "E", EVH_CHAR32_VARRAY("f", array, 2));
}

Test(fields, guid)
{
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 86 0f"
		      " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f",
	       "E", EVH_GUID("f", sixteen[0]));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a6 0f 02 00"
		      " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f"
		      " 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f",
	       "E", EVH_GUID_ARRAY("f", sixteen, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c6 0f"
		      " 02 00"
		      " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f"
		      " 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f",
	       "E", EVH_GUID_VARRAY("f", sixteen, 2));
}

Test(fields, ipv4)
{
	const uint32_t array[] = { htonl(0x7f000001), htonl(0x01020304) };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 11"
		      " 7f 00 00 01",
	       "E", EVH_IPV4("f", htonl(0x7f000001)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 11 02 00"
		      " 7f 00 00 01"
		      " 01 02 03 04",
	       "E", EVH_IPV4_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 11"
		      " 02 00"
		      " 7f 00 00 01"
		      " 01 02 03 04",
	       "E", EVH_IPV4_VARRAY("f", array, 2));
}

Test(fields, ipv6)
{
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 86 11"
		      " 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f",
	       "E", EVH_IPV6("f", sixteen[1]));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a6 11 02 00"
		      " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f"
		      " 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f",
	       "E", EVH_IPV6_ARRAY("f", sixteen, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c6 11"
		      " 02 00"
		      " 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f"
		      " 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f",
	       "E", EVH_IPV6_VARRAY("f", sixteen, 2));
}

Test(fields, port)
{
	const uint16_t array[] = { htons(443), htons(80) };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 83 10"
		      " 01 bb",
	       "E", EVH_PORT("f", htons(443)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a3 10 02 00"
		      " 01 bb"
		      " 00 50",
	       "E", EVH_PORT_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c3 10"
		      " 02 00"
		      " 01 bb"
		      " 00 50",
	       "E", EVH_PORT_VARRAY("f", array, 2));
}

Test(fields, errno_number)
{
	static const int array[] = { ENOENT, EPERM };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 04"
		      " 02 00 00 00",
	       "E", EVH_ERRNO("f", ENOENT));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 04 02 00"
		      " 02 00 00 00"
		      " 01 00 00 00",
	       "E", EVH_ERRNO_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 04"
		      " 02 00"
		      " 02 00 00 00"
		      " 01 00 00 00",
	       "E", EVH_ERRNO_VARRAY("f", array, 2));
}

Test(fields, pid)
{
	static const pid_t array[] = { 1, 2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 05"
		      " d2 04 00 00",
	       "E", EVH_PID("f", (pid_t)1234));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 05 02 00"
		      " 01 00 00 00"
		      " 02 00 00 00",
	       "E", EVH_PID_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 05"
		      " 02 00"
		      " 01 00 00 00"
		      " 02 00 00 00",
	       "E", EVH_PID_VARRAY("f", array, 2));
}

Test(fields, tid)
{
	static const pid_t array[] = { 1, 2 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 05"
		      " d3 04 00 00",
	       "E", EVH_TID("f", (pid_t)1235));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 05 02 00"
		      " 01 00 00 00"
		      " 02 00 00 00",
	       "E", EVH_TID_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 05"
		      " 02 00"
		      " 01 00 00 00"
		      " 02 00 00 00",
	       "E", EVH_TID_VARRAY("f", array, 2));
}

Test(fields, time32)
{
	static const int32_t array[] = { 0, -1 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 84 06"
		      " 00 f1 53 65",
	       "E", EVH_TIME32("f", (int32_t)0x6553f100));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a4 06 02 00"
		      " 00 00 00 00"
		      " ff ff ff ff",
	       "E", EVH_TIME32_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c4 06"
		      " 02 00"
		      " 00 00 00 00"
		      " ff ff ff ff",
	       "E", EVH_TIME32_VARRAY("f", array, 2));
}

Test(fields, time64)
{
	static const int64_t array[] = { 0, -1 };

	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 85 06"
		      " 00 f1 53 65 00 00 00 00",
	       "E", EVH_TIME64("f", (time_t)0x6553f100));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 a5 06 02 00"
		      " 00 00 00 00 00 00 00 00"
		      " ff ff ff ff ff ff ff ff",
	       "E", EVH_TIME64_ARRAY("f", array, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 c5 06"
		      " 02 00"
		      " 00 00 00 00 00 00 00 00"
		      " ff ff ff ff ff ff ff ff",
	       "E", EVH_TIME64_VARRAY("f", array, 2));
}

/* NULL is nothing, whatever the count: empty, or zeros where the size is part of the type. */
Test(fields, null)
{
	static const char zeros[] = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
	char expected[200];

	snprintf(expected, sizeof(expected), HEADER "06 00 01 00 'E' 00 'f' 00 86 0f %s", zeros);
	EXPECT(expected, "E", EVH_GUID("f", (const uint8_t *)NULL));
	snprintf(expected, sizeof(expected), HEADER "06 00 01 00 'E' 00 'f' 00 86 11 %s", zeros);
	EXPECT(expected, "E", EVH_IPV6("f", (const uint8_t *)NULL));
	EXPECT(HEADER "07 00 01 00 'E' 00 'f' 00 23 02 00  00 00 00 00", "E",
	       EVH_U16_ARRAY("f", (const uint16_t *)NULL, 2));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 43  00 00", "E",
	       EVH_U16_VARRAY("f", (const uint16_t *)NULL, 7));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0a  00 00", "E", EVH_STR8("f", (char *)NULL, 7));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0c  00 00", "E",
	       EVH_STR32("f", (uint32_t *)NULL, 7));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 07  00", "E", EVH_ZSTR8("f", (char *)NULL));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0d  00 00", "E", EVH_BINARY("f", (void *)NULL, 7));
	cr_assert_eq(
		EVH_WRITE(golden, "E", EVH_RAW_FIELD("f", EVH_ENCODING_VALUE8, (void *)NULL, 1)),
		-EINVAL);
}

/* Whatever names the provider at compile time will do. */
Test(fields, provider_in_parentheses)
{
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 02  01", "E", EVH_U8("f", 1));
	cr_assert_eq(EVH_WRITE((golden), "E", EVH_U8("f", 1)), 0);
	cr_assert(EVH_ENABLED((golden), EVH_LEVEL_VERBOSE, 1));
}

/* What somebody listened to and didn't get is counted. */
Test(fields, lost)
{
	static const char text[600] = { 0 };
	uint64_t before = evh_provider_lost(&golden);

	evh_transport_set_size_max(&golden_transport, 500);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("f", 1)), 0);
	cr_assert_eq(evh_provider_lost(&golden), before);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_BINARY("f", text, 499)), -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_BINARY("f", text, 600)), -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_BINARY("f", text, 70000)), -E2BIG);
	cr_assert_eq(evh_provider_lost(&golden), before + 3);
}
