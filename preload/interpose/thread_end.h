/* SPDX-License-Identifier: MIT */
/* Noticing the end of a thread. Inside the library only. */
#ifndef LT_THREAD_END_H
#define LT_THREAD_END_H

/* Part of the start. */
void lt_thread_end_init(void);

#endif
