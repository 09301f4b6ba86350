/* SPDX-License-Identifier: MIT */
/*
 * Our one descriptor, and how it stays ours in a process that closes everything, copies over any
 * number and opens files until it runs out.
 *
 * First choice: the number that equals the soft RLIMIT_NOFILE. It can be written to, but no call
 * can hand that number out again or copy onto it, and the program keeps its full count. Otherwise a
 * number that the program is unlikely to reach, and a mark on the open file that every event checks
 * first.
 */
#ifndef LT_OWN_DESCRIPTOR_H
#define LT_OWN_DESCRIPTOR_H

#include <errno.h>

#include "shim.h"

/*
 * -1: none. Interposed functions treat this number as one that is not open, so that nobody
 * complains of a descriptor that was leaked to him.
 */
extern int lt_own_fd;

/* It, while another thread may move it. */
static inline int lt_own_fd_number(void)
{
	return __atomic_load_n(&lt_own_fd, __ATOMIC_RELAXED);
}

static inline bool lt_own_fd_is(int fd)
{
	return lt_unlikely(fd == lt_own_fd_number()) && fd >= 0;
}

/*
 * A copy of `fd` at the number that is the soft RLIMIT_NOFILE and `distance` more: out of the
 * program's reach, and closed by exec. The number, or a negative errno.
 */
long lt_own_fd_copy_beyond(int fd, unsigned distance);

/* Leaves the mark on an open file, which its copies share; whether that could be done. */
bool lt_own_fd_mark(int fd);
bool lt_own_fd_is_marked(int fd);

/* Takes lt_transport's descriptor to a safe number. 0, or a negative errno: it is closed. */
int lt_own_fd_adopt(void);

/* The number can be taken from us: the mark on the open file is to be looked at first. */
extern LT_HIDDEN bool lt_own_fd_checked;

bool lt_own_fd_check_mark(void);

/* Whether lt_own_fd still is the file we opened. To be asked before each event. */
static inline bool lt_own_fd_check(void)
{
	return lt_likely(!__atomic_load_n(&lt_own_fd_checked, __ATOMIC_RELAXED)) ||
	       lt_own_fd_check_mark();
}

/* The program is about to copy a descriptor onto our number: move away, where that is possible. */
void lt_own_fd_make_way(void);

/*
 * For evh_transport.replace_fd: the recording goes on in another file, which takes the number that
 * ours has. -EBUSY in a child of vfork, whose descriptors are not those that its parent's memory
 * tells of, and where calls may be refused.
 */
int lt_own_fd_replace(int fd);

/* Our file is no longer behind our number: nothing is sent any more. */
void lt_own_fd_lost(void);

/* A call gave the program the number `fd`. Where that is ours, our file was closed unseen. */
static inline void lt_own_fd_taken(int fd)
{
	if (lt_own_fd_is(fd))
		lt_own_fd_lost();
}

/*
 * The program is about to set RLIMIT_NOFILE to these. Before the hard limit falls is the last time
 * that a number beyond it can be had.
 */
void lt_own_fd_limits_changing(uint64_t soft, uint64_t hard);

/* RLIMIT_NOFILE may have changed. */
void lt_own_fd_limits_changed(void);

/* Whether calls can take a number, because it lies below the limit. In doubt they can. */
bool lt_own_fd_in_reach(int number);

bool lt_own_fd_give_way(void);

/*
 * After a call that failed: whether it did for want of a number while ours lay below the limit, and
 * ours has gone beyond it, so that the call is worth another try. (Another process raised the
 * limit, and nobody told us.) errno is left alone.
 */
static inline bool lt_own_fd_gave_way(void)
{
	return lt_unlikely(errno == EMFILE) && lt_own_fd_give_way();
}

/* The program has the list of its open files, ours among them. */
extern bool lt_own_fd_listed;

/* It closes ours: whether it is to be told that it did, once for each time that it has the list. */
static inline bool lt_own_fd_pretend_close(void)
{
	return __atomic_exchange_n(&lt_own_fd_listed, false, __ATOMIC_RELAXED);
}

#endif
