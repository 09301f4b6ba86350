/* SPDX-License-Identifier: MIT */
/*
 * Which file stands behind each copy of stderr and each log socket, by its number, for every number
 * there can be.
 */
#ifndef LT_COPY_TABLE_H
#define LT_COPY_TABLE_H

#include "shim.h"

/*
 * A word is a file, a multiple of 8, with what is known of the number below it. 0: not a copy.
 * Unchecked: a file that nobody could ask for, because the process is confined. Opened: the copy is
 * stderr by its name, with an open file of its own.
 */
#define LT_COPY_OPENED	  UINT64_C(1)
#define LT_COPY_UNCHECKED UINT64_C(8)
#define LT_COPY_FILE	  (~UINT64_C(7))

/* What is said to a number. */
enum lt_copy_kind {
	LT_COPY_STDERR,	 /* lines: a copy of stderr */
	LT_COPY_SYSLOG,	 /* messages, each with its priority: a socket of /dev/log */
	LT_COPY_JOURNAL, /* entries, each with its fields: a socket of the journal */
	LT_COPY_STREAM,	 /* lines: a connection to the journal, which begins with a head */
};
#define LT_COPY_OF_KIND(kind) ((uint64_t)(kind) << 1)

static inline enum lt_copy_kind lt_copy_kind(uint64_t word)
{
	return (enum lt_copy_kind)(word >> 1 & 3);
}

/* What was noted for `fd`, which is not negative. */
uint64_t lt_copy_table_get(int fd);

/* Notes a word, or with 0 that `fd` is no copy. False where there is no memory for it. */
bool lt_copy_table_set(int fd, uint64_t word);

/*
 * The lowest number from `first` on that is noted and lies beyond stderr_copies.h's table; -1 where
 * there is none.
 */
int lt_copy_table_next(unsigned first);

/* Forgets the copies from `first` to `last`, as far as they are beyond stderr_copies.h's table. */
void lt_copy_table_closed(unsigned first, unsigned last);

#endif
