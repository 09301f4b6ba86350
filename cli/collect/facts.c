/* SPDX-License-Identifier: MIT */
/*
 * Names of what is known: OpenTelemetry's semantic conventions, and the Elastic Common Schema. Must
 * never give the same name twice for one event: receivers keep one of them, and none says which.
 */
#include "facts.h"

#include <stdio.h>
#include <string.h>

#include "event_fields.h"
#include "event_value.h"
#include "process_table.h"
#include "settings.h"

/* Names of what a `process` event says, and whether OpenTelemetry has another than Elastic. */
static const struct {
	const char *otel, *ecs;
} PROCESS_FACTS[PROCESS_TEXTS] = {
	[PROCESS_EXE] = { "process.executable.path", "process.executable" },
	[PROCESS_UNIT] = { "systemd.unit", "systemd.unit" },
	[PROCESS_CONTAINER] = { "container.id", "container.id" },
	[PROCESS_HOST] = { "host.name", "host.hostname" },
	[PROCESS_ARGS] = { "process.command_line", "process.command_line" },
	[PROCESS_CGROUP] = { "process.linux.cgroup", "process.linux.cgroup" },
	[PROCESS_BOOT_ID] = { "logtap.boot_id", "host.boot.id" },
};

/* Those that are set by us: what OTEL_RESOURCE_ATTRIBUTES says of them doesn't count. */
static const char *const OWN_NAMES[] = {
	"service.name",	   "process.pid",	   "process.executable.name",
	"process.user.id", "process.parent_pid",   "process.executable.path",
	"systemd.unit",	   "container.id",	   "host.name",
	"logtap.boot_id",  "process.linux.cgroup", "process.command_line",
	"host.id",
};

unsigned facts_severity_number(enum severity severity)
{
	return severity < SEVERITY_NONE ? (unsigned)lt_severity_numbers[severity] : 0;
}

static void give_text(fact_taker *take, void *argument, const char *otel, const char *ecs,
		      struct evh_name text)
{
	const struct fact fact = { otel, ecs, false, 0, text.data, text.size };

	if (text.size)
		take(argument, &fact);
}

static void give_string(fact_taker *take, void *argument, const char *otel, const char *ecs,
			const char *text)
{
	if (text)
		give_text(take, argument, otel, ecs, (struct evh_name){ text, strlen(text) });
}

static void give_number(fact_taker *take, void *argument, const char *otel, const char *ecs,
			uint64_t number)
{
	const struct fact fact = { otel, ecs, true, number, NULL, 0 };

	take(argument, &fact);
}

