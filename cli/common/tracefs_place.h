/* SPDX-License-Identifier: MIT */
/* Where this machine's tracefs is, for the commands that look at the kernel. */
#ifndef LOGTAP_TRACING_H
#define LOGTAP_TRACING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct tracing_place {
	char path[PATH_MAX]; /* "/sys/kernel/tracing" */
	bool debugfs;	     /* it is the folder inside debugfs; tracefs itself isn't mounted */
};

/*
 * Finds the tracing folder as the encoder does: /sys/kernel/tracing, else any other mount of
 * tracefs, else "tracing" in a mount of debugfs. Mounts nothing; whether the folder may be entered
 * is not asked. 0, or -ENOENT.
 */
int tracing_find(struct tracing_place *place);

/* Joins `below` to the place. 0, or -ENAMETOOLONG. */
int tracing_path(const struct tracing_place *place, const char *below, char *path, size_t size);

/* "run as root, or ..." for an error number, as the end of a line for a person. */
const char *tracing_advice(int error);

#endif
