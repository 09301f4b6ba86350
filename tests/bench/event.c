/* SPDX-License-Identifier: MIT */
/*
 * The cost of one event of 146 bytes (four fields, one of them a string of 80), by the three ways
 * that matter: the bare write(2) of its finished bytes, a compile-time event, a run-time event
 * whose builder is used again; and of the same while nobody listens.
 *
 * usage: bench-event [--kernel | --memory] [--rounds N] [--loops N] [--only NAME]
 *
 * By default events go to /dev/null through the user_events transport, as if the kernel listened;
 * with --kernel to user_events, where somebody must listen; with --memory to the memory transport.
 * All contestants take turns within each round, so that a disturbance meets all of them.
 */
#include <evh/builder.h>
#include <evh/provider.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define EVENT_SIZE 146

EVH_PROVIDER_DEFINE(bench_provider, "LogtapBench");
EVH_PROVIDER_DEFINE(quiet_provider, "LogtapBenchQuiet");

static const char text[81] =
	"the request of user ann for object 4711 was answered after 12 ms with 1342 bytes";

static struct evh_transport transport;
static struct evh_builder builder;
static struct evh_event_set *set;
static struct evh_event_set *quiet_set;
static volatile uint32_t quiet_word;
static int bare_fd;
static uint8_t finished[4 + EVENT_SIZE];
static uint8_t memory[4096];

static void bare(unsigned long loops)
{
	while (loops-- > 0) {
		if (write(bare_fd, finished, sizeof(finished)) < 0)
			abort();
	}
}

static void compile_time(unsigned long loops)
{
	while (loops-- > 0)
		EVH_WRITE(bench_provider, "Event", EVH_LEVEL(EVH_LEVEL_INFORMATION),
			  EVH_KEYWORD(0x1), EVH_U32("user", (uint32_t)loops),
			  EVH_U64("requests", loops), EVH_U32("bytes", 1342),
			  EVH_STR8("agent", text, 80));
}

static void build(unsigned long number)
{
	evh_builder_reset(&builder, "Event", 0);
	evh_builder_add_u32(&builder, "user", (uint32_t)number, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_u64(&builder, "requests", number, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_u32(&builder, "bytes", 1342, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string8(&builder, "agent", text, 80, EVH_FORMAT_DEFAULT, 0);
}

static void run_time(unsigned long loops)
{
	while (loops-- > 0) {
		if (evh_event_set_enabled(set)) {
			build(loops);
			evh_builder_write(&builder, set, NULL, NULL);
		}
	}
}

static void quiet_loop(unsigned long loops)
{
	while (loops-- > 0)
		(void)quiet_word;
}

static void quiet_compile_time(unsigned long loops)
{
	while (loops-- > 0)
		EVH_WRITE(quiet_provider, "Event", EVH_LEVEL(EVH_LEVEL_INFORMATION),
			  EVH_KEYWORD(0x1), EVH_U32("user", (uint32_t)loops),
			  EVH_U64("requests", loops), EVH_U32("bytes", 1342),
			  EVH_STR8("agent", text, 80));
}

static void quiet_run_time(unsigned long loops)
{
	while (loops-- > 0) {
		if (evh_event_set_enabled(quiet_set)) {
			build(loops);
			evh_builder_write(&builder, quiet_set, NULL, NULL);
		}
	}
}

static const struct contestant {
	const char *name;
	void (*run)(unsigned long loops);
	unsigned speed; /* loops are multiplied by it */
} contestants[] = {
	{ "bare", bare, 1 },
	{ "compile-time", compile_time, 1 },
	{ "run-time", run_time, 1 },
	{ "quiet-loop", quiet_loop, 50 },
	{ "quiet-compile-time", quiet_compile_time, 50 },
	{ "quiet-run-time", quiet_run_time, 50 },
};

#define CONTESTANTS (sizeof(contestants) / sizeof(*contestants))

static void fail(const char *what, int error)
{
	fprintf(stderr, "bench-event: %s: %s\n", what, strerror(-error));
	exit(1);
}

/* Registers with the memory transport, which always listens; then what is sent goes elsewhere. */
static void open_all(bool kernel, bool keep)
{
	struct evh_dynamic_provider *provider = NULL;
	struct evh_dynamic_provider *quiet = NULL;
	int error = kernel ? evh_transport_open_user_events(&transport)
			   : evh_transport_use_memory(&transport, memory, sizeof(memory));

	if (error == 0)
		error = evh_provider_register_to(&bench_provider, &transport);
	if (error == 0)
		error = evh_dynamic_provider_create(&provider, "LogtapBench", "", &transport);
	if (error == 0)
		error = evh_dynamic_provider_create(&quiet, "LogtapBenchQuiet", "", &transport);
	if (error == 0)
		error = evh_builder_init(&builder, NULL, 0);
	if (error != 0)
		fail("registering", error);
	set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_INFORMATION, 0x1);
	quiet_set =
		evh_dynamic_provider_create_unregistered(quiet, EVH_LEVEL_INFORMATION, 0x1, false);
	if (!set || !quiet_set)
		fail("registering", -ENOMEM);
	if (evh_event_set_error(set) != 0)
		fail("registering", evh_event_set_error(set));
	memcpy(finished, &set->tracepoint.index, 4);
	bare_fd = transport.fd;
	if (!kernel && !keep) {
		bare_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		transport.kind = EVH_TRANSPORT_USER_EVENTS;
		transport.fd = bare_fd;
	}
}

/* Both ways make the same bytes, of the size that the figures of others are given for. */
static void check(void)
{
	struct evh_transport other;
	uint8_t first[EVENT_SIZE];

	evh_transport_use_memory(&other, memory, sizeof(memory));
	set->tracepoint.transport = &other;
	build(0);
	evh_builder_write(&builder, set, NULL, NULL);
	set->tracepoint.transport = &transport;
	if (other.memory_used != EVENT_SIZE) {
		fprintf(stderr, "bench-event: the event has %zu bytes instead of %d\n",
			other.memory_used, EVENT_SIZE);
		exit(1);
	}
	memcpy(first, memory, sizeof(first));
	memcpy(finished + 4, first, sizeof(first));
}

int main(int argc, char **argv)
{
	bool kernel = false;
	bool keep = false;
	const char *only = NULL;
	unsigned long rounds = 15;
	unsigned long loops = 100000;
	const struct bench_option options[] = {
		{ "kernel", .flag = &kernel },	 { "memory", .flag = &keep },
		{ "rounds", .number = &rounds }, { "loops", .number = &loops },
		{ "only", .text = &only },	 { NULL },
	};

	if (!bench_options(argc, argv, options))
		return 2;
	open_all(kernel, keep);
	check();
	for (unsigned long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < CONTESTANTS; i++) {
			const struct contestant *c = &contestants[(round + i) % CONTESTANTS];
			unsigned long count = loops * c->speed;
			uint64_t start;

			if ((only && strcmp(only, c->name) != 0) || (keep && c->run == bare))
				continue;
			if (!only)
				c->run(count / 10); /* warm */
			start = bench_now();
			c->run(count);
			bench_sample(c->name, bench_now() - start, count);
		}
	}
	return 0;
}
