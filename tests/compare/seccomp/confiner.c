/* SPDX-License-Identifier: MIT */
/*
 * Programs that confine themselves: `confiner CASE`. Each says "before", installs a filter under
 * which it lives by itself, says "after", and ends. A wrong step is an exit status of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/syscall_instruction.h"
#include "confiner.h"

long install(enum way way, unsigned flags, struct sock_filter *steps, size_t count)
{
	struct sock_fprog program = { (unsigned short)count, steps };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	switch (way) {
	case BY_PRCTL:
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	case BY_SYSCALL:
		return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	case BY_PRCTL_NUMBER:
		return syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
	case BY_INSTRUCTION:
		return syscall_instruction(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (long)flags,
					   (long)&program);
	}
	return -1;
}

void say(const char *text)
{
	errno = 77;
	if (write(2, text, strlen(text)) < 0 || errno != 77)
		_exit(40);
}

/* What every program here may still do: one that lives on writes to 1 and 2, and ends. */
static int only_own_output(enum way way, unsigned action)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_exit_group, 1),
		RETURN(SECCOMP_RET_ALLOW),
		WHEN(BPF_JEQ, SYS_write, 1),
		RETURN(action),
		LOAD(FIELD(args[0])),
		UNLESS(BPF_JGT, 2, 1),
		RETURN(action),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(way, 0, steps, COUNT(steps)))
		return 41;
	say("after\n");
	fprintf(stderr, "by stdio\n");
	say("no end");
	_exit(0);
}

int without(long number, unsigned action)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, (unsigned)number, 1),
		RETURN(action),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_PRCTL, 0, steps, COUNT(steps)))
		return 42;
	say("after\n");
	if (dup2(2, 1) != 1)
		return 43;
	if (write(1, "by a copy\n", 10) != 10)
		return 44;
	return 0;
}

static int each_without(unsigned action)
{
	static const long numbers[] = {
		SYS_getpid,	      SYS_gettid,	  SYS_getppid, SYS_prctl,
		SYS_clock_gettime,    SYS_prlimit64,	  SYS_lseek,   SYS_rt_sigpending,
		SYS_rt_sigtimedwait,  SYS_fcntl,	  SYS_fstat,   SYS_sigaltstack,
		SYS_process_vm_readv, SYS_mmap,		  SYS_munmap,  SYS_memfd_create,
		SYS_openat,	      SYS_read,		  SYS_pread64, SYS_close,
		SYS_writev,	      SYS_rt_sigprocmask, SYS_madvise, SYS_ioctl,
	};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		int status;
		pid_t child = fork();

		if (!child)
			_exit(without(numbers[i], action));
		if (waitpid(child, &status, 0) != child || status)
			return 45;
	}
	return 0;
}

/* Logs for longer than the recording goes unwatched, and in a child; RECORDING is truncated. */
static int longer_without(long number, unsigned action)
{
	const char *recording = getenv("RECORDING");
	int status;
	pid_t child;

	if (without(number, action))
		return 91;
	for (int i = 0; i < 2; i++) {
		poll(NULL, 0, 120);
		if (recording && truncate(recording, 0))
			return 92;
		say("later\n");
	}
	child = fork();
	if (!child) {
		say("child\n");
		_exit(0);
	}
	return waitpid(child, &status, 0) != child || status ? 93 : 0;
}

static int watch_without(unsigned action)
{
	static const long numbers[] = {
		SYS_openat, SYS_newfstatat, SYS_fstat, SYS_readlinkat, SYS_pread64, SYS_close,
		SYS_read,   SYS_geteuid,    SYS_statx, SYS_mmap,       SYS_munmap,  SYS_gettid,
	};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		int status;
		pid_t child = fork();

		if (!child)
			_exit(longer_without(numbers[i], action));
		if (waitpid(child, &status, 0) != child || status)
			return 94;
	}
	return 0;
}

/* Writes of more than `from` and up to `to` bytes are refused. */
static int sizes(unsigned from, unsigned to)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, SYS_write, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(FIELD(args[2])),
		UNLESS(BPF_JGT, from, 2),
		WHEN(BPF_JGT, to, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_PRCTL, 0, steps, COUNT(steps)))
		return 46;
	say("after\n");
	return 0;
}

/* Where libc's code is; asked for by a handle, its functions that we interpose are ours. */
struct code {
	uintptr_t begin, end;
};

static int find_libc(struct dl_phdr_info *object, size_t size, void *found)
{
	(void)size;
	if (!strstr(object->dlpi_name, "/libc.so.6"))
		return 0;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t begin = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
			*(struct code *)found = (struct code){ begin, begin + segment->p_memsz };
	}
	return 1;
}

