/* SPDX-License-Identifier: MIT */
/*
 * A descriptor whose number equals or exceeds the soft limit of open files: it can be used, but no
 * call hands the number out or copies onto it, and the program keeps its whole count of files. For
 * the library's own descriptor, and for the one that the launcher hands on.
 */
#ifndef LT_BEYOND_LIMIT_H
#define LT_BEYOND_LIMIT_H

#include <stdint.h>

/* As prlimit64 has it. */
struct lt_file_limit {
	uint64_t soft, hard;
};

/* RLIMIT_NOFILE. 0 or a negative errno. */
long lt_file_limit_get(struct lt_file_limit *limit);

/*
 * Copies `fd` to `number`, for a moment under a wider limit.
 * command: F_DUPFD or F_DUPFD_CLOEXEC.
 * The number, or -EMFILE (it is not to be had), -EPERM (the limit can't be raised).
 */
long lt_copy_beyond_limit(int fd, uint64_t number, const struct lt_file_limit *limit, int command);

/*
 * Puts the file of `fd` behind `number`, which is open and may lie beyond the limit, in one step:
 * threads that write there meanwhile write to either. It is closed by exec. 0 or a negative errno.
 * Other threads may change the limit at the same time.
 */
long lt_replace_beyond_limit(int fd, int number);

#endif
