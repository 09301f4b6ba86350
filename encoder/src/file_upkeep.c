/* SPDX-License-Identifier: MIT */
/*
 * What a writer does for its recording now and then, and not for every event: it tells what it
 * lost, gives the file a head again that was truncated, and goes on in the next segment.
 *
 * Must never cost an event that is sent in good order more than one comparison.
 */
#include <string.h>

#include "file.h"
#include "recording_head.h"
#include "syscall.h"

/* Whether what stands at the path is our file and has a head again; some can't look any more. */
static bool has_head(const struct evh_file *file, const struct stat *ours)
{
	struct {
		struct perf_file_header file;
		struct recording_mark mark;
	} head = { 0 };
	int fd = evh_open_above_stdio(file->path, EVH_FILE_OPEN_FLAGS);
	struct stat status = { 0 };
	bool found;

	if (fd < 0)
		return false;
	found = !evh_fstat(fd, &status) && status.st_dev == ours->st_dev &&
		status.st_ino == ours->st_ino &&
		evh_pread(fd, &head, sizeof(head), 0) == sizeof(head) &&
		head.file.magic == PERF_MAGIC &&
		memcmp(head.mark.magic, RECORDING_MAGIC, sizeof(head.mark.magic)) == 0 &&
		memcmp(head.mark.id, file->mark.id, sizeof(head.mark.id)) == 0;
	EVH_SYSCALL1(SYS_close, fd);
	return found;
}

/* Whole, in one write, as all records are. Two that do it at once do no harm. */
static int append_head(struct evh_transport *transport)
{
	const struct recording_mark *mark = &transport->file->mark;
	size_t room = evh_head_size(mark);
	uint8_t *head = room ? evh_map_memory(room) : NULL;
	struct iovec iov = { .iov_base = head };
	int error;

	if (!head)
		return -ENOMEM;
	iov.iov_len = evh_head_make(mark, transport->file->boot_id, head, room);
	error = evh_file_append(transport, &iov, 1, iov.iov_len, evh_file_now(transport));
	evh_unmap_memory(head, room);
	return error;
}

int evh_file_identify_again(struct evh_transport *transport, struct thread_ids *who, int error)
{
	if (evh_file_make_room(transport, error))
		error = evh_file_identify(transport, who);
	return error ? evh_file_count_lost(transport, *who, 1, error) : 0;
}

int evh_file_try_again(struct evh_transport *transport, struct thread_ids who, struct iovec *iov,
		       int count, size_t size, uint32_t events, int error)
{
	if (evh_file_make_room(transport, error))
		error = evh_file_append(transport, iov, count, size, evh_file_now(transport));
	return error ? evh_file_count_lost(transport, who, events, error) : 0;
}

/*
 * Who truncates a recording (logrotate's copytruncate) takes its head away. The first writer to
 * notice appends it again: at the beginning, or behind what others wrote since. A file that grew
 * beyond its old size since the last look doesn't show that it was truncated.
 */
static void mend(struct evh_transport *transport, const struct stat *status)
{
	struct evh_file *file = transport->file;

	if (((uint64_t)status->st_size < file->size_seen || file->without_head) &&
	    (has_head(file, status) || !append_head(transport)))
		file->without_head = false;
	file->size_seen = (uint64_t)status->st_size;
}

/* The next look is when the segment may be full. */
static void look_at_file(struct evh_transport *transport, uint64_t time)
{
	struct stat status = { 0 };
	uint64_t interval;

	if (evh_fstat(transport->fd, &status))
		return;
	mend(transport, &status);
	interval = evh_file_look_interval(transport, (uint64_t)status.st_size);
	if (evh_file_rotation_due(transport, &status, time)) {
		int changed = evh_file_rotate(transport, &status, time);

		if (changed < 0)
			return;
		interval = changed ? 0 : EVH_FILE_LOOK_INTERVAL;
	}
	if (transport->file->segment)
		__atomic_store_n(&transport->file->look_at, time + interval, __ATOMIC_RELAXED);
}

void evh_file_look(struct evh_transport *transport, struct thread_ids who, uint64_t time)
{
	uint64_t *due = &transport->file->look_at;
	uint64_t old = __atomic_load_n(due, __ATOMIC_RELAXED);
	/* Whoever looks may lose the processor at once: a segment doesn't wait. */
	uint64_t next = time + (transport->file->segment ? EVH_FILE_LOOK_INTERVAL / 100
							 : EVH_FILE_LOOK_INTERVAL);

	if (time < old || !__atomic_compare_exchange_n(due, &old, next, false, __ATOMIC_RELAXED,
						       __ATOMIC_RELAXED))
		return;
	evh_file_tell_losses(transport, who, time);
	if (transport->confined)
		return;
	look_at_file(transport, time);
	/* In a new segment nobody knows the thread. */
	if (evh_announced_serial != transport->serial)
		evh_file_identify(transport, &who);
}
