/* SPDX-License-Identifier: MIT */
/*
 * longjmp and its relatives: a handler may leave the call that it interrupted, and us with it. What
 * was claimed there, in whatever frame, is given back before the jump. One that stays within the
 * handler gives back too much, which whoever was interrupted finds out.
 *
 * A jump by other means (swapcontext, a coroutine library's own instructions) out of the few
 * instructions in which something is claimed is not seen.
 */
#include <setjmp.h>

#include "buffers.h"
#include "call_copies.h"
#include "real.h"

static inline void before_jump(void)
{
	struct lt_thread *thread = &lt_thread;

	if (lt_unlikely(thread->claim == LT_CLAIM_OWN))
		thread->claim = LT_CLAIM_FREE;
	if (lt_unlikely(thread->held))
		lt_copy_table_abandon(thread);
	if (lt_unlikely(thread->buffers))
		lt_buffers_abandon(thread);
}

LT_EXPORT void longjmp(jmp_buf place, int value)
{
	before_jump();
	LT_REAL(longjmp)(place, value);
	__builtin_unreachable();
}

LT_EXPORT void _longjmp(jmp_buf place, int value)
{
	before_jump();
	LT_REAL(_longjmp)(place, value);
	__builtin_unreachable();
}

LT_EXPORT void siglongjmp(sigjmp_buf place, int value)
{
	before_jump();
	LT_REAL(siglongjmp)(place, value);
	__builtin_unreachable();
}

_Noreturn void __longjmp_chk(struct __jmp_buf_tag *place, int value);

LT_EXPORT void __longjmp_chk(struct __jmp_buf_tag *place, int value)
{
	before_jump();
	LT_REAL(__longjmp_chk)(place, value);
	__builtin_unreachable();
}
