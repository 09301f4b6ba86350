/* SPDX-License-Identifier: MIT */
/*
 * Hears of tracepoints when the kernel makes them. It announces none, so a probe is set on the
 * function that makes every one: it costs those who register, and nobody else. Needs the right to
 * trace, and a kernel with kprobes.
 */
#ifndef LOGTAP_NEW_TRACEPOINTS_H
#define LOGTAP_NEW_TRACEPOINTS_H

struct new_tracepoints;

/* 0, or a negative errno: the kernel has no kprobes, or doesn't let this process set one. */
int new_tracepoints_open(struct new_tracepoints **watch);

/*
 * Can be read (poll) once a tracepoint was made, or is being made: whoever then reads
 * user_events_status waits until it stands there. -1: there is no watch.
 */
int new_tracepoints_fd(const struct new_tracepoints *watch);

/* What was heard is dealt with: nothing can be read until another one is made. */
void new_tracepoints_clear(struct new_tracepoints *watch);

/* Takes the probe away; so does the end of the process. NULL: nothing. */
void new_tracepoints_close(struct new_tracepoints *watch);

#endif
