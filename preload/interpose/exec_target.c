/* SPDX-License-Identifier: MIT */
/* Finding the program that an exec would start. Opens nothing but regular files, for reading. */
#include "exec_target.h"

#include <alloca.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raw.h"
#include "settings.h"

#define SCRIPT_DEPTH 5 /* so many interpreters, and the kernel gives up with ELOOP */

static long read_file(void *file, void *bytes, size_t size, uint64_t offset)
{
	return evh_pread(*(int *)file, bytes, size, offset);
}

long lt_target_access(const char *path, int mode)
{
#ifdef SYS_access
	return LT_RAW2(SYS_access, path, mode);
#else
	return LT_RAW4(SYS_faccessat, AT_FDCWD, path, mode, 0);
#endif
}

static bool is_sure_failure(long error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ELOOP ||
	       error == -ENAMETOOLONG || error == -EFAULT;
}

static enum lt_target_fate fate_of(long error)
{
	return is_sure_failure(error) ? LT_TARGET_FAILS : LT_TARGET_UNSURE;
}

/* access(2) asks for the real user, exec for the effective one. */
static enum lt_target_fate fate_of_denial(void)
{
	return LT_RAW1(SYS_getuid, 0) == LT_RAW1(SYS_geteuid, 0) ? LT_TARGET_FAILS
								 : LT_TARGET_UNSURE;
}

/*
 * Whether the kernel would execute this file, as far as it can be seen without opening it. The
 * kernel is asked (it knows of access lists, and of file systems without programs) where an error
 * would do harm.
 */
static __attribute__((noinline)) enum lt_target_fate fate_of_file(int folder, const char *path,
								  int flags, bool exact)
{
	const mode_t all = S_IXUSR | S_IXGRP | S_IXOTH;
	struct stat64 status = { 0 };
	long error = LT_RAW4(SYS_newfstatat, folder, path, &status, flags & AT_EMPTY_PATH);

	if (error < 0)
		return fate_of(error);
	if (!S_ISREG(status.st_mode) || !(status.st_mode & all))
		return LT_TARGET_FAILS;
	if ((!exact && (status.st_mode & all) == all) || folder != AT_FDCWD)
		return LT_TARGET_STARTS;
	error = lt_target_access(path, X_OK);
	if (error == -EACCES)
		return fate_of_denial();
	return error < 0 ? fate_of(error) : LT_TARGET_STARTS;
}

/* `/proc/self/fd/N`: a descriptor of O_PATH can be executed, and read only when opened anew. */
static void put_descriptor_path(char *path, int fd)
{
	static const char front[] = "/proc/self/fd/";
	char digits[12];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + fd % 10);
	while (fd /= 10);
	memcpy(path, front, sizeof(front) - 1);
	path += sizeof(front) - 1;
	while (count)
		*path++ = digits[--count];
	*path = '\0';
}

static long open_file(int folder, const char *path, int flags)
{
	char link[32];

	if ((flags & AT_EMPTY_PATH) && !*path && folder >= 0) {
		put_descriptor_path(link, folder);
		path = link;
	}
	return LT_RAW4(SYS_openat, folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
}

/* One file, without what runs it; `path` may be the name in the present head. */
static void judge_file(struct lt_target *target, int folder, const char *path, int flags)
{
	long opened;
	int fd;

	target->fate = fate_of_file(folder, path, flags, target->exact);
	opened = target->fate == LT_TARGET_STARTS ? open_file(folder, path, flags) : -ENOENT;
	target->head.kind = LT_HEAD_UNREADABLE;
	if (opened < 0)
		return;
	fd = (int)opened;
	lt_head_judge(&target->head, read_file, &fd);
	LT_RAW1(SYS_close, fd);
	if (target->head.kind == LT_HEAD_OTHER)
		target->fate = LT_TARGET_UNSURE;
}

/* On from a file to what runs it. */
static void follow(struct lt_target *target)
{
	for (int depth = 0; target->head.kind == LT_HEAD_SCRIPT; depth++) {
		if (depth == SCRIPT_DEPTH) {
			target->fate = LT_TARGET_FAILS;
			return;
		}
		judge_file(target, AT_FDCWD, target->head.name, 0);
	}
}

void lt_target_of_path(struct lt_target *target, int folder, const char *path, int flags)
{
	judge_file(target, folder, path, flags);
	follow(target);
}

/* What is neither ELF nor a script is a shell's to execvp. */
static void judge_found(struct lt_target *target, const char *path)
{
	judge_file(target, AT_FDCWD, path, 0);
	if (target->head.kind == LT_HEAD_OTHER)
		judge_file(target, AT_FDCWD, "/bin/sh", 0);
	follow(target);
}

/* Needs as much stack as libc, which then searches once more, does: the length of PATH. */
static void search(struct lt_target *target, const char *name, size_t size, const char *folders)
{
	char *path = alloca(strnlen(folders, PATH_MAX - 1) + size + 2);

	target->fate = LT_TARGET_FAILS;
	for (;;) {
		size_t length = strcspn(folders, ":");

		if (length < PATH_MAX) {
			memcpy(path, folders, length);
			path[length] = '/';
			memcpy(path + length + (length > 0), name, size + 1);
			if (fate_of_file(AT_FDCWD, path, 0, true) != LT_TARGET_FAILS) {
				judge_found(target, path);
				return;
			}
		}
		if (!folders[length])
			return;
		folders += length + 1;
	}
}

void lt_target_of_name(struct lt_target *target, const char *name)
{
	size_t size = strlen(name);
	const char *folders = environ ? lt_environment_get(environ, "PATH") : NULL;

	target->head.kind = LT_HEAD_UNREADABLE;
	if (strchr(name, '/'))
		judge_found(target, name);
	else if (!size || size > NAME_MAX)
		target->fate = LT_TARGET_FAILS;
	else
		search(target, name, size, folders ? folders : "/bin:/usr/bin");
}

/* The kernel counts a pointer for each string; false where one alone is too long. */
static bool add_sizes(uint64_t *sum, char *const strings[])
{
	const size_t one = 32 * getauxval(AT_PAGESZ); /* MAX_ARG_STRLEN */

	for (; strings && *strings; strings++) {
		size_t size = strnlen(*strings, one) + 1;

		if (size > one)
			return false;
		*sum += size + sizeof(char *);
	}
	return true;
}

static enum lt_target_fate fate_of_size(char *const argv[], char *const envp[])
{
	const uint64_t least = 128 << 10, most = 6 << 20; /* ARG_MAX, and 3/4 of _STK_LIM */
	struct {
		uint64_t soft, hard;
	} stack = { UINT64_MAX, 0 };
	uint64_t sum = 0, limit;

	if (!add_sizes(&sum, argv) || !add_sizes(&sum, envp))
		return LT_TARGET_FAILS;
	LT_RAW4(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &stack);
	limit = stack.soft / 4 < most ? stack.soft / 4 : most;
	/* In sum, kernels count differently. */
	return sum <= (limit > least ? limit : least) ? LT_TARGET_STARTS : LT_TARGET_UNSURE;
}

void lt_target_check_rest(struct lt_target *target, char *const argv[], char *const envp[])
{
	const struct lt_head *head = &target->head;

	if (target->fate == LT_TARGET_STARTS && head->kind >= LT_HEAD_LOADED && head->name[0] &&
	    is_sure_failure(lt_target_access(head->name, X_OK)))
		target->fate = LT_TARGET_FAILS;
	if (target->fate == LT_TARGET_STARTS)
		target->fate = fate_of_size(argv, envp);
}
