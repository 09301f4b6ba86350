/* SPDX-License-Identifier: MIT */
/*
 * Which namespaces the process is in, and what that does to its clock and its numbers. System calls
 * only; where there is no /proc the answers are "unknown", never an error.
 */
#ifndef EVH_SRC_NAMESPACES_H
#define EVH_SRC_NAMESPACES_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "perf_format.h"

/* Fills in what a recording notes of its creator. */
void evh_note_creator(struct recording_mark *mark);

/*
 * What is to be added to this process's CLOCK_MONOTONIC to get the creator's. Costs no system call
 * unless the clocks differ: by a time namespace, or because the wall clock was set or the machine
 * slept or was started anew since. boot_id: the creator's. may_ask: else files in /proc are read,
 * but not asked for their numbers. ticks: the clocks may be read as of the last tick alone.
 * *same_boot: the boot is surely that one.
 */
int64_t evh_clock_shift(const struct recording_mark *mark, const uint8_t *boot_id, bool may_ask,
			bool ticks, bool *same_boot);

/* This boot of the machine, 16 bytes; all zero: unknown. */
void evh_read_boot_id(uint8_t id[16]);

/* How this process's ids become the creator's. */
struct evh_id_map {
	bool foreign;	  /* this process is in another PID namespace */
	bool proc_knows;  /* and its /proc shows the creator's numbers */
	uint32_t replace; /* else: what stands in for the namespace, see evh_map_id */
};

struct evh_id_map evh_find_id_map(const struct recording_mark *mark);

/*
 * A number for an id that is known only in its own PID namespace: unlike all that the kernel gives
 * (at most 2^22), and unlike those of other namespaces as far as there are bits.
 */
static inline uint32_t evh_map_id(const struct evh_id_map *map, uint32_t id)
{
	return map->foreign ? map->replace | (id & 0x3fffff) : id;
}

/* The calling thread's ids as its /proc has them; false when that can't be read. */
bool evh_ids_of_proc(uint32_t *pid, uint32_t *tid);

#endif
