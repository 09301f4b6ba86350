/* SPDX-License-Identifier: MIT */
/*
 * Registering and unregistering providers: what is found, what is shared, what is evaluated, and
 * what happens to who writes meanwhile.
 */
#include "shared.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <evh/recording.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

EVH_PROVIDER_DEFINE(shared, "Shared", "group1");
EVH_PROVIDER_DEFINE(lonely, "Lonely");

static struct evh_transport memory;
static uint8_t bytes[100000];

static void use_memory(void)
{
	evh_transport_use_memory(&memory, bytes, sizeof(bytes));
}

static void register_all(void)
{
	use_memory();
	cr_assert_eq(evh_provider_register_to(&shared, &memory), 0);
}

static int here(unsigned *evaluated)
{
	return EVH_WRITE(shared, "Here", EVH_LEVEL(2), EVH_KEYWORD(0x1),
			 EVH_U32("n", ++*evaluated));
}

/* The same level and keyword as `here`. */
static int here_too(void)
{
	return EVH_WRITE(shared, "HereToo", EVH_KEYWORD(0x1), EVH_LEVEL(2));
}

Test(registration, nothing_is_enabled_before)
{
	unsigned evaluated = 0;

	cr_assert_eq(here(&evaluated), -EBADF);
	cr_assert_eq(evaluated, 0);
	cr_assert_not(EVH_ENABLED(shared, 2, 1));
	cr_assert_eq(write_in_other_file(), -EBADF);
	cr_assert_eq(evh_provider_unregister(&shared), 0);
}

Test(registration, values_are_evaluated_once_and_in_order, .init = register_all)
{
	unsigned n = 0;

	cr_assert_eq(EVH_WRITE(shared, "Order", EVH_LEVEL(2), EVH_KEYWORD(1), EVH_U8("a", ++n),
			       EVH_STR8("b", (++n, "x"), (size_t)1),
			       EVH_STRUCT("s", EVH_U8("c", ++n)), EVH_U8("d", ++n)),
		     0);
	cr_assert_eq(n, 4);
	cr_assert_arr_eq(bytes + memory.memory_used - 6, "\1\1\0x\3\4", 6);
}

Test(registration, events_of_all_files_are_found, .init = register_all)
{
	unsigned evaluated = 0;

	cr_assert_eq(here(&evaluated), 0);
	cr_assert_eq(write_in_other_file(), 0);
	cr_assert_eq(write_in_inline_function(), 0);
	cr_assert_eq(write_in_template(0), 0);
	cr_assert_eq(write_in_template(1), 0);
	cr_assert_eq(memory.memory_sent, 5);
}

Test(registration, registering_again_does_nothing, .init = register_all)
{
	struct evh_transport other;
	unsigned evaluated = 0;

	cr_assert_eq(evh_provider_register_to(&shared, &memory), 0);
	evh_transport_use_memory(&other, bytes, sizeof(bytes));
	cr_assert_eq(evh_provider_register_to(&shared, &other), -EBUSY);
	cr_assert_eq(here(&evaluated), 0);
	cr_assert_eq(memory.memory_sent, 1);
	cr_assert_eq(evh_provider_unregister(&shared), 0);
	cr_assert_eq(evh_provider_unregister(&shared), 0);
	cr_assert_eq(here(&evaluated), -EBADF);
	cr_assert_eq(evaluated, 1);
	/* and now the other one can have it */
	cr_assert_eq(evh_provider_register_to(&shared, &other), 0);
	cr_assert_eq(here(&evaluated), 0);
	cr_assert_eq(memory.memory_sent, 1);
	cr_assert_eq(other.memory_sent, 1);
}

/* A recording knows the tracepoints in its head and no other, so it tells what was registered. */
static int register_to_recording(struct evh_transport *file, const char *path,
				 const char *const names[], size_t count)
{
	cr_assert_eq(evh_recording_create(path, names, count), 0);
	cr_assert_eq(evh_transport_open_file(file, path), 0);
	return evh_provider_register_to(&shared, file);
}

Test(registration, one_tracepoint_for_each_level_and_keyword)
{
	static char text[48][32];
	const char *names[48];
	size_t count = 0;
	char folder[] = "/tmp/evh-provider-XXXXXX", path[64];
	struct evh_transport file;
	unsigned evaluated = 0;

	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/recording", folder);
	names[count++] = "Shared_L2K1Ggroup1";
	names[count++] = "Shared_L4K10Ggroup1";
	names[count++] = "Shared_L4K20Ggroup1";
	names[count++] = "Shared_L4K40Ggroup1";
	names[count++] = "Shared_L4K80Ggroup1";
	for (unsigned i = 0; i < 40; i++) {
		snprintf(text[i], sizeof(text[i]), "Shared_L4K%llxGgroup1", 0x1000ULL << i);
		names[count++] = text[i];
	}
	cr_assert_eq(register_to_recording(&file, path, names, count), 0);
	cr_assert_eq(here(&evaluated), 0);
	cr_assert_eq(here_too(), 0);
	cr_assert_eq(evh_provider_unregister(&shared), 0);
	evh_transport_close(&file);

	/* Without one of them: that one fails and says so, the others work. */
	names[1] = "Shared_L4K11Ggroup1";
	cr_assert_eq(register_to_recording(&file, path, names, count), -ENOENT);
	cr_assert_eq(here(&evaluated), 0);
	cr_assert_eq(write_in_other_file(), -EBADF);
	cr_assert_eq(write_many(39), 0);
	evh_transport_close(&file);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	cr_assert_eq(system(path), 0);
}

