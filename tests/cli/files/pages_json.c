/* SPDX-License-Identifier: MIT */
/*
 * Prints the EventHeader events of raw ring buffer pages (trace_pipe_raw) as JSON, one per line.
 * Such records are padded to 4 bytes with what lay in the buffer before: the reader must not take
 * that for a part of the event.
 *
 *	pages-json PAGES FORMAT...
 *
 * FORMAT is a tracepoint's format file, for its id and its name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kbuffer.h>

#include <evh/schema.h>

#define PAGE	4096
#define FORMATS 16
#define COMMON	8 /* bytes of every tracepoint's common fields */

struct format {
	unsigned id;
	char name[256];
};

static struct format formats[FORMATS];

static int read_format(const char *path, struct format *format)
{
	FILE *file = fopen(path, "r");
	int found;

	if (!file)
		return 0;
	found = fscanf(file, "name: %255s ID: %u", format->name, &format->id);
	fclose(file);
	return found == 2;
}

static const char *find_name(unsigned id)
{
	for (int i = 0; i < FORMATS; i++)
		if (formats[i].id == id)
			return formats[i].name;
	return NULL;
}

/* 1 when the record was an event and could be read to its end. */
static int print_record(struct evh_schemas *schemas, const unsigned char *record, size_t size)
{
	struct evh_text text = { 0 };
	struct evh_sample sample = { .event = record + COMMON, .event_size = size - COMMON };
	int result;

	if (size < COMMON)
		return 0;
	sample.tracepoint = find_name(record[0] | (unsigned)record[1] << 8);
	if (!sample.tracepoint)
		return 0;
	result = evh_schemas_json(schemas, &text, &sample);
	printf("%.*s\n", (int)text.size, text.data);
	evh_text_free(&text);
	return result == 0;
}

int main(int argc, char **argv)
{
	struct kbuffer *pages = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
	struct evh_schemas *schemas = NULL;
	unsigned char page[PAGE];
	int good = pages && file && evh_schemas_create(&schemas) == 0;

	for (int i = 2; good && i < argc && i - 2 < FORMATS; i++)
		good = read_format(argv[i], &formats[i - 2]);
	while (good && fread(page, 1, PAGE, file) == PAGE) {
		unsigned long long time;
		void *record;

		good = kbuffer_load_subbuffer(pages, page) == 0;
		for (record = good ? kbuffer_read_event(pages, &time) : NULL; record && good;
		     record = kbuffer_next_event(pages, &time))
			good = print_record(schemas, record, (size_t)kbuffer_event_size(pages));
	}
	evh_schemas_destroy(schemas);
	kbuffer_free(pages);
	if (file)
		fclose(file);
	return !good;
}
