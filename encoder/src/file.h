/* SPDX-License-Identifier: MIT */
/*
 * What the pieces of the file transport share: the state of an open recording, and who the calling
 * thread is in it.
 */
#ifndef EVH_SRC_FILE_H
#define EVH_SRC_FILE_H

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "namespaces.h"
#include "perf_format.h"
#include "syscall.h"
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

/* file_writer.c: notes the calling thread `own` in the recording. `*as`: its ids there. */
int evh_file_announce(struct evh_transport *transport, struct thread_ids own,
		      struct thread_ids *as);
/* As evh_file_identify, for a process that may not ask the kernel (EVH_CONFINED_IDS). */
int evh_file_identify_confined(struct evh_transport *transport, struct thread_ids *who)
	__attribute__((cold));
/* The program's name as the process begins to use the recording; its time. */
uint64_t evh_file_announce_program(struct evh_transport *transport);

/* file_append.c */
struct perf_sample_id evh_file_sample_id(struct thread_ids who, uint64_t time);
/* As evh_file_append, where it isn't known that no RLIMIT_FSIZE stands. */
int evh_file_append_asking(struct evh_transport *transport, struct iovec *iov, int count,
			   size_t size, uint64_t time) __attribute__((cold));

/* When the process confined itself: no later event has an earlier time, whatever clock can be read.
 */
extern uint64_t evh_confined_since __attribute__((visibility("hidden")));

/* The recording's time: its creator's CLOCK_MONOTONIC. */
static inline uint64_t evh_file_now(const struct evh_transport *transport)
{
	uint64_t shift = (uint64_t)transport->clock_shift, since, coarse;

	if (!(transport->confined & EVH_CONFINED_CLOCK))
		return evh_clock_read(CLOCK_MONOTONIC) + shift;
	/* In seccomp's strict mode reading the time stamp counter is a fault; this clock doesn't.
	 */
	since = __atomic_load_n(&evh_confined_since, __ATOMIC_RELAXED);
	coarse = evh_clock_read_coarse() + shift;
	return coarse > since ? coarse : since;
}

static inline uint32_t evh_file_cpu(void)
{
	int number = sched_getcpu();

	return number < 0 ? 0 : (uint32_t)number;
}

/*
 * A record that is cut short stays cut: its rest would land behind other writers' records. The
 * reader finds its way past it, at the next page of the file.
 */
static inline int evh_file_append_now(int fd, struct iovec *iov, int count, size_t size)
{
	long result = -EINTR;

	/* A local file system never says EINTR; a remote one may, having written nothing. */
	for (int attempt = 0; attempt < 4 && result == -EINTR; attempt++)
		result = count == 1 ? EVH_SYSCALL3(SYS_write, fd, iov->iov_base, iov->iov_len)
				    : EVH_SYSCALL3(SYS_writev, fd, iov, count);
	if (result < 0)
		return (int)result;
	return (size_t)result == size ? 0 : -ENOSPC;
}

/* time: of the records, which is now */
static inline int evh_file_append(struct evh_transport *transport, struct iovec *iov, int count,
				  size_t size, uint64_t time)
{
	if (time >= __atomic_load_n(&transport->unlimited_until, __ATOMIC_RELAXED))
		return evh_file_append_asking(transport, iov, count, size, time);
	return evh_file_append_now(transport->fd, iov, count, size);
}

/* The calling thread's ids in the recording, announced before its first sample. */
static inline int evh_file_identify(struct evh_transport *transport, struct thread_ids *who)
{
	struct thread_ids own;
	long tid;

	*who = unpack_ids(__atomic_load_n(&evh_announced_as, __ATOMIC_RELAXED));
	if (__builtin_expect(transport->confined & EVH_CONFINED_IDS, 0))
		return evh_file_identify_confined(transport, who);
	tid = EVH_SYSCALL1(SYS_gettid, 0);
	if ((uint32_t)__atomic_load_n(&evh_announced, __ATOMIC_RELAXED) == (uint32_t)tid &&
	    evh_announced_serial == transport->serial)
		return 0;
	/* Nothing but a filter refuses that: one that nobody saw being installed. */
	if (tid <= 0) {
		transport->confined = EVH_CONFINED_ALL;
		return evh_file_identify_confined(transport, who);
	}
	own.tid = (uint32_t)tid;
	own.pid = (uint32_t)EVH_SYSCALL1(SYS_getpid, 0);
	return evh_file_announce(transport, own, who);
}

#endif
