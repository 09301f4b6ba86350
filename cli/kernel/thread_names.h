/* SPDX-License-Identifier: MIT */
/* Which process a thread belongs to, and what it is called. */
#ifndef LOGTAP_TASKS_H
#define LOGTAP_TASKS_H

#include <stdint.h>

#include "tracefs_place.h"

struct tasks;

struct task {
	uint32_t tid;
	uint32_t pid;	 /* of the process; the thread's own number when nobody knows */
	char comm[16];	 /* empty when nobody knows */
	uint64_t looked; /* when it was looked up, in the caller's nanoseconds */
};

int tasks_open(struct tasks **tasks, const struct tracing_place *place);

/*
 * What is known of a thread: from /proc while it lives, else from the kernel's trace of past ones.
 * Never NULL; lives until the next call.
 *
 * now: nanoseconds of any clock; an answer is used again for a second, since thread ids are, too
 */
const struct task *tasks_find(struct tasks *tasks, uint32_t tid, uint64_t now);

void tasks_close(struct tasks *tasks);

#endif
