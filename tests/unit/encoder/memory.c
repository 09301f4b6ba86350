/* SPDX-License-Identifier: MIT */
/*
 * Out of memory: malloc, calloc and realloc of the library are replaced (--wrap) by ones that fail
 * when told to. The error is reported, nothing half-built is sent, and things work again later.
 */
#include <errno.h>
#include <stdlib.h>

#include "bytes.h"

static long allowed = -1; /* allocations still to succeed; -1: all */

static bool may_allocate(void)
{
	if (allowed > 0)
		allowed--;
	else if (allowed == 0)
		return false;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
	return may_allocate() ? __real_realloc(block, size) : NULL;
}

static struct bench bench;

static void start(void)
{
	bench_start(&bench);
}

static void stop(void)
{
	allowed = -1;
	bench_stop(&bench);
}

TestSuite(memory, .init = start, .fini = stop);

Test(memory, builder)
{
	struct evh_builder builder;

	allowed = 0;
	cr_assert_eq(evh_builder_init(&builder, NULL, 0), -ENOMEM);
	evh_builder_reset(&builder, "e", 0);
	evh_builder_add_u8(&builder, "f", 1, 0, 0);
	cr_assert_eq(evh_builder_write(&builder, bench.set, NULL, NULL), -ENOMEM);
	evh_builder_destroy(&builder);
	cr_assert_eq(bench.transport.memory_sent, 0);
}

/* Growing fails at every point where it can; the next event is good. */
Test(memory, growing_builder)
{
	bool grown = false;
	char text[1000];

	memset(text, 't', sizeof(text));
	for (long good = 0; !grown; good++) {
		struct evh_builder builder;
		int error;

		cr_assert_eq(evh_builder_init(&builder, NULL, 200), 0);
		evh_builder_reset(&builder, "e", 0);
		bench.transport.memory_sent = 0;
		allowed = good;
		for (int i = 0; i < 20; i++)
			evh_builder_add_string8(&builder, "text", text, sizeof(text), 0, 0);
		error = evh_builder_write(&builder, bench.set, NULL, NULL);
		cr_assert(error == 0 || error == -ENOMEM);
		cr_assert(good < 20, "20,000 bytes in 20 steps of doubling");
		cr_assert(error || good > 3, "nothing failed");
		grown = !error;
		cr_assert_eq(bench.transport.memory_sent, !error);
		evh_builder_reset(&builder, "e", 0);
		evh_builder_add_u8(&builder, "f", 1, 0, 0);
		cr_assert_eq(evh_builder_write(&builder, bench.set, NULL, NULL), 0);
		bytes_expect(bench.memory, bench.transport.memory_used,
			     "07 00 0000 0000 00 05  0500 0100 'e'00 'f'00 02  01");
		evh_builder_destroy(&builder);
		allowed = -1;
	}
}

/* A warm builder asks for no memory at all. */
Test(memory, warm_builder)
{
	for (int i = 0; i < 10; i++) {
		if (i == 2)
			allowed = 0;
		evh_builder_reset(&bench.builder, "event", 0);
		for (int j = 0; j < 100; j++)
			evh_builder_add_string(&bench.builder, "field", "text", 0, 0);
		cr_assert_eq(evh_builder_write(&bench.builder, bench.set, NULL, NULL), 0);
	}
}

Test(memory, providers)
{
	struct evh_dynamic_provider *provider;

	allowed = 0;
	cr_assert_eq(evh_dynamic_provider_create(&provider, "Q", NULL, &bench.transport), -ENOMEM);
	cr_assert_null(provider);
	cr_assert_eq(evh_event_set_error(evh_dynamic_provider_register_set(bench.provider, 1, 1)),
		     -ENOMEM);
	cr_assert_eq(evh_event_set_error(
			     evh_dynamic_provider_create_unregistered(bench.provider, 1, 1, true)),
		     -ENOMEM);
	cr_assert_null(evh_dynamic_provider_find_set(bench.provider, 1, 1));
	allowed = -1;
	cr_assert_eq(evh_event_set_error(evh_dynamic_provider_register_set(bench.provider, 1, 1)),
		     0);
}
