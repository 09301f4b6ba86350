/* SPDX-License-Identifier: MIT */
/*
 * What reading a line's severity costs, counted instruction by instruction: a child reads it, this
 * process steps it (ptrace). On stdin the number of the state that a line is read in (states.h), a
 * tab, the line; each is printed behind its cost.
 *
 * usage: severity-cost [--most N] [--object N] [--fields N]
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
#include "states.h"

/* Instructions; 0 is none. */
struct limits {
	long most;
	long object;
	long fields;
};

/* The one call to be counted stands between two stops. */
static void read_between_stops(const char *line, size_t length, unsigned number)
{
	struct lt_severity_state state = state_of(number);
	struct lt_severity_state before = state;
	size_t skip;

	lt_severity_continue(&before, line, length, LT_DETECT_ON, &skip); /* binds libc's */
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(77);
	raise(SIGSTOP);
	__asm__ volatile("" ::: "memory");
	lt_severity_continue(&state, line, length, LT_DETECT_ON, &skip);
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

static long cost_of(const char *line, size_t length, unsigned state)
{
	pid_t child = fork();
	long steps = -1;
	int status;

	if (child < 0)
		return -1;
	if (child == 0)
		read_between_stops(line, length, state);
	if (waitpid(child, &status, 0) == child && WIFSTOPPED(status))
		steps = count_steps(child);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return steps;
}

/* One line of stdin: whether it costs no more than its limit. */
static bool count(const char *text, size_t length, long around, const struct limits *limits)
{
	char *line;
	unsigned state = (unsigned)strtoul(text, &line, 10);
	size_t size = length - (size_t)(line + 1 - text);
	char *exact = malloc(size + 1);
	long limit = size <= LT_SEVERITY_WINDOW ? limits->most
		     : line[1] == '{'		? limits->object
						: limits->fields;
	long cost;

	if (!exact || *line != '\t' || state >= STATES) {
		free(exact);
		return false;
	}
	memcpy(exact, line + 1, size);
	cost = cost_of(exact, size, state) - around;
	printf("%ld\t%u\t%.*s\n", cost, state, (int)size, exact);
	free(exact);
	if (limit == 0 || cost <= limit)
		return true;
	printf("FAILED: %zu bytes cost %ld instructions in state %u, more than %ld\n", size, cost,
	       state, limit);
	return false;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "most", required_argument, NULL, 'm' },
		{ "object", required_argument, NULL, 'o' },
		{ "fields", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	struct limits limits = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	long around;
	int option, failed = 0;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (option == 'm')
			limits.most = strtol(optarg, NULL, 10);
		else if (option == 'o')
			limits.object = strtol(optarg, NULL, 10);
		else if (option == 'f')
			limits.fields = strtol(optarg, NULL, 10);
		else
			return 2;
	}
	cost_of("", 0, STATE_ALONE);	      /* binds what this process calls */
	around = cost_of("", 0, STATE_ALONE); /* of the stops themselves */
	if (around < 0) {
		fputs("a process can't be stepped here\n", stderr);
		return 77;
	}
	while ((length = getline(&line, &room, stdin)) >= 0) {
		if (length > 0 && line[length - 1] == '\n')
			line[--length] = '\0';
		if (!count(line, (size_t)length, around, &limits))
			failed = 1;
	}
	free(line);
	return failed;
}
