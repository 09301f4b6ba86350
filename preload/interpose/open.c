/* SPDX-License-Identifier: MIT */
/*
 * Opening stderr by a name: /dev/stderr, /dev/fd/2, /proc/self/fd/2 are the file behind fd 2, and a
 * script's `echo x >/dev/stderr` means just that. The new descriptor counts as a copy of stderr.
 *
 * Must never look at the path before the kernel has accepted it: it may be a bad pointer.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "open.h"
#include "own_descriptor.h"
#include "real.h"
#include "stderr_copies.h"

bool lt_open_is_stderr(const char *path)
{
	static const char *const names[] = { "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" };

	if (lt_likely(path[0] != '/' || (path[1] != 'd' && path[1] != 'p')))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(path, names[i]))
			return true;
	return false;
}

static int opened(const char *path, int fd)
{
	if (fd >= 0) {
		lt_guard_taken(fd);
		/* A number that was a copy may have been closed where nobody saw it. */
		lt_fds_replaced(fd);
		if (lt_unlikely(lt_open_is_stderr(path)))
			lt_fds_copied(STDERR_FILENO, fd);
	}
	return fd;
}

/* The mode is there only with O_CREAT or O_TMPFILE; without, what is passed on is not looked at. */
#define OPEN_FUNCTION(name)                                                                        \
	LT_EXPORT int name(const char *path, int flags, ...)                                       \
	{                                                                                          \
		va_list arguments;                                                                 \
		mode_t mode;                                                                       \
                                                                                                   \
		va_start(arguments, flags);                                                        \
		mode = va_arg(arguments, mode_t);                                                  \
		va_end(arguments);                                                                 \
		return opened(path, LT_REAL(name)(path, flags, mode));                             \
	}

#define OPENAT_FUNCTION(name)                                                                      \
	LT_EXPORT int name(int folder, const char *path, int flags, ...)                           \
	{                                                                                          \
		va_list arguments;                                                                 \
		mode_t mode;                                                                       \
                                                                                                   \
		va_start(arguments, flags);                                                        \
		mode = va_arg(arguments, mode_t);                                                  \
		va_end(arguments);                                                                 \
		return opened(path, LT_REAL(name)(folder, path, flags, mode));                     \
	}

/* The fortified forms, for calls without a mode. */
#define OPEN_2_FUNCTION(name)                                                                      \
	int name(const char *path, int flags);                                                     \
	LT_EXPORT int name(const char *path, int flags)                                            \
	{                                                                                          \
		return opened(path, LT_REAL(name)(path, flags));                                   \
	}

#define OPENAT_2_FUNCTION(name)                                                                    \
	int name(int folder, const char *path, int flags);                                         \
	LT_EXPORT int name(int folder, const char *path, int flags)                                \
	{                                                                                          \
		return opened(path, LT_REAL(name)(folder, path, flags));                           \
	}

#define CREAT_FUNCTION(name)                                                                       \
	LT_EXPORT int name(const char *path, mode_t mode)                                          \
	{                                                                                          \
		return opened(path, LT_REAL(name)(path, mode));                                    \
	}

#define FOPEN_FUNCTION(name)                                                                       \
	LT_EXPORT FILE *name(const char *path, const char *mode)                                   \
	{                                                                                          \
		FILE *file = LT_REAL(name)(path, mode);                                            \
                                                                                                   \
		if (file)                                                                          \
			opened(path, lt_file_fd(file));                                            \
		return file;                                                                       \
	}

OPEN_FUNCTION(open)
OPEN_FUNCTION(open64)
OPENAT_FUNCTION(openat)
OPENAT_FUNCTION(openat64)
OPEN_2_FUNCTION(__open_2)
OPEN_2_FUNCTION(__open64_2)
OPENAT_2_FUNCTION(__openat_2)
OPENAT_2_FUNCTION(__openat64_2)
CREAT_FUNCTION(creat)
CREAT_FUNCTION(creat64)
FOPEN_FUNCTION(fopen)
FOPEN_FUNCTION(fopen64)

LT_EXPORT int __open(const char *path, int flags, ...) __attribute__((alias("open"), nonnull(1)));
LT_EXPORT int __open64(const char *path, int flags, ...)
	__attribute__((alias("open64"), nonnull(1)));
