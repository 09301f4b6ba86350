/* SPDX-License-Identifier: MIT */
/* Up to where in its recording a destination has acknowledged events: a small file beside it. */
#ifndef LOGTAP_CURSOR_H
#define LOGTAP_CURSOR_H

#include <stdint.h>

#include <evh/recording.h>

#include "spool.h"

struct cursor {
	char *path;
	int lock; /* held while the cursor is anybody's */
	char recording[EVH_RECORDING_PACKED_HEAD];
	struct spool_place place;
	uint64_t delivered, refused, removed; /* events, since there is a cursor */
};

/*
 * Finds the cursor of the destination `name` of the recording at `path`; where there is none, or it
 * is of another recording, it is at the beginning. Waits while another process has it. 0, or a
 * negative errno.
 */
int cursor_open(struct cursor *cursor, const char *path, const char *name);

/* Writes it: whoever reads the file finds this or what was there before. 0 or a negative errno. */
int cursor_store(struct cursor *cursor);

void cursor_close(struct cursor *cursor);

#endif
