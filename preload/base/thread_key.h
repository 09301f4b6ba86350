/* SPDX-License-Identifier: MIT */
/*
 * The thread-specific key by whose destructor the end of a thread is noticed. A process has
 * PTHREAD_KEYS_MAX (1024) of them, a number that programs may count on: so ours can be given back.
 */
#ifndef LT_THREAD_KEY_H
#define LT_THREAD_KEY_H

#include "shim.h"

/* Takes a key; `destructor` gets the struct lt_thread. Part of the start. */
void lt_thread_key_init(void (*destructor)(void *));

/* Has the calling thread's end noticed, where that is possible without an allocation. */
void lt_thread_key_arm(struct lt_thread *thread);

/* In the destructor: asks for one more round. Whether there is still a key to ask with. */
bool lt_thread_key_again(struct lt_thread *thread);

/*
 * From then on threads end unnoticed, and nobody may look into their memory any more. Whether there
 * was a key to give back.
 */
bool lt_thread_key_give_back(void);

#endif
