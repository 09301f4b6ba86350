/* SPDX-License-Identifier: MIT */
/* Which memory can be read without a fault. */
#ifndef LT_READABLE_H
#define LT_READABLE_H

#include "shim.h"

/* Notes which memory is readable for sure. Once, from the initialisation. */
void lt_readable_init(void);

/* The program's own segments, as far as they lie side by side: its literals, its static buffers. */
struct lt_range {
	uintptr_t begin, size;
};
extern LT_HIDDEN struct lt_range lt_readable_program;

static inline bool lt_readable_in(const struct lt_range *range, uintptr_t begin, size_t size)
{
	uintptr_t at = begin - range->begin;

	return at < range->size && size <= range->size - at;
}

/* Where the first thread's stack ends: at the program's path. */
extern LT_HIDDEN uintptr_t lt_readable_stack_top;

/* How many bytes above a frame are taken for readable. */
extern LT_HIDDEN uintptr_t lt_readable_frames;

static inline uintptr_t lt_readable_top_of_frames(uintptr_t here)
{
	uintptr_t tls = (uintptr_t)&lt_thread;

	return here > tls ? lt_readable_stack_top : tls;
}

/*
 * Whether bytes lie in the frames right above `here`. A thread's stack ends below its TLS.
 */
static inline bool lt_readable_in_frames(uintptr_t begin, size_t size, uintptr_t here)
{
	uintptr_t left = lt_readable_top_of_frames(here) - here;
	uintptr_t most = __atomic_load_n(&lt_readable_frames, __ATOMIC_RELAXED);
	struct lt_range frames = { here, left < most ? left : most };

	return lt_readable_in(&frames, begin, size);
}

/* Whether bytes lie where a bad pointer doesn't: in the program's own segments, or in its heap. */
bool lt_surely_readable(uintptr_t begin, size_t size);

/*
 * Whether bytes that a call is about to be given can be read now, whatever the descriptor is, as
 * far as that can be known: after a seccomp filter the kernel can't be asked.
 */
bool lt_readable_slow(const void *bytes, size_t size);

/* Whether the kernel can read these bytes: a system call for each page. */
bool lt_readable(const void *bytes, size_t size);

/*
 * The program is about to make `size` bytes at `address` unreadable, or to put something there that
 * may be. here: __builtin_frame_address(0) of the call by which it does, on the stack it may mean.
 * From then on the kernel is asked about everything of that kind of memory.
 */
void lt_memory_doubted(const void *address, size_t size, const char *here);

#endif
