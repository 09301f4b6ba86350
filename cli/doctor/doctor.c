/* SPDX-License-Identifier: MIT */
/*
 * `logtap doctor`: runs a table of checks and says for each whether it is well, and if not, the
 * exact command that mends it. Exit status 0 only when `logtap run` would work. Must change nothing
 * on the machine; the checks are in the other files of this folder.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <evh/json.h>

#include "cli.h"
#include "doctor.h"
#include "launch.h"
#include "program.h"

struct check {
	const char *name;
	const char *question; /* for --help */
	bool needed;	      /* `logtap run` doesn't work without it */
	void (*examine)(const struct doctor *doctor, struct finding *finding);
};

static const struct check CHECKS[] = {
	{ "kernel", "does this kernel have user_events", true, doctor_kernel },
	{ "tracefs", "is tracefs mounted, and where", true, doctor_tracefs },
	{ "permission", "may this user open user_events_data", true, doctor_permission },
	{ "room", "is there room in the limit of user events", true, doctor_room },
	{ "registration", "does the kernel register our tracepoints", true, doctor_registration },
	{ "library", "is the preload library there", true, doctor_library },
	{ "loader", "does the loader accept it here", true, doctor_loader },
	{ "stdio", "did the library find libio's write slot", false, doctor_slot },
	{ "settings", "are the LOGTAP_ variables good", true, doctor_settings },
	{ "perf", "is perf there, and may this user record", false, doctor_perf },
	{ "tracepoints", "which of ours exist, and who listens", false, doctor_tracepoints },
};

/* Asked only when a program is named. */
static const struct check PROGRAM_CHECK = { "program", "can PROGRAM be captured", true,
					    doctor_program };

#define CHECK_COUNT (sizeof(CHECKS) / sizeof(CHECKS[0]))

static const char *const VERDICTS[] = { "ok", "problem", "cannot tell" };
static const char *const COLOURS[] = { "\033[32m", "\033[31m", "\033[33m" };

static void print_help(void)
{
	fputs("Usage: logtap doctor [--json] [PROGRAM]\n"
	      "Says what works on this machine, what doesn't, and the exact command that mends "
	      "it.\n"
	      "With PROGRAM: also whether that program can be captured.\n\n"
	      "      --json     one object instead of lines\n"
	      "  -h, --help     this help\n"
	      "  -V, --version  the version\n\n"
	      "Checks (* = logtap run needs it):\n",
	      stdout);
	for (size_t i = 0; i < CHECK_COUNT; i++)
		printf(" %c %-13s %s\n", CHECKS[i].needed ? '*' : ' ', CHECKS[i].name,
		       CHECKS[i].question);
	printf(" * %-13s %s\n", PROGRAM_CHECK.name, PROGRAM_CHECK.question);
	fputs("\nExit status: 0 when logtap run would work, 1 when not.\n", stdout);
}

static void print_line(const struct check *check, const struct finding *finding)
{
	bool colour = isatty(STDOUT_FILENO);
	struct evh_text text = { 0 };

	evh_text_visible(&text, finding->text, strlen(finding->text));
	printf("%s%-12s%s%-13s %.*s\n", colour ? COLOURS[finding->verdict] : "",
	       VERDICTS[finding->verdict], colour ? "\033[0m" : "", check->name, (int)text.size,
	       text.data);
	if (finding->fix[0]) {
		evh_text_clear(&text);
		evh_text_visible(&text, finding->fix, strlen(finding->fix));
		printf("%-12s%-13s %.*s\n", "", "  mend with:", (int)text.size, text.data);
	}
	evh_text_free(&text);
}

static void add_string(struct evh_text *text, const char *key, const char *value)
{
	evh_text_puts(text, key);
	evh_json_string(text, value, strlen(value));
}

static void print_json(const struct check *check, const struct finding *finding, bool first)
{
	struct evh_text text = { 0 };

	add_string(&text, first ? "{\"check\":" : ",\n{\"check\":", check->name);
	add_string(&text, ",\"status\":", VERDICTS[finding->verdict]);
	evh_text_puts(&text, check->needed ? ",\"needed\":true" : ",\"needed\":false");
	add_string(&text, ",\"text\":", finding->text);
	if (finding->fix[0])
		add_string(&text, ",\"fix\":", finding->fix);
	evh_text_puts(&text, "}");
	fwrite(text.data, 1, text.size, stdout);
	evh_text_free(&text);
}

/* One check, asked and shown. Whether `logtap run` can still work. */
static bool run_check(const struct doctor *doctor, const struct check *check, bool json, bool first)
{
	struct finding finding = { .verdict = DOCTOR_UNKNOWN };

	check->examine(doctor, &finding);
	if (json)
		print_json(check, &finding, first);
	else
		print_line(check, &finding);
	return !check->needed || finding.verdict != DOCTOR_PROBLEM;
}

static void prepare(struct doctor *doctor, const char *program)
{
	memset(doctor, 0, sizeof(*doctor));
	doctor->sudo = geteuid() == 0 ? "" : "sudo ";
	doctor->place_error = tracefs_place_find(&doctor->place);
	doctor->library_error = launch_find_library(doctor->library);
	doctor->program = program;
	if (program)
		doctor->program_error =
			program_find(program, doctor->program_path, sizeof(doctor->program_path));
	doctor_trial(doctor);
}

static bool examine(const char *program, bool json)
{
	struct doctor doctor;
	bool works = true;

	prepare(&doctor, program);
	if (json)
		fputs("{\"checks\":[\n", stdout);
	for (size_t i = 0; i < CHECK_COUNT; i++)
		works &= run_check(&doctor, &CHECKS[i], json, i == 0);
	if (program)
		works &= run_check(&doctor, &PROGRAM_CHECK, json, false);
	if (json)
		printf("\n],\"run_works\":%s}\n", works ? "true" : "false");
	else if (works)
		puts("logtap run works here.");
	else
		puts("logtap run does not work here; logtap record may.");
	return works;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct option LONG[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	bool json = false;
	bool works;
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":hV", LONG, NULL)) != -1) {
		switch (letter) {
		case 'j':
			json = true;
			break;
		case 'h':
			print_help();
			return cli_finish_output();
		case 'V':
			return cli_print_version();
		default:
			cli_bad_option(argv, letter);
			return CLI_USAGE;
		}
	}
	if (argc - optind > 1) {
		cli_error("one program at a time, not '%s' too", argv[optind + 1]);
		return CLI_USAGE;
	}
	works = examine(argv[optind], json);
	if (cli_finish_output() != CLI_OK)
		return CLI_FAILURE;
	return works ? CLI_OK : CLI_FAILURE;
}
