/* SPDX-License-Identifier: MIT */
/*
 * The file transport: appending events to a recording, each with one write, from any number of
 * threads and processes.
 *
 * Must never allocate, lock, retry without end, or write a record in two pieces: O_APPEND makes one
 * write land in one place, and nothing else keeps the writers apart.
 *
 * Who is writing is asked of the kernel for each event (gettid, about 60 ns) and compared with what
 * this thread last announced: a process can come into being by fork, vfork, clone with or without
 * shared memory, and nothing in user space sees all of these.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "perf_format.h"
#include "syscall.h"
#include "transport.h"

struct thread_ids {
	uint32_t pid, tid;
};

/*
 * Whom this thread last announced, in which recording. One word, so that processes which share
 * this very memory (vfork, clone without a TLS of its own) never see half of an update.
 */
static __thread uint64_t announced __attribute__((tls_model("initial-exec")));
static __thread uint32_t announced_serial __attribute__((tls_model("initial-exec")));

static uint32_t last_serial;

/* The last thread that was asked for by name: whom confined threads' events are attributed to. */
static uint64_t representative;

/* When the process confined itself: no later event has an earlier time. */
static uint64_t confined_since;

static uint64_t read_clock(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t now(const struct evh_transport *transport)
{
	uint64_t since, coarse;

	if (!(transport->confined & EVH_CONFINED_CLOCK))
		return read_clock(CLOCK_MONOTONIC);
	/* In seccomp's strict mode reading the time stamp counter is a fault; this clock doesn't.
	 */
	since = __atomic_load_n(&confined_since, __ATOMIC_RELAXED);
	coarse = read_clock(CLOCK_MONOTONIC_COARSE);
	return coarse > since ? coarse : since;
}

static uint32_t cpu(void)
{
	int number = sched_getcpu();

	return number < 0 ? 0 : (uint32_t)number;
}

static uint64_t pack(struct thread_ids ids)
{
	return (uint64_t)ids.pid << 32 | ids.tid;
}

static struct thread_ids unpack(uint64_t packed)
{
	return (struct thread_ids){ .pid = (uint32_t)(packed >> 32), .tid = (uint32_t)packed };
}

/*
 * A record that is cut short stays cut: its rest would land behind other writers' records. The
 * reader finds its way past it, at the next page of the file.
 */
static int append_now(int fd, struct iovec *iov, int count, size_t size)
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

/*
 * The kernel sends SIGXFSZ, which kills by default, to who writes beyond RLIMIT_FSIZE. So: ask for
 * the size first, and since others append meanwhile, take back the signal should it come.
 *
 * The limit noted in the transport may be that of a child of vfork, whose memory is ours, or one
 * that another process has changed since: it says only that there is one to ask for.
 */
static __attribute__((noinline)) int append_below_limit(struct evh_transport *transport,
							struct iovec *iov, int count, size_t size)
{
	const uint64_t xfsz = UINT64_C(1) << (SIGXFSZ - 1);
	const struct timespec at_once = { 0 };
	uint64_t old, pending = 0;
	long end;
	int result;

	if (transport->confined & EVH_CONFINED_SIGNALS)
		return -EFBIG;
	end = EVH_SYSCALL3(SYS_lseek, transport->fd, 0, SEEK_END);
	if (end < 0)
		return (int)end;
	if ((uint64_t)end + size > transport->file_size_max)
		return -EFBIG;
	EVH_SYSCALL4(SYS_rt_sigprocmask, SIG_BLOCK, &xfsz, &old, sizeof(old));
	EVH_SYSCALL2(SYS_rt_sigpending, &pending, sizeof(pending));
	result = append_now(transport->fd, iov, count, size);
	if (result == -EFBIG && !(pending & xfsz))
		EVH_SYSCALL4(SYS_rt_sigtimedwait, &xfsz, NULL, &at_once, sizeof(xfsz));
	EVH_SYSCALL4(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof(old));
	return result;
}

/*
 * Another process may set a limit (prlimit), and nobody tells us. Asking costs 100 ns, so that a
 * process which logs less often than this pays it for each event, and one which logs more for the
 * first in this time: until the next one the answer counts.
 */
#define UNLIMITED_FOR UINT64_C(1000000) /* ns */

static __attribute__((noinline)) int append_asking(struct evh_transport *transport,
						   struct iovec *iov, int count, size_t size,
						   uint64_t time)
{
	evh_transport_refresh_limits(transport);
	if (transport->file_size_max != UINT64_MAX)
		return append_below_limit(transport, iov, count, size);
	if (!(transport->confined & EVH_CONFINED_LIMITS))
		__atomic_store_n(&transport->unlimited_until, time + UNLIMITED_FOR,
				 __ATOMIC_RELAXED);
	return append_now(transport->fd, iov, count, size);
}

/* time: of the record, which is now. */
static int append(struct evh_transport *transport, struct iovec *iov, int count, size_t size,
		  uint64_t time)
{
	if (time >= __atomic_load_n(&transport->unlimited_until, __ATOMIC_RELAXED))
		return append_asking(transport, iov, count, size, time);
	return append_now(transport->fd, iov, count, size);
}

static struct perf_sample_id make_sample_id(struct thread_ids who, uint64_t time)
{
	return (struct perf_sample_id){
		.pid = who.pid,
		.tid = who.tid,
		.time = time,
		.cpu = cpu(),
		.id = RECORDING_FIRST_ID,
	};
}

static struct perf_fork make_fork(struct thread_ids who, struct thread_ids parent, uint64_t time)
{
	return (struct perf_fork){
		.header = { .type = PERF_RECORD_FORK, .size = sizeof(struct perf_fork) },
		.pid = who.pid,
		.parent_pid = parent.pid,
		.tid = who.tid,
		.parent_tid = parent.tid,
		.time = time,
		.sample_id = make_sample_id(who, time),
	};
}

/* The name that exec gives to a process: the last part of the file's path, which it was told. */
static void put_program_name(char *name, size_t size)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (path)
		memcpy(name, slash ? slash + 1 : path, strnlen(slash ? slash + 1 : path, size - 1));
}

