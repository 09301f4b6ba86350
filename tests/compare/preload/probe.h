/* SPDX-License-Identifier: MIT */
/*
 * The probe: one program with many small cases, each of which does something that a preload library
 * could disturb and says on stdout what it saw. transparency.py runs each without and with the shim
 * and compares.
 *
 * Cases must print nothing that differs between two plain runs.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stddef.h>

#include "../../lib/syscall_instruction.h"

struct probe {
	const char *name;
	void (*run)(void);
};

extern const struct probe probe_descriptors[], probe_errors[], probe_processes[], probe_endings[],
	probe_limits[], probe_limit_steps[], probe_memory[], probe_numbers[];

/* Writes text to fd 2 with write(2). */
void put(const char *text);

/* Writes to fd 2, or any other, and prints "what -> result errno". */
void say_write(const char *what, int fd, const void *bytes, size_t size);

/* Prints "what -> result errno-name"; errno only when the result is negative. */
void say(const char *what, long result);

/* printf to stdout at once, so that children and exec lose nothing. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Waits for a child and prints how it ended. */
void reap(int pid);

#endif
