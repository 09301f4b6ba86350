/* SPDX-License-Identifier: MIT */
/* What files of /proc say of a process. Pure: text in, values out. */
#ifndef LT_PROCESS_FIELDS_H
#define LT_PROCESS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lt_process_stat {
	uint32_t ppid;
	uint64_t start; /* nanoseconds since the machine was started */
};

/* /proc/PID/stat; false where that isn't what the text is. */
bool lt_process_parse_stat(const char *text, struct lt_process_stat *stat);

struct lt_process_text {
	const char *bytes;
	size_t size;
};

/* Of /proc/PID/cgroup: the path in the hierarchy that systemd keeps. Empty where there is none. */
struct lt_process_text lt_process_find_cgroup(const char *text);

#define LT_CONTAINER_MAX 64

/*
 * The container's id or name that a cgroup's path holds: of Docker, containerd, CRI-O and Podman
 * (64 hexadecimal digits), LXC and machines of systemd-nspawn. Empty where it holds none.
 */
void lt_process_find_container(const struct lt_process_text *cgroup,
			       char container[LT_CONTAINER_MAX + 1]);

#endif
