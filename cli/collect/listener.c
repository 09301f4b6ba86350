/* SPDX-License-Identifier: MIT */
/*
 * The collector's socket. Must never take the place of a collector that still listens, and never
 * remove what is no socket.
 */
#include "listener.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli.h"

static socklen_t make_address(struct sockaddr_un *address, const char *path)
{
	size_t size = strlen(path);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, size);
	if (*path != '@')
		return sizeof(*address);
	address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}

/* Whether what is there is a socket at which nobody listens. (A file answers the same.) */
static int is_left_behind(const struct sockaddr_un *address, socklen_t size)
{
	struct stat status;
	int fd, left;

	if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return 0;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	left = fd >= 0 && connect(fd, (const struct sockaddr *)address, size) != 0 &&
	       errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return left;
}

static int bind_there(int listener, const char *path)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, path);
	mode_t mask;
	int result;

	if (*path != '@' && is_left_behind(&address, size))
		unlink(path);
	/* Whoever may reach the folder may send. */
	mask = umask(0111);
	result = bind(listener, (struct sockaddr *)&address, size);
	umask(mask);
	return result;
}

int listener_open(const char *path)
{
	int on = 1;
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* Before anybody connects: each packet then says who sent it. */
	if (listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0 &&
	    bind_there(listener, path) == 0 && listen(listener, SOMAXCONN) == 0)
		return listener;
	if (errno == EADDRINUSE)
		cli_error("cannot listen at '%s': another collector does, or it is no socket",
			  path);
	else
		cli_error("cannot listen at '%s': %s%s", path, strerror(errno),
			  errno == ENOENT ? " (its folder)" : "");
	if (listener >= 0)
		close(listener);
	return -1;
}

void listener_close(int listener, const char *path)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, path);

	close(listener);
	if (*path != '@' && is_left_behind(&address, size))
		unlink(path);
}
