/* SPDX-License-Identifier: MIT */
/*
 * The kernel's clocks, read past everything that a process may have put in front of them.
 *
 * Must never call clock_gettime() or its like by name: a program or a preloaded library
 * (libfaketime) can have one of its own, which lies about the time or is not yet able to be called.
 */
#ifndef EVH_SRC_CLOCK_H
#define EVH_SRC_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "syscall.h"

/* Two clocks at one moment, in nanoseconds. */
struct evh_clock_pair {
	uint64_t wall;	/* CLOCK_REALTIME */
	uint64_t clock; /* CLOCK_MONOTONIC */
};

/*
 * Finds the vDSO's clock. To be called before the others, any number of times; without it, and
 * where there is no vDSO (valgrind), every reading is a system call.
 */
void evh_clock_init(void);

typedef int evh_clock_function(clockid_t clock, struct timespec *time);

/* The vDSO's clock_gettime(2), or NULL. */
extern evh_clock_function *evh_vdso_clock __attribute__((visibility("hidden")));

/* Nanoseconds. Async-signal-safe. In the header, because every event of a recording asks. */
static inline uint64_t evh_clock_read(clockid_t clock)
{
	evh_clock_function *function = __atomic_load_n(&evh_vdso_clock, __ATOMIC_RELAXED);
	struct timespec time = { 0 };

	/* With a good clock and a good address neither can fail. */
	if (function)
		function(clock, &time);
	else
#ifdef EVH_OWN_SYSCALL
		EVH_SYSCALL2(SYS_clock_gettime, clock, &time);
#else
		clock_gettime(clock, &time);
#endif
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/*
 * The time of the last tick, up to 10 ms ago, without a system call and without the instruction
 * that seccomp's strict mode forbids; 0 where that is not possible.
 */
uint64_t evh_clock_read_coarse(void);

/*
 * The closest of a few pairs of readings. ticks: as evh_clock_read_coarse, of both clocks at the
 * last tick; zeros where that is not possible.
 */
struct evh_clock_pair evh_clock_read_pair(bool ticks);

#endif
