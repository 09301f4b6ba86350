/* SPDX-License-Identifier: MIT */
/* What an event tells, by the names that receivers have for it. */
#ifndef LOGTAP_FACTS_H
#define LOGTAP_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "host.h"

/* One thing that is known. */
struct fact {
	const char *otel, *ecs; /* its names there; the same where there is no other */
	bool is_number;
	uint64_t number;
	const char *data; /* a text of any bytes */
	size_t size;
};

typedef void fact_taker(void *argument, const struct fact *fact);

/* What is known of who logged: the same for all events of a process under one name. */
void facts_each_resource(struct event *event, const struct host *host, fact_taker *take,
			 void *argument);

/* What is known of this event besides its time, severity and text. */
void facts_each_attribute(struct event *event, fact_taker *take, void *argument);

/* Whether two events, one after the other, have the same resource: a number for it. */
uint64_t facts_resource_hash(struct event *event);

/* OpenTelemetry's number of a severity (1 to 24; 0: none). */
unsigned facts_severity_number(enum severity severity);

/* The facility's number, or -1: the event has none. */
int facts_facility(const struct event *event);

/* The event's provider: "logtap". Empty where it has none. */
struct evh_name facts_provider(const struct event *event);

/* The text of the event: its message, or else its fields as a line in `text`, which is emptied. */
struct evh_name facts_body(struct event *event, struct evh_text *text);

#endif
