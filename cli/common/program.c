/* SPDX-License-Identifier: MIT */
/*
 * Looks for a program file: where it is, which interpreter a script wants. Trusts nothing it reads:
 * a file may be cut, foreign or hostile, and then simply has no answer. Must never execute or
 * change anything.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -ENOENT also where a folder may not be looked into: who can't see a program can't mean it. */
static int executable(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return -ENOENT;
	if (!S_ISREG(status.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
		return -EACCES;
	return 0;
}

int program_find(const char *name, char *path, size_t size)
{
	int result = -ENOENT;

	if (name[0] == '\0')
		return -ENOENT;
	if (strchr(name, '/')) {
		if (strlen(name) >= size)
			return -ENAMETOOLONG;
		strcpy(path, name);
		return executable(path);
	}

	const char *search = getenv("PATH");

	if (!search)
		search = "/bin:/usr/bin"; /* what execvp uses without PATH */
	for (;;) {
		size_t length = strcspn(search, ":");
		int need = snprintf(path, size, "%.*s%s%s", (int)length, search, length ? "/" : "",
				    name);

		/* execvp goes on past what it may not execute, and remembers having seen it. */
		int found = (size_t)need < size ? executable(path) : -ENOENT;

		if (found == 0)
			return 0;
		if (found == -EACCES)
			result = found;
		if (search[length] == '\0')
			return result;
		search += length + 1;
	}
}

/* The next word of a script's first line; advances *text. Empty at the end. */
static size_t next_word(const char **text, char *word, size_t size)
{
	*text += strspn(*text, " \t");

	size_t length = strcspn(*text, " \t");

	if (length >= size)
		return 0;
	memcpy(word, *text, length);
	word[length] = '\0';
	*text += length;
	return length;
}

int program_interpreter(const char *path, char *interpreter, size_t size)
{
	char line[PATH_MAX];
	char word[PATH_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -ENOENT;

	ssize_t length = read(fd, line, sizeof(line) - 1);

	close(fd);
	if (length < 2 || line[0] != '#' || line[1] != '!')
		return -ENOENT;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';

	const char *text = line + 2;

	if (next_word(&text, word, sizeof(word)) == 0)
		return -ENOENT;

	const char *base = strrchr(word, '/');

	if (strcmp(base ? base + 1 : word, "env") == 0) {
		/* Its options and assignments stand before the program. */
		do {
			if (next_word(&text, word, sizeof(word)) == 0)
				return -ENOENT;
		} while (word[0] == '-' || strchr(word, '='));
	}
	return program_find(word, interpreter, size) == 0 ? 0 : -ENOENT;
}
