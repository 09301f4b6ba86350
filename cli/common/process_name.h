/* SPDX-License-Identifier: MIT */
/* What a process is called. */
#ifndef LOGTAP_PROCESS_NAME_H
#define LOGTAP_PROCESS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's short name of a process, of at most 15 bytes; false, and "": it is gone. */
bool process_name(uint32_t pid, char *name, size_t room);

#endif
