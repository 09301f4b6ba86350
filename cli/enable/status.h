/* SPDX-License-Identifier: MIT */
/*
 * `logtap status`: what is found out, and how it is shown. What is said of the machine is looked
 * at, not remembered: a link by where it leads, a process by what it has mapped.
 */
#ifndef LOGTAP_STATUS_H
#define LOGTAP_STATUS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STATUS_UNITS_MAX     256
#define STATUS_BUILDS_MAX    64
#define STATUS_PROCESSES_MAX 16 /* named for each build; all are counted */
#define STATUS_DENIALS_MAX   16

/* A build of the library that processes have mapped: one file, by whatever names. */
struct status_build {
	dev_t device;
	ino_t inode;
	char path[PATH_MAX];
	char id[64];  /* its build id; empty: it can't be read */
	bool deleted; /* no name leads to it any more */
	bool current; /* it is what starts today */
	size_t count; /* of processes */
	pid_t processes[STATUS_PROCESSES_MAX];
	char names[STATUS_PROCESSES_MAX][16];
};

struct status_processes {
	struct status_build builds[STATUS_BUILDS_MAX];
	size_t build_count;
	size_t seen;   /* processes that could be looked into */
	size_t hidden; /* and that could not */
};

/* What the kernel's log and the audit log say of refusals. */
struct status_denials {
	char lines[STATUS_DENIALS_MAX][512];
	size_t count;
	char unread[256]; /* which logs could not be read, and why; empty: all could */
};

struct status {
	bool is_here;
	bool disabled;	      /* /etc/logtap/disabled is there */
	char entry[PATH_MAX]; /* of ours in the list; empty: none */
	bool marked;	      /* enable wrote it */
	bool foreign;	      /* the list holds more than ours */
	bool list_readable;   /* by everybody */
	char list_error[128]; /* why the list can't be read; empty: it can, or there is none */
	char *notes;	      /* of enable --system, or NULL */
	bool at_boot;	      /* the unit sets it at boot */
	char *units[STATUS_UNITS_MAX];
	char *dropins[STATUS_UNITS_MAX]; /* the first line of each: who and when */
	size_t unit_count;
	struct status_processes processes;
	struct status_denials denials;
};

/* status_processes.c: looks through /proc. */
void status_find_processes(struct status_processes *processes, const char *current);

/* status_denials.c: the kernel's ring of messages and the audit log, as far as they can be read. */
void status_find_denials(struct status_denials *denials);

/* status_entry.c: what a loader's line of the notes says of what is there now: NULL where all is
 * well. */
const char *status_loader_problem(int root, const char *entry, const char *line, size_t size);

/* status_text.c, status_json.c: to stdout. */
void status_print_text(const struct status *status, int root);
void status_print_json(const struct status *status, int root);

#endif
