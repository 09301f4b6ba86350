/* SPDX-License-Identifier: MIT */
/*
 * `logtap tail`: shows events live, from the kernel, in a tracefs instance of its own. Must leave
 * nothing behind in tracefs, and must use no processor time while nothing happens but a look at the
 * list of tracepoints once a second (and whenever one is made, where the kernel can tell).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "catalog.h"
#include "cli.h"
#include "clock.h"
#include "end_signals.h"
#include "keep_registered.h"
#include "new_tracepoints.h"
#include "percpu_ring.h"
#include "tail.h"
#include "thread_names.h"
#include "tracepoint_names.h"
#include "user_events_usage.h"

#define SCAN_PERIOD_NS	 NS_PER_S
#define REPORT_PERIOD_NS NS_PER_S

/* After so many records the signals, the clock and the tracepoints get their turn. */
#define BATCH 4096

/* ---- Setting up ------------------------------------------------------------------------ */

/* Nothing of what was asked for is there: most likely it is misspelt. */
static void say_what_exists(const char *pattern, struct names *there)
{
	char list[1024];

	names_write(there, list, sizeof(list));
	cli_error(
		"nothing of '%s' exists yet; there are: %s (what appears later is shown; --create "
		"creates the tracepoints of a provider)",
		pattern, *list ? list : "none");
}

/* What a program of ours registers under that name is refused, and nobody else says so. */
static void say_misfit(const char *name)
{
	cli_error("user_events:%s exists with other fields, which another program gave it: it is "
		  "shown as it is, and what logtap would send by that name is lost (logtap "
		  "doctor says more)",
		  name);
}

/* Where there is no room for a program's tracepoints, nothing ever comes. */
static void say_if_full(const struct tail *tail)
{
	struct user_events_usage usage;

	if (user_events_usage(&tail->place, &usage) && usage.all >= usage.limit)
		cli_error("the kernel's limit of user events is reached (%lu): programs can't "
			  "create tracepoints that aren't there yet; sysctl "
			  "kernel.user_events_max=%lu makes room",
			  usage.limit, usage.limit + 1024);
}

/*
 * Whether a provider's tracepoints are to be created: the library's own, and those of which there
 * are some. Another name could be misspelt, and what is created under it would stay unnoticed.
 */
static bool is_wanted(const struct tail *tail, const char *provider)
{
	struct names there;

	return tail->create || strcmp(provider, "logtap") == 0 ||
	       catalog_exists(tail->catalog, provider, &there);
}

/*
 * Creates the tracepoints of providers that are named in full. Not being allowed to is no failure:
 * they are then found when their program creates them.
 */
static void hold_providers(struct tail *tail)
{
	char provider[EVH_PROVIDER_NAME_MAX];
	char name[EVH_TRACEPOINT_NAME_MAX];

	for (size_t i = 0; i < tail->pattern_count; i++) {
		if (!catalog_provider(tail->patterns[i], provider, sizeof(provider)) ||
		    !is_wanted(tail, provider) ||
		    (!tail->hold && keep_registered_open(&tail->hold) < 0))
			continue;
		for (unsigned k = 0; k < LT_TRACEPOINTS; k++) {
			if (!lt_tracepoint_is_used(k))
				continue;
			lt_tracepoint_name(name, provider, k);
			keep_registered_tracepoint(tail->hold, name);
		}
	}
}

/* Signals that end the command come as data, so that they end it in good order. */
static int open_signals(struct tail *tail)
{
	signal(SIGPIPE, SIG_IGN);
	tail->signals = end_signals_open(SFD_NONBLOCK);
	return tail->signals < 0 ? -errno : 0;
}

static int fail(const char *what, int error)
{
	cli_error("%s: %s; %s", what, strerror(-error), tracefs_place_advice(-error));
	return CLI_FAILURE;
}

/* Rights to write events, as a group can have them, are not enough to watch them. */
static int fail_instance(int error)
{
	if (error != -EACCES && error != -EPERM)
		return fail("can't create a tracefs instance", error);
	cli_error("can't create a tracefs instance: %s; watching events needs root (sudo logtap "
		  "tail)",
		  strerror(-error));
	return CLI_FAILURE;
}

