/* SPDX-License-Identifier: MIT */
/*
 * Opening files beside the program's own. Must never leave one at the numbers 0 to 2, where the
 * program may look for its standard streams.
 */
#include <fcntl.h>
#include <unistd.h>

#include "start_data.h"
#include "syscall.h"
#include "transport.h"

bool evh_stdio_had_room EVH_START_DATA;

int evh_open_above_stdio(const char *path, int flags)
{
	return evh_create_above_stdio(path, flags, 0);
}

int evh_create_above_stdio(const char *path, int flags, unsigned mode)
{
	int low[STDERR_FILENO + 1], count = 0;
	int fd;

	/* A number that is not the program's by opening once more, not by a copy: a filter may know
	 * no call but those that the loader makes as well. */
	for (;;) {
		fd = (int)EVH_SYSCALL4(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
		if (fd < 0 || fd > STDERR_FILENO || count > STDERR_FILENO)
			break;
		evh_stdio_had_room = true;
		low[count++] = fd;
		flags &= ~O_EXCL;
	}
	while (count > 0)
		EVH_SYSCALL1(SYS_close, low[--count]);
	return fd;
}