/* The next "key=value" of OTEL_RESOURCE_ATTRIBUTES. */
static bool next_pair(struct evh_name *list, struct evh_name *key, struct evh_name *value)
{
	while (list->size) {
		const char *comma = memchr(list->data, ',', list->size);
		size_t size = comma ? (size_t)(comma - list->data) : list->size;
		const char *equals = memchr(list->data, '=', size);

		if (equals) {
			*key = (struct evh_name){ list->data, (size_t)(equals - list->data) };
			*value = (struct evh_name){ equals + 1, size - key->size - 1 };
		}
		list->data += size + (comma != NULL);
		list->size -= size + (comma != NULL);
		if (equals && key->size)
			return true;
	}
	return false;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Values are percent-encoded. `out` has room for as many bytes. */
static size_t decode(char *out, const struct evh_name *value)
{
	size_t used = 0;

	for (size_t i = 0; i < value->size; i++) {
		bool coded = value->data[i] == '%' && i + 2 < value->size &&
			     hex(value->data[i + 1]) >= 0 && hex(value->data[i + 2]) >= 0;

		out[used++] = coded ? (char)(hex(value->data[i + 1]) << 4 | hex(value->data[i + 2]))
				    : value->data[i];
		i += coded ? 2 : 0;
	}
	return used;
}

static bool is_own(const struct evh_name *key)
{
	for (size_t i = 0; i < sizeof(OWN_NAMES) / sizeof(OWN_NAMES[0]); i++) {
		if (name_is(key, OWN_NAMES[i]))
			return true;
	}
	return false;
}

/* Longer ones are left out: names are short, and what stands here is a stranger's word. */
#define PAIR_MAX 1024

static void give_pairs(struct evh_name list, fact_taker *take, void *argument)
{
	struct evh_name key, value;

	while (next_pair(&list, &key, &value)) {
		char name[PAIR_MAX], text[PAIR_MAX];

		if (key.size >= sizeof(name) || value.size > sizeof(text) || is_own(&key))
			continue;
		memcpy(name, key.data, key.size);
		name[key.size] = '\0';
		give_text(take, argument, name, name,
			  (struct evh_name){ text, decode(text, &value) });
	}
}

static const struct evh_name NOTHING = { NULL, 0 };

static struct evh_name process_text(const struct event *event, enum process_text text)
{
	return event->process ? event->process->text[text] : NOTHING;
}

/* What the environment of the program says, else what it logs under. */
static struct evh_name service_of(struct event *event)
{
	struct evh_name list = process_text(event, PROCESS_RESOURCE), key, value;
	struct evh_name service = process_text(event, PROCESS_SERVICE);

	if (service.size)
		return service;
	while (next_pair(&list, &key, &value)) {
		if (name_is(&key, "service.name") && value.size)
			return value;
	}
	return event_ident(event);
}

static void give_process(const struct event *event, fact_taker *take, void *argument)
{
	const struct process *process = event->process;

	if (!process)
		return;
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		if (PROCESS_FACTS[i].otel)
			give_text(take, argument, PROCESS_FACTS[i].otel, PROCESS_FACTS[i].ecs,
				  process->text[i]);
	}
	if (process->has_uid)
		give_number(take, argument, "process.user.id", "user.id", process->uid);
	if (process->has_ppid)
		give_number(take, argument, "process.parent_pid", "process.parent.pid",
			    process->ppid);
	give_pairs(process->text[PROCESS_RESOURCE], take, argument);
}

void facts_each_resource(struct event *event, const struct host *host, fact_taker *take,
			 void *argument)
{
	give_text(take, argument, "service.name", "service.name", service_of(event));
	if (event->sample->has & EVH_SAMPLE_PID)
		give_number(take, argument, "process.pid", "process.pid", event->sample->pid);
	give_string(take, argument, "process.executable.name", "process.name", event->sample->comm);
	give_process(event, take, argument);
	if (!process_text(event, PROCESS_HOST).size)
		give_string(take, argument, "host.name", "host.hostname", host->name);
	if (!process_text(event, PROCESS_BOOT_ID).size)
		give_string(take, argument, "logtap.boot_id", "host.boot.id", host->boot_id);
	give_string(take, argument, "host.id", "host.id", host->id);
}

int facts_facility(const struct event *event)
{
	struct evh_name text = event_text_field(event, "facility");

	for (int i = 0; text.size && i < (int)(sizeof(lt_facility_names) / sizeof(char *)); i++) {
		if (lt_facility_names[i] && name_is(&text, lt_facility_names[i]))
			return i;
	}
	return -1;
}

struct evh_name facts_provider(const struct event *event)
{
	return event->schema ? event->schema->provider : NOTHING;
}

struct evh_name facts_body(struct event *event, struct evh_text *text)
{
	struct evh_name message = event_message(event);

	if (message.data)
		return message;
	evh_text_clear(text);
	event_append_line(event, VALUE_PLAIN, text);
	return (struct evh_name){ text->data ? text->data : "", text->error ? 0 : text->size };
}

/* FNV-1a */
#define HASH_BEGIN UINT64_C(14695981039346656037)

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Fields of an event that have names of their own; what an odd event has beyond is left out. */
#define FIELDS_MAX 256
#define NAME_SIZE  600

struct fields {
	fact_taker *take;
	void *argument;
	bool is_line;
	size_t count;
	struct {
		uint64_t hash;
		unsigned times;
	} seen[FIELDS_MAX];
};