static int set_up(struct tail *tail)
{
	int result = tracefs_place_find(&tail->place);

	if (result < 0) {
		cli_error("tracefs is not mounted; mount -t tracefs tracefs /sys/kernel/tracing");
		return CLI_FAILURE;
	}
	result = catalog_open(&tail->catalog, &tail->place, tail->patterns, tail->pattern_count);
	if (result == -EINVAL) {
		cli_error("a pattern may only name the system user_events");
		return CLI_USAGE;
	}
	if (result == 0)
		result = open_signals(tail);
	if (result < 0)
		return fail("can't start", result);
	result = instance_create(&tail->instance, &tail->place, tail->buffer_kib);
	if (result < 0)
		return fail_instance(result);
	hold_providers(tail);
	say_if_full(tail);
	catalog_on_misfit(tail->catalog, say_misfit);
	/* Before the first look, so that none is made unseen between the two. */
	new_tracepoints_open(&tail->watch);
	result = catalog_scan(tail->catalog, tail->instance.tracefs);
	if (result < 0)
		return fail("can't read the list of user events", result);
	if (result == 0) {
		struct names there;

		catalog_exists(tail->catalog, NULL, &there);
		say_what_exists(tail->patterns[0], &there);
	}
	if (!tail->quiet)
		cli_error("listening to %d tracepoints", result);
	result = percpu_ring_open(&tail->ring, &tail->instance);
	if (result == 0)
		result = thread_names_open(&tail->tasks, &tail->place);
	if (result == 0)
		result = pipeline_start(&tail->show);
	return result < 0 ? fail("can't read the ring buffers", result) : CLI_OK;
}

/* The instance comes last, when nothing in it is open any more. */
static void clean_up(struct tail *tail)
{
	pipeline_free(&tail->show);
	thread_names_close(tail->tasks);
	percpu_ring_close(tail->ring);
	instance_remove(&tail->instance);
	new_tracepoints_close(tail->watch);
	catalog_close(tail->catalog);
	keep_registered_close(tail->hold);
	if (tail->signals >= 0)
		close(tail->signals);
}

/* ---- Running --------------------------------------------------------------------------- */

/* 0, 1 when that was enough, or a negative errno. */
static int show_record(struct tail *tail, const struct ring_record *record)
{
	const struct catalog_entry *entry;
	const struct task *task;
	struct evh_sample sample = { .system = "user_events" };
	uint16_t id;
	int32_t tid;

	/* Every record begins with u16 type, u8 flags, u8 preempt count, i32 thread. */
	if (record->size < 8)
		return 0;
	memcpy(&id, record->data, sizeof(id));
	memcpy(&tid, (const char *)record->data + 4, sizeof(tid));
	entry = catalog_find(tail->catalog, id);
	if (!entry || record->size < entry->header)
		return 0;
	task = thread_names_find(tail->tasks, (uint32_t)tid, record->time);
	sample.has = EVH_SAMPLE_TIME | EVH_SAMPLE_PID | EVH_SAMPLE_TID | EVH_SAMPLE_CPU;
	sample.pid = task->pid;
	sample.tid = (uint32_t)tid;
	sample.cpu = record->cpu;
	sample.time = record->time + tail->wall_offset;
	sample.comm = task->comm[0] ? task->comm : NULL;
	sample.tracepoint = entry->name;
	sample.raw = record->data;
	sample.raw_size = record->size;
	if (entry->eventheader) {
		sample.event = (const char *)record->data + entry->header;
		sample.event_size = record->size - entry->header;
	} else {
		sample.format = entry->format;
	}
	return pipeline_sample(&tail->show, &sample);
}

/*
 * Shows what is there, up to `until` (CLOCK_MONOTONIC). 0 when nothing is left, -EAGAIN when there
 * is more, 1 when that was enough, or a negative errno.
 */
