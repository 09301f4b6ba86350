/* SPDX-License-Identifier: MIT */
/* A program confines itself; see seccomp.c. */
#ifndef LT_SECCOMP_H
#define LT_SECCOMP_H

#include <stdbool.h>
#include <stdint.h>

#include <evh/tracepoint.h>

/* What a confinement changes, to be put back when it was not installed after all. */
struct lt_confinement {
	bool applies;  /* something was changed */
	bool unread;   /* the filter could not be looked at before its installation */
	bool alone;    /* no other thread was at it when this began */
	uint32_t turn; /* which of all this is */
	bool confined;
	uint32_t refused;
	unsigned transport_confined;
	enum evh_transport_kind kind;
	int debug_fd;
};

enum lt_confining {
	LT_CONFINING_THREAD,	  /* by a filter, for the calling thread */
	LT_CONFINING_ALL_THREADS, /* for all that there are */
	LT_CONFINING_STRICTLY,	  /* by the strict mode, which leaves write(2) alone */
};

/*
 * The program is about to install a filter: makes the calls that are needed while they are allowed,
 * and leaves out from then on what the filter refuses. filter: the address of its struct
 * sock_fprog, which may be bad; means nothing in the strict mode.
 */
void lt_confine_begin(struct lt_confinement *before, const void *filter,
		      enum lt_confining confining);

/* The kernel's answer is there. installed: false puts everything back. */
void lt_confine_end(const struct lt_confinement *before, const void *filter, bool installed);

/* The same around a prctl of the program's, which may be of any kind; values: behind its option. */
void lt_prctl_begin(struct lt_confinement *before, int option, const unsigned long values[4]);
void lt_prctl_end(const struct lt_confinement *before, const unsigned long values[4], long result);

#endif
