/* SPDX-License-Identifier: MIT */
/*
 * Each system call of ours with the arguments that it will have, to be shown to a filter before it
 * is installed. Must never make a system call.
 */
#include "own_calls.h"

#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/audit.h>

#include "filter.h"
#include "raw.h"

#if defined(__x86_64__)
#	define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#	define ARCHITECTURE AUDIT_ARCH_I386
#else
#	define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

const char *const lt_own_call_words[LT_OWN_CALL_GROUP_COUNT] = {
#define GROUP_WORD(name, word) [LT_CALL_NUMBER_##name] = word,
	LT_OWN_CALL_GROUPS(GROUP_WORD)
#undef GROUP_WORD
};

/* Arguments that are known when it comes to it: outside of what a call of ours has otherwise. */
enum argument {
	OUR_FD = 0x4c540001,
	DEBUG_FD,
	ANY_FD,	   /* of the program's */
	OPENED_FD, /* or made by us, which is above 2 */
	PROCESS,
	ADDRESS,
	SIZE,	/* of what is written and read */
	PIECES, /* that libc or we write at once */
	LENGTH, /* of memory, which long messages take */
	CLOCK_OF_THREAD,
	SIGNAL,
};

static const struct span {
	uint64_t least, most;
} spans[] = {
	[ANY_FD - OUR_FD] = { 0, INT_MAX },
	[OPENED_FD - OUR_FD] = { STDERR_FILENO + 1, INT_MAX },
	[PROCESS - OUR_FD] = { 1, 1 << 22 }, /* PID_MAX_LIMIT */
	[ADDRESS - OUR_FD] = { 0, (UINT64_C(1) << 47) - 1 },
	[SIZE - OUR_FD] = { 1, 1 << 17 },
	[PIECES - OUR_FD] = { 1, 16 },
	[LENGTH - OUR_FD] = { 1, (UINT64_C(1) << 40) - 1 },
	[CLOCK_OF_THREAD - OUR_FD] = { 0, UINT64_MAX },
	[SIGNAL - OUR_FD] = { 1, 64 },
};

struct own_call {
	uint32_t group;
	int number;
	uint64_t arguments[6];
};

/* As file_open.c has them, to read; to write with more. */
#define RECORDING_FLAGS (O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_LARGEFILE | O_CLOEXEC)

/* As exec_target.c has them. */
#define PROGRAM_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* As evh_seek() makes it. */
#ifdef __i386__
#	define SEEK(fd, whence)                                                                   \
		SYS__llseek,                                                                       \
		{                                                                                  \
			fd, 0, 0, ADDRESS, whence                                                  \
		}
#else
#	define SEEK(fd, whence)                                                                   \
		SYS_lseek,                                                                         \
		{                                                                                  \
			fd, 0, whence                                                              \
		}
#endif

/* As transport_unix.c has them. */
#define SOCKET_FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)

#define DEBUG_FLAGS (O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

