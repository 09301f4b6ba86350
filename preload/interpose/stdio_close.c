/* SPDX-License-Identifier: MIT */
/*
 * The stdio functions that close a descriptor inside libc, where close() is not seen.
 */
#include <stdio.h>
#include <unistd.h>

#include "open.h"
#include "real.h"
#include "stderr_copies.h"

LT_EXPORT int fclose(FILE *file)
{
	int fd = lt_file_fd(file);
	int result = LT_REAL(fclose)(file);

	if (fd >= 0)
		lt_copies_replaced(fd);
	return result;
}

/*
 * A NULL path opens the same file again. libc keeps the number where the FILE had one; where it is
 * stderr's, that is what freopen is for.
 */
static void reopened(const char *path, int old, const FILE *file)
{
	int fd = file ? lt_file_fd(file) : -1;

	if (fd == STDERR_FILENO && (old == STDERR_FILENO || file == stderr)) {
		lt_copies_redirected();
		return;
	}
	if (path || !file)
		lt_copies_replaced(old);
	if (path && file && lt_open_is_stderr(path))
		lt_copies_copied(STDERR_FILENO, fd);
}

LT_EXPORT FILE *freopen(const char *path, const char *mode, FILE *file)
{
	int old = lt_file_fd(file);
	FILE *result = LT_REAL(freopen)(path, mode, file);

	reopened(path, old, result);
	return result;
}

LT_EXPORT FILE *freopen64(const char *path, const char *mode, FILE *file)
{
	int old = lt_file_fd(file);
	FILE *result = LT_REAL(freopen64)(path, mode, file);

	reopened(path, old, result);
	return result;
}
