/* SPDX-License-Identifier: MIT */
/*
 * Cases of the confiner that are about other calls than those of logging, and other means than
 * filters.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/syscall_instruction.h"
#include "confiner.h"

/* What an exec looks at, and a thread that waits for another: one call at a time is refused. */
int exec_without(const char *self, unsigned action)
{
	/* The new program's loader needs the last four, and says so where it lives on. */
	static const long numbers[] = {
#ifdef SYS_access
		SYS_access,
#else
		SYS_statx,
#endif
		SYS_faccessat, SYS_getuid,     SYS_geteuid, SYS_prlimit64, SYS_sched_yield,
		SYS_nanosleep, SYS_newfstatat, SYS_openat,  SYS_pread64,   SYS_close,
	};
	size_t count = COUNT(numbers) - (action == SECCOMP_RET_KILL_PROCESS ? 0 : 4);

	for (size_t i = 0; i < count; i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			if (without(numbers[i], action))
				_exit(95);
			say("nowhere ");
			execl("/nonexistent/program", "program", NULL);
			say("found, ");
			execl("/dev/null", "program", NULL);
			execlp("no-such-program", "program", NULL);
			say("nothing\nsays ");
			execl(self, self, "says", NULL);
			_exit(96);
		}
		if (waitpid(child, &status, 0) != child ||
		    (WIFEXITED(status) && WEXITSTATUS(status)))
			return 97;
	}
	return 0;
}

/* What the library needs at the start of the next program alone is refused, by arguments. */
int exec_limited(const char *self, int what)
{
	const struct {
		unsigned number, argument, mask, value;
	} all[] = {
		{ SYS_openat, 2, O_ACCMODE, O_WRONLY },
		{ SYS_openat, 2, O_NOFOLLOW, O_NOFOLLOW },
		{ SYS_prlimit64, 1, 0xff, 1 }, /* RLIMIT_FSIZE */
	}, *one = &all[what];
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, one->number, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(FIELD(args[0]) + 8 * one->argument),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, one->mask),
		UNLESS(BPF_JEQ, one->value, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_PRCTL, 0, steps, COUNT(steps)))
		return 105;
	say("says ");
	execl(self, self, "says", NULL);
	return 106;
}

/* Reading the time stamp counter is a fault from here on, also in a child. */
int without_counter(int by_number)
{
	int status;
	pid_t child;

	say("before\n");
	/* Other machines have no such thing. */
	if (by_number)
		syscall(SYS_prctl, PR_SET_TSC, PR_TSC_SIGSEGV);
	else
		prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
	say("after\n");
	child = fork();
	if (!child) {
		say("child\n");
		_exit(0);
	}
	return waitpid(child, &status, 0) != child || status ? 99 : 0;
}

static volatile int trapped;
static volatile char dispatched;

static void on_trap(int signal)
{
	(void)signal;
	trapped++;
}

/* Calls from anywhere but libc's code are handed to a handler, which nobody else may see. */
int dispatching(void)
{
	struct dl_find_object libc;
	long begin, size;

	if (_dl_find_object((void *)(uintptr_t)dlsym(RTLD_DEFAULT, "getpid"), &libc))
		return 100;
	begin = (long)libc.dlfo_map_start;
	size = (long)libc.dlfo_map_end - begin;
	signal(SIGSYS, on_trap);
	say("before\n");
	/* PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON */
	if (prctl(59, 1, begin, size, &dispatched)) {
		say("after\n");
		return 0;
	}
	dispatched = 1;
	say("after\n");
	fprintf(stderr, "by stdio\n");
	dispatched = 0;
	return trapped ? 101 : 0;
}

/* How we ask whether memory can be read is answered by a filter that nobody saw. */
int unseen_probe(unsigned action)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_rt_sigprocmask, 1),
		RETURN(action),
		RETURN(SECCOMP_RET_ALLOW),
	};
	char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	say("before\n");
	if (page == MAP_FAILED || install(BY_INSTRUCTION, 0, steps, COUNT(steps)))
		return 103;
	for (int i = 0; i < 3; i++)
		if (write(2, page, 10) != -1 || errno != EFAULT)
			return 104;
	say("after\n");
	return 0;
}

/* The operation is an int: what stands above it in the register is nobody's. */
int wide_operation(void)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_gettid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(steps), steps };

	say("before\n");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, 0x700000001, 0, &program) &&
	    install(BY_SYSCALL, 0, steps, COUNT(steps)))
		return 102;
	say("after\n");
	return 0;
}
