/* SPDX-License-Identifier: MIT */
/* Asks /proc. */
#include "process_name.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool process_name(uint32_t pid, char *name, size_t room)
{
	char path[64];
	ssize_t size;
	int fd;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, name, room - 1);
	close(fd);
	name[size > 0 ? size : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return name[0] != '\0';
}
