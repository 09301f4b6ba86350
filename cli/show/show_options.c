/* SPDX-License-Identifier: MIT */
/* What the options of show_options.h mean. Must find every mistake in them before anything is
 * opened. */
#include "show_options.h"

#include "cli.h"

static int take_format(struct output *output, const char *text)
{
	if (output_parse_format(text, &output->format) == 0)
		return 0;
	cli_error("'%s' is no output format: %s", text, output_format_names);
	return CLI_USAGE;
}

static int take_fields(struct output *output, const char *text)
{
	if (output_parse_fields(output, text) == 0)
		return 0;
	cli_error("'%s' is no list of fields: names with commas between them", text);
	return CLI_USAGE;
}

static int take_color(struct output *output, const char *text)
{
	if (output_parse_color(text, &output->color_wish) == 0)
		return 0;
	cli_error("'%s' is not auto, always or never", text);
	return CLI_USAGE;
}

static int take_filter(struct filter *filter, int option, const char *text)
{
	switch (option) {
	case SHOW_OPTION_LEVEL:
		return filter_level(filter, text);
	case SHOW_OPTION_EVENT:
		return filter_event(filter, text);
	case SHOW_OPTION_PID:
		return filter_pid(filter, text);
	case SHOW_OPTION_PROGRAM:
		return filter_program(filter, text);
	case SHOW_OPTION_EXCLUDE:
		return filter_exclude(filter, text);
	default: /* 'g' */
		return filter_grep(filter, text);
	}
}

int show_option(struct pipeline *show, int option, const char *argument)
{
	struct output *output = &show->output;

	switch (option) {
	case 'o':
		return take_format(output, argument);
	case SHOW_OPTION_FIELDS:
		return take_fields(output, argument);
	case SHOW_OPTION_COLOR:
		return take_color(output, argument);
	case SHOW_OPTION_UTC:
		output->utc = true;
		return 0;
	default:
		return take_filter(&show->filter, option, argument) ? CLI_USAGE : 0;
	}
}
