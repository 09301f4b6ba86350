/* SPDX-License-Identifier: MIT */
/*
 * The loop of a reader, and how it comes to be out of everybody's way. What it passes on it writes
 * by raw system calls: below `logtap record` the preload library is in this process, too, and would
 * take it for lines of its own.
 *
 * Must never lose a byte that it has read, nor touch the program but for the size of its terminal.
 */
#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events.h"
#include "syscall.h"

static void wait_for(int fd, short events)
{
	struct pollfd ready = { .fd = fd, .events = events };

	poll(&ready, 1, -1);
}

/* How many bytes there are; 0: the last writer is gone. */
static ssize_t read_some(int fd, char *bytes, size_t size)
{
	for (;;) {
		ssize_t result = read(fd, bytes, size);

		if (result >= 0)
			return result;
		if (errno == EAGAIN)
			wait_for(fd, POLLIN);
		else if (errno == EIO) /* how a pseudo-terminal says it */
			return 0;
		else if (errno != EINTR)
			return -errno;
	}
}

/* False: nobody reads there any more. Any other error costs these bytes alone: there may be room
 * again. */
static bool pass_on(int fd, const char *bytes, size_t size)
{
	while (size && fd >= 0) {
		long result = EVH_SYSCALL3(SYS_write, fd, bytes, size);

		if (result == -EPIPE || result == -ECONNRESET)
			return false;
		if (result == -EAGAIN) {
			wait_for(fd, POLLOUT);
		} else if (result >= 0) {
			bytes += result;
			size -= (size_t)result;
		} else if (result != -EINTR) {
			break;
		}
	}
	return true;
}

int relay(const struct channel *channel, int process)
{
	static char bytes[65536];
	bool read_there = true;
	ssize_t size = 0;

	while (read_there && (size = read_some(channel->outer, bytes, sizeof(bytes))) > 0) {
		/* It asked for the size when the terminal changed, and was told the old one. */
		if (channel->on_tty && channel_follow_size(channel) && process >= 0)
			syscall(SYS_pidfd_send_signal, process, SIGWINCH, NULL, 0);
		if (!events_swallow())
			read_there = pass_on(channel->place, bytes, (size_t)size);
		events_take(channel->place, bytes, (size_t)size);
	}
	return size < 0 ? (int)size : 0;
}

void relay_ignore_signals(void)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE };

	for (unsigned i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
}

/*
 * The program must not find a child that it doesn't know, nor a SIGCHLD of one: what it is left
 * with has ended, was waited for and had no signal to send.
 */
int relay_detach(void)
{
	long child = EVH_SYSCALL4(SYS_clone, 0, 0, 0, 0);
	int status = 0;

	if (child < 0)
		return (int)child;
	if (child == 0) {
		pid_t reader;

		setsid();
		reader = fork();
		if (reader == 0)
			return 0;
		for (;;)
			EVH_SYSCALL1(SYS_exit_group, reader < 0 ? errno : 0);
	}
	while (waitpid((pid_t)child, &status, __WALL) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : -EAGAIN;
}

void relay_keep_only(const int keep[], int count)
{
	int next = 0;

	for (;;) {
		int nearest = -1;

		for (int i = 0; i < count; i++)
			if (keep[i] >= next && (nearest < 0 || keep[i] < nearest))
				nearest = keep[i];
		if (nearest < 0)
			break;
		if (nearest > next)
			close_range((unsigned)next, (unsigned)nearest - 1, 0);
		next = nearest + 1;
	}
	close_range((unsigned)next, ~0u, 0);
}
