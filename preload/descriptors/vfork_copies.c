/* SPDX-License-Identifier: MIT */
/*
 * A few children at a time, each with a few numbers: a child lives for some calls, and what is
 * forgotten costs a program that is started what it says through that number. Nobody tells when a
 * child is gone; its place goes to whoever comes when all were taken once. What a number is thought
 * to be is compared with the file that stands behind it before it is believed.
 *
 * Must never lock: a child that is killed would leave its parent locked.
 */
#include "vfork_copies.h"

#define CHILDREN 16
#define NUMBERS	 16

struct number {
	int fd;
	uint64_t word;
};

static struct child {
	pid_t pid; /* 0: nobody */
	unsigned count;
	struct number numbers[NUMBERS];
} children[CHILDREN];

static unsigned taken;

static struct child *find(pid_t pid)
{
	for (unsigned i = 0; i < CHILDREN; i++)
		if (__atomic_load_n(&children[i].pid, __ATOMIC_ACQUIRE) == pid)
			return &children[i];
	return NULL;
}

static struct child *find_or_take(pid_t pid)
{
	struct child *child = find(pid);

	if (child)
		return child;
	child = &children[__atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED) % CHILDREN];
	child->count = 0;
	__atomic_store_n(&child->pid, pid, __ATOMIC_RELEASE);
	return child;
}

/* `count` is read once: whoever took the place over sets it back. */
static struct number *find_number(struct child *child, int fd)
{
	unsigned count = __atomic_load_n(&child->count, __ATOMIC_RELAXED);

	for (unsigned i = 0; i < count && i < NUMBERS; i++)
		if (child->numbers[i].fd == fd)
			return &child->numbers[i];
	return NULL;
}

void lt_vfork_copies_set(pid_t pid, int fd, uint64_t word)
{
	struct child *child = find_or_take(pid);
	struct number *number = find_number(child, fd);
	unsigned count = __atomic_load_n(&child->count, __ATOMIC_RELAXED);

	if (!number && count < NUMBERS) {
		number = &child->numbers[count];
		number->fd = fd;
		__atomic_store_n(&child->count, count + 1, __ATOMIC_RELAXED);
	}
	if (number)
		number->word = word;
}

bool lt_vfork_copies_get(pid_t pid, int fd, uint64_t *word)
{
	struct child *child = lt_vfork_copies_any() ? find(pid) : NULL;
	struct number *number = child ? find_number(child, fd) : NULL;

	if (number)
		*word = number->word;
	return number != NULL;
}

int lt_vfork_copies_next(pid_t pid, int first)
{
	struct child *child = lt_vfork_copies_any() ? find(pid) : NULL;
	int lowest = -1;

	for (unsigned i = 0; child && i < child->count && i < NUMBERS; i++) {
		int fd = child->numbers[i].fd;

		if (fd >= first && (lowest < 0 || fd < lowest))
			lowest = fd;
	}
	return lowest;
}

bool lt_vfork_copies_any(void)
{
	return __atomic_load_n(&taken, __ATOMIC_RELAXED) != 0;
}
