/* SPDX-License-Identifier: MIT */
/*
 * What glibc itself said before it aborts the process: it writes that by a private call, and keeps
 * it where __abort_msg points, for those who read the core.
 */
#ifndef LT_ABORT_MESSAGE_H
#define LT_ABORT_MESSAGE_H

/*
 * The text, which ends with a NUL, if there is one that was not taken yet; else NULL. It is libc's
 * memory, and goes away should another thread abort at this moment.
 */
const char *lt_abort_message_take(void);

/* A child begins: what its parent said is not its own. */
void lt_abort_message_forget(void);

#endif
