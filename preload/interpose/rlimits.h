/* SPDX-License-Identifier: MIT */
/* The part of rlimits.c that others call. */
#ifndef LT_LIMITS_H
#define LT_LIMITS_H

/* This process is about to set a limit; `limit` is the program's pointer, which may be a bad one.
 */
void lt_limits_changing(int resource, const void *limit, size_t width);

/* A limit of some process was changed; asks the kernel what it is for this one. */
void lt_limits_changed(int resource);

#endif
