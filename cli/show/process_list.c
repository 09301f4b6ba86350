/* SPDX-License-Identifier: MIT */
/*
 * A row for each process that logged. Memory grows with processes, not with lines; must never keep
 * more lines than were asked for.
 */
#include "process_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "process_row.h"
#include "process_table.h"

#define BUCKETS 16384u

/* Remembered lines of all processes together; the oldest processes' go first. */
#define LINES_MEMORY_MAX ((size_t)128 << 20)

struct process_list {
	struct output *output;
	const struct filter *filter;
	uint64_t lines;
	struct process_row *buckets[BUCKETS];
	struct process_row *first, *last; /* in the order in which they began */
	struct process_row *thin;	  /* lines of those before it are forgotten */
	size_t lines_memory;
	bool any_exit;
};

struct process_list *process_list_new(struct output *output, const struct filter *filter,
				      uint64_t lines)
{
	struct process_list *list = calloc(1, sizeof(*list));

	if (list) {
		list->output = output;
		list->filter = filter;
		list->lines = lines;
	}
	return list;
}

static void forget_lines(struct process_list *list, struct process_row *row)
{
	for (size_t i = 0; i < row->line_count; i++) {
		list->lines_memory -= row->lines[i].size;
		free(row->lines[i].data);
	}
	free(row->lines);
	row->lines = NULL;
	row->line_count = 0;
}

void process_list_free(struct process_list *list)
{
	if (!list)
		return;
	for (struct process_row *row = list->first; row;) {
		struct process_row *later = row->later;

		forget_lines(list, row);
		for (size_t i = 0; i < ROW_TEXTS; i++)
			free(row->text[i]);
		free(row);
		row = later;
	}
	free(list);
}

static struct process_row **place_of(struct process_list *list, uint32_t source, uint32_t pid)
{
	struct process_row **place = &list->buckets[(pid + source * 1031u) % BUCKETS];

	while (*place && ((*place)->pid != pid || (*place)->source != source))
		place = &(*place)->next;
	return place;
}

static char *copy(struct evh_name text)
{
	return text.size ? strndup(text.data, text.size) : NULL;
}

static void fill(struct process_row *row, struct event *event)
{
	static const enum process_text TEXTS[ROW_TEXTS] = {
		[ROW_EXE] = PROCESS_EXE,
		[ROW_UNIT] = PROCESS_UNIT,
		[ROW_CONTAINER] = PROCESS_CONTAINER,
		[ROW_HOST] = PROCESS_HOST,
		[ROW_BOOT_ID] = PROCESS_BOOT_ID,
		[ROW_ARGS] = PROCESS_ARGS,
	};
	const struct process *process = event->process;
	const struct evh_sample *sample = event->sample;

	row->has_time = sample->has & EVH_SAMPLE_TIME;
	row->began = sample->time;
	row->last = sample->time;
	row->text[ROW_PROGRAM] = copy(event_ident(event));
	if (!process)
		return;
	row->has_start = process->has_start;
	row->start = process->start;
	row->has_uid = process->has_uid;
	row->uid = process->uid;
	row->has_ppid = process->has_ppid;
	row->ppid = process->ppid;
	for (size_t i = ROW_EXE; i < ROW_TEXTS; i++)
		row->text[i] = copy(process->text[TEXTS[i]]);
}

/* NULL: no memory. */
static struct process_row *add_row(struct process_list *list, struct process_row **place,
				   struct event *event)
{
	struct process_row *row = calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	row->source = event->source;
	row->pid = event->sample->pid;
	fill(row, event);
	row->next = *place;
	*place = row;
	*(list->last ? &list->last->later : &list->first) = row;
	list->last = row;
	return row;
}

/* The row of the event's process. NULL: no memory. */
static struct process_row *find_row(struct process_list *list, struct event *event)
{
	struct process_row **place = place_of(list, event->source, event->sample->pid);

	return *place ? *place : add_row(list, place, event);
}

/*
 * Whether both are one process. Its second may differ by one from event to event: it is the clock's
 * now, less how long it runs, and the clock is being set by small amounts.
 */
static bool is_same_process(const struct process_row *row, const struct process_row *before)
{
	return !row->has_start || !before->has_start ||
	       (uint64_t)row->start - (uint64_t)before->start + 1 <= 2;
}

/* Another program, in the same process (after an exec) or in another one of that number. */
static struct process_row *start_row(struct process_list *list, struct event *event)
{
	struct process_row **place = place_of(list, event->source, event->sample->pid);
	struct process_row *before = *place;
	struct process_row *row;

