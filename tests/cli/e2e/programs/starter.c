/* SPDX-License-Identifier: MIT */
/*
 * Starts a program in one of the ways that libc offers: `starter WAY PROGRAM [ARGUMENT]...`. Prints
 * nothing of its own; with ENVIRONMENT=large the program gets 3,000 variables more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const *environment(void)
{
	static char names[3000][16];
	static char *list[8000];
	size_t count = 0;

	if (!getenv("ENVIRONMENT"))
		return environ;
	for (size_t i = 0; i < 3000; i++) {
		snprintf(names[i], sizeof(names[i]), "V%zu=%zu", i, i);
		list[count++] = names[i];
	}
	for (char **entry = environ; *entry && count < 7999; entry++)
		list[count++] = *entry;
	return list;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void start(const char *way, const char *path, char *const argv[])
{
	char *const *envp = environment();

	if (!strcmp(way, "execve"))
		execve(path, argv, envp);
	if (!strcmp(way, "execv"))
		execv(path, argv);
	if (!strcmp(way, "execvp"))
		execvp(name_of(path), argv);
	if (!strcmp(way, "execvpe"))
		execvpe(name_of(path), argv, envp);
	if (!strcmp(way, "execl"))
		execl(path, argv[0], argv[1], NULL);
	if (!strcmp(way, "execlp"))
		execlp(name_of(path), argv[0], argv[1], NULL);
	if (!strcmp(way, "execle"))
		execle(path, argv[0], argv[1], NULL, envp);
	if (!strcmp(way, "fexecve"))
		fexecve(open(path, O_RDONLY), argv, envp);
	if (!strcmp(way, "fexecve-path"))
		fexecve(open(path, O_PATH), argv, envp);
	if (!strcmp(way, "execveat"))
		execveat(AT_FDCWD, path, argv, envp, 0);
	if (!strcmp(way, "syscall"))
		syscall(SYS_execve, path, argv, envp);
	if (!strcmp(way, "syscall-at"))
		syscall(SYS_execveat, AT_FDCWD, path, argv, envp, 0);
}

static int spawn(const char *way, const char *path, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int status = 0, error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, 1, 1);
	if (strchr(way, '/'))
		posix_spawn_file_actions_addchdir_np(&actions, "/");
	if (!strncmp(way, "spawnp", 6))
		error = posix_spawnp(&pid, name_of(path), &actions, NULL, argv, environment());
	else
		error = posix_spawn(&pid, path, &actions, NULL, argv, environment());
	if (error)
		return error;
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int vfork_and(const char *way, const char *path, char *const argv[])
{
	int status = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		start(way, path, argv);
		_exit(errno);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char **arguments;

static void *in_thread(void *way)
{
	start(way, arguments[0], arguments);
	_exit(errno);
}

int main(int argc, char **argv)
{
	const char *way;

	if (argc < 3)
		return 99;
	way = argv[1];
	arguments = argv + 2;
	if (!strncmp(way, "spawn", 5))
		return spawn(way, argv[2], argv + 2);
	if (!strncmp(way, "vfork-", 6))
		return vfork_and(way + 6, argv[2], argv + 2);
	if (!strncmp(way, "thread-", 7)) {
		pthread_t thread;

		pthread_create(&thread, NULL, in_thread, argv[1] + 7);
		pthread_join(thread, NULL);
	}
	start(way, argv[2], argv + 2);
	return errno;
}
