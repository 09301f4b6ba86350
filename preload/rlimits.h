/* SPDX-License-Identifier: MIT */
/* The part of rlimits.c that others call. */
#ifndef LT_LIMITS_H
#define LT_LIMITS_H

#include <evh/tracepoint.h>

/* Whose file size limit is to be kept up to date. Once, from the initialisation. */
void lt_limits_init(struct evh_transport *transport);

/* A limit of some process was changed; asks the kernel what it is for this one. */
void lt_limits_changed(int resource);

#endif
