/* SPDX-License-Identifier: MIT */
/*
 * The buffer in front of stdout, and what the options say about formats. Must never write after a
 * write failed: what follows would stand in the wrong place.
 */
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <evh/json.h>

#include "cli.h"

static const char *const FORMATS[] = {
	[OUTPUT_SHORT] = "short",
	[OUTPUT_JSON] = "json",
	[OUTPUT_CAT] = "cat",
	[OUTPUT_PERF] = "perf",
};

static const char *const COLORS[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
};

static int find_word(const char *const words[], size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0)
			return (int)i;
	}
	return -EINVAL;
}

int output_parse_format(const char *text, enum output_format *format)
{
	int found = find_word(FORMATS, sizeof(FORMATS) / sizeof(FORMATS[0]), text);

	if (found < 0)
		return found;
	*format = (enum output_format)found;
	return 0;
}

int output_parse_color(const char *text, enum output_color *color)
{
	int found = find_word(COLORS, sizeof(COLORS) / sizeof(COLORS[0]), text);

	if (found < 0)
		return found;
	*color = (enum output_color)found;
	return 0;
}

/* As JSON writes the name, without the quotes around it. NULL: no memory. */
static char *make_key(const char *name)
{
	struct evh_text text = { 0 };
	char *key = NULL;

	evh_json_string(&text, name, strlen(name));
	if (!text.error)
		key = strndup(text.data + 1, text.size - 2);
	evh_text_free(&text);
	return key;
}

static int add_field(struct output *output, const char *name, size_t size)
{
	struct output_field *larger;

	if (!size)
		return -EINVAL;
	larger = realloc(output->fields, (output->field_count + 1) * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	output->fields = larger;

	struct output_field *field = &larger[output->field_count++];

	*field = (struct output_field){ .name = strndup(name, size) };
	field->key = field->name ? make_key(field->name) : NULL;
	return field->key ? 0 : -ENOMEM;
}

int output_parse_fields(struct output *output, const char *text)
{
	int result;

	do {
		size_t size = strcspn(text, ",");

		result = add_field(output, text, size);
		text += size;
	} while (result == 0 && *text++);
	return result;
}

bool output_terminal_is_dumb(void)
{
	const char *terminal = getenv("TERM");

	return !terminal || !*terminal || strcmp(terminal, "dumb") == 0;
}

void output_open(struct output *output, int fd)
{
	const char *refused = getenv("NO_COLOR");

	output->fd = fd;
	output->terminal = isatty(fd);
	output->color = output->terminal && !output_terminal_is_dumb() && !(refused && *refused);
	if (output->color_wish != COLOR_AUTO)
		output->color = output->color_wish == COLOR_ALWAYS;
}

void output_event(struct output *output, struct event *event)
{
	if (output->error)
		return;
	switch (output->format) {
	case OUTPUT_SHORT:
		output_short(output, event);
		break;
	case OUTPUT_JSON:
		output_json(output, event);
		break;
	case OUTPUT_CAT:
		output_cat(output, event);
		break;
	case OUTPUT_PERF:
		break;
	}
	output_flush_full(output);
}

void output_report_fields(const struct output *output)
{
	for (size_t i = 0; i < output->field_count; i++) {
		if (!output->fields[i].found)
			cli_error("--fields: none of the events shown has '%s'",
				  output->fields[i].name);
	}
}

int output_finish(struct output *output)
{
	output_flush(output);
	/* A reader that went away (a pager, | head) has seen what it wanted. */
	if (!output->error || output->error == EPIPE)
		return CLI_OK;
	cli_error("cannot write to stdout: %s", strerror(output->error));
	return CLI_FAILURE;
}

void output_free(struct output *output)
{
	for (size_t i = 0; i < output->field_count; i++) {
		free(output->fields[i].name);
		free(output->fields[i].key);
	}
	free(output->fields);
	evh_text_free(&output->text);
}
