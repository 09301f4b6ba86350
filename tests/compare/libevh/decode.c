/* SPDX-License-Identifier: MIT */
/*
 * What events.c printed, as the decoder of this build reads it: for each line `NAME BYTES` its
 * fields as text, a line each. builds.py compares what every decoder makes of every encoder's
 * bytes. Whether a number has 32 or 64 bits is left out: that is the writer's.
 */
#include <evh/decode.h>
#include <evh/text.h>
#include <stdio.h>
#include <string.h>

static uint8_t bytes[70000];

static size_t from_hex(const char *hex)
{
	size_t size = 0;
	unsigned byte;

	for (; size < sizeof(bytes) && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[size++] = (uint8_t)byte;
	return size;
}

static void put_name(struct evh_text *text, const struct evh_name *name)
{
	evh_text_append(text, name->data, name->size);
	evh_text_puts(text, " ");
}

static void put_number(struct evh_text *text, uint64_t number)
{
	evh_text_u64(text, number);
	evh_text_puts(text, " ");
}

static void put_head(struct evh_text *text, const struct evh_event *event)
{
	const uint8_t *ids[] = { event->activity, event->related };

	put_name(text, &event->name);
	put_name(text, &event->attributes);
	put_number(text, event->version);
	put_number(text, event->id);
	put_number(text, event->tag);
	put_number(text, event->opcode);
	put_number(text, event->level);
	for (int i = 0; i < 2; i++)
		if (ids[i])
			evh_text_visible(text, ids[i], 16);
	evh_text_puts(text, "\n");
}

static void put_item(struct evh_text *text, const struct evh_item *item)
{
	put_number(text, item->kind);
	put_name(text, &item->name);
	put_name(text, &item->attributes);
	put_number(text, item->value);
	put_number(text, item->array);
	put_number(text, item->depth);
	put_number(text, item->tag);
	put_number(text, item->count);
	put_number(text, item->index);
	if (item->kind == EVH_ITEM_FIELD)
		evh_text_value(text, item);
	evh_text_puts(text, "\n");
}

static int decode(const char *name, size_t size)
{
	struct evh_reader reader;
	struct evh_item item;
	struct evh_text text;
	int more = evh_reader_open(&reader, bytes, size);

	memset(&text, 0, sizeof(text));
	if (!more) {
		put_head(&text, &reader.event);
		while ((more = evh_reader_next(&reader, &item)) == 1)
			put_item(&text, &item);
	}
	printf("%s %d\n%.*s", name, more, (int)text.size, text.data ? text.data : "");
	evh_text_free(&text);
	return more;
}

int main(void)
{
	static char line[sizeof(bytes) * 2 + 100];
	int faults = 0;

	while (fgets(line, sizeof(line), stdin)) {
		char *hex = strchr(line, ' ');

		if (!hex)
			return 1;
		*hex++ = 0;
		/* Names and fields without EventHeader. */
		if (strcmp(line, "uuid") != 0 && strcmp(line, "fields") != 0)
			faults |= decode(line, from_hex(hex));
	}
	return faults != 0;
}
