/* SPDX-License-Identifier: MIT */
/*
 * Waiting for another thread that is about to finish a few instructions. Never without an end: that
 * thread may have been stopped in the middle of them.
 */
#ifndef LT_SPIN_H
#define LT_SPIN_H

#include "own_calls.h"
#include "raw.h"
#include "shim.h"

/* Some milliseconds; where no filter stands against it, most of them asleep. */
#define LT_SPIN_TURNS 2000

/* Waits a moment in the `turn`th turn, counted from 0. False: it took too long. */
static inline bool lt_spin(unsigned turn)
{
	if (turn >= LT_SPIN_TURNS)
		return false;
	if (turn >= 100 && lt_may(LT_CALL_YIELD)) {
		LT_RAW1(SYS_sched_yield, 0);
		return true;
	}
	for (unsigned i = 0; i < 50; i++) {
#if defined(__x86_64__) || defined(__i386__)
		__builtin_ia32_pause();
#else
		__asm__ volatile("" : : : "memory");
#endif
	}
	return true;
}

#endif
