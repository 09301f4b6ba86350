/* SPDX-License-Identifier: MIT */
/* Where this machine's tracefs is, for the commands that look at the kernel. */
#ifndef LOGTAP_TRACEFS_PLACE_H
#define LOGTAP_TRACEFS_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct tracefs_place {
	char path[PATH_MAX]; /* "/sys/kernel/tracing" */
	bool debugfs;	     /* it is the folder inside debugfs; tracefs itself isn't mounted */
};

/*
 * Finds the tracing folder as the encoder does: /sys/kernel/tracing, else any other mount of
 * tracefs, else "tracing" in a mount of debugfs. Mounts nothing; whether the folder may be entered
 * is not asked. 0, or -ENOENT.
 */
int tracefs_place_find(struct tracefs_place *place);

/* Joins `below` to the place. 0, or -ENAMETOOLONG. */
int tracefs_place_path(const struct tracefs_place *place, const char *below, char *path,
		       size_t size);

/* "run as root, or ..." for an error number, as the end of a line for a person. */
const char *tracefs_place_advice(int error);

#endif
