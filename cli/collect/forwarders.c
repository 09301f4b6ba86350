/* SPDX-License-Identifier: MIT */
/*
 * Starts, watches and ends the processes that deliver. Each has one end of a socket, and the
 * collector the other: a byte says that nothing more will come, and that an end is gone says that
 * its process is. Must never leave one behind: who is the last to hold its end ends.
 */
#include "forwarders.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "forward.h"

/* Until one that ended is started again, and how long the last words may take, ms. */
#define PAUSE	   1000
#define FINISH_MAX 20000

struct forwarder {
	struct destination *destination;
	pid_t pid;	   /* 0: it isn't there */
	int control;	   /* -1 */
	uint64_t start_at; /* ms, while it isn't there */
};

struct forwarders {
	const char *path;
	int epoll;
	size_t count;
	struct forwarder items[];
};

/* In the new process: everything but its own socket is the collector's. */
static void become(struct destination *destination, const char *path, int control)
{
	prctl(PR_SET_NAME, "logtap-forward");
	/* Ctrl-C goes to all of a terminal's processes: the collector decides. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (control > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, (unsigned)control - 1, 0);
	close_range((unsigned)control + 1, ~0u, 0);
	_exit(forward(destination, path, control));
}

static int start(struct forwarders *forwarders, struct forwarder *forwarder)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = forwarder };
	int ends[2];

	forwarder->start_at = clock_ms() + PAUSE;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -errno;
	forwarder->pid = fork();
	if (forwarder->pid == 0)
		become(forwarder->destination, forwarders->path, ends[1]);
	close(ends[1]);
	if (forwarder->pid < 0) {
		int error = errno;

		forwarder->pid = 0;
		close(ends[0]);
		return -error;
	}
	forwarder->control = ends[0];
	epoll_ctl(forwarders->epoll, EPOLL_CTL_ADD, ends[0], &event);
	return 0;
}

struct forwarders *forwarders_start(struct destination *destinations, size_t count,
				    const char *path)
{
	struct forwarders *forwarders =
		calloc(1, sizeof(*forwarders) + count * sizeof(forwarders->items[0]));
	int error;

	if (!forwarders) {
		cli_error("out of memory");
		return NULL;
	}
	forwarders->path = path;
	forwarders->epoll = epoll_create1(EPOLL_CLOEXEC);
	forwarders->count = count;
	for (size_t i = 0; i < count; i++)
		forwarders->items[i] =
			(struct forwarder){ .destination = &destinations[i], .control = -1 };
	for (size_t i = 0; i < count; i++) {
		error = start(forwarders, &forwarders->items[i]);
		if (error)
			cli_error("%s: cannot start a process for it: %s", destinations[i].shown,
				  strerror(-error));
	}
	return forwarders;
}

int forwarders_descriptor(const struct forwarders *forwarders)
{
	return forwarders ? forwarders->epoll : -1;
}

/* Waits for it, which has closed its end or was killed. */
static void bury(struct forwarder *forwarder)
{
	int status = 0;

	close(forwarder->control);
	forwarder->control = -1;
	while (waitpid(forwarder->pid, &status, 0) < 0 && errno == EINTR)
		;
	forwarder->pid = 0;
	if (WIFSIGNALED(status))
		cli_error("%s: its process was ended by signal %d", forwarder->destination->shown,
			  WTERMSIG(status));
}

int forwarders_look(struct forwarders *forwarders)
{
	struct epoll_event events[16];
	uint64_t now = clock_ms();
	int wait = -1;

	if (!forwarders)
		return -1;
	for (int count = epoll_wait(forwarders->epoll, events, 16, 0); count > 0; count--)
		bury(events[count - 1].data.ptr);
	for (size_t i = 0; i < forwarders->count; i++) {
		struct forwarder *forwarder = &forwarders->items[i];

		if (!forwarder->pid && forwarder->start_at <= now)
			start(forwarders, forwarder);
		if (!forwarder->pid && (wait < 0 || forwarder->start_at < now + (unsigned)wait))
			wait = (int)(forwarder->start_at - now);
	}
	return wait;
}

/* Ends it by force, where it takes longer than it says. */
static void see_off(struct forwarder *forwarder, uint64_t until)
{
	struct pollfd ready = { .fd = forwarder->control, .events = POLLIN };
	uint64_t now = clock_ms();

	if (now >= until || poll(&ready, 1, (int)(until - now)) <= 0)
		kill(forwarder->pid, SIGKILL);
	bury(forwarder);
}

void forwarders_finish(struct forwarders *forwarders)
{
	uint64_t until = clock_ms() + FINISH_MAX;

	if (!forwarders)
		return;
	for (size_t i = 0; i < forwarders->count; i++) {
		if (forwarders->items[i].pid)
			send(forwarders->items[i].control, "f", 1, MSG_NOSIGNAL);
	}
	for (size_t i = 0; i < forwarders->count; i++) {
		if (forwarders->items[i].pid)
			see_off(&forwarders->items[i], until);
	}
	close(forwarders->epoll);
	free(forwarders);
}
