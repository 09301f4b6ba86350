/* SPDX-License-Identifier: MIT */
/*
 * The copies that children of vfork make between their start and their exec. They run in their
 * parent's memory with descriptors of their own, so that what they copy must not get into the
 * parent's table; what they start wants to know it all the same.
 */
#ifndef LT_VFORK_COPIES_H
#define LT_VFORK_COPIES_H

#include "shim.h"

/* In the child `pid`, the number `fd` is what `word` (copy_table.h) says; 0: nothing of ours. */
void lt_vfork_copies_set(pid_t pid, int fd, uint64_t word);

/* Whether that is known of the number; then *word is it. */
bool lt_vfork_copies_get(pid_t pid, int fd, uint64_t *word);

/* The lowest number from `first` on that the child is known to have copied to; -1: none. */
int lt_vfork_copies_next(pid_t pid, int first);

/* Whether any child ever said something: all that a process without them pays for this. */
bool lt_vfork_copies_any(void);

#endif
