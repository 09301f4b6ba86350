/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors are stderr: number 2, and the copies that this process made of one by dup,
 * dup2, dup3 or fcntl. And what stands behind each: whether the kernel has looked at the bytes that
 * a write reported as accepted.
 */
#ifndef LT_FDS_H
#define LT_FDS_H

#include "shim.h"

#define LT_FDS_TABLE 1024

enum lt_fd_state {
	LT_FD_OTHER = 0,
	LT_FD_STDERR = 1,   /* what stands behind it has not been asked yet */
	LT_FD_READS = 3,    /* a pipe, file, socket, terminal: accepted bytes were read */
	LT_FD_SWALLOWS = 5, /* a null device: accepts any pointer */
};

extern LT_HIDDEN uint8_t lt_fds[LT_FDS_TABLE];

/* For numbers beyond the table. */
bool lt_fds_has_high(int fd);

static inline bool lt_fds_is_stderr(int fd)
{
	if (lt_likely((unsigned)fd < LT_FDS_TABLE))
		return __atomic_load_n(&lt_fds[fd], __ATOMIC_RELAXED) != LT_FD_OTHER;
	return lt_fds_has_high(fd);
}

/* `copy` was made from `fd` and refers to the same open file. */
void lt_fds_copied(int fd, int copy);

/* `fd` was closed, or now refers to another file that is not known to be stderr. */
void lt_fds_replaced(int fd);

/* Every descriptor from `first` to `last` was closed. */
void lt_fds_closed(unsigned first, unsigned last);

/* Notes which memory is readable for sure. Once, from the initialisation. */
void lt_fds_init(void);

/* The program's own segments, as far as they lie side by side: its literals, its static buffers. */
struct lt_fds_range {
	uintptr_t begin, size;
};
extern LT_HIDDEN struct lt_fds_range lt_fds_program;

static inline bool lt_fds_in(const struct lt_fds_range *range, uintptr_t begin, size_t size)
{
	uintptr_t at = begin - range->begin;

	return at < range->size && size <= range->size - at;
}

/* Where the first thread's stack ends: at the program's path. */
extern LT_HIDDEN uintptr_t lt_fds_stack_top;

/*
 * Whether bytes lie in the frames right above `here`. A thread's stack ends below its TLS; 16 KiB
 * hold the buffers that stdio and programs format into.
 */
static inline bool lt_fds_in_frames(uintptr_t begin, size_t size, uintptr_t here)
{
	uintptr_t tls = (uintptr_t)&lt_thread;
	uintptr_t top = here > tls ? lt_fds_stack_top : tls;
	struct lt_fds_range frames = { here, top - here < 16384 ? top - here : 16384 };

	return lt_fds_in(&frames, begin, size);
}

bool lt_fds_can_read_slow(int fd, const void *bytes, size_t size);

/*
 * Whether the `size` bytes that a write to `fd` accepted can be read without a fault. Only in
 * doubt where the descriptor is a null device. here: the caller's __builtin_frame_address(0).
 */
static inline bool lt_fds_can_read(int fd, const void *bytes, size_t size, const char *here)
{
	return lt_likely((unsigned)fd < LT_FDS_TABLE &&
			 __atomic_load_n(&lt_fds[fd], __ATOMIC_RELAXED) == LT_FD_READS) ||
	       lt_fds_in(&lt_fds_program, (uintptr_t)bytes, size) ||
	       ((unsigned)fd < LT_FDS_TABLE &&
		__atomic_load_n(&lt_fds[fd], __ATOMIC_RELAXED) == LT_FD_SWALLOWS &&
		lt_fds_in_frames((uintptr_t)bytes, size, (uintptr_t)here)) ||
	       lt_fds_can_read_slow(fd, bytes, size);
}

/*
 * Whether bytes that a call is about to be given can be read now, whatever the descriptor is, as
 * far as that can be known: after a seccomp filter the kernel can't be asked.
 */
bool lt_fds_can_copy_slow(const void *bytes, size_t size);

/* The same, whatever the descriptor is. */
bool lt_readable(const void *bytes, size_t size);

/* Whether a write to `fd` can succeed as far as the descriptor goes. One system call. */
bool lt_fds_is_writable(int fd);

/* LOGTAP_PASSTHROUGH=off: whether the original can be left out, and success be reported. */
static inline bool lt_fds_swallow(int fd)
{
	return lt_unlikely(!lt_settings.passthrough) && lt_fds_is_writable(fd);
}

#endif
