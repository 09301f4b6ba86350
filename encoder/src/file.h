/* SPDX-License-Identifier: MIT */
/*
 * What the pieces of the file transport share: the state of an open recording, and who the calling
 * thread is in it.
 */
#ifndef EVH_SRC_FILE_H
#define EVH_SRC_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "namespaces.h"
#include "perf_format.h"
#include "transport.h"

/* How often a process looks whether the file was truncated, and reports what was lost; ns. */
#define EVH_FILE_LOOK_INTERVAL 100000000

/* Behind a transport's public part, in memory of its own: most of it is never touched. */
struct evh_file {
	uint64_t look_at; /* when the file is to be looked at again; in the recording's time */
	uint64_t size_seen;
	uint64_t lost; /* events: whose, the pid, in the upper half */
	struct evh_id_map ids;
	bool without_head; /* it was truncated: the mark is ours, and is to be written */
	char path[PATH_MAX + 8];
	union {
		struct {
			struct perf_file_header file;
			struct recording_mark mark;
		};
		uint8_t head[sizeof(struct perf_file_header) + UINT16_MAX + 1];
	};
};

struct thread_ids {
	uint32_t pid, tid;
};

/*
 * Whom this thread last announced, in which recording: its own ids, and those that stand in the
 * recording. One word each, so that processes which share this very memory (vfork, clone without a
 * TLS of its own) never see half of an update.
 */
extern __thread uint64_t evh_announced
	__attribute__((tls_model("initial-exec"), visibility("hidden")));
extern __thread uint64_t evh_announced_as
	__attribute__((tls_model("initial-exec"), visibility("hidden")));
extern __thread uint32_t evh_announced_serial
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/* The last thread that was asked for by name: whom confined threads' events are attributed to. */
extern uint64_t evh_representative __attribute__((visibility("hidden")));

static inline uint64_t pack_ids(struct thread_ids ids)
{
	return (uint64_t)ids.pid << 32 | ids.tid;
}

static inline struct thread_ids unpack_ids(uint64_t packed)
{
	return (struct thread_ids){ .pid = (uint32_t)(packed >> 32), .tid = (uint32_t)packed };
}

/* How a recording is opened (to read, unless told otherwise): never through a symbolic link, never
 * waiting. */
#define EVH_FILE_OPEN_FLAGS (O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_LARGEFILE)

/* file_upkeep.c: once in a while, with the time at which it was due */
void evh_file_look(struct evh_transport *transport, struct thread_ids who, uint64_t time)
	__attribute__((cold));
/* Counts an event that could not be written because of `error`; the result is the error. */
int evh_file_count_lost(struct evh_transport *transport, struct thread_ids who, int error)
	__attribute__((cold));

/* transport_file.c */
/* The calling thread's ids in the recording, announced before its first sample. */
int evh_file_identify(struct evh_transport *transport, struct thread_ids *who);
uint64_t evh_file_now(const struct evh_transport *transport);
/* time: of the records, which is now */
int evh_file_append(struct evh_transport *transport, struct iovec *iov, int count, size_t size,
		    uint64_t time);
struct perf_sample_id evh_file_sample_id(struct thread_ids who, uint64_t time);
/* From now on no event has an earlier time, whatever clock can be read. */
void evh_file_confine_clock(uint64_t time);

/* file_writer.c: notes the calling thread `own` in the recording. `*as`: its ids there. */
int evh_file_announce(struct evh_transport *transport, struct thread_ids own,
		      struct thread_ids *as);
/* As evh_file_identify, for a process that may not ask the kernel (EVH_CONFINED_IDS). */
int evh_file_identify_confined(struct evh_transport *transport, struct thread_ids *who)
	__attribute__((cold));
/* The program's name as the process begins to use the recording; its time. */
uint64_t evh_file_announce_program(struct evh_transport *transport);

#endif
