/* SPDX-License-Identifier: MIT */
/*
 * The fast path of compile-time events against the slow one: each event of this file goes both
 * ways, to memory and, as to the kernel, into a pipe. Bytes and results have to be the same.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <evh/provider.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../encoder/src/site.h"

EVH_PROVIDER_DEFINE(paths, "Paths");

/* What the linker makes of evh_site_write and of calls of it. */
int __real_evh_site_write(struct evh_site *site, const struct evhi_plan *plan, void *values,
			  size_t bytes);
int __wrap_evh_site_write(struct evh_site *site, const struct evhi_plan *plan, void *values,
			  size_t bytes);

static struct evh_transport transport;
static uint8_t memory[16384];
static int ends[2];
static unsigned compared, slow_plans;

struct sent {
	uint8_t bytes[sizeof(memory)];
	size_t size;
};

static void open_both(void)
{
	cr_assert_eq(pipe(ends), 0);
	evh_transport_use_memory(&transport, memory, sizeof(memory));
	cr_assert_eq(evh_provider_register_to(&paths, &transport), 0);
}

TestSuite(paths, .init = open_both);

static void choose(enum evh_transport_kind kind)
{
	transport.kind = kind;
	transport.fd = kind == EVH_TRANSPORT_USER_EVENTS ? ends[1] : -1;
	transport.memory_used = 0;
}

/* What arrived, without the index in front of it. */
static void take(struct sent *sent, int result)
{
	sent->size = 0;
	if (result)
		return;
	if (transport.kind == EVH_TRANSPORT_MEMORY) {
		sent->size = transport.memory_used;
		memcpy(sent->bytes, memory, sent->size);
	} else {
		uint8_t event[sizeof(memory) + 4];
		ssize_t size = read(ends[0], event, sizeof(event));

		cr_assert_gt(size, 4);
		sent->size = (size_t)size - 4;
		memcpy(sent->bytes, event + 4, sent->size);
	}
}

static size_t size_of_values(const struct evhi_plan *plan)
{
	const struct evhi_step *step = steps_of(plan);

	while (step->evhi_kind != EVHI_DONE)
		step++;
	return (size_t)step->evhi_offset + EVHI_BLOCK_SIZE;
}

int __wrap_evh_site_write(struct evh_site *site, const struct evhi_plan *plan, void *values,
			  size_t bytes)
{
	static const enum evh_transport_kind kinds[] = { EVH_TRANSPORT_MEMORY,
							 EVH_TRANSPORT_USER_EVENTS };
	size_t size = size_of_values(plan);
	uint8_t copy[2][2048];
	int result = 0;

	cr_assert_leq(size, sizeof(copy[0]));
	for (size_t i = 0; i < 2; i++) {
		static struct sent fast, slow;

		memcpy(copy[0], values, size);
		memcpy(copy[1], values, size);
		choose(kinds[i]);
		result = __real_evh_site_write(site, plan, copy[0], bytes);
		take(&fast, result);
		choose(kinds[i]);
		cr_assert_eq(evh_site_write_slowly(site, plan, copy[1]), result);
		take(&slow, result);
		cr_assert_eq(fast.size, slow.size);
		cr_assert_eq(memcmp(fast.bytes, slow.bytes, fast.size), 0);
	}
	compared++;
	slow_plans += plan->evhi_quick == UINT16_MAX;
	return result;
}

/* Text of a length of its own, that ends where memory does: nothing is read beyond. */
static const char *text_of(size_t length)
{
	char *text = (char *)malloc(length + 1);

	for (size_t i = 0; i < length; i++)
		text[i] = (char)('!' + (i * 7 + length) % 90);
	text[length] = 0;
	return text;
}