/* A filter may look at who calls: here libc alone, behind whoever interposes it. */
static int by_address(void)
{
	struct code libc = { 0 };
	uint32_t begin = dl_iterate_phdr(find_libc, &libc) ? (uint32_t)libc.begin : 0;
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),	   WHEN(BPF_JEQ, SYS_write, 1),
		RETURN(SECCOMP_RET_ALLOW), LOAD(FIELD(instruction_pointer)),
		UNLESS(BPF_JGE, begin, 2), WHEN(BPF_JGE, (uint32_t)libc.end, 1),
		RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_KILL_PROCESS),
	};

	say("before\n");
	if (install(BY_SYSCALL, 0, steps, COUNT(steps)))
		return 47;
	if (syscall(SYS_write, 2, "after\n", 6) != 6)
		return 48;
	return 0;
}

static int strict(int by_syscall)
{
	say("before\n");
	if (by_syscall ? syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL)
		       : prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
		return 49;
	say("after\n");
	syscall(SYS_exit, 0);
	return 50;
}

/* Two filters, each of which leaves something; both hold. */
static int stacked(void)
{
	struct sock_filter first[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_getpid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_filter second[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_gettid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		UNLESS(BPF_JEQ, SYS_getpid, 1),
		RETURN(SECCOMP_RET_ERRNO | ENOSYS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_PRCTL, 0, first, COUNT(first)) ||
	    install(BY_PRCTL_NUMBER, 0, second, COUNT(second)))
		return 51;
	say("after\n");
	return 0;
}

/* What only asks the kernel, by filters that can't be read or aren't any. */
static int asked(void)
{
	struct sock_filter wrong[] = { BPF_STMT(0xffff, 0) };
	struct sock_fprog bad = { 5, (struct sock_filter *)16 }, none = { 0, NULL };
	void *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sock_fprog *edge = (void *)((char *)pages + 4096 - 8);

	say("before\n");
	mprotect((char *)pages + 4096, 4096, PROT_NONE);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &bad) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &none) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, edge) ||
	    !install(BY_SYSCALL, 0, wrong, COUNT(wrong)) ||
	    !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0xffff0000u, NULL) ||
	    !syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, &bad))
		return 52;
	say("after\n");
	return 0;
}

/* A filter whose supervisor never answers, and who would wait for ours, too. */
static int notified(void)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, SYS_gettid, 1),
		UNLESS(BPF_JEQ, SYS_getpid, 1),
		RETURN(SECCOMP_RET_USER_NOTIF),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_SYSCALL, SECCOMP_FILTER_FLAG_NEW_LISTENER, steps, COUNT(steps)) < 0)
		return 53;
	say("after\n");
	return 0;
}

static volatile int trapped;

static void on_trap(int signal)
{
	(void)signal;
	trapped++;
}

static int traps(void)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, SYS_gettid, 4),
		UNLESS(BPF_JEQ, SYS_write, 2),
		LOAD(FIELD(args[0])),
		WHEN(BPF_JGT, 2, 1),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_TRAP),
	};

	signal(SIGSYS, on_trap);
	say("before\n");
	if (install(BY_PRCTL, 0, steps, COUNT(steps)))
		return 54;
	say("after\n");
	return trapped ? 55 : 0;
}

/* Unseen, with an errno: the program's own stays, and nothing is tried again. */
static int unseen(long number, unsigned action)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),      UNLESS(BPF_JEQ, (unsigned)number, 3),
		LOAD(FIELD(args[0])), UNLESS(BPF_JGT, number == SYS_write ? 2 : 0, 1),
		RETURN(action),	      RETURN(SECCOMP_RET_ALLOW),
	};

	/* Calls without a descriptor are refused whatever their first register holds. */
	if (number != SYS_write)
		steps[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 0, 0, 0);
	say("before\n");
	if (install(BY_INSTRUCTION, 0, steps, COUNT(steps)))
		return 56;
	for (int i = 0; i < 20; i++)
		say("after\n");
	if (dup2(2, 1) != 1)
		return 57;
	say("last\n");
	return 0;
}

/* The same where the recording alone is refused: the highest number that is one. */
static unsigned recording_number(void)
{
	char link[64], path[4096];

	for (unsigned fd = 70000; fd > 2; fd--) {
		ssize_t size;

		snprintf(link, sizeof(link), "/proc/self/fd/%u", fd);
		size = readlink(link, path, sizeof(path));
		if (size > 5 && !memcmp(path + size - 5, ".data", 5))
			return fd;
	}
	return 1000000;
}

