/* SPDX-License-Identifier: MIT */
/* trace-cmd's trace.dat, read by libtracecmd. */
#ifndef EVH_TRACE_CMD_H
#define EVH_TRACE_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/sample.h>

struct trace_cmd;

/* Whether this is the beginning of such a file, and this build can read it. */
bool trace_cmd_recognise(const uint8_t *bytes, size_t size);

/* @fd: a file that can be read at any place; stays the caller's. 0, -EBADMSG or -ENOMEM. */
int trace_cmd_open(struct trace_cmd **out, int fd);
void trace_cmd_close(struct trace_cmd *trace);

/* 1 with the oldest sample that is left, which lives until the next call; 0 at the end. */
int trace_cmd_next(struct trace_cmd *trace, struct evh_sample *sample);

#endif
