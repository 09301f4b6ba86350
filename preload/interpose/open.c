/* SPDX-License-Identifier: MIT */
/*
 * Opening. Stderr by a name: /dev/stderr, /dev/fd/2, /proc/self/fd/2 are the file behind fd 2, and
 * a script's `echo x >/dev/stderr` means just that. The new descriptor counts as a copy of stderr.
 * And what gets number 2, and who lists the process's open files, of which one is ours.
 *
 * Must never look at the path before the kernel has accepted it: it may be a bad pointer.
 */
#include <dirent.h>
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

/* A folder of descriptors: /proc/self/fd, /dev/fd, fd below an open /proc/self. */
static bool is_list(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return length >= 2 && path[length - 1] == 'd' && path[length - 2] == 'f' &&
	       (length == 2 || path[length - 3] == '/');
}

static int opened(const char *path, int flags, int fd)
{
	if (fd >= 0) {
		lt_own_fd_taken(fd);
		lt_copies_opened(fd, flags, lt_open_is_stderr(path));
		if (lt_unlikely(is_list(path)))
			__atomic_store_n(&lt_own_fd_listed, true, __ATOMIC_RELAXED);
	}
	return fd;
}

/* The mode is there only with O_CREAT or O_TMPFILE; without, what is passed on is not looked at. */
#define OPEN_FUNCTION(name)                                                                        \
	LT_EXPORT int name(const char *path, int flags, ...)                                       \
	{                                                                                          \
		va_list arguments;                                                                 \
		mode_t mode;                                                                       \
		int fd;                                                                            \
                                                                                                   \
		va_start(arguments, flags);                                                        \
		mode = va_arg(arguments, mode_t);                                                  \
		va_end(arguments);                                                                 \
		fd = LT_REAL(name)(path, flags, mode);                                             \
		if (fd < 0 && lt_own_fd_gave_way())                                                \
			fd = LT_REAL(name)(path, flags, mode);                                     \
		return opened(path, flags, fd);                                                    \
	}

#define OPENAT_FUNCTION(name)                                                                      \
	LT_EXPORT int name(int folder, const char *path, int flags, ...)                           \
	{                                                                                          \
		va_list arguments;                                                                 \
		mode_t mode;                                                                       \
		int fd;                                                                            \
                                                                                                   \
		va_start(arguments, flags);                                                        \
		mode = va_arg(arguments, mode_t);                                                  \
		va_end(arguments);                                                                 \
		fd = LT_REAL(name)(folder, path, flags, mode);                                     \
		if (fd < 0 && lt_own_fd_gave_way())                                                \
			fd = LT_REAL(name)(folder, path, flags, mode);                             \
		return opened(path, flags, fd);                                                    \
	}

/* The fortified forms, for calls without a mode. */
#define OPEN_2_FUNCTION(name)                                                                      \
	int name(const char *path, int flags);                                                     \
	LT_EXPORT int name(const char *path, int flags)                                            \
	{                                                                                          \
		int fd = LT_REAL(name)(path, flags);                                               \
                                                                                                   \
		if (fd < 0 && lt_own_fd_gave_way())                                                \
			fd = LT_REAL(name)(path, flags);                                           \
		return opened(path, flags, fd);                                                    \
	}

#define OPENAT_2_FUNCTION(name)                                                                    \
	int name(int folder, const char *path, int flags);                                         \
	LT_EXPORT int name(int folder, const char *path, int flags)                                \
	{                                                                                          \
		int fd = LT_REAL(name)(folder, path, flags);                                       \
                                                                                                   \
		if (fd < 0 && lt_own_fd_gave_way())                                                \
			fd = LT_REAL(name)(folder, path, flags);                                   \
		return opened(path, flags, fd);                                                    \
	}

#define CREAT_FUNCTION(name)                                                                       \
	LT_EXPORT int name(const char *path, mode_t mode)                                          \
	{                                                                                          \
		int fd = LT_REAL(name)(path, mode);                                                \
                                                                                                   \
		if (fd < 0 && lt_own_fd_gave_way())                                                \
			fd = LT_REAL(name)(path, mode);                                            \
		return opened(path, O_WRONLY | O_CREAT | O_TRUNC, fd);                             \
	}

/* Of what stderr_copies.h's rule looks at; fopen has accepted the mode. */
static int mode_flags(const char *mode)
{
	int flags = mode[0] == 'a' ? O_WRONLY | O_APPEND : mode[0] == 'w' ? O_WRONLY : O_RDONLY;

	for (mode++; *mode && *mode != ','; mode++) {
		if (*mode == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		else if (*mode == 'x')
			flags |= O_EXCL;
		else if (*mode == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

#define FOPEN_FUNCTION(name)                                                                       \
	LT_EXPORT FILE *name(const char *path, const char *mode)                                   \
	{                                                                                          \
		FILE *file = LT_REAL(name)(path, mode);                                            \
                                                                                                   \
		if (!file && lt_own_fd_gave_way())                                                 \
			file = LT_REAL(name)(path, mode);                                          \
		if (file)                                                                          \
			opened(path, mode_flags(mode), lt_file_fd(file));                          \
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

LT_EXPORT DIR *opendir(const char *path)
{
	DIR *folder = LT_REAL(opendir)(path);

	if (!folder && lt_own_fd_gave_way())
		folder = LT_REAL(opendir)(path);
	/* Its descriptor is for reading alone, and in the hands of libc. */
	if (folder && is_list(path))
		__atomic_store_n(&lt_own_fd_listed, true, __ATOMIC_RELAXED);
	return folder;
}

LT_EXPORT int __open(const char *path, int flags, ...) __attribute__((alias("open"), nonnull(1)));
LT_EXPORT int __open64(const char *path, int flags, ...)
	__attribute__((alias("open64"), nonnull(1)));
