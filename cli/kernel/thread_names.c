/* SPDX-License-Identifier: MIT */
/*
 * Looks threads up. A trace record names only the thread; who it belonged to is asked from /proc
 * while it lives, and afterwards from the tracer's own notes (saved_tgids, saved_cmdlines). Must
 * never fail: what nobody knows is answered with the thread's own number.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thread_names.h"

#define SLOTS	    4096
#define LIFETIME_NS 1000000000

struct thread_names {
	struct tracefs_place place;
	struct task slots[SLOTS];
};

int thread_names_open(struct thread_names **tasks, const struct tracefs_place *place)
{
	*tasks = calloc(1, sizeof(**tasks));
	if (!*tasks)
		return -ENOMEM;
	(*tasks)->place = *place;
	return 0;
}

static void copy_comm(struct task *task, const char *comm)
{
	size_t length = strcspn(comm, "\n");

	if (length >= sizeof(task->comm))
		length = sizeof(task->comm) - 1;
	memcpy(task->comm, comm, length);
	task->comm[length] = '\0';
}

static bool ask_proc(struct task *task)
{
	char path[64];
	char line[256];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/status", task->tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Name:\t", 6) == 0)
			copy_comm(task, line + 6);
		found = sscanf(line, "Tgid: %u", &task->pid) == 1;
	}
	fclose(file);
	return found;
}

/* Finds the line "TID REST" in one of the tracer's notes. */
static bool ask_notes(const struct thread_names *tasks, const char *name, uint32_t tid, char *rest,
		      size_t size)
{
	char path[PATH_MAX];
	char line[256];
	bool found = false;
	FILE *file;

	if (tracefs_place_path(&tasks->place, name, path, sizeof(path)) < 0)
		return false;
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		unsigned number;
		int length = 0;

		if (sscanf(line, "%u %n", &number, &length) != 1 || number != tid)
			continue;
		snprintf(rest, size, "%.*s", (int)strcspn(line + length, "\n"), line + length);
		found = true;
	}
	if (file)
		fclose(file);
	return found;
}

static void look_up(const struct thread_names *tasks, struct task *task)
{
	char rest[256];

	if (ask_proc(task))
		return;
	task->pid = task->tid;
	if (ask_notes(tasks, "saved_tgids", task->tid, rest, sizeof(rest)) && atoi(rest) > 0)
		task->pid = (uint32_t)atoi(rest);
	if (ask_notes(tasks, "saved_cmdlines", task->tid, rest, sizeof(rest)))
		copy_comm(task, rest);
}

const struct task *thread_names_find(struct thread_names *tasks, uint32_t tid, uint64_t now)
{
	struct task *task = &tasks->slots[tid % SLOTS];

	if (task->looked != 0 && task->tid == tid && now - task->looked < LIFETIME_NS)
		return task;
	/* A thread that has died meanwhile keeps what was known when it lived. */
	if (task->looked != 0 && task->tid == tid) {
		struct task fresh = { .tid = tid };

		if (ask_proc(&fresh))
			*task = fresh;
	} else {
		memset(task, 0, sizeof(*task));
		task->tid = tid;
		look_up(tasks, task);
	}
	task->looked = now ? now : 1;
	return task;
}

void thread_names_close(struct thread_names *tasks)
{
	free(tasks);
}
