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
	/* Events that are lost and not yet told, by enum recording_loss: whose, the pid, in the
	 * upper half. */
	uint64_t lost[RECORDING_LOSSES];
	uint64_t told;	  /* of them, in the account, since the recording was opened */
	bool cannot_tell; /* there, as it was last tried */
	struct evh_id_map ids;
	uid_t owner;	     /* of the file */
	uint8_t boot_id[16]; /* of the boot that the recording's clock belongs to; zero: unknown */
	bool same_boot;	     /* which is this one */
	/* What the mark says of the segment, in the mark; NULL: the recording is one file. */
	struct recording_segment *segment;
	uint32_t changing; /* the process in which a thread is at changing it, or was when it forked
			    */
	uint32_t failures; /* to change it, one after the other */
	bool without_head; /* it was truncated: the mark is ours, and is to be written */
	/* file_forward.c: records of others that wait to be written together. */
	struct {
		uint8_t *room; /* NULL: each is written at once */
		size_t size, used;
		uint32_t refused; /* events, since the last flush */
		int error;
	} gathered;
	char path[PATH_MAX + 64];
	char place[PATH_MAX + 64]; /* the path by an open folder, for whoever has `changing` */
	char name[PATH_MAX + 64];  /* that of a segment, for whoever has `changing` */
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

/* A number for each recording and each segment that the process opens. */
uint32_t evh_file_new_serial(void);

/*
 * Opens what stands at next->path to append to, where it is of the same recording as `file`, and
 * reads its head into `next`. The descriptor or a negative errno.
 */
int evh_file_open_same(struct evh_file *next, const struct evh_file *file);

/* As that, but looks only. 0 or a negative errno. */
int evh_file_look_same(struct evh_file *next, const struct evh_file *file);

/* How a recording is opened (to read, unless told otherwise): never through a symbolic link, never
 * waiting. */
#define EVH_FILE_OPEN_FLAGS (O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_LARGEFILE)

/* file_upkeep.c: once in a while, with the time at which it was due */
void evh_file_look(struct evh_transport *transport, struct thread_ids who, uint64_t time)
	__attribute__((cold));
/* After evh_file_identify failed: tries it once more, or counts the event as lost. */
int evh_file_identify_again(struct evh_transport *transport, struct thread_ids *who, int error)
	__attribute__((cold));
/* file_losses.c */

/* Counts events that could not be written, and returns the error that says why. */
int evh_file_count_lost(struct evh_transport *transport, struct thread_ids who, uint32_t events,
			int error) __attribute__((cold));
/* Says in the recording how many events are missing from it; when that can't be written, later. */
void evh_file_tell_losses(struct evh_transport *transport, struct thread_ids who, uint64_t time);

static inline bool evh_file_has_lost(const struct evh_file *file)
{
	for (int i = 0; i < RECORDING_LOSSES; i++)
		if (__atomic_load_n(&file->lost[i], __ATOMIC_RELAXED))
			return true;
	return false;
}

/*
 * What becomes of a record that could not be written, in which so many events are: on a full disk
 * it is tried once more, where the recording may make room for it. As evh_file_append.
 */
int evh_file_try_again(struct evh_transport *transport, struct thread_ids who, struct iovec *iov,
		       int count, size_t size, uint32_t events, int error) __attribute__((cold));

/* file_segments.c */

/*
 * The segment that comes after that of `file`: what stands there already, or, where `create`, a new
 * one. next: fresh memory, which gets its head. The descriptor; -EALREADY: there is none yet; or
 * why the place can't be reached or nothing be created there.
 */
int evh_file_open_next(struct evh_file *file, int fd, struct evh_file *next, uint64_t time,
		       bool create) __attribute__((cold));
/* Another path at which the recording's file may be: of a segment its own, else PATH.old. Made in
 * file->name, for whoever has claimed it. */
const char *evh_file_other_name(struct evh_file *file) __attribute__((cold));
/* Removes the oldest closed segment, where the recording's maker allowed for it. 0 or -ENOENT. */
int evh_file_remove_oldest(struct evh_file *file, struct evh_file *scratch) __attribute__((cold));

/* file_rules.c */

/* How large a segment may become. */
uint64_t evh_file_size_limit(const struct evh_transport *transport);
/* Whether a segment of this size is to be left, before it exceeds its limit. */
bool evh_file_is_full(const struct evh_transport *transport, uint64_t size, uint64_t time);
/* Whether it has been written to for as long as it may be. */
bool evh_file_is_old(const struct evh_file *file, uint64_t time);
/* Whether the recording goes on elsewhere by now, or should. */
bool evh_file_rotation_due(const struct evh_transport *transport, const struct stat *status,
			   uint64_t time);
/* How long the present segment can't be full, nanoseconds. */
uint64_t evh_file_look_interval(const struct evh_transport *transport, uint64_t size);

/* file_rotate.c */

/* Goes on in the next segment. 1; 0: there is none, and none is due; or a negative errno. */
int evh_file_rotate(struct evh_transport *transport, const struct stat *status, uint64_t time)
	__attribute__((cold));
/*
 * One thread of a process at a time has the names, without a lock: another one does without, and so
 * does a handler that interrupts it.
 */
bool evh_file_claim(struct evh_file *file) __attribute__((cold));
void evh_file_release(struct evh_file *file) __attribute__((cold));
/* Makes room on a full disk. Whether there is any now. */
bool evh_file_make_room(struct evh_transport *transport, int error) __attribute__((cold));

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

/* The bytes that were written, or a negative errno. */
static inline long evh_file_write(int fd, struct iovec *iov, int count)
{
	long result = -EINTR;

	/* A local file system never says EINTR; a remote one may, having written nothing. */
	for (int attempt = 0; attempt < 4 && result == -EINTR; attempt++)
		result = count == 1 ? EVH_SYSCALL3(SYS_write, fd, iov->iov_base, iov->iov_len)
				    : EVH_SYSCALL3(SYS_writev, fd, iov, count);
	return result;
}

/*
 * A record that is cut short stays cut: its rest would land behind other writers' records. The
 * reader finds its way past it, at the next page of the file.
 */
static inline int evh_file_append_now(int fd, struct iovec *iov, int count, size_t size)
{
	long result = evh_file_write(fd, iov, count);

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