	if (before) {
		*place = before->next;
		place = place_of(list, event->source, event->sample->pid);
	}
	row = add_row(list, place, event);
	if (!row || !before || before->end != ROW_UNKNOWN)
		return row;
	if (is_same_process(row, before)) {
		before->end = ROW_EXEC;
		before->last = row->began;
		forget_lines(list, before);
	}
	return row;
}

int process_list_take_news(void *argument, struct event *event, bool passes)
{
	struct process_list *list = argument;
	bool started = process_news_of(event) == PROCESS_STARTED;
	struct process_row *row = started ? start_row(list, event) : find_row(list, event);
	struct evh_item item;

	if (!row)
		return -ENOMEM;
	/* A text filter speaks of lines. */
	row->wanted = row->wanted || (passes && !list->filter->by_text);
	if (started)
		return 0;
	row->end = ROW_EXITED;
	row->last = event->sample->time;
	list->any_exit = true;
	if (evh_schemas_field(event->schemas, event->sample, "status", &item) == 1)
		evh_item_i64(&item, &row->status);
	if (row->status == 0)
		forget_lines(list, row);
	return 0;
}

/* The oldest ones' lines go. */
static void bound_lines(struct process_list *list)
{
	if (!list->thin)
		list->thin = list->first;
	while (list->lines_memory > LINES_MEMORY_MAX && list->thin->later) {
		forget_lines(list, list->thin);
		list->thin = list->thin->later;
	}
}

static int keep_line(struct process_list *list, struct process_row *row, struct event *event)
{
	struct evh_text *text = &list->output->text;
	size_t begin = text->size;
	struct row_line line = { 0 };

	list->output->hold = true;
	output_format_event(list->output, event);
	list->output->hold = false;
	if (text->error)
		return text->error;
	line.size = text->size - begin;
	line.data = malloc(line.size ? line.size : 1);
	text->size = begin;
	if (!row->lines)
		row->lines = calloc(list->lines, sizeof(*row->lines));
	if (!line.data || !row->lines) {
		free(line.data);
		return -ENOMEM;
	}
	memcpy(line.data, text->data + begin, line.size);
	if (row->line_count == list->lines) {
		list->lines_memory -= row->lines[0].size;
		free(row->lines[0].data);
		memmove(row->lines, row->lines + 1, --row->line_count * sizeof(*row->lines));
	}
	row->lines[row->line_count++] = line;
	list->lines_memory += line.size;
	bound_lines(list);
	return 0;
}

int process_list_take(void *argument, struct event *event)
{
	struct process_list *list = argument;
	struct process_row *row;

	if (!(event->sample->has & EVH_SAMPLE_PID))
		return 0;
	row = find_row(list, event);
	if (!row)
		return -ENOMEM;
	/* What it calls itself is more than what its file is called. */
	if (!row->said_name) {
		char *name = copy(event_ident(event));

		if (name) {
			free(row->text[ROW_PROGRAM]);
			row->text[ROW_PROGRAM] = name;
		}
		row->said_name = true;
	}
	row->wanted = true;
	row->counts[event_severity(event)]++;
	if (row->end == ROW_UNKNOWN)
		row->last = event->sample->time;
	return list->lines ? keep_line(list, row, event) : 0;
}

static void turn_around(struct process_list *list)
{
	struct process_row *before = NULL;

	list->last = list->first;
	for (struct process_row *row = list->first, *later; row; row = later) {
		later = row->later;
		row->later = before;
		before = row;
	}
	list->first = before;
}

/* Of those that are to be shown the last ones alone. */
static void leave_last(struct process_list *list, uint64_t last)
{
	uint64_t count = 0;

	for (struct process_row *row = list->first; row; row = row->later)
		count += row->wanted;
	for (struct process_row *row = list->first; row && count > last; row = row->later) {
		count -= row->wanted;
		row->wanted = false;
	}
}

void process_list_write(struct process_list *list, bool failed, uint64_t last, bool reverse)
{
	leave_last(list, last);
	if (reverse)
		turn_around(list);
	for (struct process_row *row = list->first; row; row = row->later) {
		if (row->end == ROW_UNKNOWN && process_row_runs(row))
			row->end = ROW_RUNS;
	}
	if (failed)
		process_rows_write_failed(list->first, list->output, list->any_exit);
	else
		process_rows_write(list->first, list->output);
}
