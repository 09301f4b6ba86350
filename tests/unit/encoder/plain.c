/* SPDX-License-Identifier: MIT */
/*
 * Plain tracepoints: which fields there are, the bytes of an event, and that every value is
 * checked. The transport is memory, which takes the event behind the common fields.
 */
#include <stdlib.h>

#include <evh/plain.h>

#include "../../../encoder/src/plain_fields.h"
#include "bytes.h"

static uint8_t memory[70000];
static struct evh_transport transport;

static void open_memory(void)
{
	evh_transport_use_memory(&transport, memory, sizeof(memory));
}

TestSuite(plain, .init = open_memory);

Test(plain, definitions)
{
	static const char *const cases[][2] = {
		{ "", "n" },
		{ "u8 a", "n u8 a" },
		{ " u32   a ;u64 b; ", "n u32 a; u64 b" },
		{ "char b[8]", "n char[8] b" },
		{ "char[8] b", "n char[8] b" },
		{ "unsigned char[16] id;unsigned int x", "n unsigned char[16] id; unsigned int x" },
		{ "__data_loc char[] s;__rel_loc u8[] t",
		  "n __data_loc char[] s; __rel_loc u8[] t" },
		{ "__rel_loc char s[]", "n __rel_loc char[] s" },
		{ "struct point p 20", "n struct point p 20" },
		{ EVH_TRACEPOINT_FIELDS, "n " EVH_TRACEPOINT_FIELDS },
	};
	char definition[PLAIN_DEFINITION_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(evh_plain_check("n", 1, cases[i][0]), 0, "%s", cases[i][0]);
		cr_assert_eq(evh_plain_definition(definition, "n", cases[i][0]),
			     (int)strlen(cases[i][1]));
		cr_assert_str_eq(definition, cases[i][1]);
	}
}

Test(plain, what_are_no_fields)
{
	static const char *const cases[] = {
		"a",
		"u8",
		"u9 a",
		"u8 a b",
		"u8 a,b",
		"u32[4] a",
		"char[0] a",
		"char[] a",
		"char[1025] a",
		"char[8 a",
		"u8 1a",
		"long a",
		"__data_loc char a",
		"__data_loc char[8] a",
		"__data_loc char[] a[]",
		"struct p",
		"struct p x",
		"struct p x 0",
		"struct p x 5 6",
		"char[8] a[8]",
		"u8 a;;u8 b",
		"u8*a",
	};
	struct evh_plain *plain;
	char many[600] = "", name[300];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(evh_plain_open(&plain, "n", cases[i], &transport), -EINVAL, "%s",
			     cases[i]);
		cr_assert_null(plain);
	}
	for (int i = 0; i < 80; i++)
		strcat(many, "u8 a; ");
	cr_assert_eq(evh_plain_open(&plain, "n", many, &transport), -ENAMETOOLONG);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	cr_assert_eq(evh_plain_open(&plain, name, "u8 a", &transport), -ENAMETOOLONG);
	cr_assert_eq(evh_plain_open(&plain, "", "u8 a", &transport), -EINVAL);
	cr_assert_eq(evh_plain_open(&plain, "a b", "u8 a", &transport), -EINVAL);
	cr_assert_eq(evh_plain_open(&plain, "a:b", "u8 a", &transport), -EINVAL);
}

static void expect(const char *notation)
{
	bytes_expect(memory, transport.memory_used, notation);
}

