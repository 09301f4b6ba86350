/* SPDX-License-Identifier: MIT */
/* One event as a line of JSON with the names that receivers know. */
#ifndef LOGTAP_JSON_LINE_H
#define LOGTAP_JSON_LINE_H

#include <evh/text.h>

#include "event.h"
#include "host.h"

/*
 * Appends the object and a newline. OpenTelemetry's log record: "timeUnixNano", "severityNumber",
 * "severityText", "body", "eventName", "scope", "attributes" and "resource"; or with `ecs` the
 * Elastic Common Schema, flat. Always valid, and in one line.
 */
void json_line_append(struct evh_text *text, struct event *event, const struct host *host,
		      bool ecs);

#endif
