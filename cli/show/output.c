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

static const struct {
	const char *name;
	void (*begin)(struct output *output);
	void (*event)(struct output *output, struct event *event);
	void (*end)(struct output *output);
} FORMATS[] = {
	[OUTPUT_SHORT] = { "short", .event = output_short },
	[OUTPUT_SHORT_ISO] = { "short-iso", .event = output_short },
	[OUTPUT_SHORT_FULL] = { "short-full", .event = output_short },
	[OUTPUT_VERBOSE] = { "verbose", .event = output_verbose },
	[OUTPUT_JSON] = { "json", .event = output_json },
	[OUTPUT_JSON_PRETTY] = { "json-pretty", .event = output_json_pretty },
	[OUTPUT_CAT] = { "cat", .event = output_cat },
	[OUTPUT_CSV] = { "csv", output_csv_begin, output_csv, NULL },
	[OUTPUT_EXPORT] = { "export", .event = output_export },
	[OUTPUT_HTML] = { "html", output_html_begin, output_html, output_html_end },
	[OUTPUT_CHROME] = { "chrome", output_chrome_begin, output_chrome, output_chrome_end },
	[OUTPUT_PERF] = { "perf", NULL, NULL, NULL },
};

const char output_format_names[] = "short, short-iso, short-full, verbose, json, json-pretty, cat, "
				   "csv, export, html, chrome or perf";

static const char *const COLORS[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
};

int output_parse_format(const char *text, enum output_format *format)
{
	for (size_t i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++) {
		if (strcmp(FORMATS[i].name, text) == 0) {
			*format = (enum output_format)i;
			return 0;
		}
	}
	return -EINVAL;
}

int output_parse_color(const char *text, enum output_color *color)
{
	for (size_t i = 0; i < sizeof(COLORS) / sizeof(COLORS[0]); i++) {
		if (strcmp(COLORS[i], text) == 0) {
			*color = (enum output_color)i;
			return 0;
		}
	}
	return -EINVAL;
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
		const char *name = text + strspn(text, " ");
		size_t size = strcspn(name, ",");

		text = name + size;
		while (size && name[size - 1] == ' ')
			size--;
		result = add_field(output, name, size);
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

bool output_is_short(const struct output *output)
{
	return output->format <= OUTPUT_SHORT_FULL;
}

void output_begin(struct output *output)
{
	if (!output->begun && FORMATS[output->format].begin)
		FORMATS[output->format].begin(output);
	output->begun = true;
}

void output_format_event(struct output *output, struct event *event)
{
	if (!output->error && FORMATS[output->format].event)
		FORMATS[output->format].event(output, event);
}

void output_event(struct output *output, struct event *event)
{
	output_format_event(output, event);
	output_flush_full(output);
}

void output_news(struct output *output, struct event *event, bool wanted)
{
	if (!output->error && output->format == OUTPUT_CHROME)
		output_chrome_news(output, event, wanted);
}

void output_end(struct output *output)
{
	if (!output->error && output->begun && FORMATS[output->format].end)
		FORMATS[output->format].end(output);
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
	output_chrome_free(output);
	evh_text_free(&output->text);
}
