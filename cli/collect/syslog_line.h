/* SPDX-License-Identifier: MIT */
/* One event as a message of RFC 5424. */
#ifndef LOGTAP_SYSLOG_LINE_H
#define LOGTAP_SYSLOG_LINE_H

#include <evh/text.h>

#include "event.h"
#include "host.h"

/* Appends the message, without its length and without a newline behind it. */
void syslog_line_append(struct evh_text *text, struct event *event, const struct host *host);

#endif