/* More tracepoints than the provider's enable word has bits. */
Test(registration, forty_tracepoints)
{
	for (int round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 40; i++)
			cr_assert_eq(write_many(i), -EBADF);
		cr_assert_not(ask_many(0) || ask_many(39));
		register_all();
		for (unsigned i = 0; i < 40; i++) {
			cr_assert_eq(write_many(i), 0);
			cr_assert_eq(bytes[memory.memory_used - 1], i);
		}
		cr_assert(ask_many(0) && ask_many(39));
		cr_assert_eq(evh_provider_unregister(&shared), 0);
	}
}

/* With one tracepoint enabled and the others not, as a collector does it. */
Test(registration, only_what_is_listened_to_is_sent, .init = register_all)
{
	unsigned evaluated = 0;

	for (unsigned bit = 0; bit < 31; bit++) {
		uint32_t all = shared.evhi_word;
		unsigned sent = 0;

		shared.evhi_word = UINT32_C(1) << bit;
		for (unsigned i = 0; i < 40; i++)
			sent += write_many(i) == 0;
		sent += here(&evaluated) == 0;
		sent += write_in_other_file() == 0;
		sent += write_in_inline_function() == 0;
		sent += write_in_template(0) == 0;
		sent += write_in_template(1) == 0;
		shared.evhi_word = all;
		/* tracepoints with a word of their own stay enabled: 45 - 31 */
		cr_assert_eq(sent, 1 + 14, "bit %u: %u events", bit, sent);
	}
}

Test(registration, provider_without_events)
{
	use_memory();
	cr_assert_eq(evh_provider_register_to(&lonely, &memory), 0);
	cr_assert_eq(evh_provider_unregister(&lonely), 0);
}

/* On a kernel without user_events this is an error and nothing else. */
Test(registration, user_events)
{
	struct evh_transport transport;
	int opened = evh_transport_open_user_events(&transport);
	int result = evh_provider_register(&shared);
	unsigned evaluated = 0;

	if (opened) {
		cr_assert_lt(result, 0);
		cr_assert_eq(here(&evaluated), -EBADF);
		/* it is not half registered: another transport is welcome */
		register_all();
		cr_assert_eq(here(&evaluated), 0);
	} else {
		cr_assert_eq(result, 0);
	}
}

static bool stop;

static void *write_all_the_time(void *argument)
{
	unsigned evaluated = 0;
	uintptr_t bad = 0;

	(void)argument;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		int result[] = { here(&evaluated), write_many(0), write_many(39) };

		for (int i = 0; i < 3; i++)
			bad += result[i] != 0 && result[i] != -EBADF;
	}
	return (void *)bad;
}

Test(registration, unregistering_while_others_write)
{
	pthread_t threads[3];
	void *bad;

	use_memory();
	for (int i = 0; i < 3; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, write_all_the_time, NULL), 0);
	for (int i = 0; i < 2000; i++) {
		cr_assert_eq(evh_provider_register_to(&shared, &memory), 0);
		cr_assert_eq(evh_provider_unregister(&shared), 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], &bad);
		cr_assert_null(bad);
	}
}

static void *register_all_the_time(void *argument)
{
	(void)argument;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		evh_provider_register_to(&lonely, &memory);
		evh_provider_unregister(&lonely);
	}
	return NULL;
}

/* A child writes as its parent does, and can register although another thread was at it. */
Test(registration, fork, .timeout = 600)
{
	unsigned evaluated = 0;
	pthread_t thread;

	register_all();
	cr_assert_eq(pthread_create(&thread, NULL, register_all_the_time, NULL), 0);
	for (int i = 0; i < 200; i++) {
		int status;
		pid_t child = fork();

		if (child == 0)
			_exit(here(&evaluated) != 0 || evh_provider_unregister(&shared) != 0 ||
			      evh_provider_register_to(&shared, &memory) != 0 ||
			      here(&evaluated) != 0);
		cr_assert_eq(waitpid(child, &status, 0), child);
		cr_assert_eq(status, 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

Test(registration, temporaries_live_until_the_event_is_sent, .init = register_all)
{
	static const size_t lengths[] = { 1, 100, 600, 5000, 30000 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t n = lengths[i];

		cr_assert_eq(write_with_temporary(n), n);
		for (size_t k = 0; k < n; k++)
			cr_assert_eq(bytes[memory.memory_used - 8 - n + k], 'x');
	}
}
