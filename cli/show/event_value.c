/* SPDX-License-Identifier: MIT */
/* Values of an event by name. What costs least is looked at first. */
#include "event_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common_schema.h"
#include "event_json.h"
#include "process_table.h"

/* A text of any encoding as UTF-8. A unit becomes three bytes for each of its own at most. */
static void append_plain(struct evh_text *text, const struct evh_item *item)
{
	size_t room = 3 * item->size + 1;
	char *out = evh_text_reserve(text, room);
	int64_t size = out ? evh_item_utf8(item, out, room) : 0;

	if (size > 0)
		text->size += (size_t)size;
}

void value_append(struct evh_text *text, enum value_style style, const char *data, size_t size)
{
	const struct evh_item item = {
		.kind = EVH_ITEM_FIELD,
		.value = EVH_VALUE_UTF8,
		.data = (const uint8_t *)data,
		.size = size,
	};

	if (style == VALUE_VISIBLE)
		evh_text_visible(text, data, size);
	else if (style == VALUE_BYTES)
		evh_text_append(text, data, size);
	else
		append_plain(text, &item);
}

void value_append_item(struct evh_text *text, enum value_style style, const struct evh_item *item)
{
	bool narrow = item->value == EVH_VALUE_UTF8 || item->value == EVH_VALUE_LATIN1;

	if (style == VALUE_BYTES && narrow)
		evh_text_append(text, item->data, item->size);
	else if (style == VALUE_PLAIN && item->value >= EVH_VALUE_LATIN1)
		append_plain(text, item);
	else
		evh_text_value(text, item);
}

/* One value on its way to who asked. */
struct search {
	value_taker *take;
	void *argument;
	enum value_style style;
	bool whole; /* an array is one value */
	bool found;
	int result;
	struct evh_text text;
};

static bool hand_over(struct search *search)
{
	search->found = true;
	if (!search->text.error)
		search->result =
			search->take(search->argument, search->text.data ? search->text.data : "",
				     search->text.size);
	evh_text_clear(&search->text);
	return search->result != 0;
}

static void found_text(struct search *search, struct evh_name value)
{
	value_append(&search->text, search->style, value.data, value.size);
	hand_over(search);
}

static void found_number(struct search *search, uint64_t value)
{
	evh_text_u64(&search->text, value);
	hand_over(search);
}

/* True when it was taken. */
static bool found_item(struct search *search, const struct evh_item *item)
{
	value_append_item(&search->text, search->style, item);
	return hand_over(search);
}

static struct evh_name terminated(const char *text)
{
	return (struct evh_name){ text, text ? strlen(text) : 0 };
}

static struct evh_name provider_of(const struct event *event)
{
	return event->schema ? event->schema->provider : terminated(event->sample->system);
}

/* What a record of OpenTelemetry's has under a name of ours, and what its parts said together. */
static struct evh_name record_value(struct event *event, const char *name)
{
	struct evh_name none = { NULL, 0 };
	bool service = strcmp(name, "service") == 0;

	if ((!service && strcmp(name, COMMON_SCHEMA_BODY) != 0) || !common_schema_is(event))
		return none;
	return service	       ? common_schema_text(event, "PartA", "ext_cloud_role")
	       : event->joined ? event_message(event)
			       : none;
}

/* The numbers and texts that the recording has of every event. True: it is one of these names. */
static bool find_own(struct search *search, struct event *event, const char *name)
{
	const struct evh_sample *sample = event->sample;
	const struct {
		const char *name;
		uint32_t bit;
		uint32_t value;
	} numbers[] = {
		{ "pid", EVH_SAMPLE_PID, sample->pid },
		{ "tid", EVH_SAMPLE_TID, sample->tid },
		{ "cpu", EVH_SAMPLE_CPU, sample->cpu },
	};
	struct evh_name value = { NULL, 0 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(name, numbers[i].name) != 0)
			continue;
		if (sample->has & numbers[i].bit)
			found_number(search, numbers[i].value);
		return true;
	}
	if (strcmp(name, "event") == 0)
		value = event->name;
	else if (strcmp(name, "provider") == 0)
		value = provider_of(event);
	else if (strcmp(name, "tracepoint") == 0)
		value = terminated(sample->tracepoint);
	else if (strcmp(name, "ident") == 0)
		value = event_ident(event);
	else if (strcmp(name, "program") == 0)
		value = terminated(sample->comm);
	else if (strcmp(name, "message") == 0)
		value = event_message(event);
	else if (strcmp(name, "level") == 0)
		value = terminated(severity_name(event_severity(event)));
	else
		value = record_value(event, name);
	if (value.data)
		found_text(search, value);
	return value.data != NULL;
}

/* Whether `path` goes on in something called `name`: what is left of it behind the dot. */
static const char *behind(const char *path, const struct evh_name *name)
{
	return strncmp(path, name->data, name->size) == 0 && path[name->size] == '.'
		       ? path + name->size + 1
		       : NULL;
}

