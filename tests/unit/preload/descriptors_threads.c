/* SPDX-License-Identifier: MIT */
/*
 * The table of stderr's copies and our own descriptor while several threads use both. Built once
 * more with ThreadSanitizer.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy_table.h"
#include "emit.h"
#include "layers.h"
#include "own_descriptor.h"
#include "stderr_copies.h"
#include "threads.h"

#define THREADS 8

static void run(void *(*function)(void *))
{
	pthread_t threads[THREADS];

	for (uintptr_t i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, function, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_join(threads[i], NULL), 0);
}

TestSuite(descriptors_threads, .init = layers_start);

/* Neighbours, whose pages are made by several threads at once: no number is lost. */
static void *set_neighbours(void *argument)
{
	unsigned thread = (unsigned)(uintptr_t)argument;

	for (unsigned i = 0; i < 3000; i++) {
		int fd = (int)((i % 3 ? 100000u : 0x7f000000u) + i * 300 * THREADS + thread);

		cr_assert(lt_copy_table_set(fd, (uint64_t)fd * 2));
	}
	for (unsigned i = 0; i < 3000; i++) {
		int fd = (int)((i % 3 ? 100000u : 0x7f000000u) + i * 300 * THREADS + thread);

		cr_assert_eq(lt_copy_table_get(fd), (uint64_t)fd * 2);
		if (i % 2)
			lt_copy_table_closed((unsigned)fd, (unsigned)fd);
	}
	return NULL;
}

Test(descriptors_threads, table)
{
	run(set_neighbours);
	for (unsigned i = 0; i < 3000; i++) {
		int fd = (int)((i % 3 ? 100000u : 0x7f000000u) + i * 300 * THREADS);

		cr_assert_eq(lt_copy_table_get(fd), i % 2 ? 0 : (uint64_t)fd * 2);
	}
}

/* Each thread has numbers of its own, and all ask about number 2 and each other's meanwhile. */
static void *copy_and_close(void *argument)
{
	unsigned thread = (unsigned)(uintptr_t)argument;

	for (int i = 0; i < 300; i++) {
		int copy = fcntl(2, F_DUPFD, 20 + (int)thread * 4);

		lt_copies_copied(2, copy);
		cr_assert(lt_copies_is_stderr(copy));
		cr_assert(lt_copies_is_stderr(2));
		for (unsigned other = 20; other < 20 + THREADS * 4; other++)
			lt_copies_is_stderr((int)other);
		lt_copies_replaced(copy);
		cr_assert_not(lt_copies_is_stderr(copy));
		close(copy);
		if (i % 50 == 0)
			lt_copies_closed(5000, 100000000);
		lt_copies_redirected();
	}
	return NULL;
}

Test(descriptors_threads, copies)
{
	run(copy_and_close);
	for (int fd = 3; fd < LT_COPIES_NUMBERS; fd++)
		cr_assert_not(lt_copies_is_stderr(fd));
}

/*
 * Ours moves on and on while others send: each event is in the file, and nowhere else. Whoever
 * loses a race for it must not close a number that is the program's by then.
 */
static bool moved;

static void raise_limit(void)
{
	for (int i = 0; i < 300; i++) {
		struct rlimit limit = { (rlim_t)(200 + i), 1024 };

		/* What was at the limit is within reach. */
		cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
		usleep(200);
	}
	__atomic_store_n(&moved, true, __ATOMIC_RELAXED);
}

static void *send_and_move(void *argument)
{
	unsigned thread = (unsigned)(uintptr_t)argument;
	struct lt_message message = { { "m", "m" }, { 1, 0 } };

	if (thread == 0)
		raise_limit();
	while (!__atomic_load_n(&moved, __ATOMIC_RELAXED)) {
		if (thread > 3) {
			lt_emit_stderr(6, &message);
			continue;
		}
		lt_own_fd_limits_changed();
		lt_own_fd_make_way();
		lt_own_fd_give_way();
	}
	return NULL;
}

Test(descriptors_threads, own_moves)
{
	struct rlimit limit = { 200, 1024 };
	struct stat ours, other;
	struct seen_list seen;
	int copies = 0;

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_assert_eq(lt_own_fd_adopt(), 0);
	run(send_and_move);
	lt_own_fd_limits_changed();
	cr_assert_eq(lt_own_fd, lt_transport.fd);
	cr_assert_gt(lt_own_fd, 200);
	cr_assert_eq(fstat(lt_own_fd, &ours), 0);
	for (int fd = 0; fd < 1100; fd++)
		copies += fstat(fd, &other) == 0 && other.st_ino == ours.st_ino;
	cr_assert_eq(copies, 1);
	seen = layers_events();
	cr_assert_gt(seen.count, 0);
	cr_assert_eq(seen.count, layers_count("sent"));
}
