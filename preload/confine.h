/* SPDX-License-Identifier: MIT */
/* Processes under a seccomp filter: which of our system calls are left; see confine.c. */
#ifndef LT_CONFINE_H
#define LT_CONFINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <evh/tracepoint.h>

/* What a confinement changes, to be put back when it was not installed after all. */
struct lt_confinement {
	bool applies; /* something was changed */
	bool unread;  /* the filter could not be looked at before its installation */
	bool confined;
	uint32_t refused;
	unsigned transport_confined;
	enum evh_transport_kind kind;
	int debug_fd;
};

/*
 * Once, at the start, before any other system call of ours: whether a filter was there before this
 * program, by three calls that the loader has just made as well (openat, read, close). If so, or if
 * that can't be found out, only such calls are made from then on, LT_CALLS_PLAIN.
 */
void lt_confine_inherited(void);

/* This process's number by /proc/self, of that file system's namespace; 0: it can't be read. */
pid_t lt_confine_proc_pid(void);

/* What the transport must do without: enum evh_confined. */
unsigned lt_confine_transport(void);

/*
 * RLIMIT_FSIZE of a process that may not call prlimit64; UINT64_MAX: none. From /proc; 0 where that
 * can't be read.
 */
uint64_t lt_confine_file_limit(void);

/*
 * The program is about to install a filter: makes the calls that are needed while they are allowed,
 * and leaves out from then on what the filter refuses. filter: the address of its struct
 * sock_fprog, which may be bad; NULL for the strict mode, which leaves write(2) alone.
 */
void lt_confine_begin(struct lt_confinement *before, const void *filter, bool strict);

/* The kernel's answer is there. installed: false puts everything back. */
void lt_confine_end(const struct lt_confinement *before, const void *filter, bool installed);

/*
 * A call of ours was answered as only a filter answers: one that nobody saw being installed. What
 * else it refuses it may end the process for, so that only plain calls are made from now on. write:
 * it was an event that was refused, and there are no more of them.
 */
void lt_confine_unseen(bool write);

#endif
