/* SPDX-License-Identifier: MIT */
/* The state of `logtap tail`, for its two halves: the options and the running. */
#ifndef LOGTAP_TAIL_H
#define LOGTAP_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "instance.h"
#include "pipeline.h"
#include "tracefs_place.h"

#define NS_PER_S  1000000000ULL
#define NS_PER_MS 1000000ULL

struct tail {
	char **patterns;
	size_t pattern_count;
	uint64_t duration;   /* nanoseconds; 0 = for ever */
	uint64_t buffer_kib; /* 0 = the kernel's default */
	bool quiet;
	bool create; /* tracepoints of providers that don't exist yet, too */

	struct tracefs_place place;
	struct instance instance;
	struct keep_registered *hold;
	struct catalog *catalog;
	struct new_tracepoints *watch; /* NULL: the kernel tells of none */
	struct percpu_ring *ring;
	struct thread_names *tasks;
	struct pipeline show;
	int signals;

	uint64_t wall_offset; /* what to add to CLOCK_MONOTONIC for the time of day */
	uint64_t next_scan;
	uint64_t next_report;
	uint64_t reported_lost;
	bool reader_gone;
};

/*
 * Fills in what the command line says. CLI_OK; CLI_USAGE after a line on stderr; or -1: the help
 * was asked for and printed.
 */
int tail_parse(struct tail *tail, int argc, char **argv);

#endif
