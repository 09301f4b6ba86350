/* SPDX-License-Identifier: MIT */
/*
 * What a call was given, copied before the call. When a write returns, its bytes may have been
 * changed or unmapped: by the reader at the other end, who now has them, by another thread or by a
 * handler. What was copied before is what the call accepted, as far as it accepted it.
 *
 * A line of usual length is copied to the stack of the interposed function (lines.h); everything
 * else comes here.
 */
#ifndef LT_CALL_COPIES_H
#define LT_CALL_COPIES_H

#include <sys/uio.h>

#include "shim.h"
#include "stderr_copies.h"

struct lt_copy_slot;

struct lt_copy {
	char *bytes; /* as lt_lines_take_own wants them; NULL: nothing could be copied */
	size_t size; /* that were copied: the first ones of what the call was given */
	struct lt_copy_slot *slot;
	uint64_t ticket;
};

/*
 * Copies what a call that is about to be made was given: `count` pieces, of which any address may
 * be bad, the array's too. What can't be read, and what lies beyond the first MiB, is left out.
 */
void lt_copy_before(struct lt_copy *copy, const struct iovec *pieces, size_t count);

/*
 * The call has returned: how many bytes of the copy are still there. None, where a handler that ran
 * meanwhile jumped: lt_copy_table_abandon.
 */
size_t lt_copy_after(struct lt_copy *copy);

/* Gives the memory back. */
void lt_copy_release(struct lt_copy *copy);

/*
 * The thread jumps, perhaps out of calls that have copies, or was cancelled in one: they are given
 * back. A call that is still under way, because the jump stayed within a handler, finds itself
 * without its copy.
 */
void lt_copy_table_abandon(struct lt_thread *thread);

/*
 * Reads memory that may have vanished; how many bytes could be read. After a seccomp filter there
 * is no call that could do it, and it is simply read.
 */
size_t lt_copy_read(void *to, const void *from, size_t size);

/*
 * Whether bytes are where nobody takes them away: in the program's own segments, its heap or the
 * frames above. here: __builtin_frame_address(0).
 */
static inline bool lt_copy_is_sure(const void *bytes, size_t size, const char *here)
{
	return lt_likely(lt_readable_in(&lt_readable_program, (uintptr_t)bytes, size)) ||
	       lt_readable_in_frames((uintptr_t)bytes, size, (uintptr_t)here) ||
	       lt_surely_readable((uintptr_t)bytes, size);
}

/*
 * Whether bytes can be read right now without a fault. here: __builtin_frame_address(0). In doubt
 * the kernel is asked, which costs a system call; after a seccomp filter the answer is then no.
 */
static inline bool lt_copy_is_safe(const void *bytes, size_t size, const char *here)
{
	return lt_likely(lt_readable_in(&lt_readable_program, (uintptr_t)bytes, size)) ||
	       lt_readable_in_frames((uintptr_t)bytes, size, (uintptr_t)here) ||
	       lt_readable_slow(bytes, size);
}

#endif
