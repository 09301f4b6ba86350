/* SPDX-License-Identifier: MIT */
/*
 * Which file each copy of stderr is a copy of, by the copy's number, for every number there can be.
 */
#ifndef LT_COPY_TABLE_H
#define LT_COPY_TABLE_H

#include "shim.h"

/*
 * A file is an even number. 0: not a copy. Unchecked: nobody could ask, because the process is
 * confined. Opened: added where the copy is stderr by its name, with an open file of its own.
 */
#define LT_COPY_OPENED	  UINT64_C(1)
#define LT_COPY_UNCHECKED UINT64_C(2)

/* What was noted for `fd`, which is not negative. */
uint64_t lt_copy_table_get(int fd);

/* Notes `file`, or with 0 that `fd` is no copy. False where there is no memory for it. */
bool lt_copy_table_set(int fd, uint64_t file);

/* Forgets the copies from `first` to `last`, as far as they are beyond stderr_copies.h's table. */
void lt_copy_table_closed(unsigned first, unsigned last);

#endif
