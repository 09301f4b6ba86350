/* SPDX-License-Identifier: MIT */
/* What is known of one event: message, ident, severity. Must never copy a message. */
#include "event.h"

#include <errno.h>
#include <string.h>

#include <evh/join.h>

#include "common_schema.h"
#include "severity/severity.h"

/* Of EventHeader's levels 0 (none) to 5. */
static const enum severity OF_LEVEL[] = { SEVERITY_NONE, 2, 3, 4, 6, 7 };

const char *severity_name(enum severity severity)
{
	return severity < SEVERITY_NONE ? lt_severity_names[severity] : NULL;
}

int severity_parse(const char *text, enum severity *severity)
{
	int found = lt_severity_from_name(text, strlen(text));

	if (found < 0)
		return -EINVAL;
	*severity = (enum severity)found;
	return 0;
}

/* An event whose metadata is too long to be remembered: what schemas would know, for it alone. */
static const struct evh_schema *describe(struct event *event)
{
	const struct evh_sample *sample = event->sample;
	const char *tracepoint = sample->tracepoint ? sample->tracepoint : "";
	size_t size = strlen(tracepoint);
	struct evh_tracepoint_name parts;
	struct evh_reader reader;

	if (evh_reader_open(&reader, sample->event, sample->event_size) != 0)
		return NULL;
	if (evh_tracepoint_name_parse(&parts, tracepoint, size) != 0)
		parts = (struct evh_tracepoint_name){ .provider = tracepoint,
						      .provider_size = size };
	event->own = (struct evh_schema){
		.provider = { parts.provider, parts.provider_size },
		.options = { parts.options, parts.options_size },
		.event = reader.event.name,
		.keyword = parts.keyword,
		.id = reader.event.id,
		.tag = reader.event.tag,
		.version = reader.event.version,
		.level = reader.event.level,
		.opcode = reader.event.opcode,
		.repeats = true,
	};
	return &event->own;
}

void event_of_sample(struct event *event, const struct evh_sample *sample,
		     struct evh_schemas *schemas)
{
	memset(event, 0, offsetof(struct event, own));
	event->sample = sample;
	event->schemas = schemas;
	if (sample->event) {
		event->schema = evh_schemas_find(schemas, sample);
		if (!event->schema)
			event->schema = describe(event);
		if (event->schema)
			event->name = event->schema->event;
	} else if (sample->tracepoint) {
		event->name = (struct evh_name){ sample->tracepoint, strlen(sample->tracepoint) };
	}
}

void event_of_part(struct event *event, const struct evh_sample *sample,
		   struct evh_schemas *schemas)
{
	event_of_sample(event, sample, schemas);
	/* Filters speak of whole messages. */
	evh_join_whole_name(&event->name);
}

void event_of_joined(struct event *event, const struct evh_joined *joined,
		     struct evh_schemas *schemas)
{
	event_of_sample(event, &joined->sample, schemas);
	event->joined = joined;
	event->message = (struct evh_name){ joined->message, joined->size };
	event->has_message = true;
	/* Filters speak of whole messages. */
	evh_join_whole_name(&event->name);
}

/* What looking for a field gave, as a text; data is NULL when it is none. */
static struct evh_name text_of(int result, const struct evh_item *item)
{
	if (result != 1 || (item->value != EVH_VALUE_UTF8 && item->value != EVH_VALUE_LATIN1))
		return (struct evh_name){ NULL, 0 };
	/* An empty text still is one. */
	return (struct evh_name){ item->data ? (const char *)item->data : "", item->size };
}

struct evh_name event_text_field(const struct event *event, const char *name)
{
	struct evh_item item;

	if (!event->sample->event)
		return (struct evh_name){ NULL, 0 };
	return text_of(evh_schemas_field(event->schemas, event->sample, name, &item), &item);
}

struct evh_name event_message(struct event *event)
{
	if (!event->has_message) {
		event->message = event_text_field(event, "message");
		if (!event->message.data && common_schema_is(event))
			event->message = common_schema_body(event);
		event->has_message = true;
	}
	return event->message;
}

static struct evh_name body_alone(const struct evh_sample *sample, struct evh_schemas *schemas)
{
	struct event event;

	event_of_sample(&event, sample, schemas);
	if (!common_schema_is(&event) || evh_join_is_part(schemas, sample))
		return (struct evh_name){ NULL, 0 };
	return common_schema_body(&event);
}

struct evh_name event_message_alone(const struct evh_sample *sample, struct evh_schemas *schemas)
{
	const struct evh_schema *kind;
	struct evh_item item;
	int found = evh_schemas_find_field(schemas, sample, &kind, "message", &item);
	struct evh_name name;

	if (!kind)
		return (struct evh_name){ NULL, 0 };
	name = kind->event;
	if (evh_join_whole_name(&name))
		return (struct evh_name){ NULL, 0 };
	if (found == 0 && name_is(&name, "Log"))
		return body_alone(sample, schemas);
	return text_of(found, &item);
}

struct evh_name event_ident(struct event *event)
{
	if (!event->has_ident) {
		event->ident = event_text_field(event, "ident");
		if (!event->ident.data && common_schema_is(event))
			event->ident = common_schema_service(event);
		if (!event->ident.data && event->sample->comm)
			event->ident = (struct evh_name){ event->sample->comm,
							  strlen(event->sample->comm) };
		event->has_ident = true;
	}
	return event->ident;
}

enum severity event_severity(struct event *event)
{
	if (event->has_severity)
		return event->severity;

	struct evh_name level = event_text_field(event, "level");
	int found = level.size > 1 ? lt_severity_from_name(level.data, level.size) : -EINVAL;

	event->has_severity = true;
	event->severity = SEVERITY_NONE;
	if (found >= 0)
		event->severity = (enum severity)found;
	else if (common_schema_is(event))
		event->severity = common_schema_severity(event);
	if (event->severity == SEVERITY_NONE && event->schema &&
	    event->schema->level < sizeof(OF_LEVEL) / sizeof(OF_LEVEL[0]))
		event->severity = OF_LEVEL[event->schema->level];
	return event->severity;
}

bool event_may_be_part(const struct event *event)
{
	struct evh_name name = event->name;

	return evh_join_whole_name(&name) || name_is(&event->name, "Log");
}
