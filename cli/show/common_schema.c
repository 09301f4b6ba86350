/* SPDX-License-Identifier: MIT */
/*
 * See common_schema.h. What makes an event a record are the rules by which collectors promote them:
 * `__csver__` is 0x400 and PartB._typeName is "Log". Must never take another's event for one.
 */
#include "common_schema.h"

#include <string.h>

#include <evh/text.h>

#include "severity/severity.h"

#define VERSION 0x400

static bool find(const struct event *event, const char *in, const char *name, struct evh_item *item)
{
	return evh_schemas_field_in(event->schemas, event->sample, in, name, item) == 1;
}

static bool is_text(const struct evh_item *item)
{
	return item->value == EVH_VALUE_UTF8 || item->value == EVH_VALUE_LATIN1;
}

static struct evh_name text_of(const struct evh_item *item)
{
	/* An empty text still is one. */
	return (struct evh_name){ item->data ? (const char *)item->data : "", item->size };
}

struct evh_name common_schema_text(const struct event *event, const char *in, const char *name)
{
	struct evh_item item;

	if (!find(event, in, name, &item) || !is_text(&item))
		return (struct evh_name){ NULL, 0 };
	return text_of(&item);
}

/* .NET's exporter has texts of 16-bit units, this one too. */
static bool is_record(const struct event *event)
{
	struct evh_item item;
	uint64_t version;
	char type[8];

	return event->sample->event && event->schema &&
	       evh_schemas_field(event->schemas, event->sample, "__csver__", &item) == 1 &&
	       evh_item_u64(&item, &version) == 0 && version == VERSION &&
	       find(event, "PartB", "_typeName", &item) &&
	       evh_item_utf8(&item, type, sizeof(type)) == 3 && strcmp(type, "Log") == 0;
}

bool common_schema_is(struct event *event)
{
	if (!event->has_record) {
		event->record = is_record(event);
		event->has_record = true;
	}
	return event->record;
}

/* Not a text of 8-bit units: those need no copy. A wider unit becomes four bytes at most. */
static void append_value(struct evh_text *text, const struct evh_item *item)
{
	size_t room = 2 * item->size + 1;
	char *out;

	if (item->value < EVH_VALUE_LATIN1) {
		evh_text_value(text, item);
		return;
	}
	out = evh_text_reserve(text, room);
	if (out)
		text->size += (size_t)evh_item_utf8(item, out, room);
}

struct evh_name common_schema_body(const struct event *event)
{
	static struct evh_text converted;
	struct evh_item item;

	if (!find(event, "PartB", "body", &item) || item.value == EVH_VALUE_NULL)
		return (struct evh_name){ NULL, 0 };
	if (is_text(&item))
		return text_of(&item);
	evh_text_clear(&converted);
	append_value(&converted, &item);
	if (converted.error)
		return (struct evh_name){ NULL, 0 };
	return (struct evh_name){ converted.data ? converted.data : "", converted.size };
}

struct evh_name common_schema_service(const struct event *event)
{
	static const char *const places[][2] = {
		{ "PartA", "ext_cloud_role" },
		{ "PartC", "service.name" },
		{ "PartC", "syslog.appname" },
		{ "PartC", "process.executable.name" },
	};
	struct evh_name name = { NULL, 0 };

	for (size_t i = 0; !name.size && i < sizeof(places) / sizeof(places[0]); i++)
		name = common_schema_text(event, places[i][0], places[i][1]);
	return name.size ? name : (struct evh_name){ NULL, 0 };
}

/* OpenTelemetry's numbers, by the table of its log data model (appendix B), and what is between. */
static enum severity of_number(int64_t number)
{
	static const enum severity severities[24] = {
		7, 7, 7, 7, /* TRACE */
		7, 7, 7, 7, /* DEBUG */
		6, 5, 5, 5, /* INFO, its second is notice */
		4, 4, 4, 4, /* WARN */
		3, 2, 1, 1, /* ERROR, then crit and alert */
		0, 0, 0, 0, /* FATAL */
	};

	if (number < 1)
		return SEVERITY_NONE;
	return severities[number > 24 ? 23 : number - 1];
}

enum severity common_schema_severity(const struct event *event)
{
	struct evh_name text = common_schema_text(event, "PartB", "severityText");
	int found = text.size > 1 ? lt_severity_from_name(text.data, text.size) : -1;
	struct evh_item item;
	int64_t number = 0;

	if (found >= 0)
		return (enum severity)found;
	if (!find(event, "PartB", "severityNumber", &item) || evh_item_i64(&item, &number) != 0)
		return SEVERITY_NONE;
	return of_number(number);
}

bool common_schema_is_of_part(const char *path)
{
	return strcmp(path, "PartC.logtap.part") == 0 || strcmp(path, "PartC.logtap.last") == 0 ||
	       strcmp(path, "PartC.log.record.uid") == 0;
}
