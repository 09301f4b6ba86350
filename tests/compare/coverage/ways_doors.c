/* SPDX-License-Identifier: MIT */
/*
 * Ways that lead past stderr's number and past syslog(): programs that are started with a copy of
 * stderr, messages that are written to the log's socket, and libc's functions by another handle.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "ways.h"

#define WAY(name) static void way_##name(void)

extern char **environ;

/* --- programs that are started ---------------------------------------------------------------- */

WAY(exec_stdout)
{
	dup2(2, 1);
	execl("/bin/echo", "echo", "its stdout is a copy of stderr", NULL);
}
WAY(exec_number)
{
	dup2(2, 7);
	execl("/bin/sh", "sh", "-c", "echo seven >&7", NULL);
}
WAY(exec_script)
{
	execl("/bin/sh", "sh", "-c",
	      "cat >&2 <<EOF\nusage: prog [-x]\nEOF\necho a | sed s/a/b/ >&2", NULL);
}
WAY(exec_many)
{
	for (int fd = 5000; fd < 5040; fd++)
		dup2(2, fd);
	execl("/bin/bash", "bash", "-c", "for n in {5000..5039}; do echo number $n >&$n; done",
	      NULL);
}
WAY(exec_vfork)
{
	pid_t pid = vfork();

	if (!pid) {
		dup2(2, 3);
		dup2(3, 1);
		execl("/bin/echo", "echo", "copied in a child of vfork", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}
WAY(exec_through_static)
{
	dup2(2, 1);
	execl("/bin/busybox", "busybox", "env", "/bin/echo", "a static program between", NULL);
	execl("/bin/env", "env", "/bin/echo", "no static program between", NULL);
}
WAY(spawn_dup2)
{
	char *args[] = { "echo", "by an action of posix_spawn", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, 2, 9);
	posix_spawn_file_actions_adddup2(&actions, 9, 1);
	posix_spawn_file_actions_addclose(&actions, 9);
	if (!posix_spawn(&pid, "/bin/echo", &actions, NULL, args, environ))
		waitpid(pid, NULL, 0);
}
WAY(system_stdout)
{
	dup2(2, 1);
	if (system("/bin/echo by system"))
		_exit(94);
}
WAY(popen_stdout)
{
	FILE *file;

	dup2(2, 1);
	file = popen("cat", "w");
	fputs("by popen\n", file);
	pclose(file);
}

/* --- the log's socket ------------------------------------------------------------------------- */

static const char message[] = "<13>Nov 28 22:50:29 ways: by hand";

static struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };

static int connected(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		_exit(93);
	return fd;
}

WAY(log_send)
{
	send(connected(), message, strlen(message), 0);
}
WAY(log_write)
{
	write(connected(), message, strlen(message));
}
WAY(log_writev)
{
	struct iovec pieces[] = { { (char *)message, 20 },
				  { (char *)message + 20, strlen(message) - 20 } };

	writev(connected(), pieces, 2);
}
WAY(log_dprintf)
{
	dprintf(connected(), "%s", message);
}
WAY(log_stdio)
{
	FILE *file = fdopen(connected(), "w");

	fputs(message, file);
	fclose(file);
}
WAY(log_dup)
{
	write(dup(connected()), message, strlen(message));
}
WAY(log_exec)
{
	dup2(connected(), 8);
	execl("/bin/sh", "sh", "-c", "printf %s \"$1\" >&8", "sh", message, NULL);
}
WAY(log_sendto)
{
	sendto(socket(AF_UNIX, SOCK_DGRAM, 0), message, strlen(message), 0,
	       (struct sockaddr *)&address, sizeof(address));
}

static struct mmsghdr addressed(struct iovec *piece)
{
	*piece = (struct iovec){ (char *)message, strlen(message) };
	return (struct mmsghdr){ .msg_hdr = { .msg_name = &address,
					      .msg_namelen = sizeof(address),
					      .msg_iov = piece,
					      .msg_iovlen = 1 } };
}

WAY(log_sendmsg)
{
	struct iovec piece;
	struct mmsghdr head = addressed(&piece);

	sendmsg(socket(AF_UNIX, SOCK_DGRAM, 0), &head.msg_hdr, 0);
}
WAY(log_sendmmsg)
{
	struct iovec piece;
	struct mmsghdr heads[2] = { addressed(&piece), addressed(&piece) };

	sendmmsg(socket(AF_UNIX, SOCK_DGRAM, 0), heads, 2, 0);
}
WAY(log_syscall)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct iovec piece;
	struct mmsghdr head = addressed(&piece);

	syscall(SYS_sendto, fd, message, strlen(message), 0, &address, sizeof(address));
	syscall(SYS_sendmsg, fd, &head.msg_hdr, 0);
	syscall(SYS_connect, fd, &address, sizeof(address));
	syscall(SYS_write, fd, message, strlen(message));
}

