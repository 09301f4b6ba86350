/* SPDX-License-Identifier: MIT */
/*
 * The end of a thread: its unfinished line is sent. It is noticed by the destructor of a
 * thread-specific key, of which a process has PTHREAD_KEYS_MAX (1024), a number that programs may
 * count on: so ours is given back to the program that wants the last one.
 */
#include "thread_end.h"

#include <errno.h>
#include <threads.h>

#include "lines.h"
#include "real.h"
#include "registry.h"

/* 0 is a key like any other, so the flag says whether there is one. */
static pthread_key_t exit_key;
static bool have_exit_key;

static bool have_key(void)
{
	return __atomic_load_n(&have_exit_key, __ATOMIC_ACQUIRE);
}

/*
 * Other libraries' destructors may log after this one ran, so it comes back in each round there is
 * (PTHREAD_DESTRUCTOR_ITERATIONS, 4) and closes the thread's books in the last.
 */
static void thread_exit(void *value)
{
	struct lt_thread *thread = value;

	if (++thread->exiting < 4 && have_key()) {
		lt_real.pthread_setspecific(exit_key, thread);
		return;
	}
	thread->exiting = 4;
	lt_lines_flush();
	lt_registry_remove(thread);
}

void lt_thread_end_init(void)
{
	if (lt_real.pthread_key_create)
		__atomic_store_n(&have_exit_key,
				 !lt_real.pthread_key_create(&exit_key, thread_exit),
				 __ATOMIC_RELEASE);
}

void lt_thread_end_arm(struct lt_thread *thread)
{
	/* Keys below 32 have their place in the thread itself; a later one would be allocated. */
	if (thread->armed || !have_key() || exit_key >= 32)
		return;
	thread->armed = true;
	lt_real.pthread_setspecific(exit_key, thread);
}

/* From then on threads end unnoticed, and nobody may look into their memory any more. */
static bool give_back_key(void)
{
	if (!__atomic_exchange_n(&have_exit_key, false, __ATOMIC_ACQ_REL))
		return false;
	lt_real.pthread_key_delete(exit_key);
	lt_registry_forget();
	return true;
}

LT_EXPORT int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int result;

	/* libpthread's until glibc 2.34; a program that isn't linked with it doesn't call this. */
	if (!LT_REAL(pthread_key_create))
		return EAGAIN;
	result = lt_real.pthread_key_create(key, destructor);
	if (result == EAGAIN && give_back_key())
		result = lt_real.pthread_key_create(key, destructor);
	return result;
}

LT_EXPORT int tss_create(tss_t *key, tss_dtor_t destructor)
{
	int result;

	if (!LT_REAL(tss_create))
		return thrd_error;
	result = lt_real.tss_create(key, destructor);
	if (result == thrd_error && give_back_key())
		result = lt_real.tss_create(key, destructor);
	return result;
}
