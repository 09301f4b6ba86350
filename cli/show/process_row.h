/* SPDX-License-Identifier: MIT */
/* What is known of one process in the list of processes, and how it is written. */
#ifndef LOGTAP_PROCESS_ROW_H
#define LOGTAP_PROCESS_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "output.h"

enum row_text {
	ROW_PROGRAM,
	ROW_EXE,
	ROW_UNIT,
	ROW_CONTAINER,
	ROW_HOST,
	ROW_BOOT_ID,
	ROW_ARGS,
	ROW_TEXTS,
};

enum row_end {
	ROW_UNKNOWN, /* killed by a signal, or on another machine still there */
	ROW_EXITED,
	ROW_EXEC, /* it became another program */
	ROW_RUNS, /* it is there, on this machine */
};

struct row_line {
	char *data;
	size_t size;
};

struct process_row {
	struct process_row *next;  /* in its bucket */
	struct process_row *later; /* that began next */
	uint32_t source, pid, ppid, uid;
	bool has_ppid, has_uid, has_start, has_time;
	bool wanted;	/* it, or a line of its, passed the filters */
	bool said_name; /* its name is what it logs under */
	enum row_end end;
	int64_t status;
	int64_t start;	      /* seconds since 1970, by the kernel */
	uint64_t began, last; /* nanoseconds since 1970: first and last that was heard of it */
	uint64_t counts[SEVERITY_NONE + 1];
	char *text[ROW_TEXTS]; /* NULL: not known */
	struct row_line *lines;
	size_t line_count;
};

/* Whether the process is still there on this machine. */
bool process_row_runs(const struct process_row *row);

/* Writes all that are wanted. */
void process_rows_write(const struct process_row *first, struct output *output);

/* Writes those that ended badly; `any_exit`: the recording says how processes ended. */
void process_rows_write_failed(const struct process_row *first, struct output *output,
			       bool any_exit);

#endif
