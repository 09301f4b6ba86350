/* SPDX-License-Identifier: MIT */
/*
 * Values that are too long for the buffer of their event's site: copied together later, sent in
 * pieces, or refused; with the same bytes in each case.
 */
#include "golden.h"

#include <errno.h>
#include <stdlib.h>

TestSuite(long_values, .init = golden_open);

static char *text;

static char *make_text(size_t size)
{
	text = (char *)malloc(size);
	for (size_t i = 0; i < size; i++)
		text[i] = (char)('a' + i % 23);
	return text;
}

/* "E" NUL, three fields of 3 bytes each */
enum { PAYLOAD = 8 + 4 + 2 + 9 };

/* The lengths around what is copied in the site, what is copied later, and what a u16 can say. */
Test(long_values, every_length)
{
	static const size_t lengths[] = { 0,	1,    511,  512,   513,	  514,	 4000, 8100,
					  8191, 8192, 8193, 20000, 40000, 65534, 65535 };

	make_text(65536);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t n = lengths[i];
		const uint8_t *p = golden_memory + PAYLOAD;

		cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_STR8("b", text, n),
				       EVH_U8("c", 3)),
			     0);
		cr_assert_eq(golden_transport.memory_used, PAYLOAD + 1 + 2 + n + 1);
		cr_assert_eq(p[0], 1);
		cr_assert_eq((size_t)(p[1] | p[2] << 8), n);
		cr_assert_eq(memcmp(p + 3, text, n), 0);
		cr_assert_eq(p[3 + n], 3);
	}
}

Test(long_values, zero_terminated)
{
	make_text(20001);
	for (size_t n = 500; n <= 20000; n += 1500) {
		char saved = text[n];

		text[n] = 0;
		cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_ZSTR8("b", text),
				       EVH_U8("c", 3)),
			     0);
		cr_assert_eq(golden_transport.memory_used, PAYLOAD + 1 + n + 1 + 1);
		cr_assert_eq(memcmp(golden_memory + PAYLOAD + 1, text, n + 1), 0);
		cr_assert_eq(golden_memory[PAYLOAD + 1 + n + 1], 3);
		text[n] = saved;
	}
}

Test(long_values, wide_zero_terminated)
{
	uint32_t *units = (uint32_t *)make_text(80000);
	const uint8_t *p = golden_memory + PAYLOAD;

	for (size_t n = 100; n < 20000; n = n * 5 / 3) {
		uint32_t saved = units[n];

		units[n] = 0;
		cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_ZSTR32("b", units),
				       EVH_U8("c", 3)),
			     0);
		cr_assert_eq(memcmp(p + 1, text, n * 4 + 4), 0);
		cr_assert_eq(p[1 + n * 4 + 4], 3);
		cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1),
				       EVH_ZSTR16("b", (uint16_t *)units), EVH_U8("c", 3)),
			     0);
		cr_assert_eq(memcmp(p + 1, text, n * 4 + 2), 0);
		cr_assert_eq(p[1 + n * 4 + 2], 3);
		units[n] = saved;
	}
}

/* Units of more than one byte: the u16 counts units. */
Test(long_values, wide_units)
{
	uint32_t *units = (uint32_t *)make_text(80000);
	const uint8_t *p = golden_memory + PAYLOAD;

	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_STR32("b", units, 20000),
			       EVH_U8("c", 3)),
		     0);
	cr_assert_eq(p[1] | p[2] << 8, 20000);
	cr_assert_eq(memcmp(p + 3, text, 80000), 0);
	cr_assert_eq(p[3 + 80000], 3);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U8("a", 1), EVH_U32_VARRAY("b", units, 20000),
			       EVH_U8("c", 3)),
		     0);
	cr_assert_eq(memcmp(p + 3, text, 80000), 0);
}

/* A count that does not fit is refused, and nothing is sent. */
Test(long_values, too_many_units)
{
	uint64_t sent = golden_transport.memory_sent;

	make_text(70000);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("b", text, 65536)), -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("b", text, SIZE_MAX)), -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("b", text, 65537), EVH_STR8("c", text, 600)),
		     -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("c", text, 600), EVH_STR8("b", text, 65537)),
		     -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_U16_VARRAY("b", (uint16_t *)text, 65536)), -E2BIG);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_BINARY("b", text, 65536)), -E2BIG);
	cr_assert_eq(golden_transport.memory_sent, sent);
}

/* The transport's limit holds for whatever way an event takes. */
Test(long_values, above_the_limit)
{
	make_text(65536);
	cr_assert_eq(evh_transport_set_size_max(&golden_transport, 4048), 0);
	for (size_t n = 0; n <= 65535; n += n < 100 || (n > 3900 && n < 4200) ? 1 : 99) {
		/* PAYLOAD without two fields */
		bool fits = 8 + 4 + 2 + 3 + 2 + n <= 4048;

		cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("b", text, n)), fits ? 0 : -E2BIG);
	}
}

#define S(n) EVH_STR8(#n, text + (n), 300)
#define TEN(n)                                                                                     \
	S(n##0), S(n##1), S(n##2), S(n##3), S(n##4), S(n##5), S(n##6), S(n##7), S(n##8), S(n##9)

/* 30 strings: each has 136 bytes in the site, so there are 60 pieces, more than a transport takes.
 */
Test(long_values, more_pieces_than_a_transport_takes)
{
	const uint8_t *p;

	make_text(1000);
	cr_assert_eq(EVH_WRITE(golden, "E", TEN(1), TEN(2), TEN(3)), 0);
	p = golden_memory + 8 + 4 + 2 + (size_t)30 * 4;
	cr_assert_eq(golden_transport.memory_used, (size_t)(p - golden_memory) + (size_t)30 * 302);
	for (size_t i = 0; i < 30; i++) {
		cr_assert_eq(p[i * 302] | p[i * 302 + 1] << 8, 300);
		cr_assert_eq(memcmp(p + i * 302 + 2, text + 10 + i, 300), 0);
	}
}

/* Beyond what can be copied, several pieces go out as they are. */
Test(long_values, several_pieces)
{
	const uint8_t *p = golden_memory + 8 + 4 + 2 + 12;

	make_text(30000);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_STR8("a", text, 10000), EVH_STR8("b", "", 0),
			       EVH_BINARY("c", text + 1, 20000), EVH_STR8("d", text + 2, 700)),
		     0);
	cr_assert_eq(golden_transport.memory_used,
		     (size_t)(p - golden_memory) + 8 + 10000 + 20000 + 700);
	cr_assert_eq(memcmp(p + 2, text, 10000), 0);
	p += 2 + 10000;
	cr_assert_eq(p[0] | p[1], 0);
	cr_assert_eq(memcmp(p + 4, text + 1, 20000), 0);
	cr_assert_eq(memcmp(p + 6 + 20000, text + 2, 700), 0);
}

/* Raw data has no count: a piece of any size. */
Test(long_values, raw_data)
{
	make_text(70000);
	cr_assert_eq(EVH_WRITE(golden, "E", EVH_RAW_META("b", EVH_ENCODING_VALUE8),
			       EVH_RAW_DATA(text, 70000)),
		     0);
	cr_assert_eq(golden_transport.memory_used, 8 + 4 + 2 + 3 + 70000);
	cr_assert_eq(memcmp(golden_memory + 17, text, 70000), 0);
}
