/* SPDX-License-Identifier: MIT */
/*
 * A hash of processes by recording and number, bounded in memory. Must never trust a text of an
 * event: they are its writer's own word.
 */
#include "process_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <evh/json.h>

#define BUCKETS 4096u

/* Some hundred thousand processes; the oldest are forgotten first. */
#define MEMORY_MAX ((size_t)64 << 20)

/* The keyword of what is said of processes. */
#define KEYWORD_PROCESS 0x4

struct process_table {
	struct process *buckets[BUCKETS];
	struct process *oldest, *newest;
	size_t memory;
};

const char *const process_text_names[PROCESS_TEXTS] = {
	[PROCESS_EXE] = "exe",
	[PROCESS_UNIT] = "unit",
	[PROCESS_CONTAINER] = "container",
	[PROCESS_HOST] = "host",
	[PROCESS_ARGS] = "args",
	[PROCESS_CGROUP] = "cgroup",
	[PROCESS_BOOT_ID] = "boot_id",
	[PROCESS_SERVICE] = "service",
	[PROCESS_RESOURCE] = "resource",
};

static enum process_news news_of(uint64_t keyword, const struct evh_name *name)
{
	if (keyword != KEYWORD_PROCESS)
		return PROCESS_NO_NEWS;
	if (name_is(name, "process"))
		return PROCESS_STARTED;
	return name_is(name, "exit") ? PROCESS_ENDED : PROCESS_NO_NEWS;
}

enum process_news process_news_of(const struct event *event)
{
	return event->schema ? news_of(event->schema->keyword, &event->name) : PROCESS_NO_NEWS;
}

enum process_news process_news_of_kind(const struct evh_schema *kind)
{
	return news_of(kind->keyword, &kind->event);
}

int process_table_create(struct process_table **table)
{
	*table = calloc(1, sizeof(**table));
	return *table ? 0 : -ENOMEM;
}

static void process_free(struct process *process)
{
	free(process->block);
	free(process);
}

void process_table_destroy(struct process_table *table)
{
	if (!table)
		return;
	for (struct process *process = table->oldest; process;) {
		struct process *newer = process->newer;

		process_free(process);
		process = newer;
	}
	free(table);
}

static uint32_t bucket_of(uint32_t source, uint32_t pid)
{
	return (pid + source * 1031u) % BUCKETS;
}

static struct process **place_of(struct process_table *table, uint32_t source, uint32_t pid)
{
	struct process **place = &table->buckets[bucket_of(source, pid)];

	while (*place && ((*place)->pid != pid || (*place)->source != source))
		place = &(*place)->next;
	return place;
}

const struct process *process_table_find(const struct process_table *table, uint32_t source,
					 uint32_t pid)
{
	const struct process *process = table->buckets[bucket_of(source, pid)];

	while (process && (process->pid != pid || process->source != source))
		process = process->next;
	return process;
}

static void forget(struct process_table *table, struct process **place)
{
	struct process *process = *place;

	if (!process)
		return;
	*place = process->next;
	*(process->older ? &process->older->newer : &table->oldest) = process->newer;
	*(process->newer ? &process->newer->older : &table->newest) = process->older;
	table->memory -= process->size;
	process_free(process);
}

static void remember(struct process_table *table, struct process *process)
{
	struct process **place = place_of(table, process->source, process->pid);

	if (*place)
		forget(table, place);
	while (table->oldest && table->memory + process->size > MEMORY_MAX)
		forget(table, place_of(table, table->oldest->source, table->oldest->pid));
	place = &table->buckets[bucket_of(process->source, process->pid)];
	process->next = *place;
	*place = process;
	process->older = table->newest;
	*(table->newest ? &table->newest->newer : &table->oldest) = process;
	table->newest = process;
	table->memory += process->size;
}

static bool ends_with(const char *data, size_t size, const char *suffix)
{
	size_t length = strlen(suffix);

	return size > length && memcmp(data + size - length, suffix, length) == 0;
}

/*
 * As systemd finds it: behind the slices, the first part of the path that is a unit
 * ("/system.slice/ nginx.service/worker"). systemd puts a "_" before names that the kernel would
 * misunderstand.
 */
static struct evh_name unit_of(struct evh_name cgroup)
{
	static const char *const SUFFIXES[] = { ".service", ".scope", ".socket", ".mount",
						".swap" };
	const char *at = cgroup.data;
	const char *end = at ? at + cgroup.size : NULL;

	while (at && at < end) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		size_t size = (size_t)((slash ? slash : end) - at);

