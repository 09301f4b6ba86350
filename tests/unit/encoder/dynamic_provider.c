/* SPDX-License-Identifier: MIT */
/* Providers of run-time events: their sets, while other threads write to them. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <criterion/criterion.h>
#include <evh/builder.h>

static uint8_t memory[4096];
static struct evh_transport transport;
static struct evh_dynamic_provider *provider;

static void start(void)
{
	evh_transport_use_memory(&transport, memory, sizeof(memory));
	cr_assert_eq(evh_dynamic_provider_create(&provider, "P", "group1", &transport), 0);
}

static void stop(void)
{
	evh_dynamic_provider_destroy(provider);
}

TestSuite(dynamic_provider, .init = start, .fini = stop);

Test(dynamic_provider, names)
{
	struct evh_dynamic_provider *other;

	cr_assert_str_eq(evh_dynamic_provider_name(provider), "P");
	cr_assert_str_eq(evh_dynamic_provider_options(provider), "Ggroup1");
	cr_assert_eq(evh_dynamic_provider_create(&other, "Q", NULL, &transport), 0);
	cr_assert_str_eq(evh_dynamic_provider_options(other), "");
	evh_dynamic_provider_destroy(other);
	cr_assert_eq(evh_dynamic_provider_create(&other, "a/b", NULL, &transport), -EINVAL);
	cr_assert_null(other);
	cr_assert_eq(evh_dynamic_provider_create(&other, "a", "UP", &transport), -EINVAL);
	evh_dynamic_provider_destroy(NULL);
}

Test(dynamic_provider, longest_name)
{
	struct evh_dynamic_provider *other;
	char name[EVH_TRACEPOINT_NAME_MAX];

	memset(name, 'x', sizeof(name));
	name[234] = 0;
	cr_assert_eq(evh_dynamic_provider_create(&other, name, NULL, &transport), -ENAMETOOLONG);
	name[233] = 0;
	cr_assert_eq(evh_dynamic_provider_create(&other, name, "g", &transport), -ENAMETOOLONG);
	cr_assert_eq(evh_dynamic_provider_create(&other, name, NULL, &transport), 0);
	cr_assert_eq(evh_event_set_error(evh_dynamic_provider_register_set(other, 255, UINT64_MAX)),
		     0);
	evh_dynamic_provider_destroy(other);
}

Test(dynamic_provider, sets)
{
	struct evh_event_set *one = evh_dynamic_provider_register_set(provider, 1, 1);
	struct evh_event_set *two = evh_dynamic_provider_register_set(provider, 1, 2);

	cr_assert_not_null(one);
	cr_assert_neq(one, two);
	cr_assert_eq(evh_dynamic_provider_register_set(provider, 1, 1), one);
	cr_assert_eq(evh_dynamic_provider_find_set(provider, 1, 2), two);
	cr_assert_null(evh_dynamic_provider_find_set(provider, 2, 1));
	cr_assert(evh_event_set_enabled(one));
	cr_assert_eq(evh_event_set_error(one), 0);
}

/* No level 0: a set all the same, that is never enabled and says why. */
Test(dynamic_provider, set_that_cannot_be)
{
	struct evh_event_set *none[] = {
		evh_dynamic_provider_register_set(provider, 0, 1),
		evh_dynamic_provider_create_unregistered(provider, 0, 1, true),
	};

	for (size_t i = 0; i < 2; i++) {
		cr_assert_not_null(none[i]);
		cr_assert_not(evh_event_set_enabled(none[i]));
		cr_assert_eq(evh_event_set_error(none[i]), -EINVAL);
	}
	cr_assert_null(evh_dynamic_provider_find_set(provider, 0, 1));
}

/* What is refused is counted by the provider, whether the builder or the transport refuses it. */
Test(dynamic_provider, lost)
{
	struct evh_event_set *set = evh_dynamic_provider_register_set(provider, 1, 1);
	struct evh_event_set *other = evh_dynamic_provider_register_set(provider, 1, 2);
	struct evh_event_set *off = evh_dynamic_provider_create_unregistered(provider, 1, 3, false);
	static const char text[300];
	struct evh_builder builder;

	evh_transport_set_size_max(&transport, 100);
	evh_builder_init(&builder, NULL, 0);
	evh_builder_reset(&builder, "e", 0);
	cr_assert_eq(evh_builder_write(&builder, set, NULL, NULL), 0);
	cr_assert_eq(evh_dynamic_provider_lost(provider), 0);
	evh_builder_add_binary(&builder, "f", text, sizeof(text), 0, 0);
	cr_assert_eq(evh_builder_write(&builder, set, NULL, NULL), -E2BIG);
	cr_assert_eq(evh_builder_write(&builder, other, NULL, NULL), -E2BIG);
	cr_assert_eq(evh_dynamic_provider_lost(provider), 2);
	evh_builder_reset(&builder, "e;", 0);
	cr_assert_eq(evh_builder_write(&builder, set, NULL, NULL), -EINVAL);
	cr_assert_eq(evh_dynamic_provider_lost(provider), 3);
	/* nobody would have received it */
	cr_assert_eq(evh_builder_write(&builder, off, NULL, NULL), -EINVAL);
	cr_assert_eq(evh_dynamic_provider_lost(provider), 3);
	evh_builder_destroy(&builder);
}

