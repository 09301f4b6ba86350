/* SPDX-License-Identifier: MIT */
/* Long output goes through a pager when stdout is a terminal, as journalctl's and git's does. */
#ifndef LOGTAP_PAGER_H
#define LOGTAP_PAGER_H

#include <sys/types.h>

/*
 * Starts $LOGTAP_PAGER, else $PAGER, else less, with its stdin in the place of our stdout. An
 * empty variable or "cat" means none. Nothing happens when stdout is no terminal, or when no pager
 * can be started.
 *
 * The pager's process id, or 0: there is none.
 */
pid_t pager_start(void);

/* Closes stdout and waits until the reader is done with the pager. */
void pager_wait(pid_t pager);

#endif
