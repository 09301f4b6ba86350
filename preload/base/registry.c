/* SPDX-License-Identifier: MIT */
/*
 * The list of threads. A thread's state is in its own memory, which vanishes with it; so it is read
 * through the kernel, which answers where a load would be a fault.
 */
#include "registry.h"

#include <sys/uio.h>

#include "raw.h"

static struct lt_thread *threads[LT_REGISTRY_MAX];

bool lt_registry_add(struct lt_thread *thread)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++) {
		struct lt_thread *none = NULL;

		if (!__atomic_load_n(&threads[i], __ATOMIC_RELAXED) &&
		    __atomic_compare_exchange_n(&threads[i], &none, thread, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	}
	return false;
}

void lt_registry_remove(struct lt_thread *thread)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++) {
		struct lt_thread *entry = thread;

		__atomic_compare_exchange_n(&threads[i], &entry, NULL, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED);
	}
}

void lt_registry_forget(void)
{
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		if (threads[i])
			threads[i] = NULL;
}

bool lt_registry_read(size_t index, const struct lt_thread *self, struct lt_thread *copy)
{
	struct lt_thread *thread = __atomic_load_n(&threads[index], __ATOMIC_RELAXED);
	struct iovec from = { thread, sizeof(*thread) };
	struct iovec to = { copy, sizeof(*copy) };

	return thread && thread != self &&
	       LT_RAW6(SYS_process_vm_readv, lt_process->pid, &to, 1, &from, 1, 0) ==
		       (long)sizeof(*copy);
}
