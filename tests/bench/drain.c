/* SPDX-License-Identifier: MIT */
/*
 * Reads and drops: a stand-in for the daemon behind /dev/log (datagrams) or journald's stdout
 * socket (streams), fast enough not to be what is measured. Ends with its parent, or by SIGTERM.
 *
 * usage: bench-drain datagram|stream PATH [spin]	(prints "ready" when it listens)
 *
 * spin: it never sleeps, so that a sender pays for its message alone and not for waking somebody.
 * It then needs a processor of its own, and takes it from everybody else.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char bytes[1 << 16];

static void drop_datagrams(int fd, int flags)
{
	while (recv(fd, bytes, sizeof(bytes), flags) >= 0 || errno == EAGAIN)
		;
}

static void drop_stream(int fd)
{
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int stream;
	int spin;
	int fd;

	if (argc < 3 || strlen(argv[2]) >= sizeof(address.sun_path))
		return 2;
	stream = strcmp(argv[1], "stream") == 0;
	spin = argc > 3 && strcmp(argv[3], "spin") == 0;
	strcpy(address.sun_path, argv[2]);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (spin)
		setpriority(PRIO_PROCESS, 0, -20);
	fd = socket(AF_UNIX, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    (stream && listen(fd, 8) != 0)) {
		perror(argv[2]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	if (!stream)
		drop_datagrams(fd, spin ? MSG_DONTWAIT : 0);
	for (;;) {
		int client = accept(fd, NULL, NULL);

		if (client < 0)
			return 1;
		drop_stream(client);
		close(client);
	}
}
