/* SPDX-License-Identifier: MIT */
/* A process that gives up system calls (seccomp); see confine.c. */
#ifndef LT_CONFINE_H
#define LT_CONFINE_H

/*
 * A filter is about to be installed: makes what system calls are needed while they are allowed, and
 * nothing but write from then on.
 */
void lt_confine(void);

#endif
