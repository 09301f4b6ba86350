/* SPDX-License-Identifier: MIT */
/*
 * A program that logs: LINES lines to stderr and SYSLOGS calls of syslog(), from PROCESSES
 * processes (default 1), each message filled up to BYTES bytes with a pattern in which a torn or
 * mixed message shows. Prints nothing on stdout. Knows nothing of logtap.
 *
 * usage: talk LINES SYSLOGS [BYTES [PROCESSES]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

/* "talk SPEAKER KIND NUMBER abcdef...": every byte behind the head follows from its place. */
static void fill(char *text, size_t bytes, int speaker, const char *kind, long number)
{
	size_t length = (size_t)sprintf(text, "talk %d %s %ld ", speaker, kind, number);

	for (; length < bytes; length++)
		text[length] = (char)('a' + (length + (size_t)number) % 26);
	text[length] = '\0';
}

static void speak(int speaker, long lines, long syslogs, size_t bytes)
{
	char *text = malloc(bytes + 128);

	for (long i = 0; i < lines; i++) {
		fill(text, bytes, speaker, "line", i);
		strcat(text, "\n");
		if (write(2, text, strlen(text)) < 0)
			exit(2);
	}
	for (long i = 0; i < syslogs; i++) {
		fill(text, bytes, speaker, "syslog", i);
		syslog(LOG_WARNING, "%s", text);
	}
	free(text);
}

int main(int argc, char **argv)
{
	long lines = argc > 1 ? atol(argv[1]) : 1;
	long syslogs = argc > 2 ? atol(argv[2]) : 0;
	size_t bytes = argc > 3 ? (size_t)atol(argv[3]) : 0;
	int processes = argc > 4 ? atoi(argv[4]) : 1;
	int status;
	int worst = 0;

	for (int i = 1; i < processes; i++) {
		if (fork() == 0) {
			speak(i, lines, syslogs, bytes);
			return 0;
		}
	}
	speak(0, lines, syslogs, bytes);
	while (wait(&status) > 0)
		worst |= status;
	return worst != 0;
}
