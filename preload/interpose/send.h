/* SPDX-License-Identifier: MIT */
/* What syscalls.c shares with send.c: messages by number. Only while somebody listens. */
#ifndef LT_SEND_H
#define LT_SEND_H

#include <sys/socket.h>

#include "log_socket.h"

/* Whether a call with that address (NULL: none) is ours to look at; where to it goes. */
bool lt_send_is_captured(int fd, const void *address, socklen_t length,
			 struct lt_log_target *target);

/* Makes the call that sends the message, and takes what it accepted. */
typedef long lt_send_original(void *context);
long lt_send_message(int fd, const struct msghdr *message, lt_send_original *original,
		     void *context);

/* What a sendmmsg has sent. */
void lt_send_take_sent(int fd, const struct mmsghdr *messages, long count);

#endif
