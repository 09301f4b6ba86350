/* SPDX-License-Identifier: MIT */
/*
 * Programs that `enable --system` leaves out, each with the reason: one table, from which the file
 * that the library reads is made. Pure.
 */
#ifndef LOGTAP_DENIED_H
#define LOGTAP_DENIED_H

#include <stddef.h>

/* Writes the text of SYSTEM_DENIED; returns its size, which is below `room`. */
size_t denied_text(char *text, size_t room);

#endif