static int unseen_recording(void)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_write, 3),
		LOAD(FIELD(args[0])),
		UNLESS(BPF_JEQ, recording_number(), 1),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};

	say("before\n");
	if (install(BY_INSTRUCTION, 0, steps, COUNT(steps)))
		return 63;
	for (int i = 0; i < 21; i++)
		say("after\n");
	return 0;
}

static void *install_for_all(void *unused)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		UNLESS(BPF_JEQ, SYS_gettid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		UNLESS(BPF_JEQ, SYS_getpid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	(void)unused;
	if (install(BY_SYSCALL, SECCOMP_FILTER_FLAG_TSYNC, steps, COUNT(steps)))
		_exit(58);
	return NULL;
}

static int other_thread(void)
{
	pthread_t thread;

	say("before\n");
	if (pthread_create(&thread, NULL, install_for_all, NULL) || pthread_join(thread, NULL))
		return 59;
	say("after\n");
	return 0;
}

/* What a launcher of jobs does: the filter is the child's alone, who becomes another program. */
static int in_vfork(const char *self)
{
	struct sock_filter steps[] = {
		LOAD(FIELD(nr)),
		WHEN(BPF_JEQ, SYS_gettid, 1),
		UNLESS(BPF_JEQ, SYS_getpid, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};
	int status = 0;
	pid_t child;

	say("before\n");
	child = vfork();
	if (!child) {
		if (install(BY_PRCTL, 0, steps, COUNT(steps)))
			_exit(60);
		execl(self, self, "says", NULL);
		_exit(61);
	}
	if (waitpid(child, &status, 0) != child || status)
		return 62;
	say("after\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const unsigned killed = SECCOMP_RET_KILL_PROCESS;
	const unsigned refused = SECCOMP_RET_ERRNO | EACCES;

#define CASE(text, call)                                                                           \
	if (!strcmp(name, text))                                                                   \
	return call
	CASE("prctl", only_own_output(BY_PRCTL, killed));
	CASE("seccomp", only_own_output(BY_SYSCALL, killed));
	CASE("prctl-number", only_own_output(BY_PRCTL_NUMBER, killed));
	CASE("thread-killed", only_own_output(BY_PRCTL, SECCOMP_RET_KILL_THREAD));
	CASE("traced", only_own_output(BY_PRCTL, SECCOMP_RET_TRACE));
	CASE("refused", only_own_output(BY_PRCTL, refused));
	CASE("each-killed", each_without(killed));
	CASE("each-refused", each_without(refused));
	CASE("each-success", each_without(SECCOMP_RET_ERRNO));
	CASE("watch-killed", watch_without(killed));
	CASE("watch-refused", watch_without(refused));
	CASE("long-writes", sizes(60, UINT32_MAX));
	CASE("middle-writes", sizes(100, 400));
	CASE("exec-killed", exec_without(argv[0], killed));
	CASE("exec-refused", exec_without(argv[0], refused));
	CASE("counter", without_counter(0));
	CASE("counter-number", without_counter(1));
	CASE("dispatching", dispatching());
	CASE("wide-operation", wide_operation());
	CASE("next-writes-nothing", exec_limited(argv[0], 0));
	CASE("next-follows-links", exec_limited(argv[0], 1));
	CASE("next-has-no-limit", exec_limited(argv[0], 2));
	CASE("unseen-probe", unseen_probe(SECCOMP_RET_ERRNO | ENOENT));
	CASE("unseen-probe-success", unseen_probe(SECCOMP_RET_ERRNO));
	CASE("by-address", by_address());
	CASE("strict", strict(0));
	CASE("strict-seccomp", strict(1));
	CASE("stacked", stacked());
	CASE("asked", asked());
	CASE("notified", notified());
	CASE("traps", traps());
	CASE("unseen-write", unseen(SYS_write, refused));
	CASE("unseen-write-enosys", unseen(SYS_write, SECCOMP_RET_ERRNO | ENOSYS));
	CASE("unseen-write-eio", unseen(SYS_write, SECCOMP_RET_ERRNO | EIO));
	CASE("unseen-gettid", unseen(SYS_gettid, refused));
	CASE("unseen-getpid", unseen(SYS_getpid, refused));
	CASE("unseen-prlimit", unseen(SYS_prlimit64, refused));
	CASE("unseen-recording", unseen_recording());
	CASE("other-thread", other_thread());
	CASE("vfork", in_vfork(argv[0]));
	CASE("blocked-write", blocked(0, 0));
	CASE("blocked-sendfile", blocked(0, 1));
	CASE("blocked-handler", blocked(1, 0));
	CASE("logging-meanwhile", logging_meanwhile());
	CASE("refused-meanwhile", refused_meanwhile());
	if (!strcmp(name, "says")) {
		say("another program\n");
		return 0;
	}
	return 2;
}
