/* SPDX-License-Identifier: MIT */
/*
 * Knowing, in libio's write slot, that a write comes from a libc function that we interpose as
 * well. In glibc up to 2.36 dprintf and LOG_PERROR write through the slot, with a FILE on their own
 * stack; from 2.37 on they don't. A FILE is theirs when it lies between the slot's frame and ours.
 *
 * perror writes through a FILE of its own too, on a copy of stderr that it makes privately.
 */
#ifndef LT_NESTED_H
#define LT_NESTED_H

#include "shim.h"

enum lt_nested_kind {
	LT_NESTED_NONE,
	LT_NESTED_DPRINTF,  /* the slot takes the bytes, and says so */
	LT_NESTED_SYSLOG,   /* LOG_PERROR: the syslog event stands for them */
	LT_NESTED_PERROR,   /* any FILE whose file is the one behind stderr */
	LT_NESTED_PSIGINFO, /* stderr itself, where memory is short; the slot takes it, and says so
			     */
};

/* What was under way before, on the caller's stack: a handler may come in between. */
struct lt_nested {
	const char *nested;
	uint8_t kind, seen;
};

/* Whether the slot saw bytes of the call that was entered last. */
static inline bool lt_nested_seen(void)
{
	return lt_thread.nested_seen;
}

/*
 * Goes back to what was under way before. Not reached when the thread is cancelled in the call or a
 * handler leaves it by siglongjmp; so whoever asks compares stack addresses, too: the frames of a
 * call that was left are gone.
 */
static inline void lt_nested_leave(const struct lt_nested *before)
{
	lt_thread.nested = before->nested;
	lt_thread.nested_kind = before->kind;
	lt_thread.nested_seen = before->seen;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* `frame`: the caller's __builtin_frame_address(0). */
static inline struct lt_nested lt_nested_enter(enum lt_nested_kind kind, const void *frame)
{
	struct lt_nested before = { lt_thread.nested, lt_thread.nested_kind,
				    lt_thread.nested_seen };

	lt_thread.nested = frame;
	lt_thread.nested_kind = (uint8_t)kind;
	lt_thread.nested_seen = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return before;
}

#endif
