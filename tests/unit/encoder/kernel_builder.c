/* SPDX-License-Identifier: MIT */
/*
 * The builder on the real kernel, for tests/kernel/encoder.py. Says "ready" when its tracepoint is
 * registered, goes on at a line on stdin, and says on stdout what each write returned.
 *
 *	kernel_builder sizes PROVIDER LIMIT SIZE...	an event of each size (bytes from its flags
 *							on), level 4, keyword 1; "SIZE RESULT"
 *	kernel_builder threads PROVIDER THREADS EVENTS	events from threads that share one set
 *	kernel_builder names				which names the library and the kernel take
 *	kernel_builder group PROVIDER GROUP		one event of a provider with a group
 *	kernel_builder descriptor FD PROVIDER		one event through an inherited descriptor
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <evh/builder.h>

static struct evh_dynamic_provider *provider;
static struct evh_event_set *set;

static void start(const char *name, const char *group, struct evh_transport *transport)
{
	int error = evh_dynamic_provider_create(&provider, name, group, transport);

	if (!error) {
		set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_INFORMATION, 1);
		error = evh_event_set_error(set);
	}
	if (error) {
		printf("can't register: %s\n", strerror(-error));
		exit(1);
	}
	printf("ready %d\n", evh_event_set_enabled(set));
	fflush(stdout);
	if (getchar() == EOF)
		exit(1);
	printf("enabled %d\n", evh_event_set_enabled(set));
}

/* An event of exactly so many bytes: 8 header, 4 extension, "size" 5, "number" 8, "fill" 6. */
static int write_sized(struct evh_builder *builder, size_t size)
{
	static char fill[32768];
	size_t fixed = 8 + 4 + 5 + 8 + 4 + 6 + 2;

	memset(fill, 'f', sizeof(fill));
	evh_builder_reset(builder, "size", 0);
	evh_builder_add_u32(builder, "number", (uint32_t)size, 0, 0);
	evh_builder_add_string8(builder, "fill", fill, size - fixed, 0, 0);
	return evh_builder_write(builder, set, NULL, NULL);
}

static void sizes(char **argv)
{
	struct evh_builder builder;
	int error;

	start(argv[0], NULL, NULL);
	error = evh_transport_set_size_max(evh_transport_default(), (size_t)atoi(argv[1]));
	if (error)
		printf("limit: %s\n", strerror(-error));
	evh_builder_init(&builder, NULL, 0);
	for (argv += 2; *argv; argv++)
		printf("%s %d\n", *argv, write_sized(&builder, (size_t)atoi(*argv)));
}

static unsigned events_per_thread;

static void *thread_main(void *argument)
{
	struct evh_builder builder;
	uint8_t buffer[512];
	unsigned long refused = 0;

	evh_builder_init(&builder, buffer, sizeof(buffer));
	for (unsigned i = 0; i < events_per_thread; i++) {
		evh_builder_reset(&builder, "threads", 0);
		evh_builder_add_u32(&builder, "thread", (uint32_t)(uintptr_t)argument, 0, 0);
		evh_builder_add_u32(&builder, "number", i, 0, 0);
		refused += evh_builder_write(&builder, set, NULL, NULL) != 0;
	}
	return (void *)(uintptr_t)refused; /* NOLINT(performance-no-int-to-ptr) */
}

static void threads(char **argv)
{
	pthread_t running[16];
	uintptr_t count = (uintptr_t)atoi(argv[1]);

	start(argv[0], NULL, NULL);
	events_per_thread = (unsigned)atoi(argv[2]);
	for (uintptr_t i = 0; i < count; i++)
		pthread_create(&running[i], NULL, thread_main, (void *)i);
	for (uintptr_t i = 0; i < count; i++) {
		void *refused;

		pthread_join(running[i], &refused);
		printf("refused %lu\n", (unsigned long)(uintptr_t)refused);
	}
}

static void try_name(const char *name)
{
	static uint32_t word;
	struct evh_tracepoint tracepoint;

	printf("%s %d\n", name,
	       evh_tracepoint_register(&tracepoint, evh_transport_default(), name, &word, 0));
	evh_tracepoint_unregister(&tracepoint);
}

static void names(void)
{
	char longest[EVH_TRACEPOINT_NAME_MAX];

	try_name("evhnames_L1K1");
	try_name("evhnames_L1K1");
	try_name("evh/names_L1K1");
	try_name("evh names_L1K1");
	try_name("taken_L1K1"); /* made by the test, with other fields */
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + 233, "_LffKffffffffffffffff", 22);
	try_name(longest);
	fflush(stdout);
}

static void one_event(const char *name)
{
	struct evh_builder builder;

	evh_builder_init(&builder, NULL, 0);
	evh_builder_reset(&builder, name, 0);
	printf("%s %d\n", name, evh_builder_write(&builder, set, NULL, NULL));
}

static void descriptor(char **argv)
{
	static struct evh_transport transport;
	int error = evh_transport_use_user_events(&transport, atoi(argv[0]));

	if (error)
		printf("descriptor: %s\n", strerror(-error));
	start(argv[1], NULL, &transport);
	one_event("descriptor");
}

int main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "sizes") == 0)
		sizes(argv + 2);
	else if (argc == 5 && strcmp(argv[1], "threads") == 0)
		threads(argv + 2);
	else if (argc == 2 && strcmp(argv[1], "names") == 0)
		names();
	else if (argc == 4 && strcmp(argv[1], "descriptor") == 0)
		descriptor(argv + 2);
	else if (argc == 4 && strcmp(argv[1], "group") == 0) {
		start(argv[2], argv[3], NULL);
		one_event("group");
	} else {
		fprintf(stderr, "kernel_builder: bad arguments\n");
		return 2;
	}
	return 0;
}