static bool is_called(const char *path, const struct evh_name *name)
{
	return strlen(path) == name->size && memcmp(path, name->data, name->size) == 0;
}

/* Fields in structs and arrays, however deep. */
static void find_nested(struct search *search, const struct event *event, const char *name)
{
	const char *paths[EVH_DEPTH_MAX + 1] = { name };
	struct evh_reader reader;
	struct evh_item item;
	size_t depth = 0;

	if (evh_reader_open(&reader, event->sample->event, event->sample->event_size) != 0)
		return;
	while (evh_reader_next(&reader, &item) > 0) {
		const char *path = paths[depth];

		if (item.kind == EVH_ITEM_FIELD && is_called(path, &item.name)) {
			if (found_item(search, &item))
				return;
		} else if (item.kind == EVH_ITEM_STRUCT_BEGIN && behind(path, &item.name)) {
			paths[++depth] = behind(path, &item.name);
		} else if (item.kind == EVH_ITEM_STRUCT_END && depth > 0) {
			depth--;
		} else if (item.kind == EVH_ITEM_STRUCT_BEGIN ||
			   (item.kind == EVH_ITEM_ARRAY_BEGIN && !behind(path, &item.name) &&
			    (search->whole || !is_called(path, &item.name)))) {
			if (evh_reader_skip(&reader) < 0)
				return;
		}
	}
}

static void find_field(struct search *search, const struct event *event, const char *name)
{
	struct evh_item item;

	if (!event->sample->event)
		return;
	if (evh_schemas_field(event->schemas, event->sample, name, &item) == 1)
		found_item(search, &item);
	else
		find_nested(search, event, name);
}

static void find_process(struct search *search, const struct process *process, const char *name)
{
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		if (strcmp(name, process_text_names[i]) == 0 && process->text[i].data)
			found_text(search, process->text[i]);
	}
	if (strcmp(name, "uid") == 0 && process->has_uid)
		found_number(search, process->uid);
	if (strcmp(name, "ppid") == 0 && process->has_ppid)
		found_number(search, process->ppid);
}

static void found_hex(struct search *search, uint64_t value)
{
	char text[2 + 16 + 1];
	int size = snprintf(text, sizeof(text), "0x%" PRIX64, value);

	found_text(search, (struct evh_name){ text, (size_t)size });
}

/* True: it is one of these names, which have no value where JSON has no such member. */
static bool find_header_number(struct search *search, uint64_t keyword,
			       const struct evh_event *header, const char *name)
{
	const struct {
		const char *name;
		uint64_t value;
		bool hex, also_zero;
	} numbers[] = {
		{ "keyword", keyword, true, true },
		{ "opcode", header->opcode, false, true },
		{ "id", header->id, false, false },
		{ "tag", header->tag, true, false },
		{ "version", header->version, false, false },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(name, numbers[i].name) != 0)
			continue;
		if (numbers[i].hex && (numbers[i].value || numbers[i].also_zero))
			found_hex(search, numbers[i].value);
		else if (numbers[i].value || numbers[i].also_zero)
			found_number(search, numbers[i].value);
		return true;
	}
	return false;
}

/* What stands in front of an event's fields. True: it is one of these names. */
static bool find_header(struct search *search, const struct event *event, const char *name)
{
	struct evh_item uuid = { .kind = EVH_ITEM_FIELD, .value = EVH_VALUE_UUID, .size = 16 };
	struct evh_reader reader;

	if (!event->schema || !event->sample->event ||
	    evh_reader_open(&reader, event->sample->event, event->sample->event_size) != 0)
		return false;
	if (find_header_number(search, event->schema->keyword, &reader.event, name))
		return true;
	if (strcmp(name, "activity") == 0)
		uuid.data = reader.event.activity;
	else if (strcmp(name, "related") == 0)
		uuid.data = reader.event.related;
	else
		return false;
	if (uuid.data)
		found_item(search, &uuid);
	return true;
}

static void find(struct search *search, struct event *event, const char *name)
{
	if (!find_own(search, event, name))
		find_field(search, event, name);
	if (!search->found && event->process)
		find_process(search, event->process, name);
	/* What only the whole object has: structs as they are, kernel fields. */
	if (!search->found && !find_header(search, event, name) &&
	    event_json_member(&search->text, event, name))
		hand_over(search);
	evh_text_free(&search->text);
}

int event_values(struct event *event, const char *name, enum value_style style, value_taker *take,
		 void *argument)
{
	struct search search = { .take = take, .argument = argument, .style = style };

	find(&search, event, name);
	return search.result;
}

static int append_first(void *argument, const char *data, size_t size)
{
	evh_text_append(argument, data, size);
	return 1;
}

bool event_append_value(struct event *event, const char *name, enum value_style style,
			struct evh_text *text)
{
	struct search search = {
		.take = append_first,
		.argument = text,
		.style = style,
		.whole = true,
	};

	find(&search, event, name);
	return search.found;
}
