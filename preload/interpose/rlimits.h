/* SPDX-License-Identifier: MIT */
/* The part of rlimits.c that others call. */
#ifndef LT_LIMITS_H
#define LT_LIMITS_H

/* A limit of some process was changed; asks the kernel what it is for this one. */
void lt_limits_changed(int resource);

#endif
