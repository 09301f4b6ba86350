/* SPDX-License-Identifier: MIT */
/* The tracepoints, as emit.c registers them and all that send read them. Must never hold a
 * function. */
#include "emit_internal.h"

struct evh_tracepoint lt_process_tracepoint LT_START_DATA;
struct evh_tracepoint lt_tracepoints[5][2];
