/* SPDX-License-Identifier: MIT */
/*
 * The ways a process ends: the thread's unfinished line is sent and the counters are written before
 * the original is called, if that is a process of its own (a child of vfork must not touch its
 * parent's line).
 *
 * exit() and quick_exit() are not here: their handlers, registered first, run last. exec is in
 * exec_environment.c, because it may fail.
 */
#include <stdlib.h>
#include <unistd.h>

#include "debug_file.h"
#include "exits.h"
#include "lines.h"
#include "log_lines.h"
#include "lost.h"
#include "process_event.h"
#include "raw.h"
#include "real.h"

/* Sends the thread's unfinished line, writes the counters. Nothing in a child of vfork. */
static void leave_process(void)
{
	if (!lt_process_is_ours())
		return;
	lt_lines_flush();
	lt_lost_report();
	lt_debug_report();
}

void lt_leave(void)
{
	if (lt_heard(~0u) || lt_ending)
		leave_process();
}

/* An exec that succeeds ends the other threads, too; but it may fail, and they go on: not there. */
void lt_leave_for_good(void)
{
	lt_leave();
	if (!lt_heard(~0u) || !lt_process_is_ours())
		return;
	if (lt_heard(LT_WORD_STDERR))
		lt_lines_flush_others();
	lt_log_lines_flush();
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

LT_EXPORT void abort(void)
{
	lt_leave_for_good();
	if (LT_REAL(abort))
		lt_real.abort();
	exit_now(127);
}
