/* SPDX-License-Identifier: MIT */
/*
 * The stdio functions that the write slot alone doesn't cover: those that close a descriptor inside
 * libc, and those that write to fd 2 by libc's private write.
 */
#include <errno.h>
#include <execinfo.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "fds.h"
#include "inner.h"
#include "lines.h"
#include "mapping.h"
#include "real.h"

/* _fileno and not fileno(): that one sets errno for a FILE without a descriptor. */
LT_EXPORT int fclose(FILE *file)
{
	int fd = file->_fileno;
	int result = LT_REAL(fclose)(file);

	if (fd >= 0)
		lt_fds_replaced(fd);
	return result;
}

/* A NULL path opens the same file again. */
static void reopened(const char *path, int old, const FILE *file)
{
	if (path || !file)
		lt_fds_replaced(old);
}

LT_EXPORT FILE *freopen(const char *path, const char *mode, FILE *file)
{
	int old = file->_fileno;
	FILE *result = LT_REAL(freopen)(path, mode, file);

	reopened(path, old, result);
	return result;
}

LT_EXPORT FILE *freopen64(const char *path, const char *mode, FILE *file)
{
	int old = file->_fileno;
	FILE *result = LT_REAL(freopen64)(path, mode, file);

	reopened(path, old, result);
	return result;
}

/* Writes through a FILE of its own on a private copy of stderr, unless stderr was used before. */
LT_EXPORT void perror(const char *text)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_PERROR, __builtin_frame_address(0));

	LT_REAL(perror)(text);
	lt_inner_leave(&outer);
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
			lt_lines_take_pieces(STDERR_FILENO, pieces, 4, SIZE_MAX);
	}
}

/*
 * libc writes each frame by itself. The same text once more, into a memory file that we read. Used
 * in crash handlers: system calls only.
 */
LT_EXPORT void backtrace_symbols_fd(void *const *frames, int count, int fd)
{
	struct lt_mapping mapping;
	long memory, size;
	int saved;

	LT_REAL(backtrace_symbols_fd)(frames, count, fd);
	if (!lt_heard(LT_WORD_STDERR) || !lt_fds_is_stderr(fd) || lt_confined)
		return;
	saved = errno;
	memory = LT_RAW2(SYS_memfd_create, "backtrace", 1 /* MFD_CLOEXEC */);
	if (memory < 0)
		return;
	LT_REAL(backtrace_symbols_fd)(frames, count, (int)memory);
	size = LT_RAW3(SYS_lseek, memory, 0, SEEK_END);
	if (size > 0 && !lt_mapping_open(&mapping, (size_t)size)) {
		if (LT_RAW4(SYS_pread64, memory, mapping.address, size, 0) == size)
			lt_lines_take(fd, mapping.address, (size_t)size);
		lt_mapping_close(&mapping);
	}
	LT_RAW1(SYS_close, memory);
	errno = saved;
}

void __backtrace_symbols_fd(void *const *frames, int count, int fd);
LT_EXPORT void __backtrace_symbols_fd(void *const *frames, int count, int fd)
	__attribute__((alias("backtrace_symbols_fd"), nothrow, leaf));
