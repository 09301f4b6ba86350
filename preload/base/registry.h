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
 * The `index`th thread, if there is one and it is not `self`; else NULL. Its memory stays where it
 * is until lt_registry_unpin, for which the thread waits should it end meanwhile: to be done at
 * once.
 */
struct lt_thread *lt_registry_pin(size_t index, const struct lt_thread *self);
void lt_registry_unpin(size_t index);

#endif
