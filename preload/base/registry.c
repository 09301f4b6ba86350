/* SPDX-License-Identifier: MIT */
/*
 * The list of threads. A thread's state is in its own memory, which vanishes with it; so whoever
 * looks at it pins its entry, and a thread that ends waits for that moment to pass.
 */
#include "registry.h"

#include "spin.h"

static struct lt_thread *threads[LT_REGISTRY_MAX] LT_START_DATA;

/* The lowest bit of an entry: somebody looks at that thread. */
#define PIN 1

static struct lt_thread *pinned(const struct lt_thread *thread)
{
	return (struct lt_thread *)((uintptr_t)thread | PIN);
}

static bool replace(size_t index, struct lt_thread *from, struct lt_thread *to)
{
	return __atomic_compare_exchange_n(&threads[index], &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

bool lt_registry_add(struct lt_thread *thread)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		if (!__atomic_load_n(&threads[i], __ATOMIC_RELAXED) && replace(i, NULL, thread))
			return true;
	return false;
}

void lt_registry_remove(struct lt_thread *thread)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++) {
		struct lt_thread *entry = __atomic_load_n(&threads[i], __ATOMIC_RELAXED);

		if (entry != thread && entry != pinned(thread))
			continue;
		/* It is the thread that ends the process, and copies a few bytes meanwhile. */
		for (unsigned turn = 0; !replace(i, thread, NULL) && lt_spin(turn); turn++)
			;
		return;
	}
}

void lt_registry_forget(void)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		if (threads[i])
			threads[i] = NULL;
}

struct lt_thread *lt_registry_pin(size_t index, const struct lt_thread *self)
{
	struct lt_thread *thread = __atomic_load_n(&threads[index], __ATOMIC_RELAXED);

	if (!thread || thread == self || thread == pinned(thread) ||
	    !replace(index, thread, pinned(thread)))
		return NULL;
	return thread;
}

void lt_registry_unpin(size_t index)
{
	__atomic_and_fetch((uintptr_t *)&threads[index], ~(uintptr_t)PIN, __ATOMIC_RELEASE);
}
