/* SPDX-License-Identifier: MIT */
/* Sockets that are connected to the system's log; see connect.c. */
#ifndef LT_CONNECT_H
#define LT_CONNECT_H

#include <sys/socket.h>

/* A connect of `fd` to that address has succeeded. */
void lt_connected(int fd, const struct sockaddr *address, socklen_t length);

#endif
