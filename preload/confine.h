/* SPDX-License-Identifier: MIT */
/* A process that gives up system calls (seccomp); see confine.c. */
#ifndef LT_CONFINE_H
#define LT_CONFINE_H

#include <evh/tracepoint.h>

/* Whose sending is to be confined, too. Once, from the initialisation. */
void lt_confine_init(struct evh_transport *transport);

/*
 * A filter is about to be installed: makes what system calls are needed while they are allowed, and
 * nothing but write from then on.
 */
void lt_confine(void);

#endif