/* The start's own (START, EVENTS) are over before any filter of the program's. */
static const struct own_call calls[] = {
	{ LT_CALL_WRITE, SYS_write, { OUR_FD, ADDRESS, SIZE } },
	{ LT_CALL_PIECES, SYS_writev, { OUR_FD, ADDRESS, PIECES } },
	{ LT_CALL_SOCKET, SYS_sendto, { OUR_FD, ADDRESS, SIZE, SOCKET_FLAGS } },
	{ LT_CALL_SOCKET, SYS_sendmsg, { OUR_FD, ADDRESS, SOCKET_FLAGS } },
	{ LT_CALL_DEBUG, SYS_write, { DEBUG_FD, ADDRESS, SIZE } },
	{ LT_CALL_PROCESS, SYS_getpid, { 0 } },
	{ LT_CALL_IDS, SYS_gettid, { 0 } },
	{ LT_CALL_IDS, SYS_getpid, { 0 } },
	{ LT_CALL_IDS, SYS_getppid, { 0 } },
	{ LT_CALL_IDS, SYS_prctl, { PR_GET_NAME, ADDRESS } },
	{ LT_CALL_CLOCK, SYS_clock_gettime, { CLOCK_MONOTONIC, ADDRESS } },
	{ LT_CALL_CLOCK, SYS_getcpu, { ADDRESS } },
	{ LT_CALL_LIMITS, SYS_prlimit64, { 0, RLIMIT_FSIZE, 0, ADDRESS } },
	{ LT_CALL_SIGNALS, SYS_rt_sigprocmask, { SIG_BLOCK, ADDRESS, ADDRESS, 8 } },
	{ LT_CALL_SIGNALS, SYS_rt_sigprocmask, { SIG_SETMASK, ADDRESS, 0, 8 } },
	{ LT_CALL_SIGNALS, SYS_rt_sigpending, { ADDRESS, 8 } },
	{ LT_CALL_SIGNALS, SYS_rt_sigtimedwait, { ADDRESS, 0, ADDRESS, 8 } },
	{ LT_CALL_SIGNALS, SEEK(OUR_FD, SEEK_END) },
	{ LT_CALL_FATE, SYS_rt_sigaction, { SIGNAL, 0, ADDRESS, 8 } },
	{ LT_CALL_FATE, SYS_rt_sigprocmask, { SIG_BLOCK, 0, ADDRESS, 8 } },
	{ LT_CALL_PROBE, SYS_rt_sigprocmask, { ~UINT64_C(0), ADDRESS, 0, 8 } },
	{ LT_CALL_NUMBERS, SYS_prlimit64, { 0, RLIMIT_NOFILE, 0, ADDRESS } },
	{ LT_CALL_NUMBERS, SYS_prlimit64, { 0, RLIMIT_NOFILE, ADDRESS, 0 } },
	{ LT_CALL_NUMBERS, SYS_fcntl, { OUR_FD, F_DUPFD_CLOEXEC, OPENED_FD } },
	{ LT_CALL_NUMBERS, SYS_fcntl, { OUR_FD, F_SETSIG, 61 } },
	{ LT_CALL_NUMBERS, SYS_fcntl, { OUR_FD, F_GETSIG } },
	{ LT_CALL_NUMBERS, SYS_fcntl, { DEBUG_FD, F_GETSIG } },
	{ LT_CALL_NUMBERS, SYS_close, { OUR_FD } },
	{ LT_CALL_FLAGS, SYS_fcntl, { ANY_FD, F_GETFL } },
	{ LT_CALL_FLAGS, SYS_fcntl, { OUR_FD, F_GETFD } },
	{ LT_CALL_STAT, SYS_fstat, { ANY_FD, ADDRESS } },
	{ LT_CALL_STAT, SYS_fcntl, { ANY_FD, F_DUPFD_QUERY, ANY_FD } },
	{ LT_CALL_PEEK, SYS_process_vm_readv, { PROCESS, ADDRESS, 1, ADDRESS, 1 } },
	{ LT_CALL_MEMORY,
	  SYS_mmap,
	  { 0, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, ~UINT64_C(0) } },
	{ LT_CALL_MEMORY, SYS_munmap, { ADDRESS, LENGTH } },
	{ LT_CALL_COPIES, SYS_memfd_create, { ADDRESS, 1 } },
	{ LT_CALL_COPIES, SYS_fcntl, { ANY_FD, F_DUPFD_CLOEXEC, 3 } },
	{ LT_CALL_COPIES, SYS_close, { ANY_FD } },
	{ LT_CALL_COPIES, SEEK(OPENED_FD, SEEK_END) },
	{ LT_CALL_COPIES, SEEK(ANY_FD, SEEK_CUR) },
	{ LT_CALL_COPIES, SYS_pread64, { ANY_FD, ADDRESS, LENGTH, ADDRESS } },
	{ LT_CALL_COPIES, SYS_pread64, { OPENED_FD, ADDRESS, LENGTH } },
	/* libc writes to the copy as it does to stderr: in pieces, too. */
	{ LT_CALL_COPIES, SYS_write, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_COPIES, SYS_writev, { OPENED_FD, ADDRESS, PIECES } },
	{ LT_CALL_COPIES, SYS_dup3, { OPENED_FD, STDERR_FILENO } },
	{ LT_CALL_COPIES, SYS_clone, { CLONE_VM | CLONE_VFORK, ADDRESS } },
	{ LT_CALL_COPIES, SYS_wait4, { PROCESS, 0, __WCLONE } },
	{ LT_CALL_COPIES, SYS_exit, { 0 } },
	{ LT_CALL_HOST, SYS_uname, { ADDRESS } },

	{ LT_CALL_OPEN, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, O_CLOEXEC } },
	{ LT_CALL_OPEN, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, RECORDING_FLAGS } },
	{ LT_CALL_OPEN,
	  SYS_openat,
	  { (uint64_t)AT_FDCWD, ADDRESS, O_WRONLY | O_APPEND | RECORDING_FLAGS } },
	{ LT_CALL_OPEN, SYS_read, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_OPEN, SYS_pread64, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_OPEN, SYS_close, { ANY_FD } },
	{ LT_CALL_LOOK, SYS_newfstatat, { (uint64_t)AT_FDCWD, ADDRESS, ADDRESS } },
	{ LT_CALL_LOOK, SYS_fstat, { OUR_FD, ADDRESS } },
	{ LT_CALL_LOOK, SYS_fstat, { OPENED_FD, ADDRESS } },
	{ LT_CALL_LOOK, SYS_readlinkat, { (uint64_t)AT_FDCWD, ADDRESS, ADDRESS, 63 } },
	{ LT_CALL_APPEND, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, DEBUG_FLAGS, 0600 } },
	{ LT_CALL_APPEND, SYS_pread64, { OPENED_FD, ADDRESS, 1 } },
	{ LT_CALL_APPEND, SYS_write, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_APPEND, SYS_close, { OPENED_FD } },

	{ LT_CALL_PROGRAMS, SYS_newfstatat, { ANY_FD, ADDRESS, ADDRESS, 0 } },
	{ LT_CALL_PROGRAMS, SYS_newfstatat, { ANY_FD, ADDRESS, ADDRESS, AT_EMPTY_PATH } },
	{ LT_CALL_PROGRAMS, SYS_newfstatat, { (uint64_t)AT_FDCWD, ADDRESS, ADDRESS, 0 } },
