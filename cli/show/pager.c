/* SPDX-License-Identifier: MIT */
/* The pager. Must never outlive us as a process that nobody waits for, and never get our stdout's
 * bytes twice. */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"

/* Quit when it fits a screen, colours through, no wrapping, leave the screen as it is. */
#define LESS_OPTIONS "FRSXMK"

static const char *choose_pager(void)
{
	const char *pager = getenv("LOGTAP_PAGER");

	if (!pager)
		pager = getenv("PAGER");
	if (!pager)
		pager = "less";
	return *pager && strcmp(pager, "cat") != 0 ? pager : NULL;
}

/* In the child: what runs is a shell's command, for it may have options. */
static void become_pager(const char *pager, int input)
{
	dup2(input, STDIN_FILENO);
	/* As journalctl: somebody's own LESS may lack R, and colours would be garbage. */
	setenv("LESS", LESS_OPTIONS, 1);
	setenv("LESSCHARSET", "utf-8", 1);
	/* We ignored it; a pager expects what a shell would give it. */
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(127);
}

/* A shell would only find out after we have given our stdout away. */
static int can_run(const char *pager)
{
	char word[256];
	size_t size = strcspn(pager, " \t");
	const char *path = getenv("PATH");

	if (strcspn(pager, "|&;<>()$`\\\"'*?[#~=%") < strlen(pager) || size >= sizeof(word))
		return 1; /* the shell's business */
	memcpy(word, pager, size);
	word[size] = '\0';
	if (strchr(word, '/'))
		return access(word, X_OK) == 0;
	for (const char *at = path ? path : "/usr/bin:/bin"; *at;) {
		char file[4096];
		size_t length = strcspn(at, ":");

		if (length + size + 2 <= sizeof(file)) {
			memcpy(file, at, length);
			file[length] = '/';
			memcpy(file + length + 1, word, size + 1);
			if (access(file, X_OK) == 0)
				return 1;
		}
		at += length + (at[length] == ':');
	}
	return 0;
}

pid_t pager_start(void)
{
	const char *pager = choose_pager();
	int ends[2];
	pid_t child;

	/* On a dumb terminal less asks for a key before it shows anything. */
	if (!pager || !isatty(STDOUT_FILENO) || output_terminal_is_dumb() || !can_run(pager) ||
	    pipe2(ends, O_CLOEXEC) != 0)
		return 0;
	child = fork();
	if (child == 0)
		become_pager(pager, ends[0]);
	close(ends[0]);
	if (child > 0) {
		dup2(ends[1], STDOUT_FILENO);
		/* Ctrl-C is the pager's: it must not leave the terminal as less had set it. */
		signal(SIGINT, SIG_IGN);
	}
	close(ends[1]);
	return child > 0 ? child : 0;
}

void pager_wait(pid_t pager)
{
	int status;

	close(STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		;
}
