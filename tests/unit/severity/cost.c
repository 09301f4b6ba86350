/* SPDX-License-Identifier: MIT */
/*
 * What reading a line's severity costs, counted instruction by instruction: a child reads it, this
 * process steps it (ptrace). Lines of stdin, each behind its cost.
 *
 * usage: [SEVERITY_COST_CONTINUE=1] severity-cost [--most N] [--object N] [--fields N]
 *
 * Fails when a line of up to LT_SEVERITY_WINDOW bytes costs more than --most, a longer one that
 * begins as a JSON object more than --object, another one more than --fields. 77 where a process
 * can't be stepped.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "severity/severity.h"

/* The one call to be counted stands between two stops. */
static void read_between_stops(const char *line, size_t length)
{
	struct lt_severity_state state = { .lent = 4, .left = LT_SEVERITY_CONTINUED };
	const char *mode = getenv("SEVERITY_COST_CONTINUE");
	bool behind_error = mode && *mode != '\0';
	size_t skip;

	/* libc's functions are bound then. */
	lt_severity_of_line(line, length, LT_DETECT_ON, &skip);
	lt_severity_continue(&(struct lt_severity_state){ .lent = 4, .left = 1 }, line, length,
			     LT_DETECT_ON, &skip);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(77);
	raise(SIGSTOP);
	__asm__ volatile("" ::: "memory");
	if (behind_error)
		lt_severity_continue(&state, line, length, LT_DETECT_ON, &skip);
	else
		lt_severity_of_line(line, length, LT_DETECT_ON, &skip);
	__asm__ volatile("" ::: "memory");
	kill(getpid(), SIGSTOP);
	_exit(0);
}

/* The steps of a child up to its next stop; -1 where it can't be stepped. */
static long count_steps(pid_t child)
{
	long steps = 0;
	int status;

	for (;; steps++) {
		if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) < 0 ||
		    waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
			return -1;
		if (WSTOPSIG(status) == SIGSTOP)
			return steps;
	}
}

static long cost_of(const char *line, size_t length)
{
	pid_t child = fork();
	long steps = -1;
	int status;

	if (child < 0)
		return -1;
	if (child == 0)
		read_between_stops(line, length);
	if (waitpid(child, &status, 0) == child && WIFSTOPPED(status))
		steps = count_steps(child);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return steps;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "most", required_argument, NULL, 'm' },
		{ "object", required_argument, NULL, 'o' },
		{ "fields", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	long most = 0, object = 0, fields = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	long around;
	int option, failed = 0;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (option == 'm')
			most = strtol(optarg, NULL, 10);
		else if (option == 'o')
			object = strtol(optarg, NULL, 10);
		else if (option == 'f')
			fields = strtol(optarg, NULL, 10);
		else
			return 2;
	}
	cost_of("", 0);		 /* binds what this process calls */
	around = cost_of("", 0); /* of the stops themselves */
	if (around < 0) {
		fputs("a process can't be stepped here\n", stderr);
		return 77;
	}
	while ((length = getline(&line, &room, stdin)) >= 0) {
		size_t size = length > 0 && line[length - 1] == '\n' ? (size_t)length - 1
								     : (size_t)length;
		char *exact = malloc(size + 1);
		long limit = size <= LT_SEVERITY_WINDOW ? most : *line == '{' ? object : fields;
		long cost;

		if (!exact)
			return 1;
		memcpy(exact, line, size);
		cost = cost_of(exact, size) - around;
		printf("%ld\t%.*s\n", cost, (int)size, exact);
		if (limit != 0 && cost > limit) {
			printf("FAILED: %zu bytes cost %ld instructions, more than %ld\n", size,
			       cost, limit);
			failed = 1;
		}
		free(exact);
	}
	free(line);
	return failed;
}
