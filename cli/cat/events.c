/* SPDX-License-Identifier: MIT */
/*
 * The preload library's layers below its interposed functions, started here. Must never send
 * before they are: events_open comes first.
 */
#include "events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "counters.h"
#include "debug_file.h"
#include "emit.h"
#include "lines.h"
#include "live_sink.h"
#include "lost.h"
#include "otel_resource.h"
#include "own_calls.h"

static int open_transport(const struct lt_settings *settings)
{
	if (settings->sink == LT_SINK_NONE)
		return 0;
	return settings->sink == LT_SINK_FILE
		       ? evh_transport_open_file(&lt_transport, settings->sink_path)
		       : lt_open_live_sink(&lt_transport, settings);
}

int events_open(const struct lt_settings *settings, const char *ident)
{
	int error;

	lt_refused = 0; /* as no filter stands */
	lt_settings = *settings;
	/* Whatever else it says: what is read from a pipe is all that there is to capture. */
	lt_settings.capture = LT_CAPTURE_STDERR;
	snprintf(lt_program, sizeof(lt_program), "%s", ident);
	/* A recording notes the name as it is opened. */
	prctl(PR_SET_NAME, lt_program);
	lt_lost_init();
	if (settings->layout == LT_LAYOUT_OTEL)
		lt_resource_init(environ);
	if (settings->disabled)
		return 0;
	error = open_transport(settings);
	if (error == 0 && lt_transport.kind != EVH_TRANSPORT_NONE && lt_emit_init() == 0)
		error = -ENXIO;
	if (error != 0)
		evh_transport_close(&lt_transport);
	if (settings->debug)
		lt_debug_init(settings->debug);
	lt_debug_on = true; /* counts, also where there is no file for it */
	/* Before a reader forks off: it must not take itself for somebody new. */
	lt_thread_enter(&lt_thread);
	return error;
}

static uint32_t process_of_events;

static uint32_t thread_of_events(void)
{
	return process_of_events;
}

/* The transport asks nobody, as under a filter: it was told. */
void events_of_process(pid_t pid)
{
	process_of_events = (uint32_t)pid;
	lt_transport.confined_pid = process_of_events;
	lt_transport.confined_tid = thread_of_events;
	lt_transport.confined |= EVH_CONFINED_IDS;
}

int events_descriptor(void)
{
	return lt_transport.kind == EVH_TRANSPORT_NONE ? -1 : lt_transport.fd;
}

int events_swallow(void)
{
	return !lt_settings.passthrough && lt_heard(LT_WORD_STDERR);
}

void events_take(int fd, const char *bytes, size_t size)
{
	if (lt_heard(LT_WORD_STDERR))
		lt_lines_take(fd, bytes, size);
}

unsigned long long events_end(void)
{
	unsigned long long refused = 0;

	lt_lines_flush();
	lt_lost_report();
	lt_debug_report();
	for (enum lt_counter i = LT_COUNT_FD_LOST; i < LT_COUNTERS; i++)
		refused += lt_counter_sum(i);
	return refused;
}
