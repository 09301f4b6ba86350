/* SPDX-License-Identifier: MIT */
/* Runs one case of the probe: `probe CASE`, or lists them all: `probe`. */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct probe *const lists[] = { probe_descriptors, probe_errors,  probe_processes,
					     probe_endings,	probe_limits,  probe_limit_steps,
					     probe_memory,	probe_numbers, NULL };

void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	fflush(stdout);
}

void say(const char *what, long result)
{
	if (result < 0)
		note("%s -> %ld %s\n", what, result, strerrorname_np(errno));
	else
		note("%s -> %ld\n", what, result);
}

void say_write(const char *what, int fd, const void *bytes, size_t size)
{
	errno = 0;
	say(what, write(fd, bytes, size));
}

void put(const char *text)
{
	if (write(2, text, strlen(text)) != (ssize_t)strlen(text))
		note("put: %s\n", strerrorname_np(errno));
}

void reap(int pid)
{
	int status = 0;

	if (pid < 0) {
		note("no child: %s\n", strerrorname_np(errno));
		return;
	}
	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status))
		note("child exited %d\n", WEXITSTATUS(status));
	else
		note("child killed by %d\n", WTERMSIG(status));
}

int main(int argc, char **argv)
{
	for (const struct probe *const *list = lists; *list; list++) {
		for (const struct probe *probe = *list; probe->name; probe++) {
			if (argc < 2) {
				puts(probe->name);
			} else if (!strcmp(argv[1], probe->name)) {
				probe->run();
				return 0;
			}
		}
	}
	return argc < 2 ? 0 : 99;
}