Test(paths, every_length)
{
	for (size_t n = 0; n < 300; n++) {
		const char *text = text_of(n);

		cr_assert_eq(EVH_WRITE(paths, "A", EVH_STR8("a", text, n)), 0);
		cr_assert_eq(EVH_WRITE(paths, "AB", EVH_U8("b", 1), EVH_STR8("a", text, n),
				       EVH_U64("c", n), EVH_BINARY("d", text, n / 3),
				       EVH_U16("e", 5)),
			     0);
		free((void *)text);
	}
	cr_assert_eq(compared, 600);
	cr_assert_eq(slow_plans, 0);
}

/* What a site stores between two strings, of all lengths around a block. */
Test(paths, stored_values)
{
	cr_assert_eq(EVH_WRITE(paths, "None"), 0);
	cr_assert_eq(EVH_WRITE(paths, "15", EVH_U64("a", 1), EVH_U32("b", 2), EVH_U16("c", 3),
			       EVH_U8("d", 4), EVH_STR8("s", "text", 4)),
		     0);
	cr_assert_eq(EVH_WRITE(paths, "16", EVH_U64("a", 1), EVH_U64("b", 2),
			       EVH_STR8("s", "text", 4), EVH_U64("a", 1), EVH_U64("b", 2)),
		     0);
	cr_assert_eq(EVH_WRITE(paths, "17", EVH_U64("a", 1), EVH_U64("b", 2), EVH_U8("c", 3),
			       EVH_STR8("s", "text", 4), EVH_STR8("t", "", 0)),
		     0);
	cr_assert_eq(EVH_WRITE(paths, "40", EVH_STR8("s", "text", 4), EVH_U64("a", 1),
			       EVH_U64("b", 2), EVH_U64("c", 3), EVH_U64("d", 4), EVH_U64("e", 5)),
		     0);
	cr_assert_eq(slow_plans, 0);
}

/* Metadata of all lengths around a block. */
Test(paths, metadata)
{
#define NAMED(name) cr_assert_eq(EVH_WRITE(paths, name, EVH_STR8("s", "text", 4)), 0)
	NAMED("1234567890123");
	NAMED("12345678901234");
	NAMED("123456789012345");
	NAMED("1234567890123456");
	NAMED("12345678901234567");
	NAMED("123456789012345678901234567890123456789012345678");
	NAMED("1234567890123456789012345678901234567890123456789");
}

Test(paths, other_kinds)
{
	static const uint8_t id[16] = "0123456789abcde";
	static const uint32_t numbers[3] = { 1, 2, 3 };

	cr_assert_eq(EVH_WRITE(paths, "E", EVH_ZSTR8("z", "text"), EVH_U8("a", 1), EVH_ACTIVITY(id),
			       EVH_STR8("s", "text", 4), EVH_GUID("g", id), EVH_VALUE("v", 1.5),
			       EVH_VALUE("t", "text"), EVH_U32_VARRAY("n", numbers, 3),
			       EVH_U32_ARRAY("m", numbers, 3)),
		     0);
	cr_assert_eq(slow_plans, 1);
}

Test(paths, refused)
{
	const char *text = text_of(9000);

	cr_assert_eq(EVH_WRITE(paths, "E", EVH_STR8("s", NULL, 4), EVH_STR8("t", "text", 4)), 0);
	cr_assert_eq(EVH_WRITE(paths, "E", EVH_STR8("s", text, 65536)), -E2BIG);
	cr_assert_eq(EVH_WRITE(paths, "E", EVH_STR8("s", text, SIZE_MAX), EVH_STR8("t", "x", 1)),
		     -E2BIG);
	/* Their sum is small, because it is more than a size can be. */
	cr_assert_eq(EVH_WRITE(paths, "E", EVH_STR8("s", text, 9000),
			       EVH_STR8("t", text, SIZE_MAX - 8000)),
		     -E2BIG);
	cr_assert_eq(evh_transport_set_size_max(&transport, 4048), 0);
	for (size_t n = 4000; n < 4100; n++)
		EVH_WRITE(paths, "E", EVH_STR8("s", text, n));
	cr_assert_eq(evh_provider_lost(&paths) % 2, 0);
	cr_assert_gt(evh_provider_lost(&paths), 100);
}
