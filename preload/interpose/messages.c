/* SPDX-License-Identifier: MIT */
/*
 * libc functions that write to fd 2 without passing stdio's write slot: perror, which uses a
 * private copy of stderr, and those that call libc's private write. The original is called first;
 * what it wrote is then made once more, where we can see it.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "debug_file.h"
#include "lines.h"
#include "mapping.h"
#include "nested.h"
#include "own_calls.h"
#include "raw.h"
#include "real.h"
#include "stderr_copies.h"

#define MEMFD_CLOSE_ON_EXEC 1u

/* They don't tell what was accepted; a descriptor that can't be written accepted nothing. */
static bool heard(int fd)
{
	return lt_heard(LT_WORD_STDERR) && lt_copies_is_stderr(fd) && lt_copies_is_writable(fd);
}

/* Never 0 to 2, which other threads may take for theirs; negative where there is none. */
static long memory_file(void)
{
	long low = -EPERM, fd;

	if (lt_may(LT_CALL_COPIES))
		low = LT_RAW2(SYS_memfd_create, "logtap", MEMFD_CLOSE_ON_EXEC);
	if (low < 0)
		lt_count_lost();
	if (low < 0 || low > 2)
		return low;
	fd = LT_RAW3(SYS_fcntl, low, F_DUPFD_CLOEXEC, 3);
	LT_RAW1(SYS_close, low);
	return fd;
}

/* Takes what was written to a memory file as if it had been written to `fd`, and closes it. */
static void take_memory_file(int fd, long memory)
{
	long size = evh_seek(memory, SEEK_END);
	struct lt_mapping mapping;

	if (size > 0 && lt_mapping_open(&mapping, (size_t)size)) {
		lt_count_lost();
	} else if (size > 0) {
		if (evh_pread(memory, mapping.address, size, 0) == size)
			lt_lines_take(fd, mapping.address, (size_t)size);
		lt_mapping_close(&mapping);
	}
	LT_RAW1(SYS_close, memory);
}

/* Writes through a FILE of its own on a private copy of stderr, unless stderr was used before. */
LT_EXPORT void perror(const char *text)
{
	struct lt_nested outer = lt_nested_enter(LT_NESTED_PERROR, __builtin_frame_address(0));

	LT_REAL(perror)(text);
	lt_nested_leave(&outer);
}

static void take_pieces(const struct iovec *pieces, size_t count)
{
	struct lt_copy copy;
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += pieces[i].iov_len;
	lt_copy_before(&copy, pieces, count);
	lt_lines_take_copy(STDERR_FILENO, &copy, pieces, count, size);
	lt_copy_release(&copy);
}

/* One writev of libc's own to fd 2: "text: message\n". */
LT_EXPORT void herror(const char *text)
{
	const char *message = hstrerror(h_errno);
	struct iovec pieces[4] = {
		{ (void *)text, text ? strlen(text) : 0 },
		{ (void *)": ", text && *text ? 2 : 0 },
		{ (void *)message, strlen(message) },
		{ (void *)"\n", 1 },
	};
	int saved = errno;

	errno = 0;
	LT_REAL(herror)(text);
	/* It returns nothing; a refused write leaves its errno. */
	if (errno == 0) {
		errno = saved;
		if (lt_heard(LT_WORD_STDERR))
			take_pieces(pieces, 4);
	}
}

/*
 * libc writes each frame by itself, to any descriptor. Used in crash handlers: system calls only.
 */
LT_EXPORT void backtrace_symbols_fd(void *const *frames, int count, int fd)
{
	long memory;
	int saved;

	LT_REAL(backtrace_symbols_fd)(frames, count, fd);
	if (!heard(fd))
		return;
	saved = errno;
	memory = memory_file();
	if (memory < 0)
		return;
	LT_REAL(backtrace_symbols_fd)(frames, count, (int)memory);
	take_memory_file(fd, memory);
	errno = saved;
}

struct signal_message {
	const siginfo_t *info;
	const char *text;
	long memory;
};

/* A process with our memory and descriptors of its own, of which 2 is the memory file. */
static int write_signal_message(void *argument)
{
	const struct signal_message *message = argument;

	if (LT_RAW3(SYS_dup3, message->memory, STDERR_FILENO, 0) >= 0)
		lt_real.psiginfo(message->info, message->text);
	LT_RAW1(SYS_exit, 0);
	return 0;
}

/*
 * libc knows fd 2 only. So it is called once more in a child of the kind that vfork makes, except
 * that its end is signalled to nobody and a program that waits for its own children can't find it.
 */
LT_EXPORT void psiginfo(const siginfo_t *info, const char *text)
{
	const size_t stack_size = 65536;
	struct signal_message message = { .info = info, .text = text };
	struct lt_nested outer = lt_nested_enter(LT_NESTED_PSIGINFO, __builtin_frame_address(0));
	struct lt_mapping stack;
	int saved, child;
	bool seen;

	LT_REAL(psiginfo)(info, text);
	seen = lt_nested_seen();
	lt_nested_leave(&outer);
	if (seen || !heard(STDERR_FILENO))
		return;
	saved = errno;
	message.memory = memory_file();
	if (message.memory < 0)
		return;
	if (!lt_mapping_open(&stack, stack_size)) {
		child = clone(write_signal_message, stack.address + stack_size,
			      CLONE_VM | CLONE_VFORK, &message);
		while (child > 0 && LT_RAW4(SYS_wait4, child, NULL, __WCLONE, NULL) == -EINTR)
			;
		lt_mapping_close(&stack);
	}
	take_memory_file(STDERR_FILENO, message.memory);
	errno = saved;
}

void __backtrace_symbols_fd(void *const *frames, int count, int fd);
LT_EXPORT void __backtrace_symbols_fd(void *const *frames, int count, int fd)
	__attribute__((alias("backtrace_symbols_fd"), nothrow, leaf, nonnull(1)));
