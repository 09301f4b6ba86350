/* SPDX-License-Identifier: MIT */
/*
 * The kernel's clocks, read past everything that a process may have put in front of them.
 *
 * Must never call clock_gettime() or its like by name: a program or a preloaded library
 * (libfaketime) can have one of its own, which lies about the time or is not yet able to be called.
 */
#ifndef EVH_SRC_CLOCK_H
#define EVH_SRC_CLOCK_H

#include <stdint.h>
#include <time.h>

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

/* Nanoseconds. Async-signal-safe. */
uint64_t evh_clock_read(clockid_t clock);

/*
 * The time of the last tick, up to 10 ms ago, without a system call and without the instruction
 * that seccomp's strict mode forbids; 0 where that is not possible.
 */
uint64_t evh_clock_read_coarse(void);

/* The closest of a few pairs of readings. */
struct evh_clock_pair evh_clock_read_pair(void);

#endif