/* The record of the calling thread's name, whichever thread it is written for. */
static struct perf_comm make_comm(const struct evh_transport *transport, struct thread_ids who,
				  uint64_t time)
{
	struct perf_comm comm = {
		.header = { .type = PERF_RECORD_COMM, .size = sizeof(comm) },
		.pid = who.pid,
		.tid = who.tid,
		.sample_id = make_sample_id(who, time),
	};

	if (transport->confined & EVH_CONFINED_IDS)
		put_program_name(comm.comm, sizeof(comm.comm));
	else
		EVH_SYSCALL2(SYS_prctl, PR_GET_NAME, comm.comm);
	comm.comm[sizeof(comm.comm) - 1] = 0;
	return comm;
}

/*
 * Finds who made the calling thread; false when nothing true can be said. `last` is what the memory
 * of this thread says: nothing for a new thread or after exec, the parent in a child of fork or
 * vfork, and the child in the parent of a vfork.
 */
static bool find_parent(struct thread_ids who, const struct thread_ids *last,
			struct thread_ids *parent)
{
	uint32_t parent_pid;

	if (who.tid != who.pid) {
		*parent = (struct thread_ids){ .pid = who.pid, .tid = who.pid };
		return true;
	}
	parent_pid = (uint32_t)EVH_SYSCALL1(SYS_getppid, 0);
	if (!last) {
		*parent = (struct thread_ids){ .pid = parent_pid, .tid = parent_pid };
		return parent_pid != 0;
	}
	*parent = *last;
	return last->pid == parent_pid;
}

/* Writes FORK and COMM for a thread that has no sample in this recording yet. */
static __attribute__((noinline)) int announce(struct evh_transport *transport,
					      struct thread_ids who)
{
	struct thread_ids last = unpack(__atomic_load_n(&announced, __ATOMIC_RELAXED));
	struct {
		struct perf_fork fork;
		struct perf_comm comm;
	} records;
	struct iovec iov = { .iov_base = &records, .iov_len = sizeof(records) };
	struct thread_ids parent;
	uint64_t time = now(transport);
	int error;

