/* SPDX-License-Identifier: MIT */
/*
 * What process 1 owes to its namespace, and no more. Must never outlive the program by more than
 * the moment that its readers need: as process 1, its end is that of the container.
 */
#include "first_process.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Seconds that readers have after the program: more only if somebody else still writes. */
#define READERS_MAX 1

/* What a terminal sends, it sends to the program's group itself. */
static void hand_on(pid_t program, const siginfo_t *info)
{
	if (info->si_signo != SIGCHLD && info->si_code <= 0)
		kill(program, info->si_signo);
}

/* Waits for all that has ended. Whether the program was among it, with its status. */
static int reap(pid_t program, int *status)
{
	int ended = 0, one;
	pid_t pid;

	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid != program)
			continue;
		*status = one;
		ended = 1;
	}
	return ended;
}

static int attend(pid_t program, const sigset_t *all)
{
	siginfo_t info;
	int status = 0;

	while (!reap(program, &status)) {
		if (sigwaitinfo(all, &info) > 0)
			hand_on(program, &info);
	}
	return status;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Orphans are ours: the readers end by themselves, those who still write to them perhaps never. */
static void wait_for_readers(const sigset_t *all)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	time_t end = seconds() + READERS_MAX;

	while (waitpid(-1, NULL, WNOHANG) >= 0 && seconds() <= end)
		sigtimedwait(all, NULL, &pause);
}

int first_process_start(void)
{
	sigset_t all, before;
	pid_t program;
	int status;

	if (getpid() != 1)
		return 0;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	program = fork();
	if (program <= 0) {
		int error = program < 0 ? -errno : 0;

		sigprocmask(SIG_SETMASK, &before, NULL);
		return error;
	}
	status = attend(program, &all);
	wait_for_readers(&all);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
