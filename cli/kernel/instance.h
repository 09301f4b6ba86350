/* SPDX-License-Identifier: MIT */
/* A tracefs instance of one's own: a set of ring buffers that nobody else reads or configures. */
#ifndef LOGTAP_INSTANCE_H
#define LOGTAP_INSTANCE_H

#include <limits.h>
#include <sys/types.h>

#include "tracefs_place.h"

struct tracefs_instance;

struct instance {
	struct tracefs_instance *tracefs;
	char path[PATH_MAX];
	pid_t warden; /* removes the instance when this process is gone, however it ended */
	int lifeline; /* the warden's end of it reads an end of file then */
};

/*
 * Removes what dead processes left behind, then creates `logtap-PID` with the monotonic clock and
 * wake-ups for every event. Call it before anything else is opened: it forks.
 *
 * buffer_kib: size of the ring buffer of each processor; 0 = the kernel's default.
 *
 * 0, or -EACCES, -ENOENT, -ENOMEM ... and then nothing is left.
 */
int instance_create(struct instance *instance, const struct tracefs_place *place,
		    unsigned long buffer_kib);

/*
 * Removes it, and returns when it is gone. Whatever was opened in it must be closed before. Safe on
 * a zeroed struct.
 */
void instance_remove(struct instance *instance);

#endif
