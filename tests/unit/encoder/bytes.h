/* SPDX-License-Identifier: MIT */
/*
 * Expected bytes as a person writes them down from the specification: pairs of hex digits, text in
 * single quotes, and space anywhere. `0700 'ab' 00` is five bytes.
 */
#ifndef TESTS_ENCODER_BYTES_H
#define TESTS_ENCODER_BYTES_H

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <evh/builder.h>

static inline size_t bytes_parse(const char *notation, uint8_t *out, size_t size)
{
	size_t used = 0;

	for (const char *at = notation; *at;) {
		char pair[3] = { 0 };

		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		cr_assert_lt(used, size, "the expected bytes are longer than the test's buffer");
		if (*at == '\'') {
			for (at++; *at != '\''; at++)
				out[used++] = (uint8_t)*at;
			at++;
			continue;
		}
		cr_assert(isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1]),
			  "not a pair of hex digits: %.8s", at);
		memcpy(pair, at, 2);
		out[used++] = (uint8_t)strtoul(pair, NULL, 16);
		at += 2;
	}
	return used;
}

static inline void bytes_to_hex(const uint8_t *bytes, size_t size, char *out, size_t out_size)
{
	size_t used = 0;

	for (size_t i = 0; i < size && used + 4 < out_size; i++)
		used += (size_t)snprintf(out + used, out_size - used, "%02x ", bytes[i]);
}

static inline void bytes_expect(const uint8_t *got, size_t size, const char *notation)
{
	uint8_t expected[4096];
	char expected_hex[8192] = "", got_hex[8192] = "";
	size_t expected_size = bytes_parse(notation, expected, sizeof(expected));

	bytes_to_hex(expected, expected_size, expected_hex, sizeof(expected_hex));
	bytes_to_hex(got, size, got_hex, sizeof(got_hex));
	cr_assert(size == expected_size && memcmp(got, expected, size) == 0,
		  "\nexpected %s\ngot      %s", expected_hex, got_hex);
}

/* A provider "P" on a memory transport, one set of level 5 (verbose) and keyword 1, a builder. */
struct bench {
	uint8_t memory[70000];
	struct evh_transport transport;
	struct evh_dynamic_provider *provider;
	struct evh_event_set *set;
	struct evh_builder builder;
};

static inline void bench_start(struct bench *bench)
{
	/* What is written down in these tests is the little-endian, 64-bit form. */
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || sizeof(void *) != 8)
		cr_skip_test("expected bytes are written for a little-endian 64-bit machine");
	evh_transport_use_memory(&bench->transport, bench->memory, sizeof(bench->memory));
	cr_assert_eq(evh_dynamic_provider_create(&bench->provider, "P", NULL, &bench->transport),
		     0);
	bench->set = evh_dynamic_provider_register_set(bench->provider, EVH_LEVEL_VERBOSE, 1);
	cr_assert_not_null(bench->set);
	cr_assert_eq(evh_builder_init(&bench->builder, NULL, 0), 0);
	evh_builder_reset(&bench->builder, "e", 0);
}

static inline void bench_expect(struct bench *bench, const char *notation)
{
	int error = evh_builder_write(&bench->builder, bench->set, NULL, NULL);

	cr_assert_eq(error, 0, "write: %s", strerror(-error));
	bytes_expect(bench->memory, bench->transport.memory_used, notation);
}

static inline void bench_stop(struct bench *bench)
{
	evh_builder_destroy(&bench->builder);
	evh_dynamic_provider_destroy(bench->provider);
}

/* A suite whose tests each find `bench` started, and its builder as `b`. */
#define BENCH_SUITE(name)                                                                          \
	static struct bench bench;                                                                 \
	static struct evh_builder *const b = &bench.builder;                                       \
	static void start(void)                                                                    \
	{                                                                                          \
		bench_start(&bench);                                                               \
	}                                                                                          \
	static void stop(void)                                                                     \
	{                                                                                          \
		bench_stop(&bench);                                                                \
	}                                                                                          \
	TestSuite(name, .init = start, .fini = stop)

#endif
