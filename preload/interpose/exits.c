/* SPDX-License-Identifier: MIT */
/*
 * The ways a process ends: the thread's unfinished line is sent and the counters are written before
 * the original is called, if that is a process of its own (a child of vfork must not touch its
 * parent's line).
 *
 * exit() and quick_exit() are not here: their handlers, registered first, run last. exec is in
 * exec_environment.c, because it may fail; abort() in aborts.c, signals in self_signals.c.
 */
#include <stdlib.h>
#include <unistd.h>

#include "debug_file.h"
#include "exits.h"
#include "last_words.h"
#include "lines.h"
#include "log_lines.h"
#include "lost.h"
#include "process_event.h"
#include "raw.h"
#include "real.h"

/* Nothing in a child of vfork. */
static bool may_leave(void)
{
	return (lt_heard(~0u) || lt_ending) && lt_process_is_ours();
}

static void report(void)
{
	lt_last_words();
	lt_lost_report();
	lt_debug_report();
}

void lt_leave(void)
{
	if (!may_leave())
		return;
	lt_lines_flush();
	report();
}

static void end_others(void)
{
	if (lt_heard(LT_WORD_STDERR))
		lt_lines_flush_others();
	if (lt_heard(~0u))
		lt_log_lines_flush();
}

/* An exec that succeeds ends the other threads, too; but it may fail, and they go on: not there. */
void lt_leave_for_good(void)
{
	if (!may_leave())
		return;
	lt_lines_flush();
	end_others();
	report();
}

void lt_leave_perhaps(void)
{
	if (!may_leave())
		return;
	lt_lines_flush_part();
	lt_lines_flush_parts_of_others();
	report();
}

void lt_leave_behind_line(void)
{
	if (!may_leave())
		return;
	lt_lines_flush_part();
	end_others();
	report();
}

static _Noreturn void exit_now(int status)
{
	for (;;)
		LT_RAW1(SYS_exit_group, status);
}

LT_EXPORT void _exit(int status)
{
	lt_process_event_exit(status);
	lt_leave_for_good();
	if (LT_REAL(_exit))
		lt_real._exit(status);
	exit_now(status);
}

LT_EXPORT void _Exit(int status)
{
	lt_process_event_exit(status);
	lt_leave_for_good();
	if (LT_REAL(_Exit))
		lt_real._Exit(status);
	exit_now(status);
}
