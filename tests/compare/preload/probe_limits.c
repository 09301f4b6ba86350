/* SPDX-License-Identifier: MIT */
/* Resource limits: a child's that are not the parent's, and none to spare for us. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "probe.h"

static void limit(__rlimit_resource_t resource, rlim_t soft)
{
	struct rlimit now;

	getrlimit(resource, &now);
	now.rlim_cur = soft;
	say("limit", setrlimit(resource, &now));
}

/* NOLINTBEGIN(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork): the point */

/* What a child of vfork lowers before it executes another program, as daemons do, is its own. */
static void vfork_limits(void)
{
	int pid;

	put("before\n");
	pid = vfork();
	if (!pid) {
		struct rlimit small = { 1, RLIM_INFINITY }, few = { 64, 64 };

		setrlimit(RLIMIT_FSIZE, &small);
		setrlimit(RLIMIT_NOFILE, &few);
		put("child, whose recording is full\n");
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	reap(pid);
	put("after\n");
}

/* NOLINTEND(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork) */

/* No page more: what libc formats where nobody sees it is formatted in the memory there is. */
static void no_memory(void)
{
	siginfo_t info = { .si_signo = SIGSEGV };

	put("before\n");
	limit(RLIMIT_AS, 0);
	psiginfo(&info, "no memory");
	psiginfo(&info, "again");
	put("after\n");
}

/* Every key that there is, by each of the two calls; then the library's own, given back, works. */
static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
static unsigned destroyed;

static void destroy(void *value)
{
	__atomic_add_fetch(&destroyed, value == keys, __ATOMIC_RELAXED);
}

static void *use_keys(void *count)
{
	put("a thread's line\n");
	for (size_t i = 0; i < (size_t)count; i++)
		if (pthread_getspecific(keys[i]) || pthread_setspecific(keys[i], keys))
			note("key %zu is not free\n", i);
	put("and another\n");
	return NULL;
}

static int make_key(size_t i, bool by_tss)
{
	if (by_tss)
		return tss_create((tss_t *)&keys[i], destroy);
	return pthread_key_create(&keys[i], destroy);
}

static void take_keys(bool by_tss)
{
	pthread_t thread;
	size_t count = 0;
	int error;

	put("before\n");
	while (!(error = make_key(count, by_tss)) && count < PTHREAD_KEYS_MAX)
		count++;
	note("%zu keys, then error %d\n", count, error);
	if (pthread_create(&thread, NULL, use_keys, (void *)count))
		abort();
	pthread_join(thread, NULL);
	note("%u destroyed\n", destroyed);
	for (size_t i = 0; i < count; i++)
		pthread_key_delete(keys[i]);
	say("one more", make_key(0, by_tss));
	put("after\n");
}

static void all_keys(void)
{
	take_keys(false);
}

static void all_keys_of_c11(void)
{
	take_keys(true);
}

const struct probe probe_limits[] = {
	{ "all-keys", all_keys },
	{ "all-keys-c11", all_keys_of_c11 },
	{ "vfork-limits", vfork_limits },
	{ "no-memory", no_memory },
	{ NULL, NULL },
};