/* --- libc by another handle ------------------------------------------------------------------- */

typedef ssize_t write_function(int, const void *, size_t);

WAY(dlsym_write)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY);
	write_function *by_name = (write_function *)dlsym(libc, "write");
	write_function *by_version = (write_function *)dlvsym(libc, "write", "GLIBC_2.2.5");

	by_name(2, "by name\n", 8);
	if (by_version)
		by_version(2, "by version\n", 11);
}
WAY(dlsym_next)
{
	write_function *next = (write_function *)dlsym(RTLD_NEXT, "write");
	write_function *first = (write_function *)dlsym(RTLD_DEFAULT, "write");

	next(2, "next\n", 5);
	first(2, "first\n", 6);
}
WAY(dlsym_syslog)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY);
	void (*by_name)(int, const char *, ...) =
		(void (*)(int, const char *, ...))dlsym(libc, "syslog");

	by_name(LOG_ERR, "by name %d", 1);
}

/* The library beside the program, whose functions say a text. */
static void say(void *library, const char *how)
{
	void (*function)(void) = (void (*)(void))dlsym(library, how);

	if (!function)
		_exit(92);
	function();
}

static const char *library_path(void)
{
	static char path[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 16);

	if (size < 0)
		_exit(91);
	strcpy(path + size, "-library.so");
	return path;
}

WAY(deepbind_write)
{
	say(dlopen(library_path(), RTLD_NOW | RTLD_DEEPBIND), "say_by_write");
}
WAY(deepbind_lazy)
{
	void *library = dlopen(library_path(), RTLD_LAZY | RTLD_DEEPBIND);

	if (dlerror())
		_exit(90);
	say(library, "say_by_write");
	say(library, "say_by_copy");
}
WAY(deepbind_stdio)
{
	say(dlopen(library_path(), RTLD_NOW | RTLD_DEEPBIND), "say_by_stdio");
}
WAY(deepbind_syslog)
{
	say(dlopen(library_path(), RTLD_NOW | RTLD_DEEPBIND), "say_by_syslog");
}
WAY(namespace_write)
{
	say(dlmopen(LM_ID_NEWLM, library_path(), RTLD_NOW), "say_by_write");
}
WAY(namespace_stdio)
{
	say(dlmopen(LM_ID_NEWLM, library_path(), RTLD_NOW), "say_by_stdio");
}

#define ENTRY(name)                                                                                \
	{                                                                                          \
#		name, way_##name                                                                  \
	}
static const struct way ways[] = {
	ENTRY(exec_stdout),	ENTRY(exec_number),	ENTRY(exec_script),
	ENTRY(exec_many),	ENTRY(exec_vfork),	ENTRY(exec_through_static),
	ENTRY(spawn_dup2),	ENTRY(system_stdout),	ENTRY(popen_stdout),
	ENTRY(log_send),	ENTRY(log_write),	ENTRY(log_writev),
	ENTRY(log_dprintf),	ENTRY(log_stdio),	ENTRY(log_dup),
	ENTRY(log_exec),	ENTRY(log_sendto),	ENTRY(log_sendmsg),
	ENTRY(log_sendmmsg),	ENTRY(log_syscall),	ENTRY(dlsym_write),
	ENTRY(dlsym_next),	ENTRY(dlsym_syslog),	ENTRY(deepbind_write),
	ENTRY(deepbind_lazy),	ENTRY(deepbind_stdio),	ENTRY(deepbind_syslog),
	ENTRY(namespace_write), ENTRY(namespace_stdio),
};

bool way_door(const char *name)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, name) == 0) {
			ways[i].go();
			return true;
		}
	}
	return false;
}
