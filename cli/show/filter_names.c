/* SPDX-License-Identifier: MIT */
/* A short list of names. Must never grow with what is read. */
#include "filter_names.h"

#include <stdlib.h>
#include <string.h>

#include <evh/text.h>

void names_met(struct names *names, const char *data, size_t size)
{
	char buffer[6 * NAMES_MAX_SIZE + 128];
	struct evh_text text;
	char name[NAMES_MAX_SIZE];

	evh_text_use(&text, buffer, sizeof(buffer));
	evh_text_visible(&text, data, size < NAMES_MAX_SIZE - 1 ? size : NAMES_MAX_SIZE - 1);
	size = text.size < NAMES_MAX_SIZE - 1 ? text.size : NAMES_MAX_SIZE - 1;
	memcpy(name, buffer, size);
	name[size] = '\0';
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->text[i], name) == 0)
			return;
	}
	if (names->count == NAMES_MAX)
		names->more = true;
	else
		memcpy(names->text[names->count++], name, size + 1);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(left, right);
}

void names_write(struct names *names, char *buffer, size_t size)
{
	char *end = buffer;

	qsort(names->text, names->count, NAMES_MAX_SIZE, by_name);
	*end = '\0';
	for (size_t i = 0; i < names->count; i++) {
		if ((size_t)(end - buffer) + strlen(names->text[i]) + 8 > size) {
			names->more = true;
			break;
		}
		end = stpcpy(end, i ? ", " : "");
		end = stpcpy(end, names->text[i]);
	}
	if (names->more)
		stpcpy(end, " ...");
}
