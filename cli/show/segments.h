/* SPDX-License-Identifier: MIT */
/* The files of a recording that goes on in segments, handed out one after the other. */
#ifndef LOGTAP_SEGMENTS_H
#define LOGTAP_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include <evh/recording.h>

struct segments {
	const char *path; /* of the recording; NULL: it is one file */
	uint64_t last;	  /* number of the one that was opened last */
	uint64_t missing; /* of those between the first and that one */
	uint64_t first_missing;
	char id[EVH_RECORDING_PACKED_HEAD]; /* whatever stands at the path later */
};

/*
 * Opens the oldest segment of the recording at `path`; the file itself, where it has none or is one
 * of them. The descriptor, or -1 with errno.
 */
int segments_open(struct segments *segments, const char *path);

/*
 * For evh_trace_options.next_file, with the struct segments as its argument: the segment behind the
 * one that was opened last, unpacked where it is compressed. The descriptor, or -1: there is none
 * (yet).
 */
int segments_next(void *argument);

/* Of PATH.N or PATH.N.zst. A segment under PATH alone comes behind all: UINT64_MAX. */
uint64_t segments_number(const char *name, const char *path);

#endif