		for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
			if (ends_with(at, size, SUFFIXES[i]))
				return *at == '_' ? (struct evh_name){ at + 1, size - 1 }
						  : (struct evh_name){ at, size };
		}
		at = slash ? slash + 1 : NULL;
	}
	return (struct evh_name){ NULL, 0 };
}

static bool number_field(const struct event *event, const char *name, uint32_t *number)
{
	struct evh_item item;
	uint64_t value;

	if (evh_schemas_field(event->schemas, event->sample, name, &item) != 1 ||
	    evh_item_u64(&item, &value) != 0 || value > UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	return true;
}

/* What JSON has of a process behind "comm": `,"exe":"/bin/sh","uid":0,"unit":...`. */
static void append_json(struct evh_text *json, const struct process *process)
{
	for (size_t i = PROCESS_EXE; i <= PROCESS_HOST; i++) {
		const struct evh_name *text = &process->text[i];

		if (text->size) {
			evh_text_puts(json, ",\"");
			evh_text_puts(json, process_text_names[i]);
			evh_text_puts(json, "\":");
			evh_json_string(json, text->data, text->size);
		}
		if (i == PROCESS_EXE && process->has_uid) {
			evh_text_puts(json, ",\"uid\":");
			evh_text_u64(json, process->uid);
		}
	}
}

#define MEMBER_BEGIN ",\"process\":{\"comm\":"

/* What evh_json_string() asks for with the longest name, which is more than it uses. */
#define MEMBER_BESIDES (sizeof(MEMBER_BEGIN) + 6 * (size_t)PROCESS_COMM_SIZE + 80)

static void write_member(struct process_block *block, const struct process *process)
{
	struct evh_text text;

	evh_text_use(&text, block->text, MEMBER_BESIDES + process->json.size);
	evh_text_puts(&text, MEMBER_BEGIN);
	evh_json_string(&text, block->comm, strlen(block->comm));
	evh_text_append(&text, process->json.data, process->json.size);
	evh_text_puts(&text, "}");
	block->size = text.error ? 0 : text.size;
}

struct evh_name process_member(const struct process *process, const char *comm)
{
	struct process_block *block = process->block;

	if (!block->size || strcmp(block->comm, comm) != 0) {
		size_t size = strlen(comm);

		if (size >= sizeof(block->comm))
			return (struct evh_name){ NULL, 0 };
		memcpy(block->comm, comm, size + 1);
		write_member(block, process);
	}
	return (struct evh_name){ block->text, block->size };
}

/* A copy that owns its texts. NULL: no memory. */
static struct process *keep(const struct process *found, const struct evh_text *json)
{
	size_t size = sizeof(*found) + json->size;
	size_t block = sizeof(struct process_block) + MEMBER_BESIDES + json->size;
	struct process *process;
	char *out;

	for (size_t i = 0; i < PROCESS_TEXTS; i++)
		size += found->text[i].size;
	process = malloc(size);
	if (!process)
		return NULL;
	*process = *found;
	process->block = malloc(block);
	if (!process->block) {
		free(process);
		return NULL;
	}
	process->block->size = 0;
	process->size = size + block;
	out = process->bytes;
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		if (!found->text[i].data)
			continue;
		process->text[i].data = memcpy(out, found->text[i].data, found->text[i].size);
		out += found->text[i].size;
	}
	process->json = (struct evh_name){ out, json->size };
	if (json->size)
		memcpy(out, json->data, json->size);
	return process;
}

/* What the event says, in its own bytes. */
static void read_event(struct process *process, struct event *event)
{
	struct evh_item item;

	process->pid = event->sample->pid;
	process->has_ppid = number_field(event, "ppid", &process->ppid);
	process->has_uid = number_field(event, "uid", &process->uid);
	process->has_start =
		evh_schemas_field(event->schemas, event->sample, "start", &item) == 1 &&
		evh_item_i64(&item, &process->start) == 0;
	process->has_began = event->sample->has & EVH_SAMPLE_TIME;
	process->began = event->sample->time;
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		struct evh_name text = event_text_field(event, process_text_names[i]);

		process->text[i] = text.size ? text : (struct evh_name){ NULL, 0 };
	}
	if (!process->text[PROCESS_UNIT].data)
		process->text[PROCESS_UNIT] = unit_of(process->text[PROCESS_CGROUP]);
}

int process_table_learn(struct process_table *table, uint32_t source, struct event *event)
{
	struct process found = { .source = source };
	struct evh_text json = { 0 };
	struct process *process;

	if (!(event->sample->has & EVH_SAMPLE_PID))
		return 0;
	read_event(&found, event);
	append_json(&json, &found);
	process = json.error ? NULL : keep(&found, &json);
	evh_text_free(&json);
	if (!process)
		return -ENOMEM;
	remember(table, process);
	return 0;
}