Test(plain, bytes)
{
	static const uint8_t raw[3] = { 0xa1, 0xa2, 0xa3 };
	struct evh_plain *plain;

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		cr_skip_test("expected bytes are written for a little-endian machine");
	cr_assert_eq(evh_plain_open(&plain, "n", "u32 a; char b[8]; s16 c", &transport), 0);
	cr_assert(evh_plain_enabled(plain));
	cr_assert_eq(EVH_PLAIN_WRITE(plain, evh_plain_uint(0xfffffffe), evh_plain_text("abc"),
				     evh_plain_int(-2)),
		     0);
	expect("fe ff ff ff 'abc' 00 00 00 00 00 fe ff");
	cr_assert_eq(EVH_PLAIN_WRITE(plain, evh_plain_int(1), evh_plain_bytes("abcdefgh", 8),
				     evh_plain_uint(5)),
		     0);
	expect("01 00 00 00 'abcdefgh' 05 00");
	evh_plain_close(plain);
	/* 8 common bytes; the text is 4 bytes with its terminator */
	cr_assert_eq(evh_plain_open(&plain, "n",
				    "__data_loc char[] s; __rel_loc u8[] r; struct p x 3",
				    &transport),
		     0);
	cr_assert_eq(EVH_PLAIN_WRITE(plain, evh_plain_text("abc"), evh_plain_bytes(raw, 2),
				     evh_plain_bytes(raw, 3)),
		     0);
	expect("13 00 04 00  07 00 02 00  a1 a2 a3  'abc' 00  a1 a2");
	cr_assert_eq(EVH_PLAIN_WRITE(plain, evh_plain_text(NULL), evh_plain_bytes(NULL, 9),
				     evh_plain_bytes(raw, 3)),
		     0);
	expect("13 00 01 00  04 00 00 00  a1 a2 a3  00");
	evh_plain_close(plain);
	cr_assert_eq(evh_plain_open(&plain, "n", "", &transport), 0);
	cr_assert_eq(evh_plain_write(plain, NULL, 0), 0);
	expect("");
	evh_plain_close(plain);
	evh_plain_close(NULL);
}

/* (field, value, result) */
static void check(const char *fields, struct evh_plain_value value, int expected)
{
	struct evh_plain *plain;

	cr_assert_eq(evh_plain_open(&plain, "n", fields, &transport), 0);
	transport.memory_sent = 0;
	cr_assert_eq(evh_plain_write(plain, &value, 1), expected, "%s: %d", fields,
		     evh_plain_write(plain, &value, 1));
	cr_assert_eq(transport.memory_sent, expected == 0);
	evh_plain_close(plain);
}

Test(plain, values_are_checked)
{
	check("u8 a", evh_plain_uint(255), 0);
	check("u8 a", evh_plain_uint(256), -ERANGE);
	check("u8 a", evh_plain_int(-1), -ERANGE);
	check("s8 a", evh_plain_int(-128), 0);
	check("s8 a", evh_plain_int(-129), -ERANGE);
	check("s8 a", evh_plain_uint(127), 0);
	check("s8 a", evh_plain_uint(128), -ERANGE);
	check("int a", evh_plain_int(INT32_MIN), 0);
	check("int a", evh_plain_int((int64_t)INT32_MIN - 1), -ERANGE);
	check("unsigned int a", evh_plain_uint(UINT32_MAX), 0);
	check("unsigned int a", evh_plain_uint((uint64_t)UINT32_MAX + 1), -ERANGE);
	check("u64 a", evh_plain_uint(UINT64_MAX), 0);
	check("u64 a", evh_plain_int(-1), -ERANGE);
	check("s64 a", evh_plain_int(INT64_MIN), 0);
	check("s64 a", evh_plain_uint(UINT64_MAX), -ERANGE);
	check("u8 a", evh_plain_text("1"), -EINVAL);
	check("char a[4]", evh_plain_text("abcd"), 0);
	check("char a[4]", evh_plain_text("abcde"), -E2BIG);
	check("char a[4]", evh_plain_uint(1), -EINVAL);
	check("struct p a 4", evh_plain_bytes("abcd", 4), 0);
	check("struct p a 4", evh_plain_bytes("abc", 3), -EINVAL);
	check("__data_loc char[] a", evh_plain_uint(1), -EINVAL);
	check("__data_loc char[] a", evh_plain_bytes(memory, 8184 - 5), 0);
	check("__data_loc char[] a", evh_plain_bytes(memory, 8184 - 4), -E2BIG);
	check("__data_loc char[] a", evh_plain_bytes(memory, SIZE_MAX), -E2BIG);
	check("u8 a; u8 b", evh_plain_uint(1), -EINVAL);
}

Test(plain, nobody_listens)
{
	struct evh_transport none;
	struct evh_plain *plain;
	const struct evh_plain_value value = evh_plain_uint(1);

	memset(&none, 0, sizeof(none));
	cr_assert_eq(evh_plain_open(&plain, "n", "u8 a", &none), -EBADF);
	cr_assert_not(evh_plain_enabled(plain));
	cr_assert_eq(evh_plain_write(plain, &value, 1), -EBADF);
}
