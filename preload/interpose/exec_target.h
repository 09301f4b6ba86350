/* SPDX-License-Identifier: MIT */
/*
 * Which program an exec would start: found as libc and the kernel find it, along PATH and through
 * `#!`, and judged by its head. By raw system calls alone: a stat, an open and a close of each file
 * on the way, and one to six reads. The loader of the new program makes the same calls, so a
 * seccomp filter that lets programs start lets us look. Never under a filter that refuses any call
 * of ours.
 */
#ifndef LT_EXEC_TARGET_H
#define LT_EXEC_TARGET_H

#include <stdbool.h>

#include "exec_head.h"

enum lt_target_fate {
	LT_TARGET_FAILS,  /* no such program, or not executable: the exec will fail */
	LT_TARGET_UNSURE, /* it can't be read, or only a helper of the kernel's could start it */
	LT_TARGET_STARTS, /* nothing speaks against it */
};

struct lt_target {
	bool exact; /* given: whether `fate` matters, which costs one call more per file */
	enum lt_target_fate fate;
	struct lt_head head; /* of the last in the chain of interpreters; LT_HEAD_UNREADABLE */
};

/* What execveat(2) would start; `flags` are its. */
void lt_target_of_path(struct lt_target *target, int folder, const char *path, int flags);

/* What execvp(3) would start, with PATH from this process's environment. */
void lt_target_of_name(struct lt_target *target, const char *name);

/* access(2) as the loader calls it: 0 or a negative errno. */
long lt_target_access(const char *path, int mode);

/*
 * Looks at what usually makes an exec fail although the program is good: its loader is not there,
 * the arguments are too long. For who can afford it: it reads all of them.
 */
void lt_target_check_rest(struct lt_target *target, char *const argv[], char *const envp[]);

#endif
