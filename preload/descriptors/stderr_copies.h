/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors are stderr; and which memory can be read for sure, for those who copy what such
 * a descriptor is about to be given.
 *
 * Number 2 is stderr where it is open when the program starts, until the program closes it. What
 * gets the number then may be anything, a database or a client's connection, whose bytes must never
 * become lines. It is stderr again when the program points it somewhere on purpose:
 *  - by dup, dup2, dup3 or fcntl onto it, freopen of its FILE, daemon();
 *  - by opening a terminal, the null device or the kernel's log, as daemons do so that the number
 * is not free for anything else;
 *  - by the oldest way to a log file, close(2) and open(): where the program itself closed its
 *    stderr and what gets the number is opened for appending only, neither new by force (O_EXCL)
 *    nor closed by exec. Data is read back, or is not appended to, or is not for children.
 * What goes through stdio's stderr is stderr whatever stands behind it (stdio_slot.c).
 *
 * A copy is what this process made of a stderr descriptor by dup, dup2, dup3 or fcntl, or opened by
 * a name of it. Its number may be closed by ways that nobody sees and be handed out again, so that
 * before each write the file behind it is compared with the one that was copied.
 *
 * Threads may have tables of descriptors of their own (unshare). That one of them closes a number
 * says nothing of the others' then: nothing is forgotten, and number 2 is compared as well.
 *
 * Sockets that the program connected to a log are kept beside the copies, and are followed and
 * compared as these are: what is written to them is not lines but messages (log_socket.h).
 */
#ifndef LT_STDERR_COPIES_H
#define LT_STDERR_COPIES_H

#include "copy_table.h"
#include "readable.h"
#include "shim.h"

#define LT_COPIES_NUMBERS 1024

enum lt_fd_state {
	LT_FD_COPY = -1, /* its file is to be looked at before it is believed */
	LT_FD_OTHER = 0,
	LT_FD_STDERR = 1, /* number 2 alone */
};

extern LT_HIDDEN int8_t lt_copies[LT_COPIES_NUMBERS];

/* Whether the copy `fd`, which may be beyond the table, still is the file that was copied. */
bool lt_copies_is_copy(int fd);

/* Number 2, while it is stderr: the table alone says so. */
static inline bool lt_copies_is_sure(int fd)
{
	return lt_likely((unsigned)fd < LT_COPIES_NUMBERS) &&
	       lt_likely(__atomic_load_n(&lt_copies[fd], __ATOMIC_RELAXED) > 0);
}

/* What the table says of a number; LT_FD_COPY where only a slower one can tell. */
static inline int8_t lt_copies_state(int fd)
{
	return lt_likely((unsigned)fd < LT_COPIES_NUMBERS)
		       ? __atomic_load_n(&lt_copies[fd], __ATOMIC_RELAXED)
		       : (int8_t)LT_FD_COPY;
}

static inline bool lt_copies_is_stderr(int fd)
{
	int8_t state = lt_copies_state(fd);

	return lt_likely(state >= 0) ? state != LT_FD_OTHER : lt_copies_is_copy(fd);
}

/* Whether what is written to the copy or log socket `fd` is somebody's to hear. */
LT_COLD bool lt_copies_is_captured_copy(int fd);

/* Whether what is written to `fd` is: the one question of every write while somebody listens. */
static inline bool lt_copies_is_captured(int fd)
{
	int8_t state = lt_copies_state(fd);

	if (lt_likely(state >= 0))
		return state != LT_FD_OTHER && lt_heard(LT_WORD_STDERR);
	return lt_copies_is_captured_copy(fd);
}

LT_COLD enum lt_copy_kind lt_copies_kind_slow(int fd);

/* What a captured descriptor takes. */
static inline enum lt_copy_kind lt_copies_kind(int fd)
{
	return lt_likely(lt_copies_is_sure(fd)) ? LT_COPY_STDERR : lt_copies_kind_slow(fd);
}

/* `fd` was connected to a log. */
LT_COLD void lt_copies_connected(int fd, enum lt_copy_kind kind);

/*
 * The start: who started the program says that `fd` is a copy or a log socket, which is believed as
 * far as the file is the word's, or number 2's where the word has none.
 */
LT_COLD void lt_copies_inherited(int fd, uint64_t word);

/*
 * For those who start a program: the lowest number from `first` on that may be a copy or a log
 * socket, or -1; and the word of a number, 0 where it is neither now. In a child of vfork they are
 * the child's.
 */
int lt_copies_next(int first);
uint64_t lt_copies_word(int fd);

/* `copy` was made from `fd` and refers to the same open file. */
void lt_copies_copied(int fd, int copy);

/* A call that opens by a name gave `fd`; flags: open's. `names_stderr`: it is stderr's name. */
void lt_copies_opened(int fd, int flags, bool names_stderr);

/* `fd` was closed, or now refers to another file that is not known to be stderr. */
void lt_copies_replaced(int fd);

/*
 * Finds out whether number 2 is open. At the start, where it may not be: what the program opens
 * first has the number then.
 */
void lt_copies_ask_for_stderr(void);

/*
 * LOGTAP_NULL=off: finds out, at the start, whether number 2 is the null device, where nobody is
 * meant to see what is written. It then is no stderr, until it is pointed elsewhere.
 */
void lt_copies_look_at_null(void);

/* Whether that setting keeps what is written to `fd` out of the events. False without it. */
bool lt_copies_is_null(int fd);

/* Number 2 was pointed somewhere on purpose. */
void lt_copies_redirected(void);

/* Number 2 was closed while something that was not stderr had it. */
void lt_copies_given_back(void);

/* Every descriptor from `first` to `last` was closed. */
void lt_copies_closed(unsigned first, unsigned last);

/* The calling thread is about to get a table of descriptors of its own. */
LT_COLD void lt_copies_part(void);

/* Whether a write to `fd` can succeed as far as the descriptor goes. One system call. */
bool lt_copies_is_writable(int fd);

/* LOGTAP_PASSTHROUGH=off: whether the original can be left out, and success be reported. */
static inline bool lt_copies_swallow(int fd)
{
	return lt_unlikely(!lt_settings.passthrough) && lt_copies_kind(fd) == LT_COPY_STDERR &&
	       lt_copies_is_writable(fd);
}

#endif
