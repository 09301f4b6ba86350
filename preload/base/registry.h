/* SPDX-License-Identifier: MIT */
/*
 * The threads that may have an unfinished line, so that the one that ends the process can send it
 * for them.
 */
#ifndef LT_REGISTRY_H
#define LT_REGISTRY_H

#include "shim.h"

/* Threads beyond this number keep their last unfinished line to themselves. */
#define LT_REGISTRY_MAX 64

/* Notes a thread whose exit will be noticed. Whether there was room. */
bool lt_registry_add(struct lt_thread *thread);

/* The thread is about to end: its memory is not to be looked at any more. */
void lt_registry_remove(struct lt_thread *thread);

/* A child begins: the parent's threads are none of its own. */
void lt_registry_forget(void);

/*
 * Copies the state of the `index`th thread other than `self` to `copy`; false where there is none,
 * or it is gone already. The copy may be torn when that thread is running.
 */
bool lt_registry_read(size_t index, const struct lt_thread *self, struct lt_thread *copy);

#endif
