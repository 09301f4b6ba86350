/* SPDX-License-Identifier: MIT */
/*
 * What a writer could not write is counted, and the recording says so: in the account of its head
 * (struct recording_account), whose bytes are there since the head was written. A full disk refuses
 * no store into them, but for file systems that write each block anew (btrfs), and a limit of file
 * sizes is beyond them. Who can't reach them says it by a record (LOST_SAMPLES), once there is
 * room.
 *
 * Our descriptor appends and can't read. So the file is opened once more for a moment, and a lock
 * on the account keeps other processes and threads apart: two would otherwise add to the same
 * number. It is tried, never waited for, and gone with whoever is killed.
 *
 * Must never write where the account isn't: the file may have been truncated, its place be
 * somebody's event. Must never make a call in a process that a seccomp filter confines.
 */
#include <stddef.h>
#include <string.h>

#include "file.h"
#include "lost_count.h"
#include "recording_mark.h"
#include "syscall.h"

/* Of as many as were told before, one more is told at once: a writer may be killed. */
#define TOLD_AT_ONCE 16

#define LOCK_ATTEMPTS 16

static enum recording_loss loss_of(int error)
{
	if (error == -ENOSPC || error == -EDQUOT)
		return RECORDING_LOST_NO_ROOM;
	return error == -EFBIG ? RECORDING_LOST_TOO_LARGE : RECORDING_LOST_OTHERWISE;
}

static uint64_t count_untold(const struct evh_file *file, uint32_t pid)
{
	uint64_t sum = 0;

	for (int i = 0; i < RECORDING_LOSSES; i++) {
		uint64_t lost = __atomic_load_n(&file->lost[i], __ATOMIC_RELAXED);

		sum += lost >> 32 == pid ? (uint32_t)lost : 0;
	}
	return sum;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Opens what the transport has open, where it is at this path. The descriptor or a negative errno.
 */
static int open_again(const struct evh_transport *transport, const char *path)
{
	struct stat ours = { 0 }, there = { 0 };
	int error = evh_fstat(transport->fd, &ours);
	int fd;

	if (!error)
		error = evh_stat(path, &there);
	if (error || !is_same(&ours, &there))
		return error ? error : -ESTALE;
	fd = evh_open_above_stdio(path, O_RDWR | EVH_FILE_OPEN_FLAGS);
	if (fd < 0)
		return fd;
	error = evh_fstat(fd, &there);
	if (!error && is_same(&ours, &there))
		return fd;
	EVH_SYSCALL1(SYS_close, fd);
	return error ? error : -ESTALE;
}

/* The same under whichever name the recording has by now. */
static int open_file(struct evh_transport *transport)
{
	struct evh_file *file = transport->file;
	int fd = open_again(transport, file->path);

	return fd == -ESTALE || fd == -ENOENT ? open_again(transport, evh_file_other_name(file))
					      : fd;
}

static int try_lock(int fd, short type, uint64_t place)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)place,
		.l_len = sizeof(struct recording_account),
	};

#ifdef EVH_OWN_SYSCALL
	return (int)EVH_SYSCALL3(SYS_fcntl, fd, F_OFD_SETLK, &lock);
#else
	return fcntl(fd, F_OFD_SETLK, &lock) ? -errno : 0;
#endif
}

/* Whoever has it is done in some microseconds, unless he lost the processor. */
static int lock(int fd, uint64_t place)
{
	int error = try_lock(fd, F_WRLCK, place);

	for (int attempt = 0; attempt < LOCK_ATTEMPTS && error == -EAGAIN; attempt++) {
		EVH_SYSCALL1(SYS_sched_yield, 0);
		error = try_lock(fd, F_WRLCK, place);
	}
	return error;
}

static bool is_account(const struct recording_account *account)
{
	return account->header.type == PERF_RECORD_HEADER_FEATURE &&
	       account->header.size == sizeof(*account) && account->feature == PERF_FEATURE_STAT &&
	       memcmp(account->magic, RECORDING_ACCOUNT_MAGIC, sizeof(account->magic)) == 0;
}