static int drain(struct tail *tail, uint64_t until, unsigned limit)
{
	struct ring_record record;
	int result = 0;

	for (unsigned i = 0; result == 0; i++) {
		if (i == limit)
			return -EAGAIN;
		result = percpu_ring_next(tail->ring, &record);
		if (result <= 0 || record.time > until)
			return result < 0 ? result : 0;
		result = show_record(tail, &record);
	}
	return result;
}

static void report_lost(struct tail *tail, bool finally)
{
	uint64_t lost = percpu_ring_lost(tail->ring, finally);

	if (lost <= tail->reported_lost)
		return;
	output_flush(&tail->show.output);
	cli_error("%llu events lost%s: they came faster than they could be shown; a larger "
		  "--buffer-size helps",
		  (unsigned long long)(lost - tail->reported_lost),
		  tail->reported_lost ? " more" : "");
	tail->reported_lost = lost;
}

/* What happens at most once a second. */
static void attend(struct tail *tail, uint64_t now)
{
	if (now >= tail->next_scan) {
		tail->wall_offset = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
		catalog_scan(tail->catalog, tail->instance.tracefs);
		tail->next_scan = now + SCAN_PERIOD_NS;
	}
	if (now >= tail->next_report) {
		report_lost(tail, false);
		tail->next_report = now + REPORT_PERIOD_NS;
	}
}

/* Until there is something to read or to do. true when the command shall end. */
static bool pause_until(struct tail *tail, uint64_t end, bool more)
{
	struct pollfd watched[] = {
		{ .fd = percpu_ring_fd(tail->ring), .events = POLLIN },
		{ .fd = tail->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = 0 }, /* an error: the reader went away */
		{ .fd = new_tracepoints_fd(tail->watch), .events = POLLIN },
	};
	uint64_t now = clock_now(CLOCK_MONOTONIC);
	uint64_t wake = end < tail->next_scan ? end : tail->next_scan;
	int timeout = more || wake <= now ? 0 : (int)((wake - now + NS_PER_MS - 1) / NS_PER_MS);

	if (poll(watched, 4, timeout) < 0)
		return errno != EINTR;
	if (watched[3].revents & POLLIN) {
		new_tracepoints_clear(tail->watch);
		tail->next_scan = 0;
	}
	tail->reader_gone = (watched[2].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
	return tail->reader_gone || (watched[1].revents & POLLIN) ||
	       clock_now(CLOCK_MONOTONIC) >= end;
}

static int follow(struct tail *tail)
{
	uint64_t end = UINT64_MAX;
	int result = 0;
	bool stop = false;

	if (tail->duration)
		end = clock_now(CLOCK_MONOTONIC) + tail->duration;
	while (!stop) {
		attend(tail, clock_now(CLOCK_MONOTONIC));
		result = drain(tail, end, BATCH);
		if (output_flush(&tail->show.output) < 0)
			result = 1;
		if (result != 0 && result != -EAGAIN)
			return result;
		stop = pause_until(tail, end, result == -EAGAIN);
	}
	/* What was written before the end is still shown. */
	if (!tail->reader_gone) {
		uint64_t now = clock_now(CLOCK_MONOTONIC);

		result = drain(tail, now < end ? now : end, UINT32_MAX);
	}
	return result;
}

static int finish(struct tail *tail, int result)
{
	int status;

	if (result >= 0 && !tail->reader_gone)
		result = pipeline_end(&tail->show);
	status = tail->reader_gone ? CLI_OK : output_finish(&tail->show.output);
	if (tail->show.shown > 0 && !tail->reader_gone)
		output_report_fields(&tail->show.output);
	report_lost(tail, true);
	if (result < 0) {
		cli_error("can't read the ring buffers: %s", strerror(-result));
		status = CLI_FAILURE;
	}
	return tail->reported_lost > 0 ? CLI_FAILURE : status;
}

int cmd_tail(int argc, char **argv)
{
	struct tail tail = { .signals = -1 };
	int status = tail_parse(&tail, argc, argv);

	if (status == -1)
		return cli_finish_output();
	if (status == CLI_OK)
		status = set_up(&tail);
	if (status == CLI_OK)
		status = finish(&tail, follow(&tail));
	clean_up(&tail);
	return status;
}