#ifdef SYS_access
	{ LT_CALL_PROGRAMS, SYS_access, { ADDRESS, X_OK } },
	{ LT_CALL_PROGRAMS, SYS_access, { ADDRESS, R_OK } },
#else
	{ LT_CALL_PROGRAMS, SYS_faccessat, { (uint64_t)AT_FDCWD, ADDRESS, X_OK } },
	{ LT_CALL_PROGRAMS, SYS_faccessat, { (uint64_t)AT_FDCWD, ADDRESS, R_OK } },
#endif
	{ LT_CALL_PROGRAMS, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, PROGRAM_FLAGS } },
	{ LT_CALL_PROGRAMS, SYS_openat, { ANY_FD, ADDRESS, PROGRAM_FLAGS } },
	{ LT_CALL_PROGRAMS, SYS_pread64, { ANY_FD, ADDRESS, SIZE, ADDRESS } },
	{ LT_CALL_PROGRAMS, SYS_close, { ANY_FD } },
	{ LT_CALL_PROGRAMS, SYS_getuid, { 0 } },
	{ LT_CALL_PROGRAMS, SYS_geteuid, { 0 } },
	{ LT_CALL_PROGRAMS, SYS_prlimit64, { 0, RLIMIT_STACK, 0, ADDRESS } },
	/* A program that inherits the filter opens the recording anew, at any number. */
	{ LT_CALL_NEXT, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, O_CLOEXEC } },
	{ LT_CALL_NEXT, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, RECORDING_FLAGS } },
	{ LT_CALL_NEXT,
	  SYS_openat,
	  { (uint64_t)AT_FDCWD, ADDRESS, O_WRONLY | O_APPEND | RECORDING_FLAGS } },
	{ LT_CALL_NEXT, SYS_read, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_NEXT, SYS_pread64, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_NEXT, SYS_write, { OPENED_FD, ADDRESS, SIZE } },
	{ LT_CALL_NEXT, SYS_close, { OPENED_FD } },
	{ LT_CALL_NEXT,
	  SYS_mmap,
	  { 0, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS } },
	{ LT_CALL_NEXT, SYS_mprotect, { ADDRESS, SIZE, PROT_READ | PROT_WRITE } },
	{ LT_CALL_NEXT, SYS_mprotect, { ADDRESS, SIZE, PROT_READ } },
	{ LT_CALL_NEXT, SYS_brk, { 0 } },
	{ LT_CALL_NEXT, SYS_prlimit64, { 0, RLIMIT_FSIZE, 0, ADDRESS } },
	{ LT_CALL_YIELD, SYS_sched_yield, { 0 } },
	{ LT_CALL_YIELD, SYS_nanosleep, { ADDRESS, 0 } },
	{ LT_CALL_THREADS,
	  SYS_openat,
	  { (uint64_t)AT_FDCWD, ADDRESS, O_RDONLY | O_DIRECTORY | O_CLOEXEC } },
	{ LT_CALL_THREADS, SYS_openat, { (uint64_t)AT_FDCWD, ADDRESS, O_RDONLY | O_CLOEXEC } },
	{ LT_CALL_THREADS, SYS_getdents64, { ANY_FD, ADDRESS, SIZE } },
	{ LT_CALL_THREADS, SYS_read, { ANY_FD, ADDRESS, SIZE } },
	{ LT_CALL_THREADS, SYS_close, { ANY_FD } },
	{ LT_CALL_THREADS, SYS_clock_gettime, { CLOCK_OF_THREAD, ADDRESS } },
};

