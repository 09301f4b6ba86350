/* SPDX-License-Identifier: MIT */
/*
 * The end of a thread: its unfinished line is sent. And the calls that take thread-specific keys,
 * because the one that we notice it by is given back to the program that wants the last one.
 */
#include "thread_end.h"

#include <errno.h>
#include <threads.h>

#include "lines.h"
#include "real.h"
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
		lt_copies_abandon(thread);
	lt_lines_flush();
	lt_registry_remove(thread);
	thread->registered = false;
}

void lt_thread_end_init(void)
{
	lt_thread_key_init(thread_exit);
}

LT_EXPORT int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int result;

	/* libpthread's until glibc 2.34; a program that isn't linked with it doesn't call this. */
	if (!LT_REAL(pthread_key_create))
		return EAGAIN;
	result = lt_real.pthread_key_create(key, destructor);
	if (result == EAGAIN && lt_thread_key_give_back())
		result = lt_real.pthread_key_create(key, destructor);
	return result;
}

LT_EXPORT int tss_create(tss_t *key, tss_dtor_t destructor)
{
	int result;

	if (!LT_REAL(tss_create))
		return thrd_error;
	result = lt_real.tss_create(key, destructor);
	if (result == thrd_error && lt_thread_key_give_back())
		result = lt_real.tss_create(key, destructor);
	return result;
}
