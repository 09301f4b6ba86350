/* SPDX-License-Identifier: MIT */
/* A process that gives up system calls (seccomp); see confine.c. */
#ifndef LT_CONFINE_H
#define LT_CONFINE_H

#include <stdbool.h>

/*
 * A filter is about to be installed: makes what system calls are needed while they are allowed, and
 * nothing but write from then on. Whether that changed anything.
 */
bool lt_confine(void);

/* It was not installed after all: programs ask that way what the kernel knows. */
void lt_confine_undo(void);

#endif
