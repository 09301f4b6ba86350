/* SPDX-License-Identifier: MIT */
/*
 * Reading what is in a list of file actions. Its public type is opaque from its third member on, so
 * nothing is read before an entry was seen that says what we know to be in it: posix_spawn's own
 * adddup2 writes one before our eyes. Where that is not as expected, actions are not looked at.
 *
 * Must never write to the list.
 */
#include "spawn_actions.h"

#include <unistd.h>

#include "shim.h"

/* glibc's struct __spawn_action, as it has been since 2.2. */
enum tag { CLOSE = 0, DUP2 = 1, OPEN = 2, CLOSE_FROM = 5 };

struct action {
	int tag;
#ifdef __LP64__
	int padding;
#endif
	int fd;	  /* the first member of each of them */
	int copy; /* on 32-bit machines, a path stands here as well */
#ifdef __LP64__
	const char *path;
#endif
	int flags;
	mode_t mode;
};

enum { UNSEEN, FITS, DIFFERS };
static int layout = UNSEEN;

static const struct action *list_of(const posix_spawn_file_actions_t *actions)
{
	return (const struct action *)(const void *)actions->__actions;
}

static int count_of(const posix_spawn_file_actions_t *actions)
{
	return actions && __atomic_load_n(&layout, __ATOMIC_RELAXED) == FITS ? actions->__used : 0;
}

void lt_spawn_actions_learn(const posix_spawn_file_actions_t *actions, int fd, int copy)
{
	const struct action *last = list_of(actions) + actions->__used - 1;
	bool fits = last->tag == DUP2 && last->fd == fd && last->copy == copy;

	if (__atomic_load_n(&layout, __ATOMIC_RELAXED) != DIFFERS)
		__atomic_store_n(&layout, fits ? FITS : DIFFERS, __ATOMIC_RELAXED);
}

/* From the last one backwards: an action that makes the number out of another leads on to that. */
enum lt_spawn_origin lt_spawn_origin_of(const posix_spawn_file_actions_t *actions, int *fd,
					bool *moved)
{
	*moved = false;
	for (int i = count_of(actions); i-- > 0;) {
		const struct action *action = list_of(actions) + i;

		if ((action->tag == CLOSE && action->fd == *fd) ||
		    (action->tag == CLOSE_FROM && *fd >= action->fd))
			return LT_ORIGIN_ELSE;
		if (action->tag == OPEN && action->fd == *fd)
			return *fd == STDERR_FILENO ? LT_ORIGIN_NEW_STDERR : LT_ORIGIN_ELSE;
		if (action->tag != DUP2 || action->copy != *fd)
			continue;
		if (*fd == STDERR_FILENO && action->fd != *fd)
			return LT_ORIGIN_NEW_STDERR;
		*fd = action->fd;
		*moved = true;
	}
	return LT_ORIGIN_NUMBER;
}

int lt_spawn_next_copy(const posix_spawn_file_actions_t *actions, int first)
{
	int lowest = -1;

	for (int i = 0; i < count_of(actions); i++) {
		const struct action *action = list_of(actions) + i;

		if (action->tag == DUP2 && action->copy >= first &&
		    (lowest < 0 || action->copy < lowest))
			lowest = action->copy;
	}
	return lowest;
}
