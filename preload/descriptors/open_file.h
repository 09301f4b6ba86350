/* SPDX-License-Identifier: MIT */
/* Which file stands behind a descriptor, and of what kind it is. One system call each. */
#ifndef LT_OPEN_FILE_H
#define LT_OPEN_FILE_H

#include "shim.h"

/*
 * The file behind `fd`, as a word of copy_table.h that another file doesn't have; 0 where nothing
 * is there. *device: it is one as the null device is, which all of a system open. May be called
 * where LT_CALL_STAT may.
 */
uint64_t lt_open_file_identify(int fd, bool *device);

/* Whether it is the null device; and whether it is that, a terminal or the kernel's log. */
bool lt_open_file_is_null(int fd);
bool lt_open_file_is_log_device(int fd);

#endif
