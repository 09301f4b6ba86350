/* SPDX-License-Identifier: MIT */
/*
 * Pipes and pseudo-terminals. Must never change anything of the real terminal, nor become this
 * process's controlling one.
 */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* The same file at a number that is none of a program's three; `fd` is closed if it is. */
static int above_stdio(int fd)
{
	int copy;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return copy;
}

static int open_pipe(struct channel *channel)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	channel->outer = above_stdio(ends[0]);
	channel->inner = above_stdio(ends[1]);
	return channel->outer < 0 || channel->inner < 0 ? -EMFILE : 0;
}

/* The terminal itself makes of a newline what it wants, once the bytes arrive there. */
static void take_settings(const struct channel *channel)
{
	struct termios settings;

	if (tcgetattr(channel->place, &settings) != 0)
		return;
	settings.c_oflag &= ~(tcflag_t)OPOST;
	tcsetattr(channel->inner, TCSANOW, &settings);
	channel_follow_size(channel);
}

static int open_slave(int master)
{
#ifdef TIOCGPTPEER
	/* By the master, so that it does not matter what is mounted at /dev/pts. */
	int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (slave >= 0)
		return slave;
#endif
	char name[64];

	return ptsname_r(master, name, sizeof(name)) == 0
		       ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
		       : -1;
}

static int open_terminal(struct channel *channel)
{
	int master = above_stdio(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));

	if (master < 0)
		return -errno;
	channel->outer = master;
	channel->inner = unlockpt(master) == 0 ? above_stdio(open_slave(master)) : -1;
	if (channel->inner < 0) {
		close(master);
		return -ENOTTY;
	}
	take_settings(channel);
	return 0;
}

int channel_open(struct channel *channel, int fd)
{
	*channel = (struct channel){ .inner = -1, .outer = -1 };
	channel->place = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (channel->place < 0 && errno != EBADF)
		return -errno;
	channel->on_tty = channel->place >= 0 && isatty(channel->place);
	/* Without a pseudo-terminal to be had, a pipe is better than nothing. */
	if (channel->on_tty && open_terminal(channel) == 0)
		return 0;
	channel->on_tty = false;
	return open_pipe(channel);
}

bool channel_follow_size(const struct channel *channel)
{
	struct winsize real, ours;

	if (ioctl(channel->place, TIOCGWINSZ, &real) != 0 ||
	    ioctl(channel->outer, TIOCGWINSZ, &ours) != 0 ||
	    memcmp(&real, &ours, sizeof(real)) == 0)
		return false;
	return ioctl(channel->outer, TIOCSWINSZ, &real) == 0;
}

bool channel_is_shared(int fd, int other)
{
	struct stat one, two;
	long order = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, fd, other);

	if (order >= 0)
		return order == 0;
	/* A kernel without kcmp: for what has no place to write at, the file is enough. */
	return fstat(fd, &one) == 0 && fstat(other, &two) == 0 && !S_ISREG(one.st_mode) &&
	       one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}
