/* SPDX-License-Identifier: MIT */
/* See thread_key.h. Must never take a key whose value libc would have to allocate memory for. */
#include "thread_key.h"

#include "real.h"
#include "registry.h"

/* 0 is a key like any other, so the flag says whether there is one. */
static pthread_key_t key LT_START_DATA;
static bool have LT_START_DATA;

static bool have_key(void)
{
	return __atomic_load_n(&have, __ATOMIC_ACQUIRE);
}

void lt_thread_key_init(void (*destructor)(void *))
{
	if (lt_real.pthread_key_create)
		__atomic_store_n(&have, !lt_real.pthread_key_create(&key, destructor),
				 __ATOMIC_RELEASE);
}

void lt_thread_key_arm(struct lt_thread *thread)
{
	/* Keys below 32 have their place in the thread itself; a later one would be allocated. */
	if (thread->armed || !have_key() || key >= 32)
		return;
	thread->armed = true;
	lt_real.pthread_setspecific(key, thread);
}

bool lt_thread_key_again(struct lt_thread *thread)
{
	if (!have_key())
		return false;
	lt_real.pthread_setspecific(key, thread);
	return true;
}

bool lt_thread_key_give_back(void)
{
	if (!__atomic_exchange_n(&have, false, __ATOMIC_ACQ_REL))
		return false;
	lt_real.pthread_key_delete(key);
	lt_registry_forget();
	return true;
}
