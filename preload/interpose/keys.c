/* SPDX-License-Identifier: MIT */
/*
 * The calls that take thread-specific keys: ours (thread_key.h) is given back to the program that
 * wants the last one.
 */
#include <errno.h>
#include <threads.h>

#include "real.h"
#include "thread_key.h"

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
