/* SPDX-License-Identifier: MIT */
/*
 * From what is written to a connection to the journal (log_streams.h) to lines, each a `syslog`
 * event.
 */
#ifndef LT_LOG_LINES_H
#define LT_LOG_LINES_H

#include "shim.h"

/* Takes `size` bytes that a write to the connection with that file accepted. */
void lt_log_lines_take(uint64_t file, const char *bytes, size_t size);

/* The process ends or becomes another program: sends what is unfinished. */
void lt_log_lines_flush(void);

#endif
