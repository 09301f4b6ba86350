/* SPDX-License-Identifier: MIT */
/*
 * LOGTAP_DEBUG: the shim's own diagnostics and counters, appended to a file line by line as
 * `logtap[PID] PROGRAM: TEXT`. Nothing here does anything unless that variable is set.
 */
#ifndef LT_DEBUG_H
#define LT_DEBUG_H

#include "counters.h"

/* Notes where to write; a relative path is taken from the folder of now. Not for handlers. */
void lt_debug_init(const char *path);

/*
 * Keeps the file open, one number beyond ours, so that a process which by the end has another root,
 * fewer rights or a seccomp filter still writes its counters. Where that number can't be had it is
 * opened for each line. After lt_own_fd_adopt.
 */
void lt_debug_hold(void);

/* RLIMIT_NOFILE has changed: another number is out of the program's reach now. */
void lt_debug_limits_changed(void);

/* The process is about to confine itself: notes which groups of calls are left out from then on. */
void lt_debug_confine(uint32_t refused);

/* Appends one line: `text`, and `detail` behind it when not NULL. */
void lt_debug_say(const char *text, const char *detail);

/* Appends the counters of this process so far. */
void lt_debug_report(void);

#endif
