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
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "file.h"
#include "syscall.h"

/* When the process confined itself: no later event has an earlier time. */
static uint64_t confined_since;

void evh_file_confine_clock(uint64_t time)
{
	__atomic_store_n(&confined_since, time, __ATOMIC_RELAXED);
}

/* The recording's time: its creator's CLOCK_MONOTONIC. */
static inline uint64_t now(const struct evh_transport *transport)
{
	uint64_t shift = (uint64_t)transport->clock_shift, since, coarse;

	if (!(transport->confined & EVH_CONFINED_CLOCK))
		return evh_clock_read(CLOCK_MONOTONIC) + shift;
	/* In seccomp's strict mode reading the time stamp counter is a fault; this clock doesn't.
	 */
	since = __atomic_load_n(&confined_since, __ATOMIC_RELAXED);
	coarse = evh_clock_read_coarse() + shift;
	return coarse > since ? coarse : since;
}

uint64_t evh_file_now(const struct evh_transport *transport)
{
	return now(transport);
}

static uint32_t cpu(void)
{
	int number = sched_getcpu();

	return number < 0 ? 0 : (uint32_t)number;
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

int evh_file_append(struct evh_transport *transport, struct iovec *iov, int count, size_t size,
		    uint64_t time)
{
	return append(transport, iov, count, size, time);
}

struct perf_sample_id evh_file_sample_id(struct thread_ids who, uint64_t time)
{
	return (struct perf_sample_id){
		.pid = who.pid,
		.tid = who.tid,
		.time = time,
		.cpu = cpu(),
		.id = RECORDING_FIRST_ID,
	};
}

/* The calling thread, announced before its first sample. */
static int identify(struct evh_transport *transport, struct thread_ids *who)
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

int evh_file_identify(struct evh_transport *transport, struct thread_ids *who)
{
	return identify(transport, who);
}

/* Fills the record's head, `size` bytes of event following it; the padding that goes behind. */
static size_t fill_sample(const struct evh_tracepoint *tracepoint, struct thread_ids who,
			  uint8_t *start, size_t size)
{
	struct evh_transport *transport = tracepoint->transport;
	size_t padding = -(sizeof(struct perf_sample) + size) & 7;
	uint64_t time = now(transport);
	struct perf_sample sample = {
		.header = { .type = PERF_RECORD_SAMPLE,
			    .misc = PERF_RECORD_MISC_USER,
			    .size = (uint16_t)(sizeof(sample) + size + padding) },
		.id = tracepoint->index,
		.pid = who.pid,
		.tid = who.tid,
		.time = time,
		.cpu = cpu(),
		/* the tracepoint's common fields (8 bytes) count as raw data */
		.raw_size = (uint32_t)(8 + size + padding),
		.common_type = (uint16_t)tracepoint->index,
		.common_pid = (int32_t)who.tid,
	};

	memcpy(start, &sample, sizeof(sample));
	if (__builtin_expect(time >= __atomic_load_n(&transport->file->look_at, __ATOMIC_RELAXED),
			     0))
		evh_file_look(transport, who, time);
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

	if (__builtin_expect(!error, 1)) {
		padding = fill_sample(tracepoint, who, iov.iov_base, size);
		memset(event + size, 0, padding);
		iov.iov_len = sizeof(struct perf_sample) + size + padding;
		error = append(tracepoint->transport, &iov, 1, iov.iov_len,
			       sample_time(iov.iov_base));
	}
	return __builtin_expect(error, 0) ? evh_file_count_lost(tracepoint->transport, who, error)
					  : 0;
}

int evh_file_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count,
		   size_t size)
{
	static const uint8_t zeros[8];
	uint8_t *start = (uint8_t *)iov[0].iov_base - sizeof(struct perf_sample);
	struct thread_ids who;
	size_t padding;
	int error = identify(tracepoint->transport, &who);

	if (!error) {
		padding = fill_sample(tracepoint, who, start, size);
		iov[0].iov_base = start;
		iov[0].iov_len += sizeof(struct perf_sample);
		iov[count].iov_base = (void *)zeros;
		iov[count].iov_len = padding;
		error = append(tracepoint->transport, iov, count + 1,
			       sizeof(struct perf_sample) + size + padding, sample_time(start));
	}
	return error ? evh_file_count_lost(tracepoint->transport, who, error) : 0;
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
