/* SPDX-License-Identifier: MIT */
/*
 * What the events `process` and `exit` say of the processes that log: so that a line can be told
 * to be of a program, a unit, a container and a host after its process is gone.
 */
#ifndef LOGTAP_PROCESS_TABLE_H
#define LOGTAP_PROCESS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

/* The texts that are known of a process, in the order in which they are shown. */
enum process_text {
	PROCESS_EXE,
	PROCESS_UNIT, /* from the cgroup, where the event has none of its own */
	PROCESS_CONTAINER,
	PROCESS_HOST,
	PROCESS_ARGS,
	PROCESS_CGROUP,
	PROCESS_BOOT_ID,
	PROCESS_SERVICE,
	PROCESS_RESOURCE,
	PROCESS_TEXTS,
};

/* The kernel's names have 15 characters; for longer ones than this nothing is prepared. */
#define PROCESS_COMM_SIZE 32

/* What one `process` event said. */
struct process {
	struct process *next; /* in its bucket */
	struct process *older, *newer;
	uint32_t source; /* of which recording: two have processes of their own */
	uint32_t pid;
	uint32_t ppid, uid;
	bool has_ppid, has_uid, has_start, has_began;
	int64_t start;			     /* seconds since 1970 */
	uint64_t began;			     /* when the event came, nanoseconds since 1970 */
	struct evh_name text[PROCESS_TEXTS]; /* data is NULL where it isn't known */
	struct evh_name json;		     /* the members of JSON's `process`, behind "comm" */
	struct process_block *block;	     /* the whole of that */
	size_t size;
	char bytes[];
};

/* The whole JSON member `,"process":{...}`, as it was for the event before: names change seldom. */
struct process_block {
	char comm[PROCESS_COMM_SIZE];
	size_t size; /* 0: nothing yet */
	char text[];
};

struct process_table;

enum process_news { PROCESS_NO_NEWS, PROCESS_STARTED, PROCESS_ENDED };

/* What kind of event it is, whether or not anything is known of its process. */
enum process_news process_news_of(const struct event *event);

/* The same of events of which nothing but their kind is known yet. */
enum process_news process_news_of_kind(const struct evh_schema *kind);

/* 0 or -ENOMEM. */
int process_table_create(struct process_table **table);
void process_table_destroy(struct process_table *table);

/*
 * Takes in a `process` event of this recording. What it said of an earlier process of that number
 * is forgotten, and the oldest processes are where there are too many to remember. 0 or -ENOMEM.
 */
int process_table_learn(struct process_table *table, uint32_t source, struct event *event);

/* NULL: nothing is known of it. Valid until the table learns more. */
const struct process *process_table_find(const struct process_table *table, uint32_t source,
					 uint32_t pid);

/*
 * JSON's member `,"process":{"comm":...}` for an event of this process. Valid until the next one of
 * it. Empty where the name is too long for that.
 */
struct evh_name process_member(const struct process *process, const char *comm);

/* "exe", "unit" ...: how filters, columns and JSON call the texts. */
extern const char *const process_text_names[PROCESS_TEXTS];

#endif
