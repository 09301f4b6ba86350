/* SPDX-License-Identifier: MIT */
/* The socket that programs send to. */
#ifndef LOGTAP_LISTENER_H
#define LOGTAP_LISTENER_H

/* Where a collector listens unless told otherwise. */
#define LISTENER_DEFAULT "/run/logtap/socket"

/*
 * Listens at `path` ('@': in the abstract namespace), where every user may connect. What a
 * collector left behind that is gone is replaced; nothing else is. The descriptor, non-blocking,
 * whose connections tell who sends; or -1 after a line on stderr.
 */
int listener_open(const char *path);

/* Closes it, and removes the path, if it is still this socket's. */
void listener_close(int listener, const char *path);

#endif
