/* SPDX-License-Identifier: MIT */
/*
 * The format `export`: the journal's, for systemd-journal-remote and what else reads it. Fields
 * have the journal's own names where it has one for them, else the event's in its letters.
 */
#include <stdio.h>
#include <string.h>

#include <endian.h>

#include "common_schema.h"
#include "event_fields.h"
#include "event_value.h"
#include "output.h"
#include "process_table.h"
#include "settings.h"

/* The journal takes no longer names. */
#define NAME_SIZE 64

/* Names of the journal's for what is known of a process. */
static const char *const PROCESS_NAMES[PROCESS_TEXTS] = {
	[PROCESS_EXE] = "_EXE",
	[PROCESS_UNIT] = "_SYSTEMD_UNIT",
	[PROCESS_CONTAINER] = "CONTAINER_ID_FULL",
	[PROCESS_HOST] = "_HOSTNAME",
	[PROCESS_ARGS] = "_CMDLINE",
	[PROCESS_CGROUP] = "_SYSTEMD_CGROUP",
	[PROCESS_BOOT_ID] = "_BOOT_ID",
	[PROCESS_SERVICE] = "OTEL_SERVICE_NAME",
	[PROCESS_RESOURCE] = "OTEL_RESOURCE_ATTRIBUTES",
};

/* As the journal: what holds a control character has its length in front. */
static bool is_plain(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)data[i] < ' ' && data[i] != '\t')
			return false;
	}
	return true;
}

static void append_field(struct evh_text *text, const char *name, const char *data, size_t size)
{
	uint64_t length = htole64(size);

	if (!size)
		return;
	evh_text_puts(text, name);
	if (is_plain(data, size)) {
		evh_text_puts(text, "=");
	} else {
		evh_text_puts(text, "\n");
		evh_text_append(text, &length, sizeof(length));
	}
	evh_text_append(text, data, size);
	evh_text_puts(text, "\n");
}

static void append_string(struct evh_text *text, const char *name, const char *value)
{
	append_field(text, name, value, strlen(value));
}

static void append_number(struct evh_text *text, const char *name, uint64_t number)
{
	char value[32];

	snprintf(value, sizeof(value), "%llu", (unsigned long long)number);
	append_string(text, name, value);
}

static void append_process(struct evh_text *text, const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	const struct process *process = event->process;

	if (sample->has & EVH_SAMPLE_PID)
		append_number(text, "_PID", sample->pid);
	if (sample->has & EVH_SAMPLE_TID)
		append_number(text, "TID", sample->tid);
	if (sample->comm)
		append_string(text, "_COMM", sample->comm);
	if (!process)
		return;
	if (process->has_uid)
		append_number(text, "_UID", process->uid);
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		const struct evh_name *value = &process->text[i];

		/* The journal has ids without dashes; a line of an odd text would end the entry. */
		if (i == PROCESS_BOOT_ID) {
			char id[33];
			size_t used = 0;

			for (size_t at = 0; at < value->size && used < 32; at++) {
				if (value->data[at] != '-')
					id[used++] = value->data[at];
			}
			append_field(text, PROCESS_NAMES[i], id, used == 32 ? used : 0);
		} else if (value->data) {
			append_field(text, PROCESS_NAMES[i], value->data, value->size);
		}
	}
}

/* "user.name" is USER_NAME; what the journal keeps for itself begins with an underscore. */
static void make_name(char name[NAME_SIZE + 1], const char *field)
{
	size_t size = 0;

	if (*field < 'A' || (*field > 'Z' && *field < 'a') || *field > 'z')
		name[size++] = 'F';
	for (; *field && size < NAME_SIZE; field++) {
		char c = *field;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			c = '_';
		name[size++] = c;
	}
	name[size] = '\0';
}

struct entry {
	struct evh_text *text;
	bool is_line;
	bool is_record;
};

/* Where the journal knows a field of our lines by another name. */
static const char *journal_name(const char *field)
{
	return strcmp(field, "ident") == 0 ? "SYSLOG_IDENTIFIER" : NULL;
}

/* A field of a record of OpenTelemetry's: what the entry says anyway isn't said twice. */
static void append_record_field(struct evh_text *text, const char *field, const char *data,
				size_t size)
{
	static const char *const said[] = { "__csver__", "PartA.time", "PartB._typeName",
					    "PartB.severityNumber", COMMON_SCHEMA_BODY };
	char name[NAME_SIZE + 1];

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (strcmp(field, said[i]) == 0)
			return;
	}
	if (strcmp(field, "PartC.syslog.facility") == 0) {
		append_field(text, "SYSLOG_FACILITY", data, size);
		return;
	}
	make_name(name, strncmp(field, "PartC.", 6) == 0 ? field + 6 : field);
	append_field(text, name, data, size);
}

static void append_facility(struct evh_text *text, const char *data, size_t size)
{
	for (size_t i = 0; i < sizeof(lt_facility_names) / sizeof(lt_facility_names[0]); i++) {
		if (lt_facility_names[i] && strlen(lt_facility_names[i]) == size &&
		    memcmp(lt_facility_names[i], data, size) == 0)
			append_number(text, "SYSLOG_FACILITY", i);
	}
}

static void append_other(void *argument, const char *field, const char *data, size_t size)
{
	struct entry *entry = argument;
	const char *known = entry->is_line ? journal_name(field) : NULL;
	char name[NAME_SIZE + 1];

	if (entry->is_record) {
		append_record_field(entry->text, field, data, size);
		return;
	}
	if (strcmp(field, "level") == 0 || strcmp(field, "message") == 0)
		return;
	if (entry->is_line && strcmp(field, "facility") == 0) {
		append_facility(entry->text, data, size);
		return;
	}
	make_name(name, field);
	append_field(entry->text, known ? known : name, data, size);
}

static void append_message(struct evh_text *text, struct event *event)
{
	struct evh_name message = event_message(event);
	struct evh_text line = { 0 };

	if (message.data)
		evh_text_append(&line, message.data, message.size);
	else
		event_append_line(event, VALUE_PLAIN, &line);
	append_field(text, "MESSAGE", line.data, line.size);
	evh_text_free(&line);
}

void output_export(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	struct entry entry = { text, event_is_line(event), common_schema_is(event) };
	enum severity severity = event_severity(event);
	char provider[NAME_SIZE + 1] = "";

	if (event->sample->has & EVH_SAMPLE_TIME)
		append_number(text, "__REALTIME_TIMESTAMP", event->sample->time / 1000);
	if (severity < SEVERITY_NONE)
		append_number(text, "PRIORITY", severity);
	if (event->schema && event->schema->provider.size < NAME_SIZE)
		memcpy(provider, event->schema->provider.data, event->schema->provider.size);
	append_string(text, "LOGTAP_PROVIDER", provider);
	append_field(text, "LOGTAP_EVENT", event->name.data, event->name.size);
	append_process(text, event);
	if (entry.is_record)
		append_field(text, "SYSLOG_IDENTIFIER", event_ident(event).data,
			     event_ident(event).size);
	event_each_field(event, append_other, &entry);
	append_message(text, event);
	evh_text_puts(text, "\n");
}