/* Each number by itself: eight bytes that lie in one page are written or not. */
static int add_to_account(struct evh_file *file, int fd, uint64_t place, uint32_t pid)
{
	struct recording_account account = { 0 };
	int error = 0;

	if (evh_pread(fd, &account, sizeof(account), place) != sizeof(account) ||
	    !is_account(&account))
		return -ESTALE;
	for (int i = 0; i < RECORDING_LOSSES && !error; i++) {
		uint32_t more = evh_lost_take(&file->lost[i], pid);
		uint64_t sum = account.lost[i] + more;
		long done;

		if (!more)
			continue;
		done = evh_pwrite(fd, &sum, sizeof(sum),
				  place + offsetof(struct recording_account, lost[i]));
		if (done == sizeof(sum)) {
			__atomic_fetch_add(&file->told, more, __ATOMIC_RELAXED);
			continue;
		}
		evh_lost_add(&file->lost[i], pid, more);
		error = done < 0 ? (int)done : -ENOSPC;
	}
	return error;
}

static int tell_account(struct evh_transport *transport, uint32_t pid)
{
	uint64_t place = evh_account_place(&transport->file->mark);
	int fd, error;

	/* Beyond it a write would be a signal. */
	evh_transport_refresh_limits(transport);
	if (transport->file_size_max < place + sizeof(struct recording_account))
		return -EFBIG;
	fd = open_file(transport);
	if (fd < 0)
		return fd;
	error = lock(fd, place);
	if (!error) {
		error = add_to_account(transport->file, fd, place, pid);
		/* A child that was forked meanwhile has a copy, which would hold it. */
		try_lock(fd, F_UNLCK, place);
	}
	EVH_SYSCALL1(SYS_close, fd);
	return error;
}

/* pid: of the recording, who lost them */
static void tell_in_account(struct evh_transport *transport, uint32_t pid)
{
	struct evh_file *file = transport->file;
	int error;

	/* A child of vfork leaves the names, which it shares, to its parent. */
	if (transport->confined || (transport->replace_fd && transport->replace_fd(-1)) ||
	    !evh_file_claim(file))
		return;
	error = tell_account(transport, pid);
	evh_file_release(file);
	/* Then not before the next look; but whoever has the lock is soon done. */
	if (error != -EAGAIN)
		__atomic_store_n(&file->cannot_tell, error != 0, __ATOMIC_RELAXED);
}

int evh_file_count_lost(struct evh_transport *transport, struct thread_ids who, uint32_t events,
			int error)
{
	struct evh_file *file = transport->file;

	if (error == -EBADF || !events)
		return error;
	evh_lost_add(&file->lost[loss_of(error)], who.pid, events);
	if (!__atomic_load_n(&file->cannot_tell, __ATOMIC_RELAXED) &&
	    count_untold(file, who.pid) * TOLD_AT_ONCE >=
		    __atomic_load_n(&file->told, __ATOMIC_RELAXED))
		tell_in_account(transport, who.pid);
	return error;
}

/* By a record, for who can't reach the account and has room for one. */
static void tell_in_record(struct evh_transport *transport, struct thread_ids who, uint64_t time)
{
	struct evh_file *file = transport->file;
	struct perf_lost_samples record = {
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(record) },
		.sample_id = evh_file_sample_id(who, time),
	};
	struct iovec iov = { .iov_base = &record, .iov_len = sizeof(record) };
	uint32_t lost[RECORDING_LOSSES];

	for (int i = 0; i < RECORDING_LOSSES; i++) {
		lost[i] = evh_lost_take(&file->lost[i], who.pid);
		record.lost += lost[i];
	}
	if (!record.lost || !evh_file_append(transport, &iov, 1, sizeof(record), time))
		return;
	for (int i = 0; i < RECORDING_LOSSES; i++)
		if (lost[i])
			evh_lost_add(&file->lost[i], who.pid, lost[i]);
}

void evh_file_tell_losses(struct evh_transport *transport, struct thread_ids who, uint64_t time)
{
	if (!count_untold(transport->file, who.pid))
		return;
	tell_in_account(transport, who.pid);
	tell_in_record(transport, who, time);
}

void evh_file_report_lost(struct evh_transport *transport)
{
	struct thread_ids who;

	if (!evh_file_has_lost(transport->file))
		return;
	/* On a full disk there is no room for the thread's name, either. */
	evh_file_identify(transport, &who);
	evh_file_tell_losses(transport, who, evh_file_now(transport));
}
