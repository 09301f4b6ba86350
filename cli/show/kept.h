/* SPDX-License-Identifier: MIT */
/* Formatted events that wait for the end: the last ones (-n), and the other way round (-r). */
#ifndef LOGTAP_KEPT_H
#define LOGTAP_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include <evh/text.h>

struct kept;

/*
 * @last     how many to keep: the last ones; UINT64_MAX: all
 * @reverse  they come out the newest first
 *
 * NULL: no memory.
 */
struct kept *kept_new(uint64_t last, bool reverse);
void kept_free(struct kept *kept);

/* Takes one event's bytes. 0, or a negative errno: no memory, or no room for a temporary file. */
int kept_add(struct kept *kept, const char *data, size_t size);

/* Hands out each, in order; ends with the first result that isn't 0. 0, that, or an errno. */
int kept_each(struct kept *kept, int (*take)(void *argument, const char *data, size_t size),
	      void *argument);

#endif