	records.comm = make_comm(transport, who, time);
	if (find_parent(who, announced_serial == transport->serial ? &last : NULL, &parent)) {
		records.fork = make_fork(who, parent, time);
	} else {
		iov.iov_base = &records.comm;
		iov.iov_len = sizeof(records.comm);
	}
	error = append(transport, &iov, 1, iov.iov_len, time);
	if (error)
		return error;
	__atomic_store_n(&announced, pack(who), __ATOMIC_RELAXED);
	announced_serial = transport->serial;
	return 0;
}

static uint32_t own_tid(const struct evh_transport *transport)
{
	return transport->confined_tid ? transport->confined_tid() : 0;
}

/*
 * As identify, without asking the kernel. A thread gets its FORK record, and by that the name of
 * its parent, which is all that is known of it.
 */
static __attribute__((noinline)) int identify_confined(struct evh_transport *transport,
						       struct thread_ids *who)
{
	struct thread_ids last = *who;
	struct perf_fork fork;
	struct iovec iov = { .iov_base = &fork, .iov_len = sizeof(fork) };
	uint32_t tid = own_tid(transport);
	int error;

	if (announced_serial != transport->serial)
		last = unpack(__atomic_load_n(&representative, __ATOMIC_RELAXED));
	if (!tid || (!transport->confined_pid && !last.pid)) {
		*who = last;
		return 0;
	}
	who->tid = tid;
	who->pid = transport->confined_pid ? transport->confined_pid : last.pid;
	if (announced_serial == transport->serial && last.tid == who->tid && last.pid == who->pid)
		return 0;
	if (who->tid != who->pid)
		last = (struct thread_ids){ who->pid, who->pid };
	fork = make_fork(*who, last, now(transport));
	error = append(transport, &iov, 1, sizeof(fork), fork.time);
	if (error)
		return error;
	__atomic_store_n(&announced, pack(*who), __ATOMIC_RELAXED);
	announced_serial = transport->serial;
	return 0;
}

/* The calling thread, announced before its first sample. */
static int identify(struct evh_transport *transport, struct thread_ids *who)
{
	long tid;

	*who = unpack(__atomic_load_n(&announced, __ATOMIC_RELAXED));
	if (__builtin_expect(transport->confined & EVH_CONFINED_IDS, 0))
		return identify_confined(transport, who);
	tid = EVH_SYSCALL1(SYS_gettid, 0);
	if (who->tid == (uint32_t)tid && announced_serial == transport->serial)
		return 0;
	/* Nothing but a filter refuses that: one that nobody saw being installed. */
	if (tid <= 0) {
		transport->confined = EVH_CONFINED_ALL;
		return identify_confined(transport, who);
	}
	who->tid = (uint32_t)tid;
	who->pid = (uint32_t)EVH_SYSCALL1(SYS_getpid, 0);
	return announce(transport, *who);
}

int evh_transport_announce(struct evh_transport *transport)
{
	struct thread_ids who;
	int error;

	if (transport->kind != EVH_TRANSPORT_FILE)
		return 0;
	error = identify(transport, &who);
	if (!error) {
		__atomic_store_n(&representative, pack(who), __ATOMIC_RELAXED);
		__atomic_store_n(&confined_since, now(transport), __ATOMIC_RELAXED);
	}
	return error;
}

/* Fills the record's head, `size` bytes of event following it; the padding that goes behind. */
static size_t fill_sample(const struct evh_tracepoint *tracepoint, struct thread_ids who,
			  uint8_t *start, size_t size)
{
	size_t padding = -(sizeof(struct perf_sample) + size) & 7;
	struct perf_sample sample = {
		.header = { .type = PERF_RECORD_SAMPLE,
			    .misc = PERF_RECORD_MISC_USER,
			    .size = (uint16_t)(sizeof(sample) + size + padding) },
		.id = tracepoint->index,
		.pid = who.pid,
		.tid = who.tid,
		.time = now(tracepoint->transport),
		.cpu = cpu(),
		/* the tracepoint's common fields (8 bytes) count as raw data */
		.raw_size = (uint32_t)(8 + size + padding),
		.common_type = (uint16_t)tracepoint->index,
		.common_pid = (int32_t)who.tid,
	};

	memcpy(start, &sample, sizeof(sample));
	return padding;
}

static uint64_t sample_time(const uint8_t *sample)
{
	uint64_t time;

	memcpy(&time, sample + offsetof(struct perf_sample, time), sizeof(time));
	return time;
}

