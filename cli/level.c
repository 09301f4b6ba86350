/* SPDX-License-Identifier: MIT */
/*
 * `logtap level`: prints lines of stdin, each behind the severity that the preload library would
 * read from it. For trying it on an old log; it must pass every line's bytes on unchanged, but no
 * control character to a terminal.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <evh/text.h>

#include "cli.h"
#include "severity/severity.h"

struct level_options {
	bool alone; /* no line borrows from the one above */
	bool brief; /* the severity alone */
	enum lt_detect detect;
	bool terminal;
};

static void print_help(void)
{
	fputs("Usage: logtap level [OPTION]... <FILE\n"
	      "Prints each line of stdin behind its severity and a tab:\n"
	      "emerg, alert, crit, err, warning, notice, info, debug, or unknown where it shows "
	      "none\n"
	      "(there the preload library uses LOGTAP_STDERR_LEVEL, by default info).\n\n"
	      "  --alone    judge each line by itself: without it, the lines of a stack trace "
	      "have\n"
	      "             the severity of the line they belong to\n"
	      "  --brief    print the severities without the lines\n"
	      "  --words    only what shows a level's word, as LOGTAP_DETECT=words: not \"x: No "
	      "such "
	      "file\n"
	      "             or directory\"\n"
	      "  -h, --help     this help\n"
	      "  -V, --version  the version\n\n"
	      "On a terminal control characters are made visible; elsewhere a line keeps its "
	      "bytes.\n"
	      "Example: count what a log says\n"
	      "  logtap level --brief </var/log/syslog | sort | uniq -c\n",
	      stdout);
}

static int parse_options(int argc, char **argv, struct level_options *options)
{
	static const struct option longs[] = {
		{ "alone", no_argument, NULL, 'a' },   { "brief", no_argument, NULL, 'b' },
		{ "words", no_argument, NULL, 'w' },   { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 },
	};
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":hV", longs, NULL)) != -1) {
		switch (option) {
		case 'a':
			options->alone = true;
			break;
		case 'b':
			options->brief = true;
			break;
		case 'w':
			options->detect = LT_DETECT_WORDS;
			break;
		case 'h':
			print_help();
			return 1;
		case 'V':
			cli_print_version();
			return 1;
		default:
			cli_bad_option(argv, option);
			return -EINVAL;
		}
	}
	if (optind < argc) {
		cli_error("unexpected argument: %s; lines are read from stdin: logtap level <%s",
			  argv[optind], argv[optind]);
		return -EINVAL;
	}
	return 0;
}

static void print_visible(const char *line, size_t length)
{
	struct evh_text text = { 0 };

	evh_text_visible(&text, line, length);
	if (text.size)
		fwrite(text.data, 1, text.size, stdout);
	evh_text_free(&text);
}

static void print_line(const struct level_options *options, struct lt_severity_state *state,
		       const char *line, size_t length)
{
	size_t body = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
	size_t skip;
	int severity = options->alone
			       ? lt_severity_of_line(line, body, options->detect, &skip)
			       : lt_severity_continue(state, line, body, options->detect, &skip);

	fputs(lt_severity_name(severity), stdout);
	if (!options->brief) {
		putchar('\t');
		if (options->terminal)
			print_visible(line, body);
		else
			fwrite(line, 1, body, stdout);
	}
	putchar('\n');
}

int cmd_level(int argc, char **argv)
{
	struct level_options options = { .detect = LT_DETECT_ON };
	struct lt_severity_state state = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	int result = parse_options(argc, argv, &options);

	if (result != 0)
		return result < 0 ? CLI_USAGE : CLI_OK;
	options.terminal = isatty(STDOUT_FILENO);
	while (!ferror(stdout) && (length = getline(&line, &room, stdin)) >= 0)
		print_line(&options, &state, line, (size_t)length);
	free(line);
	if (ferror(stdin)) {
		cli_error("reading stdin failed: %s", strerror(errno));
		return CLI_FAILURE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		cli_error("writing the result failed: %s", strerror(errno));
		return CLI_FAILURE;
	}
	return CLI_OK;
}
