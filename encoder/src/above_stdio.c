/* SPDX-License-Identifier: MIT */
/*
 * Opening files beside the program's own. Must never leave one at the numbers 0 to 2, where the
 * program may look for its standard streams.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "start_data.h"
#include "syscall.h"
#include "transport.h"

bool evh_stdio_had_room EVH_START_DATA;

/* What is opened: a file, or where there is no path a socket to a collector. */
struct opening {
	const char *path;
	int flags;
	unsigned mode;
};

static int open_once(const struct opening *opening)
{
	if (opening->path)
		return (int)EVH_SYSCALL4(SYS_openat, AT_FDCWD, opening->path,
					 opening->flags | O_CLOEXEC, opening->mode);
	return (int)EVH_SYSCALL3(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
				 0);
}

static int open_above_stdio(struct opening opening)
{
	int low[STDERR_FILENO + 1], count = 0;
	int fd;

	/* A number that is not the program's by opening once more, not by a copy: a filter may know
	 * no call but those that the loader makes as well. */
	for (;;) {
		fd = open_once(&opening);
		if (fd < 0 || fd > STDERR_FILENO || count > STDERR_FILENO)
			break;
		evh_stdio_had_room = true;
		low[count++] = fd;
		opening.flags &= ~O_EXCL;
	}
	while (count > 0)
		EVH_SYSCALL1(SYS_close, low[--count]);
	return fd;
}

int evh_open_above_stdio(const char *path, int flags)
{
	return evh_create_above_stdio(path, flags, 0);
}

int evh_create_above_stdio(const char *path, int flags, unsigned mode)
{
	return open_above_stdio((struct opening){ path, flags, mode });
}

int evh_socket_above_stdio(void)
{
	return open_above_stdio((struct opening){ 0 });
}
