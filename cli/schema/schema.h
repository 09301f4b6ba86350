/* SPDX-License-Identifier: MIT */
/* What register needs of a program's file. */
#ifndef LOGTAP_SCHEMA_H
#define LOGTAP_SCHEMA_H

/*
 * Calls `each` for every tracepoint of the program's events, once, in order. The number of them, or
 * -1 after an error or without any, which is reported then.
 */
int schema_tracepoints(const char *path, void (*each)(void *argument, const char *tracepoint),
		       void *argument);

#endif
