/* SPDX-License-Identifier: MIT */
/*
 * The file actions of posix_spawn, which libc carries out by private calls in the new process: what
 * its descriptors will be.
 */
#ifndef LT_SPAWN_ACTIONS_H
#define LT_SPAWN_ACTIONS_H

#include <spawn.h>
#include <stdbool.h>

enum lt_spawn_origin {
	LT_ORIGIN_NUMBER,     /* what the number *fd is before the actions */
	LT_ORIGIN_NEW_STDERR, /* what the actions make of number 2 */
	LT_ORIGIN_ELSE,	      /* closed, or opened by the actions */
};

/* posix_spawn's own adddup2 has just added an entry of these numbers: how it looks. glibc's alone.
 */
void lt_spawn_actions_learn(const posix_spawn_file_actions_t *actions, int fd, int copy);

/*
 * What the number *fd will be behind the actions (NULL: none); *moved: it is a copy that they make.
 */
enum lt_spawn_origin lt_spawn_origin_of(const posix_spawn_file_actions_t *actions, int *fd,
					bool *moved);

/* The lowest number from `first` on that the actions copy something to; -1: none. */
int lt_spawn_next_copy(const posix_spawn_file_actions_t *actions, int first);

#endif
