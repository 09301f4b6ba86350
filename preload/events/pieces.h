/* SPDX-License-Identifier: MIT */
/*
 * A thread's line in pieces: inside lines.c and pieces.c only. The thread's line is claimed by the
 * caller; `bytes` are nobody else's meanwhile.
 */
#ifndef LT_PIECES_H
#define LT_PIECES_H

#include "lines.h"

/* Notes in the thread whether it has an unfinished line. */
void lt_line_set_open(struct lt_thread *thread);

/*
 * Sends the line that `bytes` completes; `end` is what ended it. It is over for the thread before
 * that: a handler that jumps leaves a line unsent, never one that is sent twice.
 */
void lt_line_end(struct lt_thread *thread, int fd, const char *bytes, size_t size, const char *end);

/* Sends what the line has so far as a part, because the buffer can't hold it. */
void lt_line_send_part(struct lt_thread *thread, int fd, const char *bytes, size_t size);

/*
 * Keeps a piece of a line that goes on. What it overwrites by a carriage return, as a progress bar
 * does, is sent as a part, and so is what outgrows the thread's buffer.
 */
void lt_line_keep(struct lt_thread *thread, int fd, const char *bytes, size_t size);

/* A line that nobody keeps: sent as it is, without regard to the lines before. */
void lt_line_send_alone(int fd, const char *bytes, size_t size, const char *end);

#endif
