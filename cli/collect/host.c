/* SPDX-License-Identifier: MIT */
/* Asks for the host's name and ids, once. */
#include "host.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The first line of a file; "" where it has none of that length. */
static void read_line(const char *path, char *line, size_t length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, line, length);

	if (fd >= 0)
		close(fd);
	line[size == (ssize_t)length && !memchr(line, '\n', length) ? length : 0] = '\0';
}

void host_find(struct host *host)
{
	if (gethostname(host->name, sizeof(host->name)) != 0)
		host->name[0] = '\0';
	host->name[sizeof(host->name) - 1] = '\0';
	read_line("/etc/machine-id", host->id, sizeof(host->id) - 1);
	read_line("/proc/sys/kernel/random/boot_id", host->boot_id, sizeof(host->boot_id) - 1);
}
