/* SPDX-License-Identifier: MIT */
/*
 * Writes numbered lines to stderr as fast as it can:
 *   flood PROCESSES LINES SIZE   that many processes at the same time, each with that many lines
 * of SIZE bytes in all. LINES 0 means: until killed. Each line names its writer and its number and
 * ends with a check character pattern, so that a torn line shows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void flood(int writer, long lines, size_t size)
{
	char *line = malloc(size + 64);

	if (!line)
		_exit(1);
	for (long number = 0; lines == 0 || number < lines; number++) {
		size_t length =
			(size_t)snprintf(line, size + 64, "writer %d line %ld ", writer, number);

		while (length + 1 < size) {
			line[length] = (char)('a' + (length + (size_t)number) % 26);
			length++;
		}
		line[length++] = '\n';
		if (write(2, line, length) != (ssize_t)length)
			_exit(1);
	}
	free(line);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: flood PROCESSES LINES SIZE\n");
		return 2;
	}

	int processes = atoi(argv[1]);
	long lines = atol(argv[2]);
	size_t size = (size_t)atol(argv[3]);

	if (processes <= 1) {
		flood(0, lines, size);
		return 0;
	}
	for (int i = 0; i < processes; i++) {
		pid_t child = fork();

		if (child < 0)
			return 1;
		if (child == 0) {
			flood(i, lines, size);
			_exit(0);
		}
	}

	int failed = 0;
	int status;

	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}
