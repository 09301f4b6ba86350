/* SPDX-License-Identifier: MIT */
/* What the subcommands of `logtap` share: their entry points and how they report errors. */
#ifndef LOGTAP_CLI_H
#define LOGTAP_CLI_H

/* Exit statuses. run and record follow env(1): beyond these the program's own status is seen. */
enum {
	CLI_OK = 0,
	CLI_FAILURE = 1,       /* the command ran, but not everything worked */
	CLI_USAGE = 2,	       /* unknown option or argument */
	CLI_OWN_ERROR = 125,   /* run, record: an error of logtap's own */
	CLI_CANNOT_EXEC = 126, /* run, record: found, but can't be executed */
	CLI_NOT_FOUND = 127,   /* run, record: no such program */
};

/* argv[0] is the subcommand's name; the result is the process's exit status. */
int cmd_run(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_view(int argc, char **argv);
int cmd_tail(int argc, char **argv);
int cmd_register(int argc, char **argv);
int cmd_cat(int argc, char **argv);
int cmd_collect(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_level(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_enable(int argc, char **argv);
int cmd_disable(int argc, char **argv);
int cmd_status(int argc, char **argv);

/* The command that the lines of this process name; `name` must stay. NULL (at first): none. */
void cli_set_command(const char *name);

/*
 * Prints "logtap COMMAND: MESSAGE" and a newline to stderr: one line that says what happened, to
 * what, and what to do.
 */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For a getopt_long() that returned '?' or ':' (opterr = 0, a ':' in front of the short options):
 * says which option is unknown, lacks its value or takes none, and where the help is. The option's
 * text is argv[optind - 1], so `argv` is the one getopt_long() works on.
 */
void cli_bad_option(char **argv, int result);

/* Writes "logtap 1.2.3" to stdout: --version of every command. As cli_finish_output. */
int cli_print_version(void);

/*
 * Flushes stdout and reports what could not be written (a full disk, a closed pipe): the last call
 * of a command that prints. CLI_OK, or CLI_FAILURE with the line printed.
 */
int cli_finish_output(void);

#endif
