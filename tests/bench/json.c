/* SPDX-License-Identifier: MIT */
/*
 * How fast events become JSON, in memory, on one core: the event `Syslog` of provider `P` with
 * messages of 80 bytes (146 bytes each), through the memory of schemas and the plain way.
 *
 *	bench-json [--loops EVENTS] [--rounds N] [--only schemas|plain]
 *
 * Prints MB/s of event bytes and million events/s: the best and the median of the rounds, the two
 * ways taking turns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <evh/schema.h>

#include "bench.h"

#define ROUNDS_MAX 101
#define EVENT_SIZE 146

/* The bench event; its bytes were taken from the format's description, not from a writer. */
static void make_event(unsigned char *event, unsigned number)
{
	static const unsigned char head[] = "\x07\0\0\0\0\0\0\x04\x28\0\x01\0"
					    "Syslog\0level\0\x02message\0\x0a"
					    "facility\0\x02ident\0\x0a";
	static const unsigned char tail[] = "\x0a\x08\0sshd-ses";
	unsigned char *p = event;
	static const unsigned char message[] = "<86>connection from 10.1.2.3 port 00000: "
					       "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm";

	memcpy(p, head, sizeof(head) - 1);
	p += sizeof(head) - 1;
	memcpy(p, "\x04\x50\0", 3);
	memcpy(p + 3, message, sizeof(message) - 1);
	for (unsigned char *digit = p + 3 + 38; number > 0; number /= 10)
		*digit-- = (unsigned char)('0' + number % 10);
	p += 83;
	memcpy(p, tail, sizeof(tail) - 1);
	_Static_assert(sizeof(head) - 1 + 83 + sizeof(tail) - 1 == EVENT_SIZE, "its size");
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double run(unsigned char *events, unsigned count, struct evh_schemas *schemas,
		  struct evh_text *text)
{
	double start = now();
	struct evh_sample sample = { .has = EVH_SAMPLE_TIME | EVH_SAMPLE_PID | EVH_SAMPLE_TID |
					    EVH_SAMPLE_CPU,
				     .pid = 4242,
				     .tid = 4243,
				     .time = 1795287001123456789,
				     .tracepoint = "P_L4K1",
				     .event_size = EVENT_SIZE };

	for (unsigned i = 0; i < count; i++) {
		sample.event = events + (size_t)i * EVENT_SIZE;
		sample.time += 997;
		if (schemas)
			evh_schemas_json(schemas, text, &sample);
		else
			evh_json_event(text, &sample);
		evh_text_append(text, "\n", 1);
		if (text->size > (256u << 10)) /* what a writer would flush */
			evh_text_clear(text);
	}
	return now() - start;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *name, double *seconds, unsigned rounds, unsigned count)
{
	double bytes = (double)count * EVENT_SIZE;
	double median;

	qsort(seconds, rounds, sizeof(seconds[0]), by_value);
	median = seconds[rounds / 2];
	printf("%-8s median %6.0f MB/s %6.2f M events/s   best %6.0f MB/s %6.2f M events/s\n", name,
	       bytes / median / 1e6, count / median / 1e6, bytes / seconds[0] / 1e6,
	       count / seconds[0] / 1e6);
}

static const char *const ways[2] = { "schemas", "plain" };

static int measure(unsigned count, unsigned rounds, const char *only)
{
	unsigned char *events = malloc((size_t)count * EVENT_SIZE);
	static double seconds[2][ROUNDS_MAX];
	struct evh_schemas *schemas = NULL;
	struct evh_text text = { 0 };

	if (!events || evh_schemas_create(&schemas) != 0) {
		free(events);
		return 1;
	}
	for (unsigned i = 0; i < count; i++)
		make_event(events + (size_t)i * EVENT_SIZE, i % 65536);
	for (unsigned round = 0; round < rounds; round++)
		for (int way = 0; way < 2; way++)
			if (!only || strcmp(only, ways[way]) == 0)
				seconds[way][round] =
					run(events, count, way == 0 ? schemas : NULL, &text);
	for (int way = 0; way < 2; way++)
		if (!only || strcmp(only, ways[way]) == 0)
			report(ways[way], seconds[way], rounds, count);
	evh_schemas_destroy(schemas);
	evh_text_free(&text);
	free(events);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long count = 500000;
	unsigned long rounds = 11;
	const char *only = NULL;
	const struct bench_option options[] = {
		{ "loops", .number = &count },
		{ "rounds", .number = &rounds },
		{ "only", .text = &only },
		{ NULL },
	};

	if (!bench_options(argc, argv, options))
		return 2;
	if (count == 0 || count > 10000000 || rounds == 0 || rounds > ROUNDS_MAX)
		return 2;
	return measure((unsigned)count, (unsigned)rounds, only);
}
