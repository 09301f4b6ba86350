/* SPDX-License-Identifier: MIT */
/* What is done before a process becomes another program, or ends. */
#ifndef LT_EXITS_H
#define LT_EXITS_H

/* The process leaves what it is: sends the thread's unfinished line, writes the counters. */
void lt_leave(void);

/* The process ends for sure: what other threads have unfinished, too. */
void lt_leave_for_good(void);

/*
 * The process ends unless a handler of the program's, or nobody, wants it to: what is unfinished is
 * sent in a way that it can go on.
 */
void lt_leave_perhaps(void);

/* The same where the thread's own line will go on, and what others have may be ended. */
void lt_leave_behind_line(void);

#endif
