/* SPDX-License-Identifier: MIT */
/*
 * One sample of a trace: a tracepoint's bytes and what the recording says about them. The meeting
 * point of the readers (perf.data, .dat, live tracefs), which fill it, and of the event reader and
 * the formatters, which read it.
 */
#ifndef EVH_SAMPLE_H
#define EVH_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum evh_sample_has {
	EVH_SAMPLE_TIME = 1,  /* time is nanoseconds since 1970, UTC */
	EVH_SAMPLE_CLOCK = 2, /* time is nanoseconds of the recording's own clock (no clock data) */
	EVH_SAMPLE_PID = 4,
	EVH_SAMPLE_TID = 8,
	EVH_SAMPLE_CPU = 16,
	EVH_SAMPLE_BIG_ENDIAN = 32, /* the recording machine's byte order */
};

struct evh_sample {
	uint32_t has; /* enum evh_sample_has */
	uint32_t pid, tid, cpu;
	uint64_t time;
	const char *comm;	/* the program's name, or NULL */
	const char *system;	/* "user_events", or NULL (.dat) */
	const char *tracepoint; /* "logtap_L4K2" */
	/* An EventHeader event, from its flags byte on; may be longer than the event (padding). */
	const void *event;
	size_t event_size;
	/* The whole tracepoint record with its common fields; NULL for .dat. */
	const void *raw;
	size_t raw_size;
	/* For a tracepoint that is not EventHeader: its parsed format (libtraceevent's), else NULL.
	 */
	const struct tep_event *format;
};

#ifdef __cplusplus
}
#endif
#endif
