/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of strings, binaries and socket addresses. Compiled as C and as C++.
 *
 * Encodings: 7, 8, 9 zero-terminated strings of 8, 16, 32 bits a unit; 0a, 0b, 0c counted ones (a
 * u16 with the number of units goes first); 0d binary. Formats: 0a Latin-1, 0d XML, 0e JSON.
 */
#include "golden.h"

#include <arpa/inet.h>
#include <netinet/in.h>

TestSuite(strings, .init = golden_open);

Test(strings, str8)
{
	static const char text[] = "Hi\xe9!";

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0a"
		      " 03 00 48 69 e9",
	       "E", EVH_STR8("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8a 0a"
		      " 03 00 48 69 e9",
	       "E", EVH_STR8_LATIN1("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8a 0d"
		      " 03 00 48 69 e9",
	       "E", EVH_STR8_XML("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8a 0e"
		      " 03 00 48 69 e9",
	       "E", EVH_STR8_JSON("f", text, 3));
}

Test(strings, zstr8)
{
	static const char text[] = "Hi\xe9";

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 07"
		      " 48 69 e9 00",
	       "E", EVH_ZSTR8("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 87 0a"
		      " 48 69 e9 00",
	       "E", EVH_ZSTR8_LATIN1("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 87 0d"
		      " 48 69 e9 00",
	       "E", EVH_ZSTR8_XML("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 87 0e"
		      " 48 69 e9 00",
	       "E", EVH_ZSTR8_JSON("f", text));
}

Test(strings, str16)
{
	static const uint16_t text[] = { 0x48, 0x20ac, 0xd83d };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0b"
		      " 03 00 48 00 ac 20 3d d8",
	       "E", EVH_STR16("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8b 0a"
		      " 03 00 48 00 ac 20 3d d8",
	       "E", EVH_STR16_LATIN1("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8b 0d"
		      " 03 00 48 00 ac 20 3d d8",
	       "E", EVH_STR16_XML("f", text, 3));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8b 0e"
		      " 03 00 48 00 ac 20 3d d8",
	       "E", EVH_STR16_JSON("f", text, 3));
}

Test(strings, zstr16)
{
	static const uint16_t text[] = { 0x48, 0x20ac, 0xd83d, 0 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 08"
		      " 48 00 ac 20 3d d8 00 00",
	       "E", EVH_ZSTR16("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 88 0a"
		      " 48 00 ac 20 3d d8 00 00",
	       "E", EVH_ZSTR16_LATIN1("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 88 0d"
		      " 48 00 ac 20 3d d8 00 00",
	       "E", EVH_ZSTR16_XML("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 88 0e"
		      " 48 00 ac 20 3d d8 00 00",
	       "E", EVH_ZSTR16_JSON("f", text));
}

Test(strings, str32)
{
	static const uint32_t text[] = { 0x48, 0x1f600 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0c"
		      " 02 00 48 00 00 00 00 f6 01 00",
	       "E", EVH_STR32("f", text, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8c 0a"
		      " 02 00 48 00 00 00 00 f6 01 00",
	       "E", EVH_STR32_LATIN1("f", text, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8c 0d"
		      " 02 00 48 00 00 00 00 f6 01 00",
	       "E", EVH_STR32_XML("f", text, 2));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8c 0e"
		      " 02 00 48 00 00 00 00 f6 01 00",
	       "E", EVH_STR32_JSON("f", text, 2));
}

Test(strings, zstr32)
{
	static const uint32_t text[] = { 0x48, 0x1f600, 0 };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 09"
		      " 48 00 00 00 00 f6 01 00 00 00 00 00",
	       "E", EVH_ZSTR32("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 89 0a"
		      " 48 00 00 00 00 f6 01 00 00 00 00 00",
	       "E", EVH_ZSTR32_LATIN1("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 89 0d"
		      " 48 00 00 00 00 f6 01 00 00 00 00 00",
	       "E", EVH_ZSTR32_XML("f", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 89 0e"
		      " 48 00 00 00 00 f6 01 00 00 00 00 00",
	       "E", EVH_ZSTR32_JSON("f", text));
}

Test(strings, tag_and_format)
{
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 8a 80 02 01"
		      " 01 00 'x'",
	       "E", EVH_STR8("f", "x", 1, EVH_TAG(0x102)));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 8a 8e 02 01"
		      " 01 00 'x'",
	       "E", EVH_STR8_JSON("f", "x", 1, EVH_TAG(0x102)));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 87 0c"
		      " 'x' 00",
	       "E", EVH_ZSTR8("f", "x", EVH_FORMAT(EVH_FORMAT_STRING_UTF_BOM)));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 87 0b"
		      " 'x' 00",
	       "E", EVH_ZSTR8_XML("f", "x", EVH_FORMAT(EVH_FORMAT_STRING_UTF)));
}

/* Empty is not missing: the field is there, and so are those behind it. */
Test(strings, empty)
{
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 0a 'g' 00 02"
		      " 00 00 07",
	       "E", EVH_STR8("f", "", 0), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 0a 'g' 00 02"
		      " 00 00 07",
	       "E", EVH_STR8("f", (const char *)NULL, 0), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 07 'g' 00 02"
		      " 00 07",
	       "E", EVH_ZSTR8("f", ""), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 07 'g' 00 02"
		      " 00 07",
	       "E", EVH_ZSTR8("f", (const char *)NULL), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 08 'g' 00 02"
		      " 00 00 07",
	       "E", EVH_ZSTR16("f", (const uint16_t *)NULL), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 09 'g' 00 02"
		      " 00 00 00 00 07",
	       "E", EVH_ZSTR32("f", (const uint32_t *)NULL), EVH_U8("g", 7));
	EXPECT(HEADER "08 00 01 00 'E' 00 'f' 00 0d 'g' 00 02"
		      " 00 00 07",
	       "E", EVH_BINARY("f", (const void *)NULL, 0), EVH_U8("g", 7));
}

/* A counted string holds whatever it holds, and every kind of byte pointer is one. */
Test(strings, any_bytes)
{
	const unsigned char bytes[] = { 0, 0xff, 0x0a };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0a"
		      " 03 00 00 ff 0a",
	       "E", EVH_STR8("f", bytes, sizeof(bytes)));
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0a"
		      " 03 00 00 ff 0a",
	       "E", EVH_STR8("f", (const void *)bytes, 3));
}

/* Lengths around those that are copied in different ways. */
Test(strings, lengths)
{
	char text[40];

	for (size_t length = 0; length <= sizeof(text); length++) {
		memset(text, 'a', sizeof(text));
		if (length)
			text[length - 1] = 'z';
		cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("f", text, length), EVH_U8("g", 7)),
			     0);
		cr_assert_eq(golden_transport.memory_used, 20 + 2 + length + 1);
		cr_assert_eq(golden_memory[20], length);
		cr_assert_eq(memcmp(golden_memory + 22, text, length), 0);
		cr_assert_eq(golden_memory[22 + length], 7);
	}
}

Test(strings, binary)
{
	static const uint8_t bytes[] = { 0xde, 0xad, 0, 0xef };

	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0d"
		      " 04 00 de ad 00 ef",
	       "E", EVH_BINARY("f", bytes, 4));
	EXPECT(HEADER "06 00 01 00 'E' 00 'f' 00 8d 11"
		      " 04 00 de ad 00 ef",
	       "E", EVH_BINARY("f", bytes, 4, EVH_FORMAT(EVH_FORMAT_IP_ADDRESS)));
}

Test(strings, sockaddr)
{
	struct sockaddr_in address;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_port = htons(443);
	address.sin_addr.s_addr = htonl(0x7f000001);
	EXPECT(HEADER "05 00 01 00 'E' 00 'f' 00 0d"
		      " 10 00 02 00 01 bb 7f 00 00 01 00 00 00 00 00 00 00 00",
	       "E", EVH_SOCKADDR("f", &address, sizeof(address)));
}