_Static_assert(LT_OWN_CALL_GROUP_COUNT < 31, "a bit each, in an int");

struct lt_own_code lt_own_code(void)
{
	extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
	uintptr_t base = (uintptr_t)&__ehdr_start;
	const ElfW(Phdr) *header = (const void *)(base + __ehdr_start.e_phoff);

	for (int i = 0; i < __ehdr_start.e_phnum; i++, header++)
		if (header->p_type == PT_LOAD && header->p_flags & PF_X)
			return (struct lt_own_code){
				base + header->p_vaddr,
				base + header->p_vaddr + header->p_memsz,
			};
	return (struct lt_own_code){ base, base + 1 };
}

static uint64_t half(uint64_t least, uint64_t most)
{
	return least >> 32 == most >> 32 ? 0 : UINT32_MAX;
}

/*
 * Both ends of an argument. A filter sees two words: where the upper ones differ, the lower ones
 * may be anything.
 */
static struct span span_of(uint64_t value, int fd, int debug_fd)
{
	struct span span = { value, value };

	if (value == OUR_FD)
		span.least = span.most = (uint64_t)fd;
	else if (value == DEBUG_FD)
		span.least = span.most = (uint64_t)debug_fd;
	else if (value > DEBUG_FD && value - OUR_FD < sizeof(spans) / sizeof(*spans))
		span = spans[value - OUR_FD];
	span.most |= half(span.least, span.most);
	/* As a filter sees what 32-bit programs pass. */
	if (sizeof(long) < sizeof(span.most)) {
		span.least = (uint32_t)span.least;
		span.most = (uint32_t)span.most;
	}
	return span;
}

static bool allowed(const struct sock_filter *program, unsigned length, const struct own_call *call,
		    const struct span *code, int fd, int debug_fd)
{
	struct seccomp_data least = {
		.nr = call->number,
		.arch = ARCHITECTURE,
		.instruction_pointer = code->least & ~half(code->least, code->most),
	};
	struct seccomp_data most = least;

	most.instruction_pointer = code->most | half(code->least, code->most);
	for (int i = 0; i < 6; i++) {
		const struct span span = span_of(call->arguments[i], fd, debug_fd);

		least.args[i] = span.least;
		most.args[i] = span.most;
	}
	return (lt_filter_run(program, length, &least, &most) & SECCOMP_RET_ACTION_FULL) ==
	       SECCOMP_RET_ALLOW;
}

uint32_t lt_own_calls_refused(const struct sock_filter *program, unsigned length, int fd,
			      int debug_fd)
{
	const struct lt_own_code own = lt_own_code();
	const struct span code = { own.begin, own.end - 1 };
	uint32_t refused = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!(refused & calls[i].group) &&
		    !allowed(program, length, &calls[i], &code, fd, debug_fd))
			refused |= calls[i].group;
	return refused;
}