Test(dynamic_provider, unregister_and_again)
{
	struct evh_event_set *set = evh_dynamic_provider_register_set(provider, 1, 1);

	evh_dynamic_provider_unregister(provider);
	evh_dynamic_provider_unregister(provider);
	cr_assert_not(evh_event_set_enabled(set));
	cr_assert_eq(evh_event_set_error(set), -EBADF);
	cr_assert_eq(evh_dynamic_provider_register_set(provider, 1, 1), set);
	cr_assert(evh_event_set_enabled(set));
	cr_assert_eq(evh_event_set_error(set), 0);
}

Test(dynamic_provider, unregistered_sets)
{
	struct evh_event_set *on = evh_dynamic_provider_create_unregistered(provider, 1, 1, true);
	struct evh_event_set *off = evh_dynamic_provider_create_unregistered(provider, 1, 2, false);
	struct evh_builder builder;

	cr_assert(evh_event_set_enabled(on));
	cr_assert_not(evh_event_set_enabled(off));
	cr_assert_eq(evh_dynamic_provider_register_set(provider, 1, 1), on);
	evh_builder_init(&builder, NULL, 0);
	evh_builder_reset(&builder, "e", 0);
	cr_assert_eq(evh_builder_write(&builder, on, NULL, NULL), -EBADF);
	evh_builder_add_struct(&builder, "s", 1, 0);
	cr_assert_eq(evh_builder_write(&builder, on, NULL, NULL), -EINVAL);
	evh_builder_destroy(&builder);
	cr_assert_eq(transport.memory_sent, 0);
}

/* A transport that can't be opened: the set says why, and is usable. */
Test(dynamic_provider, closed_transport)
{
	struct evh_transport closed = { 0 };
	struct evh_dynamic_provider *other;
	struct evh_event_set *set;

	cr_assert_eq(evh_dynamic_provider_create(&other, "P", NULL, &closed), 0);
	set = evh_dynamic_provider_register_set(other, 1, 1);
	cr_assert_eq(evh_event_set_error(set), -EBADF);
	cr_assert_not(evh_event_set_enabled(set));
	/* it works as soon as the transport does */
	evh_transport_use_memory(&closed, memory, sizeof(memory));
	cr_assert_eq(evh_dynamic_provider_register_set(other, 1, 1), set);
	cr_assert_eq(evh_event_set_error(set), 0);
	cr_assert(evh_event_set_enabled(set));
	evh_dynamic_provider_destroy(other);
}

static bool stop_writing;

static void *write_until_stopped(void *argument)
{
	struct evh_builder builder;
	unsigned long *refused = argument;

	evh_builder_init(&builder, NULL, 0);
	while (!__atomic_load_n(&stop_writing, __ATOMIC_RELAXED)) {
		struct evh_event_set *set = evh_dynamic_provider_find_set(provider, 5, 1);
		int error;

		evh_builder_reset(&builder, "e", 0);
		evh_builder_add_u8(&builder, "f", 1, 0, 0);
		error = evh_builder_write(&builder, set, NULL, NULL);
		if (error == -EBADF)
			++*refused;
		else
			cr_assert_eq(error, 0);
	}
	evh_builder_destroy(&builder);
	return NULL;
}

/* Sets are registered, unregistered and registered again while threads find them and write. */
Test(dynamic_provider, register_while_others_write)
{
	unsigned long refused[2] = { 0 };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, write_until_stopped, &refused[i]),
			     0);
	for (unsigned round = 0; round < 200; round++) {
		for (uint64_t keyword = 1; keyword < 20; keyword++)
			cr_assert_not_null(evh_dynamic_provider_register_set(
				provider, (uint8_t)(round % 5 + 1), keyword));
		evh_dynamic_provider_unregister(provider);
	}
	__atomic_store_n(&stop_writing, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (uint64_t keyword = 1; keyword < 20; keyword++)
		cr_assert_not_null(evh_dynamic_provider_find_set(provider, 5, keyword));
}
