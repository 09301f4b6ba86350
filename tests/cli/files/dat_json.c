/* SPDX-License-Identifier: MIT */
/*
 * Prints the events of a .dat file as JSON, one per line: the smallest loop around the event
 * reader, so that its values can be compared with the reference without the file readers. Each
 * event goes the plain way and twice the fast way, which must agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <evh/schema.h>

static unsigned char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	unsigned char *data = malloc(64u << 20);

	if (!file || !data)
		exit(2);
	*size = fread(data, 1, 64u << 20, file);
	fclose(file);
	return data;
}

/* Appends the event the plain way; says whether the fast way gives the same. */
static int append_event(struct evh_text *text, struct evh_schemas *schemas,
			const struct evh_sample *sample)
{
	size_t start = text->size;
	int result = evh_json_event(text, sample);
	size_t size = text->size - start;
	int same = 1;

	for (int i = 0; i < 2; i++) {
		size_t fast = text->size;

		same &= evh_schemas_json(schemas, text, sample) == result;
		same &= text->size - fast == size &&
			memcmp(text->data + start, text->data + fast, size) == 0;
		text->size = fast;
	}
	return result == 0 && same;
}

int main(int argc, char **argv)
{
	struct evh_text text = { 0 };
	struct evh_schemas *schemas = NULL;
	size_t size = 0;
	unsigned char *data = argc == 2 ? read_file(argv[1], &size) : NULL;
	int failures = evh_schemas_create(&schemas) != 0;

	for (size_t at = 0; data && size - at > 4;) {
		uint32_t record = data[at] | data[at + 1] << 8 | data[at + 2] << 16 |
				  (uint32_t)data[at + 3] << 24;
		size_t name = strnlen((char *)data + at + 4, size - at - 4);
		struct evh_sample sample = { .tracepoint = (char *)data + at + 4,
					     .event = data + at + 4 + name + 1,
					     .event_size = record - 4 - name - 1 };

		if (record > size - at || name + 5 > record)
			return 3;
		failures += !append_event(&text, schemas, &sample);
		evh_text_append(&text, "\n", 1);
		at += record;
	}
	fwrite(text.data, 1, text.size, stdout);
	evh_text_free(&text);
	evh_schemas_destroy(schemas);
	free(data);
	return argc != 2 ? 2 : failures > 0;
}
