/* SPDX-License-Identifier: MIT */
/*
 * A message as programs write it to a log socket: "<PRI>", a head as of RFC 3164 or RFC 5424 or
 * none at all, and the text.
 */
#ifndef LT_LOG_MESSAGE_H
#define LT_LOG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct lt_log_message {
	int severity, facility;
	const char *ident; /* up to a NUL, which was put there; NULL: the message names none */
	const char *text;
	size_t size;
};

/* What a head is compared with. */
struct lt_log_sender {
	long pid; /* of the process: an ident with another one in it keeps that, "cron[42]" */
	/* Whether that is this machine's name, which is no part of the text. */
	bool (*is_host)(const char *name, size_t size);
};

/*
 * Takes `size` bytes apart, which are written to, and so is the one behind them. What isn't a head
 * as described is text. A message without a priority is user.notice, as RFC 3164 has it.
 */
void lt_log_message_read(struct lt_log_message *message, char *bytes, size_t size,
			 const struct lt_log_sender *sender);

#endif
