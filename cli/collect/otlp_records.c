/* SPDX-License-Identifier: MIT */
/*
 * Log records by libprotobuf-c. Those of one process stand together, because they have its resource
 * in common. Must never put a text into a request that is not valid UTF-8: receivers drop the whole
 * request then.
 */
#include "otlp_records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "event_value.h"
#include "facts.h"
#include "otlp_logs.pb-c.h"

#define BUCKETS	       256u
#define ATTRIBUTES_MAX 512

typedef Logtap__Otlp__AnyValue AnyValue;
typedef Logtap__Otlp__KeyValue KeyValue;
typedef Logtap__Otlp__LogRecord LogRecord;

/* Records of one process and provider. */
struct group {
	struct group *next; /* in its bucket; all of them hang on `later`, too */
	struct group *later;
	uint64_t hash;
	LogRecord **records;
	size_t count, room;
	Logtap__Otlp__ResourceLogs logs;
	Logtap__Otlp__ScopeLogs *scope_logs[1];
	Logtap__Otlp__ScopeLogs scoped;
	Logtap__Otlp__Resource resource;
	Logtap__Otlp__InstrumentationScope scope;
};

struct otlp_records {
	struct arena arena;
	struct evh_text line; /* used again and again */
	struct group *buckets[BUCKETS];
	struct group *first, **last;
	size_t groups, bytes;
};

/* Attributes in the making. */
struct list {
	struct otlp_records *records;
	KeyValue *items[ATTRIBUTES_MAX];
	size_t count;
};

int otlp_records_create(struct otlp_records **records)
{
	*records = calloc(1, sizeof(**records));
	if (!*records)
		return -ENOMEM;
	(*records)->last = &(*records)->first;
	return 0;
}

void otlp_records_empty(struct otlp_records *records)
{
	arena_empty(&records->arena);
	memset(records->buckets, 0, sizeof(records->buckets));
	records->first = NULL;
	records->last = &records->first;
	records->groups = records->bytes = 0;
}

void otlp_records_destroy(struct otlp_records *records)
{
	if (!records)
		return;
	arena_free(&records->arena);
	evh_text_free(&records->line);
	free(records);
}

static bool is_ascii(const char *data, size_t size)
{
	unsigned char all = 0;

	for (size_t i = 0; i < size; i++)
		all |= (unsigned char)data[i];
	return all < 0x80;
}

/* A copy, as UTF-8. */
static ProtobufCBinaryData keep_text(struct otlp_records *records, const char *data, size_t size)
{
	ProtobufCBinaryData copy = { 0 };

	if (!is_ascii(data, size)) {
		struct evh_text clean = { 0 };

		value_append(&clean, VALUE_PLAIN, data, size);
		copy.data = clean.error ? NULL : arena_take(&records->arena, clean.size + 1);
		copy.len = copy.data ? clean.size : 0;
		if (copy.len)
			memcpy(copy.data, clean.data, copy.len);
		evh_text_free(&clean);
		return copy;
	}
	copy.data = arena_take(&records->arena, size + 1);
	copy.len = copy.data ? size : 0;
	if (copy.len)
		memcpy(copy.data, data, size);
	return copy;
}

static char *keep_name(struct otlp_records *records, const char *name)
{
	ProtobufCBinaryData copy = keep_text(records, name, strlen(name));

	records->bytes += copy.len;
	return (char *)copy.data;
}

static AnyValue *text_value(struct otlp_records *records, const char *data, size_t size)
{
	AnyValue *value = arena_take(&records->arena, sizeof(*value));

	if (!value)
		return NULL;
	logtap__otlp__any_value__init(value);
	value->value_case = LOGTAP__OTLP__ANY_VALUE__VALUE_STRING_VALUE;
	value->string_value = keep_text(records, data, size);
	records->bytes += size + 8;
	return value;
}

static AnyValue *number_value(struct otlp_records *records, uint64_t number)
{
	AnyValue *value = arena_take(&records->arena, sizeof(*value));

	if (!value)
		return NULL;
	logtap__otlp__any_value__init(value);
	value->value_case = LOGTAP__OTLP__ANY_VALUE__VALUE_INT_VALUE;
	value->int_value = (int64_t)number;
	records->bytes += 8;
	return value;
}

static void add_fact(void *argument, const struct fact *fact)
{
	struct list *list = argument;
	struct otlp_records *records = list->records;
	KeyValue *pair;

	if (list->count == ATTRIBUTES_MAX)
		return;
	pair = arena_take(&records->arena, sizeof(*pair));
	if (!pair)
		return;
	logtap__otlp__key_value__init(pair);
	pair->key = keep_name(records, fact->otel);
	pair->value = fact->is_number ? number_value(records, fact->number)
				      : text_value(records, fact->data, fact->size);
	if (pair->key && pair->value)
		list->items[list->count++] = pair;
}

/* What was gathered, for good. */
static KeyValue **keep_list(const struct list *list)
{
	size_t size = list->count * sizeof(void *);
	KeyValue **items = arena_take(&list->records->arena, size);

	return items ? memcpy(items, list->items, size) : NULL;
}

