/* SPDX-License-Identifier: MIT */
/* A library that says something: what its calls are bound to depends on how it is loaded. */
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

SHOWN void say_by_write(void);
SHOWN void say_by_copy(void);
SHOWN void say_by_stdio(void);
SHOWN void say_by_syslog(void);

void say_by_write(void)
{
	write(2, "written\n", 8);
}

void say_by_copy(void)
{
	int copy = dup(2);

	dprintf(copy, "on copy %s\n", "of stderr");
	write(copy, "and written\n", 12);
	close(copy);
}

void say_by_stdio(void)
{
	fprintf(stderr, "by %s\n", "stdio");
}

void say_by_syslog(void)
{
	syslog(LOG_ERR, "logged %d", 1);
}
