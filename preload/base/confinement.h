/* SPDX-License-Identifier: MIT */
/* Processes under a seccomp filter: which of our system calls are left; see confinement.c. */
#ifndef LT_CONFINEMENT_H
#define LT_CONFINEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Once, at the start, before any other system call of ours: whether a filter was there before this
 * program, by three calls that the loader has just made as well (openat, read, close). If so, or if
 * that can't be found out, only such calls are made from then on, LT_CALLS_PLAIN.
 * handed_on: the sink is a descriptor that whoever started the program gave it; where there is no
 * /proc to ask, it is registered with all the same.
 */
void lt_confine_inherited(bool handed_on);

/*
 * The same where nothing is captured: the question is put off until something is to be done that
 * needs the answer (lt_confine_ask), such as starting another program. What is asked late tells of
 * filters that the program installed meanwhile as well, which is as careful.
 */
void lt_confine_ask_later(void);
void lt_confine_ask(void);

/* Whether it was put off, and is still to be asked. */
bool lt_confine_is_unasked(void);

/*
 * The beginning of a file and a zero, by the three calls of lt_confine_inherited. How many bytes
 * there are, or a negative errno.
 */
long lt_confine_read(const char *path, char *text, size_t room);

/* This process's number by /proc/self, of that file system's namespace; 0: it can't be read. */
pid_t lt_confine_proc_pid(void);

/* What the transport must do without: enum evh_confined. */
unsigned lt_confine_transport(void);

/*
 * RLIMIT_FSIZE of a process that may not call prlimit64; UINT64_MAX: none. From /proc; 0 where that
 * can't be read.
 */
uint64_t lt_confine_file_limit(void);

/* From now on these groups of calls (enum lt_own_calls) are left out, too. */
void lt_confine_apply(uint32_t refused);

/*
 * A call of ours was answered as only a filter answers: one that nobody saw being installed. What
 * else it refuses it may end the process for, so that only plain calls are made from now on. write:
 * it was an event that was refused, and there are no more of them.
 */
void lt_confine_unseen(bool write);

#endif
