/* SPDX-License-Identifier: MIT */
/* `logtap view --processes` and `--failed`: who was there, how it ended, and what it said last. */
#ifndef LOGTAP_PROCESS_LIST_H
#define LOGTAP_PROCESS_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "filter.h"
#include "output.h"

struct process_list;

/*
 * @output  where the list will go; its format says how lines are remembered
 * @filter  asked whether processes that said nothing are wanted
 * @lines   how many of each process's last lines are remembered
 *
 * NULL: no memory.
 */
struct process_list *process_list_new(struct output *output, const struct filter *filter,
				      uint64_t lines);
void process_list_free(struct process_list *list);

/* Of a struct process_list: to be the `take` and the `take_news` of a struct pipeline. 0 or
 * -ENOMEM. */
int process_list_take(void *argument, struct event *event);
int process_list_take_news(void *argument, struct event *event, bool passes);

/*
 * Writes the table of the `last` ones, in the order in which they began, or the newest first; or
 * those that failed, with their lines. Once.
 */
void process_list_write(struct process_list *list, bool failed, uint64_t last, bool reverse);

#endif
