/* SPDX-License-Identifier: MIT */
/*
 * `logtap`: finds the subcommand and hands over to it. Knows the commands by one table and nothing
 * about what they do; must never write to stdout except for --help and --version.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

static const struct command COMMANDS[] = {
	{ "run", cmd_run, "start a program; its syslog and stderr go to user_events" },
	{ "record", cmd_record, "start a program; its syslog and stderr go to a file" },
	{ "view", cmd_view, "show the events of a file" },
	{ "tail", cmd_tail, "show events live, from the kernel" },
	{ "register", cmd_register, "create tracepoints ahead of the program, and hold them" },
	{ "level", cmd_level, "show the severity that lines on stdin would get" },
	{ "doctor", cmd_doctor, "what works on this machine, and how to mend what doesn't" },
};

#define COMMAND_COUNT (sizeof(COMMANDS) / sizeof(COMMANDS[0]))

static const char *current_command;

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

static int print_help(void)
{
	fputs("Usage: logtap COMMAND [OPTION]... [ARGUMENT]...\n"
	      "Turns the syslog() calls and the stderr lines of unmodified programs into\n"
	      "EventHeader trace events.\n\n"
	      "Commands:\n",
	      stdout);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
	fputs("\n"
	      "logtap COMMAND --help explains each. For a first look:\n"
	      "  logtap record ls /nonexistent\n"
	      "  logtap view\n",
	      stdout);
	return cli_finish_output();
}

static int run_command(const char *name, int argc, char **argv)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(COMMANDS[i].name, name) != 0)
			continue;
		current_command = name;
		return COMMANDS[i].run(argc, argv);
	}
	cli_error("unknown command '%s'; see logtap --help", name);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		cli_error("no command given; see logtap --help");
		return CLI_USAGE;
	}

	const char *word = argv[1];

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return print_help();
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		puts("logtap " LOGTAP_VERSION);
		return cli_finish_output();
	}
	if (strcmp(word, "help") == 0) {
		if (argc < 3)
			return print_help();

		char help[] = "--help";
		char *arguments[] = { argv[2], help, NULL };

		return run_command(argv[2], 2, arguments);
	}
	if (word[0] == '-') {
		cli_error("unknown option '%s'; see logtap --help", word);
		return CLI_USAGE;
	}
	return run_command(word, argc - 1, argv + 1);
}
