/* SPDX-License-Identifier: MIT */
/* A program for sanitizers: logs in each way, and is free of errors of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

int main(void)
{
	char *text = malloc(5000);

	if (!text)
		return 1;
	memset(text, 'x', 4999);
	text[4999] = 0;
	fprintf(stderr, "fprintf %d\n", 1);
	fprintf(stderr, "%s\n", text);
	dprintf(2, "dprintf %d\n", 2);
	if (write(2, "write\n", 6) != 6)
		return 2;
	syslog(LOG_ERR, "syslog %d: %m", 3);
	syslog(LOG_ERR, "%s", text);
	free(text);
	return 3;
}
