/* SPDX-License-Identifier: MIT */
/*
 * How every command reports an error: one line on stderr that a terminal can be given as it is, and
 * at the end what stdout could not take. Must never print a control character of somebody else's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char *current_command;

void cli_set_command(const char *name)
{
	current_command = name;
}

/* File names and arguments can hold anything; a terminal must not obey them. */
static void hide_controls(char *line, int length)
{
	for (int i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[i];
		unsigned char next = (unsigned char)line[i + 1];

		if (byte < 0x20 || byte == 0x7f)
			line[i] = '?';
		else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) /* U+0080 to U+009F */
			line[i] = line[i + 1] = '?';
	}
}

void cli_error(const char *format, ...)
{
	va_list arguments;

	/* One write per message, so that lines of several processes do not mix. */
	char line[5120];
	int length = snprintf(line, sizeof(line), "logtap%s%s: ", current_command ? " " : "",
			      current_command ? current_command : "");

	va_start(arguments, format);
	length += vsnprintf(line + length, sizeof(line) - (size_t)length, format, arguments);
	va_end(arguments);
	if ((size_t)length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	hide_controls(line, length);
	line[length] = '\n';
	line[length + 1] = '\0';
	fputs(line, stderr);
}

void cli_bad_option(char **argv, int result)
{
	const char *text = argv[optind - 1];
	const char *name = current_command ? current_command : "";
	const char *gap = current_command ? " " : "";

	/* optopt is 0 for a long option nobody knows, its value for one that is used wrongly. */
	if (result == ':')
		cli_error("option '%s' needs a value; see logtap %s%s--help", text, name, gap);
	else if (strncmp(text, "--", 2) == 0 && optopt != 0)
		cli_error("option '%s' takes no value; see logtap %s%s--help", text, name, gap);
	else if (strncmp(text, "--", 2) == 0 || optopt == 0)
		cli_error("unknown option '%s'; see logtap %s%s--help", text, name, gap);
	else
		cli_error("unknown option '-%c'; see logtap %s%s--help", optopt, name, gap);
}

int cli_finish_output(void)
{
	int failed = ferror(stdout);

	errno = 0;
	if (fflush(stdout) != 0 || failed) {
		/* A reader that went away (| head) is not worth a word. */
		if (errno != EPIPE)
			cli_error("cannot write to stdout: %s",
				  errno ? strerror(errno) : "an earlier write failed");
		return CLI_FAILURE;
	}
	return CLI_OK;
}

int cli_print_version(void)
{
	puts("logtap " LOGTAP_VERSION);
	return cli_finish_output();
}
