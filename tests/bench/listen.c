/* SPDX-License-Identifier: MIT */
/*
 * Starts a program as if a kernel with user_events listened, on one that has none: its
 * registrations (ioctl DIAG_IOCSREG on a descriptor of /dev/null) are answered from here by
 * ptrace, with the enable bit set. Then the tracer lets go, so that what is measured runs free.
 * What the program sends goes to /dev/null.
 *
 * usage: bench-listen FD PROGRAM [ARG...]	(LOGTAP_SINK=user_events:FD is set for it)
 *        bench-listen kernel PROGRAM [ARG...]	(a kernel with user_events: it only looks on)
 *
 * It lets go at getpriority(77, 77), which bench-lines calls when start-up is over. x86-64 only;
 * elsewhere it says so and ends with 77.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#if defined(__x86_64__)

/* struct user_reg of <linux/user_events.h>, which Debian 12's headers lack. */
struct user_reg {
	uint32_t size;
	uint8_t enable_bit;
	uint8_t enable_size;
	uint16_t flags;
	uint64_t enable_address;
	uint64_t name_args;
	uint32_t write_index;
} __attribute__((packed));

#	define DIAG_IOCSREG _IOWR('*', 0, struct user_reg *)

static void fail(const char *what)
{
	fprintf(stderr, "bench-listen: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void copy(pid_t child, uint64_t address, void *bytes, size_t size, int put)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)child);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || (put ? pwrite(fd, bytes, size, (off_t)address)
			   : pread(fd, bytes, size, (off_t)address)) != (ssize_t)size)
		fail("reading the program's memory");
	close(fd);
}

/* Of the last registration; the preload library's share one. */
static uint64_t enable_address;

/* The kernel itself listens: registrations are its business. */
static int real_kernel;

/* Does what the kernel would do for a tracepoint that somebody has enabled. */
static void answer(pid_t child, const struct user_regs_struct *regs, uint32_t index)
{
	struct user_regs_struct result = *regs;
	struct user_reg reg;
	uint32_t word;

	copy(child, regs->rdx, &reg, sizeof(reg), 0);
	enable_address = reg.enable_address;
	if (real_kernel)
		return;
	copy(child, reg.enable_address, &word, sizeof(word), 0);
	word |= UINT32_C(1) << reg.enable_bit;
	copy(child, reg.enable_address, &word, sizeof(word), 1);
	copy(child, regs->rdx + offsetof(struct user_reg, write_index), &index, sizeof(index), 1);
	result.rax = 0;
	if (ptrace(PTRACE_SETREGS, child, NULL, &result) != 0)
		fail("answering a registration");
}

/* The address of the enable word becomes the result, for who wants to switch it (syslogs.c). */
static void tell(pid_t child, const struct user_regs_struct *regs)
{
	struct user_regs_struct result = *regs;

	result.rax = enable_address;
	if (ptrace(PTRACE_SETREGS, child, NULL, &result) != 0)
		fail("telling the enable word's address");
}

static void serve(pid_t child)
{
	uint32_t index = 0;
	int entering = 1;
	int status;
	long signal = 0;

	while (ptrace(PTRACE_SYSCALL, child, NULL, signal) == 0 && waitpid(child, &status, 0) > 0) {
		struct user_regs_struct regs;

		signal = 0;

		if (!WIFSTOPPED(status))
			exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			/* valgrind lives on signals of its own; a stop for exec is no signal. */
			signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
			continue;
		}
		if (ptrace(PTRACE_GETREGS, child, NULL, &regs) != 0)
			fail("asking for the program's call");
		if (!entering && regs.orig_rax == SYS_ioctl && (uint32_t)regs.rsi == DIAG_IOCSREG)
			answer(child, &regs, index++);
		if (!entering && regs.orig_rax == SYS_getpriority && regs.rdi == 77) {
			tell(child, &regs);
			break;
		}
		entering = !entering;
	}
	if (index == 0) {
		fputs("bench-listen: the program registered nothing\n", stderr);
		exit(125);
	}
	ptrace(PTRACE_DETACH, child, NULL, NULL);
}

int main(int argc, char **argv)
{
	char sink[32];
	pid_t child;
	int status;
	int fd;
	int null;

	if (argc < 3)
		return 2;
	real_kernel = strcmp(argv[1], "kernel") == 0;
	fd = atoi(argv[1]);
	null = open("/dev/null", O_WRONLY);
	if (null < 0 || (!real_kernel && dup2(null, fd) != fd))
		fail("opening /dev/null");
	snprintf(sink, sizeof(sink), real_kernel ? "user_events" : "user_events:%d", fd);
	child = fork();
	if (child == 0) {
		const char *library = getenv("BENCH_PRELOAD");

		setenv("LOGTAP_SINK", sink, 1);
		if (library)
			setenv("LD_PRELOAD", library, 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[2], argv + 2);
		fail(argv[2]);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		fail("starting the program");
	ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	serve(child);
	if (waitpid(child, &status, 0) != child)
		fail("waiting for the program");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

#else

int main(void)
{
	fputs("bench-listen: skipped: it knows x86-64 only\n", stderr);
	return 77;
}

#endif
