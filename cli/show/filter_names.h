/* SPDX-License-Identifier: MIT */
/* A few names that were met, to be told to somebody who asked for another. */
#ifndef LOGTAP_FILTER_NAMES_H
#define LOGTAP_FILTER_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_MAX      24
#define NAMES_MAX_SIZE 64

struct names {
	char text[NAMES_MAX][NAMES_MAX_SIZE];
	size_t count;
	bool more; /* there were others */
};

/* Adds a name that isn't there yet, made visible; long ones are cut. */
void names_met(struct names *names, const char *data, size_t size);

/* Writes "a, b, c ..." in their order, at most `size` bytes with the NUL. */
void names_write(struct names *names, char *buffer, size_t size);

#endif
