/* SPDX-License-Identifier: MIT */
/*
 * LOGTAP_DEBUG: the shim's own diagnostics and counters, appended to a file line by line as
 * `logtap[PID] PROGRAM: TEXT`. Nothing here does anything unless that variable is set.
 */
#ifndef LT_DEBUG_H
#define LT_DEBUG_H

#include "shim.h"

enum lt_counter {
	LT_COUNT_CAPTURED,    /* messages seen: syslog calls, stderr lines */
	LT_COUNT_SENT,	      /* messages handed over whole */
	LT_COUNT_BELOW_LEVEL, /* not sent: less severe than LOGTAP_LEVEL */
	LT_COUNT_NOT_HEARD,   /* not sent: nobody listens to this level */
	LT_COUNT_FD_LOST,     /* refused: our descriptor is another file by now */
	LT_COUNT_NO_SPACE,    /* refused: ENOSPC, EDQUOT, EFBIG */
	LT_COUNT_TRY_AGAIN,   /* refused: EAGAIN, EINTR */
	LT_COUNT_UNREADABLE,  /* refused: a bad pointer that a null device accepted */
	LT_COUNT_FILTERED,    /* refused by a seccomp filter: EPERM, EACCES, ENOSYS */
	LT_COUNT_OTHER,	      /* refused: anything else */
	LT_COUNTERS
};

extern LT_HIDDEN bool lt_debug_on;

void lt_count_slow(enum lt_counter counter);

/* Counters are per thread in effect: striped, so that no two threads share a line. */
static inline void lt_count(enum lt_counter counter)
{
	if (lt_unlikely(lt_debug_on))
		lt_count_slow(counter);
}

/* Counts a message that was seen, and for which there was no memory. */
static inline void lt_count_lost(void)
{
	lt_count(LT_COUNT_CAPTURED);
	lt_count(LT_COUNT_OTHER);
}

/* Counts a refusal by its negative errno. */
void lt_count_refused(int error);

/* Notes where to write; a relative path is taken from the folder of now. Not for handlers. */
void lt_debug_init(const char *path);

/*
 * Keeps the file open, one number beyond ours, so that a process which by the end has another root,
 * fewer rights or a seccomp filter still writes its counters. Where that number can't be had it is
 * opened for each line. After lt_guard_adopt.
 */
void lt_debug_hold(void);

/* The number that is kept, or -1. The program may do with it what it likes, and has no reason to.
 */
extern int lt_debug_fd;

/* RLIMIT_NOFILE has changed: another number is out of the program's reach now. */
void lt_debug_limits_changed(void);

/* The process is about to confine itself: notes which groups of calls are left out from then on. */
void lt_debug_confine(uint32_t refused);

/* Appends one line: `text`, and `detail` behind it when not NULL. */
void lt_debug_say(const char *text, const char *detail);

/* Appends the counters of this process so far. */
void lt_debug_report(void);

/* A child begins: its counters start at 0. */
void lt_debug_forget(void);

#endif
