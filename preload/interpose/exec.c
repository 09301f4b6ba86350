/* SPDX-License-Identifier: MIT */
/*
 * The ways to another program: exec and spawn. Each describes its call and leaves the rest to
 * exec_environment.c. The variadic forms collect their arguments on the stack, as libc's do.
 * system(), popen() and wordexp() start /bin/sh by libc's own means, past all of these, with the
 * environment as it is.
 */
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wordexp.h>

#include "exec_environment.h"
#include "newer.h"
#include "raw.h"
#include "real.h"
#include "spawn_actions.h"

static int by_path(const struct lt_exec *exec, char *const envp[])
{
	return LT_REAL(execve)(exec->path, exec->argv, envp);
}

static int by_name(const struct lt_exec *exec, char *const envp[])
{
	return LT_REAL(execvpe)(exec->path, exec->argv, envp);
}

static int by_descriptor(const struct lt_exec *exec, char *const envp[])
{
	return LT_REAL(fexecve)(exec->folder, exec->argv, envp);
}

static int by_folder(const struct lt_exec *exec, char *const envp[])
{
	if (LT_REAL(execveat))
		return lt_real.execveat(exec->folder, exec->path, exec->argv, envp, exec->flags);
	return (int)lt_raw_result(
		LT_RAW6(SYS_execveat, exec->folder, exec->path, exec->argv, envp, exec->flags, 0));
}

LT_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return lt_exec_run(
		&(struct lt_exec){
			.make = by_path, .path = path, .argv = argv, .folder = AT_FDCWD },
		envp);
}

LT_EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

LT_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return lt_exec_run(
		&(struct lt_exec){ .make = by_name, .path = file, .argv = argv, .searches = true },
		envp);
}

LT_EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

LT_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	return lt_exec_run(&(struct lt_exec){ .make = by_descriptor,
					      .path = "",
					      .argv = argv,
					      .folder = fd,
					      .flags = AT_EMPTY_PATH },
			   envp);
}

LT_EXPORT int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return lt_exec_run(&(struct lt_exec){ .make = by_folder,
					      .path = path,
					      .argv = argv,
					      .folder = fd,
					      .flags = flags },
			   envp);
}

/* How many arguments there are up to the NULL; those of an execle go on behind it. */
static size_t count(const char *first, va_list *arguments)
{
	size_t number = 0;

	for (const char *next = first; next; number++)
		next = va_arg(*arguments, const char *);
	return number;
}

static void collect(char **argv, size_t number, const char *first, va_list *arguments)
{
	argv[0] = (char *)first;
	for (size_t i = 1; i <= number; i++)
		argv[i] = va_arg(*arguments, char *);
}

/* The body of an execl: the array is in the frame of the function that calls the original. */
#define COLLECT(argv, first, arguments)                                                            \
	do {                                                                                       \
		size_t number_;                                                                    \
                                                                                                   \
		va_start(arguments, first);                                                        \
		number_ = count(first, &arguments);                                                \
		va_end(arguments);                                                                 \
		(argv) = alloca((number_ + 1) * sizeof(*(argv)));                                  \
		va_start(arguments, first);                                                        \
		collect(argv, number_, first, &arguments);                                         \
	} while (0)

LT_EXPORT int execl(const char *path, const char *first, ...)
{
	va_list arguments;
	char **argv;

	COLLECT(argv, first, arguments);
	va_end(arguments);
	return execve(path, argv, environ);
}

LT_EXPORT int execlp(const char *file, const char *first, ...)
{
	va_list arguments;
	char **argv;

	COLLECT(argv, first, arguments);
	va_end(arguments);
	return execvpe(file, argv, environ);
}

LT_EXPORT int execle(const char *path, const char *first, ...)
{
	va_list arguments;
	char **argv;
	char *const *envp;

	COLLECT(argv, first, arguments);
	envp = va_arg(arguments, char *const *);
	va_end(arguments);
	return execve(path, argv, envp);
}

/* What a spawn has besides. */
struct spawn {
	pid_t *pid;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
};

/*
 * Actions may change the folder, and nothing in the public interface says what is in them. So from
 * the first such action on, relative paths of spawns with actions are not looked up.
 */
static bool folder_actions LT_START_DATA;

static int spawn_by_path(const struct lt_exec *exec, char *const envp[])
{
	const struct spawn *spawn = exec->more;

	return LT_REAL(posix_spawn)(spawn->pid, exec->path, spawn->actions, spawn->attributes,
				    exec->argv, envp);
}

static int spawn_by_name(const struct lt_exec *exec, char *const envp[])
{
	const struct spawn *spawn = exec->more;

	return LT_REAL(posix_spawnp)(spawn->pid, exec->path, spawn->actions, spawn->attributes,
				     exec->argv, envp);
}

static int spawn(struct spawn *more, const char *path, bool searches, char *const argv[],
		 char *const envp[])
{
	struct lt_exec exec = {
		.make = searches ? spawn_by_name : spawn_by_path,
		.path = path,
		.argv = argv,
		.folder = AT_FDCWD,
		.searches = searches,
		.elsewhere = more->actions && __atomic_load_n(&folder_actions, __ATOMIC_RELAXED),
		.goes_on = true,
		.more = more,
		.actions = more->actions,
	};

	return lt_exec_run(&exec, envp);
}

LT_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			  const posix_spawnattr_t *attributes, char *const argv[],
			  char *const envp[])
{
	return spawn(&(struct spawn){ pid, actions, attributes }, path, false, argv, envp);
}

LT_EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
			   const posix_spawnattr_t *attributes, char *const argv[],
			   char *const envp[])
{
	return spawn(&(struct spawn){ pid, actions, attributes }, file, true, argv, envp);
}

LT_EXPORT int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd,
					       int copy)
{
	int error = LT_REAL(posix_spawn_file_actions_adddup2)(actions, fd, copy);

	if (!error && lt_libc_is_known())
		lt_spawn_actions_learn(actions, fd, copy);
	return error;
}

LT_EXPORT int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions,
						   const char *path)
{
	__atomic_store_n(&folder_actions, true, __ATOMIC_RELAXED);
	if (!LT_REAL(posix_spawn_file_actions_addchdir_np))
		return ENOSYS;
	return lt_real.posix_spawn_file_actions_addchdir_np(actions, path);
}

LT_EXPORT int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd)
{
	__atomic_store_n(&folder_actions, true, __ATOMIC_RELAXED);
	if (!LT_REAL(posix_spawn_file_actions_addfchdir_np))
		return ENOSYS;
	return lt_real.posix_spawn_file_actions_addfchdir_np(actions, fd);
}

LT_EXPORT int system(const char *command)
{
	struct lt_lent lent;
	int result;

	lt_exec_lend(&lent);
	result = LT_REAL(system)(command);
	lt_exec_take_back(&lent);
	return result;
}

LT_EXPORT FILE *popen(const char *command, const char *mode)
{
	struct lt_lent lent;
	FILE *result;

	lt_exec_lend(&lent);
	result = LT_REAL(popen)(command, mode);
	lt_exec_take_back(&lent);
	return result;
}

LT_EXPORT int wordexp(const char *words, wordexp_t *result, int flags)
{
	struct lt_lent lent;
	int status;

	lt_exec_lend(&lent);
	status = LT_REAL(wordexp)(words, result, flags);
	lt_exec_take_back(&lent);
	return status;
}
