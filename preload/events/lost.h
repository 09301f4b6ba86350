/* SPDX-License-Identifier: MIT */
/* The event `lost`: what is not in the recording, or won't be, said by who knows it. */
#ifndef LT_LOST_H
#define LT_LOST_H

#include "shim.h"

/*
 * Sends one, as a warning, or of whatever severity somebody listens to. count: messages, 0: nobody
 * knows; since: seconds since 1970, 0: from now on. The text: as format.h's lt_format, at most 200
 * bytes. 0, or a negative errno.
 */
int lt_lost_send(uint64_t count, uint64_t since, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As lt_format, for whoever puts such a text together: how many bytes, 0 if there is no room. */
size_t lt_lost_text(char *text, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The process becomes another program: says so where that has not the right to write into the
 * recording, because this process gave it up (runuser, su, setpriv).
 */
void lt_lost_before_exec(void);

/* The process is about to limit the sizes of files, of the recording as well. Once. */
void lt_lost_before_limit(uint64_t size);

#endif
