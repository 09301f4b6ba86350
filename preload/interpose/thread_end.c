/* SPDX-License-Identifier: MIT */
/*
 * The end of a thread: its unfinished line is sent. Must never run while something of ours is under
 * way in that thread.
 */
#include "thread_end.h"

#include "buffers.h"
#include "call_copies.h"
#include "lines.h"
#include "registry.h"
#include "thread_key.h"

/*
 * Other libraries' destructors may log after this one ran, so it comes back in each round there is
 * (PTHREAD_DESTRUCTOR_ITERATIONS, 4) and closes the thread's books in the last.
 */
static void thread_exit(void *value)
{
	struct lt_thread *thread = value;

	if (++thread->exiting < 4 && lt_thread_key_again(thread))
		return;
	thread->exiting = 4;
	/* Nothing of ours is under way in a thread that comes here, unless it was cancelled in it.
	 */
	if (thread->claim == LT_CLAIM_OWN)
		thread->claim = LT_CLAIM_FREE;
	if (thread->held)
		lt_copy_table_abandon(thread);
	if (thread->buffers)
		lt_buffers_free(thread);
	lt_lines_flush();
	lt_registry_remove(thread);
	thread->registered = false;
}

void lt_thread_end_init(void)
{
	lt_thread_key_init(thread_exit);
}
