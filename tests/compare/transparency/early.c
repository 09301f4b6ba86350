/* SPDX-License-Identifier: MIT */
/* A library that logs from its constructor and destructor: preloaded before and after the shim. */
#define _GNU_SOURCE
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

__attribute__((constructor)) static void begin(void)
{
	if (write(2, "constructor by write\n", 21) != 21)
		_exit(94);
	fputs("constructor by stdio\n", stderr);
	dprintf(2, "constructor by %s\n", "dprintf");
}

__attribute__((destructor)) static void end(void)
{
	fputs("destructor by stdio, no newline", stderr);
}