int evh_file_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size)
{
	struct iovec iov = { .iov_base = event - sizeof(struct perf_sample) };
	struct thread_ids who;
	size_t padding;
	int error = identify(tracepoint->transport, &who);

	if (error)
		return error;
	padding = fill_sample(tracepoint, who, iov.iov_base, size);
	memset(event + size, 0, padding);
	iov.iov_len = sizeof(struct perf_sample) + size + padding;
	return append(tracepoint->transport, &iov, 1, iov.iov_len, sample_time(iov.iov_base));
}

int evh_file_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count,
		   size_t size)
{
	static const uint8_t zeros[8];
	uint8_t *start = (uint8_t *)iov[0].iov_base - sizeof(struct perf_sample);
	struct thread_ids who;
	size_t padding;
	int error = identify(tracepoint->transport, &who);

	if (error)
		return error;
	padding = fill_sample(tracepoint, who, start, size);
	iov[0].iov_base = start;
	iov[0].iov_len += sizeof(struct perf_sample);
	iov[count].iov_base = (void *)zeros;
	iov[count].iov_len = padding;
	return append(tracepoint->transport, iov, count + 1,
		      sizeof(struct perf_sample) + size + padding, sample_time(start));
}

void evh_transport_refresh_limits(struct evh_transport *transport)
{
	struct {
		uint64_t soft, hard;
	} limit = { 0 };

	if (transport->kind != EVH_TRANSPORT_FILE)
		return;
	if (!(transport->confined & EVH_CONFINED_LIMITS) &&
	    EVH_SYSCALL4(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &limit) == 0)
		transport->file_size_max = limit.soft;
	transport->unlimited_until = 0;
}

/*
 * The name that the process has now, so that a recording shows every program that ran. A thread
 * other than the first leaves the rest to its first sample, which announces it as one.
 */
static int announce_program(struct evh_transport *transport)
{
	bool confined = transport->confined & EVH_CONFINED_IDS;
	struct thread_ids who = {
		.pid = confined ? transport->confined_pid : (uint32_t)EVH_SYSCALL1(SYS_getpid, 0),
		.tid = confined ? own_tid(transport) : (uint32_t)EVH_SYSCALL1(SYS_gettid, 0),
	};
	struct thread_ids process = { .pid = who.pid, .tid = who.pid };
	struct perf_comm comm = make_comm(transport, process, now(transport));
	struct iovec iov = { .iov_base = &comm, .iov_len = sizeof(comm) };
	int error;

	if (announced_serial == 0)
		comm.header.misc = PERF_RECORD_MISC_COMM_EXEC;
	error = append(transport, &iov, 1, sizeof(comm), comm.sample_id.time);
	if (!error && who.tid == who.pid) {
		__atomic_store_n(&announced, pack(who), __ATOMIC_RELAXED);
		announced_serial = transport->serial;
	}
	return error;
}

int evh_file_open(struct evh_transport *transport, const char *path,
		  const struct evh_file_confinement *confinement)
{
	int fd = evh_open_above_stdio(path, O_RDWR | O_APPEND | O_NOCTTY | O_LARGEFILE);

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	transport->confined = confinement->calls;
	transport->confined_pid = confinement->pid;
	transport->confined_tid = confinement->tid;
	if (fd < 0)
		return transport->open_error = fd;
	transport->kind = EVH_TRANSPORT_FILE;
	transport->fd = fd;
	transport->size_max = EVH_SIZE_MAX_FILE;
	transport->file_size_max = confinement->file_size_max;
	transport->serial = __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
	if (evh_file_read_head(transport)) {
		evh_transport_close(transport);
		return transport->open_error = -EINVAL;
	}
	evh_transport_refresh_limits(transport);
	if (transport->file_size_max == UINT64_MAX)
		transport->unlimited_until = now(transport) + UNLIMITED_FOR;
	/* A full disk is no reason to refuse: there may be room later, and each event says so. */
	announce_program(transport);
	return 0;
}

int evh_transport_open_file(struct evh_transport *transport, const char *path)
{
	return evh_file_open(transport, path,
			     &(struct evh_file_confinement){ .file_size_max = UINT64_MAX });
}