static void describe(struct otlp_records *records, struct group *group, struct event *event,
		     const struct host *host)
{
	struct evh_name provider = facts_provider(event);
	struct list list;

	list.records = records;
	list.count = 0;
	facts_each_resource(event, host, add_fact, &list);
	logtap__otlp__resource_logs__init(&group->logs);
	logtap__otlp__scope_logs__init(&group->scoped);
	logtap__otlp__resource__init(&group->resource);
	logtap__otlp__instrumentation_scope__init(&group->scope);
	group->resource.attributes = keep_list(&list);
	group->resource.n_attributes = group->resource.attributes ? list.count : 0;
	group->scope.name = keep_text(records, provider.data, provider.size);
	group->scoped.scope = &group->scope;
	group->scope_logs[0] = &group->scoped;
	group->logs.resource = &group->resource;
	group->logs.scope_logs = group->scope_logs;
	group->logs.n_scope_logs = 1;
}

static struct group *find_group(struct otlp_records *records, struct event *event,
				const struct host *host)
{
	uint64_t hash = facts_resource_hash(event);
	struct group **bucket = &records->buckets[hash % BUCKETS], *group = *bucket;

	while (group && group->hash != hash)
		group = group->next;
	if (group)
		return group;
	group = arena_take(&records->arena, sizeof(*group));
	if (!group)
		return NULL;
	group->hash = hash;
	describe(records, group, event, host);
	group->next = *bucket;
	*bucket = group;
	*records->last = group;
	records->last = &group->later;
	records->groups++;
	return group;
}

/* The old room stays in the arena: all of it together is no more than the new. */
static bool add_record(struct otlp_records *records, struct group *group, LogRecord *record)
{
	if (group->count == group->room) {
		size_t room = group->room ? 2 * group->room : 8;
		LogRecord **larger = arena_take(&records->arena, room * sizeof(void *));

		if (!larger)
			return false;
		if (group->count)
			memcpy(larger, group->records, group->count * sizeof(void *));
		group->records = larger;
		group->room = room;
	}
	group->records[group->count++] = record;
	return true;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void fill_record(struct otlp_records *records, LogRecord *record, struct event *event)
{
	enum severity severity = event_severity(event);
	struct evh_name body = facts_body(event, &records->line);
	struct list list;

	list.records = records;
	list.count = 0;
	logtap__otlp__log_record__init(record);
	record->time_unix_nano = event->sample->has & EVH_SAMPLE_TIME ? event->sample->time : 0;
	record->observed_time_unix_nano = now();
	if (severity < SEVERITY_NONE) {
		record->severity_number = (int32_t)facts_severity_number(severity);
		record->severity_text = (char *)(uintptr_t)severity_name(severity);
	}
	record->body = text_value(records, body.data, body.size);
	record->event_name = keep_text(records, event->name.data, event->name.size);
	facts_each_attribute(event, add_fact, &list);
	record->attributes = keep_list(&list);
	record->n_attributes = record->attributes ? list.count : 0;
	records->bytes += 48;
}

size_t otlp_records_add(struct otlp_records *records, struct event *event, const struct host *host)
{
	struct group *group = find_group(records, event, host);
	LogRecord *record = group ? arena_take(&records->arena, sizeof(*record)) : NULL;

	if (record) {
		fill_record(records, record, event);
		add_record(records, group, record);
	}
	return records->bytes;
}

int otlp_records_pack(struct otlp_records *records, struct evh_text *request)
{
	Logtap__Otlp__ExportLogsServiceRequest whole =
		LOGTAP__OTLP__EXPORT_LOGS_SERVICE_REQUEST__INIT;
	size_t size;
	char *room;

	whole.resource_logs = arena_take(&records->arena, (records->groups + 1) * sizeof(void *));
	if (records->arena.failed)
		return -ENOMEM;
	for (struct group *group = records->first; group; group = group->later) {
		group->scoped.log_records = group->records;
		group->scoped.n_log_records = group->count;
		whole.resource_logs[whole.n_resource_logs++] = &group->logs;
	}
	size = logtap__otlp__export_logs_service_request__get_packed_size(&whole);
	room = evh_text_reserve(request, size);
	if (!room)
		return -ENOMEM;
	request->size += logtap__otlp__export_logs_service_request__pack(&whole, (uint8_t *)room);
	return 0;
}

uint64_t otlp_records_rejected(const void *answer, size_t size, char *message, size_t message_size)
{
	Logtap__Otlp__ExportLogsServiceResponse *response =
		logtap__otlp__export_logs_service_response__unpack(NULL, size, answer);
	const Logtap__Otlp__ExportLogsPartialSuccess *partial =
		response ? response->partial_success : NULL;
	uint64_t rejected = 0;

	if (partial && partial->rejected_log_records > 0) {
		rejected = (uint64_t)partial->rejected_log_records;
		snprintf(message, message_size, "it says '%s'", partial->error_message);
	}
	logtap__otlp__export_logs_service_response__free_unpacked(response, NULL);
	return rejected;
}
