/* SPDX-License-Identifier: MIT */
/*
 * `logtap`: finds the subcommand and hands over to it. Knows the commands by one table and nothing
 * about what they do; must never write to stdout except for --help and --version.
 */
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
	{ "cat", cmd_cat, "lines of stdin, or of a program that takes no library, as events" },
	{ "view", cmd_view, "show the events of a file" },
	{ "tail", cmd_tail, "show events live, from the kernel" },
	{ "collect", cmd_collect, "keep what programs send to a socket, and hand it on" },
	{ "register", cmd_register, "create tracepoints ahead of the program, and hold them" },
	{ "schema", cmd_schema, "print the events that a program's file holds" },
	{ "level", cmd_level, "show the severity that lines on stdin would get" },
	{ "enable", cmd_enable, "preload the library into a service, or into all programs" },
	{ "disable", cmd_disable, "take off what enable put on" },
	{ "status", cmd_status, "what is enabled, and which programs have the library" },
	{ "doctor", cmd_doctor, "what works on this machine, and how to mend what doesn't" },
};

#define COMMAND_COUNT (sizeof(COMMANDS) / sizeof(COMMANDS[0]))

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
		cli_set_command(name);
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
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return cli_print_version();
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
