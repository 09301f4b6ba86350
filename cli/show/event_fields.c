/* SPDX-License-Identifier: MIT */
/* Walks an event's fields. Names and values are strangers': no length of them is trusted. */
#include "event_fields.h"

#include <string.h>

#include <evh/tep.h>

#include "common_schema.h"
#include "event_value.h"

/* A path longer than that is cut. */
#define PATH_SIZE 512

struct walk {
	field_taker *take;
	void *argument;
	char path[PATH_SIZE];
	size_t size;
	size_t ends[EVH_DEPTH_MAX + 1]; /* where the path ended outside of each struct */
	size_t depth;
};

/* Appends "name", behind a dot where something stands before it. */
static size_t add_name(struct walk *walk, const struct evh_name *name)
{
	size_t before = walk->size;
	size_t room;

	if (before && before < PATH_SIZE - 1)
		walk->path[walk->size++] = '.';
	room = PATH_SIZE - 1 - walk->size;
	room = name->size < room ? name->size : room;
	memcpy(walk->path + walk->size, name->data, room);
	walk->size += room;
	walk->path[walk->size] = '\0';
	return before;
}

/* Of a message that was put together; `path` leads to the field. */
static bool is_parts_own(const char *path)
{
	return strcmp(path, "message_id") == 0 || strcmp(path, "part") == 0 ||
	       strcmp(path, "last") == 0 || common_schema_is_of_part(path);
}

static bool is_message(const char *path)
{
	return strcmp(path, "message") == 0 || strcmp(path, COMMON_SCHEMA_BODY) == 0;
}

static void hand_over(struct walk *walk, const struct event *event, const struct evh_item *item)
{
	size_t before = add_name(walk, &item->name);
	struct evh_text text = { 0 };

	if (event->joined && is_message(walk->path))
		value_append(&text, VALUE_PLAIN, event->message.data, event->message.size);
	else
		value_append_item(&text, VALUE_PLAIN, item);
	if (!text.error && !(event->joined && is_parts_own(walk->path)))
		walk->take(walk->argument, walk->path, text.data ? text.data : "", text.size);
	evh_text_free(&text);
	walk->size = before;
	walk->path[before] = '\0';
}

static void walk_fields(struct walk *walk, const struct event *event, struct evh_reader *reader)
{
	struct evh_item item;

	while (evh_reader_next(reader, &item) > 0) {
		if (item.kind == EVH_ITEM_STRUCT_BEGIN) {
			walk->ends[walk->depth++] = add_name(walk, &item.name);
		} else if (item.kind == EVH_ITEM_STRUCT_END) {
			walk->size = walk->ends[--walk->depth];
			walk->path[walk->size] = '\0';
		} else if (item.kind == EVH_ITEM_FIELD) {
			hand_over(walk, event, &item);
		}
	}
}

void event_each_field(struct event *event, field_taker *take, void *argument)
{
	struct walk walk = { .take = take, .argument = argument };
	struct evh_text text = { 0 };
	struct evh_reader reader;

	if (!event->sample->event) {
		evh_tep_text(&text, event->sample);
		if (text.size)
			take(argument, "fields", text.data, text.size);
		evh_text_free(&text);
	} else if (evh_reader_open(&reader, event->sample->event, event->sample->event_size) == 0) {
		walk_fields(&walk, event, &reader);
	}
}
