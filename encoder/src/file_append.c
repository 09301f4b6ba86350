/* SPDX-License-Identifier: MIT */
/*
 * Appending records to a recording where a limit of file size may stand against it, and what all
 * records have in common. Must never let SIGXFSZ reach the program.
 */
#include <signal.h>
#include <sys/resource.h>

#include "file.h"
#include "start_data.h"
#include "syscall.h"

uint64_t evh_confined_since EVH_START_DATA;

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
	end = evh_seek(transport->fd, SEEK_END);
	if (end < 0)
		return (int)end;
	if ((uint64_t)end + size > transport->file_size_max)
		return -EFBIG;
	EVH_SYSCALL4(SYS_rt_sigprocmask, SIG_BLOCK, &xfsz, &old, sizeof(old));
	EVH_SYSCALL2(SYS_rt_sigpending, &pending, sizeof(pending));
	result = evh_file_append_now(transport->fd, iov, count, size);
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

int evh_file_append_asking(struct evh_transport *transport, struct iovec *iov, int count,
			   size_t size, uint64_t time)
{
	evh_transport_refresh_limits(transport);
	/* Of all that a thread does for an event this is the last it asks, just before the write.
	 */
	if (__atomic_load_n(&transport->kind, __ATOMIC_RELAXED) != EVH_TRANSPORT_FILE)
		return -EBADF;
	if (transport->file_size_max != UINT64_MAX)
		return append_below_limit(transport, iov, count, size);
	if (!(transport->confined & EVH_CONFINED_LIMITS))
		__atomic_store_n(&transport->unlimited_until, time + UNLIMITED_FOR,
				 __ATOMIC_RELAXED);
	return evh_file_append_now(transport->fd, iov, count, size);
}

struct perf_sample_id evh_file_sample_id(struct thread_ids who, uint64_t time)
{
	return (struct perf_sample_id){
		.pid = who.pid,
		.tid = who.tid,
		.time = time,
		.cpu = evh_file_cpu(),
		.id = RECORDING_FIRST_ID,
	};
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
