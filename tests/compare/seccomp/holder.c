/* SPDX-License-Identifier: MIT */
/*
 * Runs a program and holds its second thread for 300 ms right before the instruction by which it
 * would ask for its number: as one that loses the processor there. SIGUSR1 tells the first thread.
 * Exit status: the program's; 77 where that can't be done.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HELD 300 /* ms */

static pid_t held;
static struct timespec since;

static long held_for(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since.tv_sec) * 1000 + (now.tv_nsec - since.tv_nsec) / 1000000;
}

static int asks_for_number(pid_t thread)
{
#ifdef __x86_64__
	struct user_regs_struct registers;

	return !ptrace(PTRACE_GETREGS, thread, NULL, &registers) && registers.rax == SYS_gettid &&
	       (ptrace(PTRACE_PEEKTEXT, thread, (void *)registers.rip, NULL) & 0xffff) == 0x050f;
#else
	(void)thread;
	return 0;
#endif
}

/* Behind its first calls, step by step, until it asks; once. */
static enum __ptrace_request next_of(pid_t thread, pid_t child, int signal)
{
	static int calls, was_held;

	if (was_held || (calls < 40 && ++calls < 40))
		return was_held ? PTRACE_CONT : PTRACE_SYSCALL;
	if (signal == SIGTRAP && asks_for_number(thread)) {
		was_held = 1;
		held = thread;
		clock_gettime(CLOCK_MONOTONIC, &since);
		kill(child, SIGUSR1);
	}
	return PTRACE_SINGLESTEP;
}

/* One stop of a thread; `child` is the first one. */
static void go_on(pid_t thread, pid_t child, int status)
{
	int signal = WSTOPSIG(status);
	enum __ptrace_request next = thread == child ? PTRACE_CONT : next_of(thread, child, signal);

	if (signal == (SIGTRAP | 0x80) || signal == SIGTRAP || signal == SIGSTOP)
		signal = 0;
	if (thread != held)
		ptrace(next, thread, NULL, (long)signal);
}

static int finish(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	pid_t child = argc > 1 ? fork() : -1;
	int status;

	if (child < 0)
		return 2;
	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(77);
		raise(SIGSTOP);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return 77;
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       (long)(PTRACE_O_TRACECLONE | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	ptrace(PTRACE_CONT, child, NULL, NULL);
	for (;;) {
		pid_t thread = waitpid(-1, &status, __WALL | (held ? WNOHANG : 0));

		if (thread > 0 && WIFSTOPPED(status))
			go_on(thread, child, status);
		else if (thread == child)
			return finish(status);
		else if (thread < 0)
			return 3;
		if (held && held_for() > HELD) {
			puts("held");
			fflush(stdout);
			ptrace(PTRACE_CONT, held, NULL, NULL);
			held = 0;
		} else if (held) {
			usleep(1000);
		}
	}
}
