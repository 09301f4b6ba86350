/* SPDX-License-Identifier: MIT */
/*
 * One event on its way to the output: a sample, or a message put together from its parts. What
 * filters and formats want to know of it is found once, when somebody asks.
 */
#ifndef LOGTAP_EVENT_H
#define LOGTAP_EVENT_H

#include <string.h>

#include <evh/join.h>
#include <evh/sample.h>
#include <evh/schema.h>

/* syslog's severities; EventHeader's levels 1 to 5 are crit, err, warning, info, debug. */
enum severity { SEVERITY_EMERG = 0, SEVERITY_DEBUG = 7, SEVERITY_NONE = 8 };

struct process;

struct event {
	const struct evh_sample *sample;
	struct evh_schemas *schemas;
	const struct evh_schema *schema; /* NULL: not EventHeader's, or its front can't be read */
	struct evh_name name;		 /* without ".part"; empty where there is none */
	const struct evh_joined *joined; /* NULL: the sample is all */
	uint32_t source;		 /* which recording it is of, from 0 */
	const struct process *process;	 /* what is known of who logged; NULL: nothing */

	/* Found when first asked for. */
	bool has_message, has_ident, has_severity, has_record;
	bool record;		 /* of OpenTelemetry's Common Schema */
	struct evh_name message; /* data is NULL when the event has none */
	struct evh_name ident;
	enum severity severity;

	struct evh_schema own; /* what `schema` points at where the memory of schemas has none */
};

static inline bool name_is(const struct evh_name *name, const char *text)
{
	return name->size == strlen(text) && memcmp(name->data, text, name->size) == 0;
}

/* `sample` must stay as it is, and the event where it is, as long as it is used. */
void event_of_sample(struct event *event, const struct evh_sample *sample,
		     struct evh_schemas *schemas);
void event_of_joined(struct event *event, const struct evh_joined *joined,
		     struct evh_schemas *schemas);

/* The same for a sample that is shown as it is, also when it is a part of a message. */
void event_of_part(struct event *event, const struct evh_sample *sample,
		   struct evh_schemas *schemas);

/* A text field at the top level, as its bytes; data is NULL when there is none. */
struct evh_name event_text_field(const struct event *event, const char *name);

/*
 * The field `message`, or a record's body (common_schema.h), as the bytes that were logged; data is
 * NULL when there is none.
 */
struct evh_name event_message(struct event *event);

/*
 * The same of a sample with an event, of which nothing else is wanted. NULL also when it is one
 * part of a message.
 */
struct evh_name event_message_alone(const struct evh_sample *sample, struct evh_schemas *schemas);

/* Who logged: the field `ident`, a record's service, else the program's name, else empty. */
struct evh_name event_ident(struct event *event);

/* The severity the event names in its field `level`, or as a record, else its level's. */
enum severity event_severity(struct event *event);

/* Whether a message of several parts may have come with it: evh_join_add knows. */
bool event_may_be_part(const struct event *event);

/* "err" and the like; NULL for SEVERITY_NONE. */
const char *severity_name(enum severity severity);

/*
 * A severity or a level by name (syslog's, sd-daemon's and EventHeader's names) or number 0 to 7.
 * 0, or -EINVAL.
 */
int severity_parse(const char *text, enum severity *severity);

#endif
