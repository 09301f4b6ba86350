/* SPDX-License-Identifier: MIT */
/* Lines of JSON. Names come from facts.c; a text of the data never stands in one unescaped. */
#include "json_line.h"

#include <stdio.h>
#include <string.h>

#include <evh/json.h>

#include "event_value.h"
#include "facts.h"
#include "output.h"

struct object {
	struct evh_text *text;
	bool ecs;
	bool begun; /* a member stands there already */
};

static void put_name(struct object *object, const char *name)
{
	evh_text_puts(object->text, object->begun ? "," : "{");
	evh_json_string(object->text, name, strlen(name));
	evh_text_puts(object->text, ":");
	object->begun = true;
}

static void put_text(struct object *object, const char *name, const char *data, size_t size)
{
	put_name(object, name);
	evh_json_string(object->text, data, size);
}

static void put_string(struct object *object, const char *name, const char *value)
{
	put_text(object, name, value, strlen(value));
}

static void put_number(struct object *object, const char *name, uint64_t number)
{
	put_name(object, name);
	evh_text_u64(object->text, number);
}

static void put_fact(void *argument, const struct fact *fact)
{
	struct object *object = argument;
	const char *name = object->ecs ? fact->ecs : fact->otel;

	if (fact->is_number)
		put_number(object, name, fact->number);
	else
		put_text(object, name, fact->data, fact->size);
}

static void end_object(struct object *object)
{
	evh_text_puts(object->text, object->begun ? "}" : "{}");
}

/* Numbers of 64 bits are texts in OpenTelemetry's JSON: JavaScript would round them. */
static void put_nanoseconds(struct object *object, const char *name, uint64_t time)
{
	put_name(object, name);
	evh_text_puts(object->text, "\"");
	evh_text_u64(object->text, time);
	evh_text_puts(object->text, "\"");
}

static void append_body(struct object *object, const char *name, struct event *event)
{
	struct evh_text line = { 0 };
	struct evh_name body = facts_body(event, &line);

	put_text(object, name, body.data, body.size);
	evh_text_free(&line);
}

static void append_otel(struct object *line, struct event *event, const struct host *host)
{
	struct object inner = { .text = line->text };
	enum severity severity = event_severity(event);
	struct evh_name provider = facts_provider(event);

	if (event->sample->has & EVH_SAMPLE_TIME)
		put_nanoseconds(line, "timeUnixNano", event->sample->time);
	if (severity < SEVERITY_NONE) {
		put_number(line, "severityNumber", facts_severity_number(severity));
		put_string(line, "severityText", severity_name(severity));
	}
	append_body(line, "body", event);
	if (event->name.size)
		put_text(line, "eventName", event->name.data, event->name.size);
	if (provider.size)
		put_text(line, "scope", provider.data, provider.size);
	put_name(line, "attributes");
	facts_each_attribute(event, put_fact, &inner);
	end_object(&inner);
	inner.begun = false;
	put_name(line, "resource");
	facts_each_resource(event, host, put_fact, &inner);
	end_object(&inner);
}

static void append_ecs(struct object *line, struct event *event, const struct host *host)
{
	enum severity severity = event_severity(event);
	struct evh_name provider = facts_provider(event), ident = event_ident(event);

	if (event->sample->has & EVH_SAMPLE_TIME) {
		put_name(line, "@timestamp");
		evh_text_puts(line->text, "\"");
		output_append_time_iso(line->text, event->sample);
		evh_text_puts(line->text, "\"");
	}
	put_string(line, "ecs.version", "8.11.0");
	if (severity < SEVERITY_NONE) {
		put_string(line, "log.level", severity_name(severity));
		put_number(line, "log.syslog.severity.code", severity);
	}
	append_body(line, "message", event);
	if (event->name.size)
		put_text(line, "event.action", event->name.data, event->name.size);
	if (provider.size)
		put_text(line, "event.provider", provider.data, provider.size);
	if (ident.size)
		put_text(line, "log.syslog.appname", ident.data, ident.size);
	facts_each_attribute(event, put_fact, line);
	facts_each_resource(event, host, put_fact, line);
}

void json_line_append(struct evh_text *text, struct event *event, const struct host *host, bool ecs)
{
	struct object line = { .text = text, .ecs = ecs };

	if (ecs)
		append_ecs(&line, event, host);
	else
		append_otel(&line, event, host);
	end_object(&line);
	evh_text_puts(text, "\n");
}
