/* SPDX-License-Identifier: MIT */
/*
 * What the tests of compile-time events share: a provider that writes to memory, and the comparison
 * of an event with bytes written out by hand from the specification.
 *
 * Expected bytes are text: two hex digits a byte, or characters between quotes. For little-endian
 * machines with 64-bit pointers.
 */
#ifndef TESTS_PROVIDER_GOLDEN_H
#define TESTS_PROVIDER_GOLDEN_H

#include <criterion/criterion.h>
#include <evh/provider.h>
#include <stdio.h>
#include <string.h>

EVH_PROVIDER_DEFINE(golden, "Golden");

static struct evh_transport golden_transport;
static uint8_t golden_memory[100000];

/* The header of an event without options: flags, version, id, tag, opcode, level verbose. */
#define HEADER "07 00 00 00 00 00 00 05 "

static void golden_open(void)
{
	evh_transport_use_memory(&golden_transport, golden_memory, sizeof(golden_memory));
	cr_assert_eq(evh_provider_register_to(&golden, &golden_transport), 0);
}

static size_t golden_parse(const char *text, uint8_t *bytes, size_t size)
{
	size_t used = 0;
	bool quoted = false;

	for (; *text; text++) {
		unsigned value;

		if (*text == '\'') {
			quoted = !quoted;
			continue;
		}
		if (*text == ' ' && !quoted)
			continue;
		cr_assert_lt(used, size);
		if (quoted) {
			bytes[used++] = (uint8_t)*text;
			continue;
		}
		cr_assert_eq(sscanf(text++, "%2x", &value), 1, "no hex digits: %s", text);
		bytes[used++] = (uint8_t)value;
	}
	return used;
}

static void golden_print(const char *what, const uint8_t *bytes, size_t size)
{
	fprintf(stderr, "%s", what);
	for (size_t i = 0; i < size; i++)
		fprintf(stderr, " %02x", bytes[i]);
	fprintf(stderr, "\n");
}

static __attribute__((unused)) void golden_compare(const char *file, int line, int result,
						   const char *expected)
{
	uint8_t bytes[4096];
	size_t size = golden_parse(expected, bytes, sizeof(bytes));

	cr_assert_eq(result, 0, "%s:%d: writing gave %d", file, line, result);
	if (golden_transport.memory_used == size && memcmp(golden_memory, bytes, size) == 0)
		return;
	golden_print("expected", bytes, size);
	golden_print("written ", golden_memory, golden_transport.memory_used);
	cr_assert_fail("%s:%d: other bytes than expected", file, line);
}

/* EXPECT(bytes, event's name, options and fields ...) */
#define EXPECT(bytes, ...) golden_compare(__FILE__, __LINE__, EVH_WRITE(golden, __VA_ARGS__), bytes)

#endif
