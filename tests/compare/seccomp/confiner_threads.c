/* SPDX-License-Identifier: MIT */
/* Cases of the confiner in which a filter comes while another call or another thread is under way.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confiner.h"

#define LONG_LINE 200000

/* All that could be done behind a call that was blocked. */
static int install_strictly(unsigned flags)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, SYS_munmap, 8),
		WHEN(BPF_JEQ, SYS_mmap, 7),
		WHEN(BPF_JEQ, SYS_pread64, 6),
		WHEN(BPF_JEQ, SYS_fstat, 5),
		WHEN(BPF_JEQ, SYS_lseek, 4),
		WHEN(BPF_JEQ, SYS_gettid, 3),
		WHEN(BPF_JEQ, SYS_getpid, 2),
		WHEN(BPF_JEQ, SYS_rt_sigprocmask, 1),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_KILL_PROCESS),
	};

	return install(BY_SYSCALL, flags, steps, COUNT(steps)) != 0;
}

static int ends[2];
static volatile int done;

/* Lets the call go on: what it writes is shown on stdout. */
static void drain(size_t left)
{
	static char bytes[4096];

	while (left) {
		ssize_t got = read(ends[0], bytes, sizeof(bytes));

		if (got <= 0 || write(1, bytes, (size_t)got) != got)
			_exit(110);
		left -= (size_t)got;
	}
}

static char *make_line(void)
{
	static char line[LONG_LINE];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	return line;
}

static int write_blocked(void)
{
	return write(2, make_line(), LONG_LINE) == LONG_LINE;
}

static int send_blocked(void)
{
	int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	ssize_t sent = 0;

	if (write(file, make_line(), LONG_LINE) != LONG_LINE || lseek(file, 0, SEEK_SET))
		return 0;
	while (sent < LONG_LINE) {
		ssize_t more = sendfile(2, file, NULL, (size_t)(LONG_LINE - sent));

		if (more <= 0)
			return 0;
		sent += more;
	}
	return 1;
}

static void *block(void *by_sendfile)
{
	done = (by_sendfile ? send_blocked() : write_blocked()) ? 1 : -1;
	for (;;)
		pause();
	return NULL;
}

static void on_alarm(int signal)
{
	(void)signal;
	if (install_strictly(0))
		_exit(111);
}

/* What the pipe takes is written by the time the handler comes. */
static int interrupted(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	ssize_t written;

	sigaction(SIGALRM, &action, NULL);
	ualarm(100000, 0);
	written = write(2, make_line(), LONG_LINE);
	if (written <= 0)
		return 113;
	drain((size_t)written);
	_exit(0);
}

static int wait_for_full_pipe(void)
{
	int size = 0;

	for (int i = 0; i < 2000 && size < 65536; i++) {
		usleep(1000);
		ioctl(ends[0], FIONREAD, &size);
	}
	return size >= 65536;
}

int blocked(int by_handler, int by_sendfile)
{
	pthread_t thread;

	if (pipe(ends) || dup2(ends[1], 2) != 2)
		return 112;
	if (by_handler)
		return interrupted();
	if (pthread_create(&thread, NULL, block, by_sendfile ? &thread : NULL))
		return 114;
	if (!wait_for_full_pipe() || install_strictly(SECCOMP_FILTER_FLAG_TSYNC))
		return 115;
	drain(LONG_LINE);
	while (!done)
		usleep(1000);
	_exit(done == 1 ? 0 : 116);
}

static void *log_on(void *unused)
{
	for (;;) {
		say("line\n");
		usleep(100);
	}
	return unused;
}

static int without_ids(unsigned flags)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_gettid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return install(BY_SYSCALL, flags, steps, COUNT(steps)) != 0;
}

int logging_meanwhile(void)
{
	const struct timespec most = { .tv_sec = 2 };
	pthread_t thread;
	sigset_t told;

	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigprocmask(SIG_BLOCK, &told, NULL);
	if (pthread_create(&thread, NULL, log_on, NULL))
		return 117;
	sigtimedwait(&told, NULL, &most);
	if (without_ids(SECCOMP_FILTER_FLAG_TSYNC))
		return 118;
	usleep(400000);
	_exit(0);
}

/* The kernel refuses each: no such flag. */
static void *fail(void *unused)
{
	struct sock_filter steps[] = { RETURN(SECCOMP_RET_ALLOW) };

	while (!done)
		install(BY_SYSCALL, 1u << 20, steps, COUNT(steps));
	return unused;
}

int refused_meanwhile(void)
{
	pthread_t threads[2];

	for (size_t i = 0; i < COUNT(threads); i++)
		if (pthread_create(&threads[i], NULL, fail, NULL))
			return 119;
	usleep(10000);
	if (without_ids(0))
		return 120;
	for (int i = 0; i < 100; i++) {
		say("line\n");
		usleep(1000);
	}
	_exit(0);
}
