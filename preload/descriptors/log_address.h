/* SPDX-License-Identifier: MIT */
/* Which addresses are those of the system's log. Pure. */
#ifndef LT_LOG_ADDRESS_H
#define LT_LOG_ADDRESS_H

#include <sys/socket.h>

#include "copy_table.h"

/*
 * What is said to whoever listens at that address; LT_COPY_STDERR where it is no log's. The first
 * `length` bytes can be read.
 */
enum lt_copy_kind lt_log_address_kind(const void *address, socklen_t length);

#endif