/* How often a field of that name was there, this one included: an array has one of each element. */
static unsigned count_name(struct fields *fields, const char *name)
{
	uint64_t hash = mix(HASH_BEGIN, name, strlen(name));

	for (size_t i = 0; i < fields->count; i++) {
		if (fields->seen[i].hash == hash)
			return ++fields->seen[i].times;
	}
	if (fields->count == FIELDS_MAX)
		return 0;
	fields->seen[fields->count].hash = hash;
	fields->seen[fields->count++].times = 1;
	return 1;
}

/* Of our lines, what stands elsewhere already is left out. */
static bool stands_elsewhere(const struct fields *fields, const char *name)
{
	static const char *const OF_LINES[] = { "level", "ident", "facility" };

	for (size_t i = 0; fields->is_line && i < sizeof(OF_LINES) / sizeof(OF_LINES[0]); i++) {
		if (strcmp(name, OF_LINES[i]) == 0)
			return true;
	}
	return strcmp(name, "message") == 0;
}

/* In Elastic's schema what it doesn't know are labels. */
static void give_field(void *argument, const char *name, const char *data, size_t size)
{
	struct fields *fields = argument;
	char ecs[NAME_SIZE] = "labels.";
	char *own = ecs + strlen(ecs);
	unsigned times;

	if (stands_elsewhere(fields, name))
		return;
	times = count_name(fields, name);
	if (!times)
		return;
	snprintf(own, NAME_SIZE - strlen(ecs), times > 1 ? "%s.%u" : "%s", name, times);
	give_text(fields->take, fields->argument, own, ecs, (struct evh_name){ data, size });
}

/* Of a message that came in parts: what is known to be missing of it. */
static void give_joined(const struct evh_joined *joined, fact_taker *take, void *argument)
{
	if (joined && (joined->begin_missing || joined->end_missing))
		give_string(take, argument, "logtap.incomplete", "logtap.incomplete", "true");
}

static const char *const OWN_ATTRIBUTES[] = { "thread.id", "log.iostream", "syslog.facility",
					      "logtap.incomplete" };

void facts_each_attribute(struct event *event, fact_taker *take, void *argument)
{
	struct fields fields;
	bool is_line = event_is_line(event);
	int facility = is_line ? facts_facility(event) : -1;

	if (event->sample->has & EVH_SAMPLE_TID)
		give_number(take, argument, "thread.id", "process.thread.id", event->sample->tid);
	if (name_is(&event->name, "stderr"))
		give_string(take, argument, "log.iostream", "log.iostream", "stderr");
	if (facility >= 0)
		give_number(take, argument, "syslog.facility", "log.syslog.facility.code",
			    (uint64_t)facility);
	give_joined(event->joined, take, argument);
	/* These two have nothing else. */
	if (is_line && (name_is(&event->name, "stderr") || name_is(&event->name, "syslog")))
		return;
	fields.take = take;
	fields.argument = argument;
	fields.is_line = is_line;
	fields.count = 0;
	/* What an event calls by our names is not the same thing. */
	for (size_t i = 0; i < sizeof(OWN_ATTRIBUTES) / sizeof(OWN_ATTRIBUTES[0]); i++)
		count_name(&fields, OWN_ATTRIBUTES[i]);
	event_each_field(event, give_field, &fields);
}

uint64_t facts_resource_hash(struct event *event)
{
	const struct evh_sample *sample = event->sample;
	struct evh_name ident = event_ident(event), provider = facts_provider(event);
	uint64_t hash = mix(HASH_BEGIN, &sample->pid, sizeof(sample->pid));

	if (event->process)
		hash = mix(hash, &event->process->began, sizeof(event->process->began));
	hash = mix(hash, ident.data, ident.size);
	hash = mix(hash, provider.data, provider.size);
	return sample->comm ? mix(hash, sample->comm, strlen(sample->comm)) : hash;
}
