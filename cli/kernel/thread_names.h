/* SPDX-License-Identifier: MIT */
/* Which process a thread belongs to, and what it is called. */
#ifndef LOGTAP_THREAD_NAMES_H
#define LOGTAP_THREAD_NAMES_H

#include <stdint.h>

#include "tracefs_place.h"

struct thread_names;

struct task {
	uint32_t tid;
	uint32_t pid;	 /* of the process; the thread's own number when nobody knows */
	char comm[16];	 /* empty when nobody knows */
	uint64_t looked; /* when it was looked up, in the caller's nanoseconds */
};

int thread_names_open(struct thread_names **tasks, const struct tracefs_place *place);

/*
 * What is known of a thread: from /proc while it lives, else from the kernel's trace of past ones.
 * Never NULL; lives until the next call.
 *
 * now: nanoseconds of any clock; an answer is used again for a second, since thread ids are, too
 */
const struct task *thread_names_find(struct thread_names *tasks, uint32_t tid, uint64_t now);

void thread_names_close(struct thread_names *tasks);

#endif
