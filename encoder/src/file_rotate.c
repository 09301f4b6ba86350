/* SPDX-License-Identifier: MIT */
/*
 * When a recording goes on in its next segment, and how a process does. Each of its writers finds
 * out for itself: nobody has to tell the others, and nobody is waited for. What a thread is writing
 * meanwhile goes into the present segment, and none of it is lost.
 *
 * Must never make a call in a process that a seccomp filter confines, and never stop a thread from
 * writing: whatever can't be done now is tried again later.
 */
#include <string.h>

#include "file.h"
#include "recording_head.h"
#include "recording_mark.h"
#include "syscall.h"

/*
 * How long after a failure it is tried again, ns: at once where somebody else has changed the names
 * at the same moment, and up to a thousand times as long where it goes on.
 */
#define RETRY_AFTER  UINT64_C(1000000)
#define FAILURES_MAX 10

static int replace_fd(struct evh_transport *transport, int fd)
{
	int error;

	if (transport->replace_fd)
		return transport->replace_fd(fd);
	error = (int)EVH_SYSCALL3(SYS_dup3, fd, transport->fd, O_CLOEXEC);
	if (error < 0)
		return error;
	EVH_SYSCALL1(SYS_close, fd);
	return 0;
}

/*
 * From here on each thread writes into the new segment, where it announces itself first. Other
 * threads read the mark meanwhile; all that differs is its number and the times at its beginning.
 */
static int install(struct evh_transport *transport, int fd, const struct evh_file *next)
{
	struct evh_file *file = transport->file;
	int error = replace_fd(transport, fd);

	if (error) {
		EVH_SYSCALL1(SYS_close, fd);
		return error;
	}
	__atomic_store_n(&file->mark.wall, next->mark.wall, __ATOMIC_RELAXED);
	__atomic_store_n(&file->mark.clock, next->mark.clock, __ATOMIC_RELAXED);
	__atomic_store_n(&file->segment->number, next->segment->number, __ATOMIC_RELAXED);
	file->size_seen = next->size_seen;
	__atomic_store_n(&transport->serial, evh_file_new_serial(), __ATOMIC_RELAXED);
	return 0;
}

static int change(struct evh_transport *transport, const struct stat *status, uint64_t time)
{
	struct evh_file *next = evh_map_memory(sizeof(*next));
	bool full = evh_file_is_full(transport, (uint64_t)status->st_size, time) ||
		    evh_file_is_old(transport->file, time);
	int fd;

	if (!next)
		return -ENOMEM;
	/* A head that is longer than files may be would cost a signal. */
	evh_transport_refresh_limits(transport);
	if (transport->file_size_max < evh_head_size(&transport->file->mark)) {
		evh_unmap_memory(next, sizeof(*next));
		return -EFBIG;
	}
	fd = evh_file_open_next(transport->file, transport->fd, next, time, full);
	if ((fd == -ENOSPC || fd == -EDQUOT) && !evh_file_remove_oldest(transport->file, next))
		fd = evh_file_open_next(transport->file, transport->fd, next, time, full);
	if (fd >= 0)
		fd = install(transport, fd, next);
	evh_unmap_memory(next, sizeof(*next));
	return fd;
}

/* What a parent's thread had begun when it forked is not the child's. */
bool evh_file_claim(struct evh_file *file)
{
	uint32_t pid = (uint32_t)EVH_SYSCALL1(SYS_getpid, 0);
	uint32_t present = __atomic_load_n(&file->changing, __ATOMIC_RELAXED);

	return present != pid && __atomic_compare_exchange_n(&file->changing, &present, pid, false,
							     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void evh_file_release(struct evh_file *file)
{
	__atomic_store_n(&file->changing, 0, __ATOMIC_RELEASE);
}

/* What comes of others who change the names at the same moment. */
static bool is_passing(int error)
{
	return error == -ESTALE || error == -EEXIST || error == -EAGAIN || error == -EBUSY;
}

int evh_file_rotate(struct evh_transport *transport, const struct stat *status, uint64_t time)
{
	struct evh_file *file = transport->file;
	int error = transport->replace_fd ? transport->replace_fd(-1) : 0;

	if (error || !evh_file_claim(file))
		return error ? error : -EBUSY;
	error = change(transport, status, time);
	evh_file_release(file);
	/* Its only name may be gone without there being another segment: nothing is due then. */
	if (error == -EALREADY)
		return 0;
	if (error >= 0) {
		file->failures = 0;
	} else {
		__atomic_store_n(&file->look_at, time + (RETRY_AFTER << file->failures),
				 __ATOMIC_RELAXED);
		if (file->failures < FAILURES_MAX)
			file->failures++;
	}
	if (transport->segment_changed && (!is_passing(error) || file->failures == FAILURES_MAX))
		transport->segment_changed(error < 0 ? error : 0);
	return error < 0 ? error : 1;
}

bool evh_file_make_room(struct evh_transport *transport, int error)
{
	struct evh_file *file = transport->file, *scratch;

	if ((error != -ENOSPC && error != -EDQUOT) || !file->segment || !file->segment->keep ||
	    transport->confined || (transport->replace_fd && transport->replace_fd(-1)))
		return false;
	if (!evh_file_claim(file))
		return false;
	scratch = evh_map_memory(sizeof(*scratch));
	error = scratch ? evh_file_remove_oldest(file, scratch) : -ENOMEM;
	if (scratch)
		evh_unmap_memory(scratch, sizeof(*scratch));
	evh_file_release(file);
	return !error;
}
