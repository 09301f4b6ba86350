/* SPDX-License-Identifier: MIT */
/* The command lines of `logtap enable` and `logtap disable`. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "enable.h"
#include "root_files.h"
#include "shim_options.h"
#include "system_files.h"
#include "take_off.h"

enum { OPTION_ROOT = 256, OPTION_SYSTEM, OPTION_AT_BOOT, OPTION_RESTART };

static const struct option ENABLE_OPTIONS[] = {
	{ "system", no_argument, NULL, OPTION_SYSTEM },
	{ "unit", required_argument, NULL, 'u' },
	{ "file", required_argument, NULL, 'o' },
	{ "restart", no_argument, NULL, OPTION_RESTART },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "at-boot", no_argument, NULL, OPTION_AT_BOOT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* What --file and --root stand for. */
static const char *const LEFT_OUT[] = { "LOGTAP_SINK", NULL };

static void print_enable_help(void)
{
	fputs("Usage: logtap enable --system | --unit NAME... [OPTION]...\n"
	      "Preloads the library into the programs of a service, or into every program of the\n"
	      "machine, after a trial. `logtap disable` undoes it to the byte.\n\n"
	      "  -u, --unit=NAME          a service: a drop-in that fits it; more names may "
	      "follow\n"
	      "      --system             every program that starts from now on, by\n"
	      "                           /etc/ld.so.preload\n"
	      "      --restart            restart the services at once\n"
	      "  -o, --file=FILE          the services' events go into this recording, not to\n"
	      "                           user_events\n"
	      "  -n, --dry-run            try, and say what would be done\n"
	      "      --root=DIR           below this folder, as systemctl's\n"
	      "      --at-boot            as logtap-preload.service does at boot\n"
	      "  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "Settings of the services (for the whole machine: /etc/logtap/logtap.conf):\n",
	      stdout);
	shim_options_help(LEFT_OUT);
	fputs("\nExit status: 0 when it is enabled, now or already; 1 when not.\n", stdout);
}

/* Settings of the caller's own shell are no settings of a service. */
static void forget_settings(void)
{
	for (size_t i = 0; i < lt_setting_count; i++)
		unsetenv(lt_setting_table[i].variable);
}

static int take_option(struct enable_request *request, int option, char **argv)
{
	switch (option) {
	case OPTION_SYSTEM:
		request->system = true;
		return 0;
	case 'u':
		return enable_add_unit(request, optarg);
	case 'o':
		request->file = optarg;
		return 0;
	case OPTION_RESTART:
		request->restart = true;
		return 0;
	case 'n':
		request->dry = true;
		return 0;
	case OPTION_ROOT:
		request->root_path = optarg;
		return 0;
	case OPTION_AT_BOOT:
		request->at_boot = request->system = true;
		return 0;
	default:
		if (option >= SHIM_OPTION_BASE) {
			request->has_settings = true;
			return shim_options_set(option, optarg) ? CLI_USAGE : 0;
		}
		cli_bad_option(argv, option);
		return CLI_USAGE;
	}
}

static int take_names(struct enable_request *request, int argc, char **argv)
{
	int status = 0;

	if (optind < argc && !request->unit_count) {
		cli_error("'%s' is no option; a service is named by --unit %s", argv[optind],
			  argv[optind]);
		return CLI_USAGE;
	}
	for (; !status && optind < argc; optind++)
		status = enable_add_unit(request, argv[optind]);
	return status;
}

/* 0; an exit status with the line printed; -1: help or the version was printed. */
static int parse(struct enable_request *request, int argc, char **argv,
		 const struct option *options, void (*print_help)(void))
{
	int option, status = 0;

	request->root_path = "/";
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, ":u:o:nhV", options, NULL)) != -1) {
		if (option == 'h' || option == 'V') {
			if (option == 'h')
				print_help();
			else
				cli_print_version();
			return -1;
		}
		status = take_option(request, option, argv);
	}
	return status ? status : take_names(request, argc, argv);
}

/* What is written is the machine's, and the trial may need another root. */
static int check_rights(const struct enable_request *request)
{
	if (request->dry || geteuid() == 0)
		return 0;
	cli_error("only root may change that: sudo logtap ...");
	return CLI_FAILURE;
}

int cmd_enable(int argc, char **argv)
{
	struct option options[SHIM_OPTION_ROOM];
	struct enable_request request = { 0 };
	int status;

	forget_settings();
	shim_options_list(options, ENABLE_OPTIONS, LEFT_OUT);
	status = parse(&request, argc, argv, options, print_enable_help);
	if (status < 0)
		return cli_finish_output();
	if (!status && request.system == (request.unit_count > 0)) {
		cli_error("say what: --unit NAME for a service, or --system; see logtap enable "
			  "--help");
		status = CLI_USAGE;
	} else if (!status && request.system &&
		   (request.has_settings || request.file || request.restart)) {
		cli_error("settings of the whole machine are in /etc/logtap/logtap.conf; --system "
			  "takes none");
		status = CLI_USAGE;
	}
	if (!status)
		status = check_rights(&request);
	if (!status)
		status = enable_open_root(&request);
	if (!status)
		status = request.system ? enable_system(&request) : enable_units(&request);
	return status;
}

static const struct option DISABLE_OPTIONS[] = {
	{ "system", no_argument, NULL, OPTION_SYSTEM },
	{ "unit", required_argument, NULL, 'u' },
	{ "restart", no_argument, NULL, OPTION_RESTART },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void print_disable_help(void)
{
	fputs("Usage: logtap disable [--system] [--unit NAME...] [OPTION]...\n"
	      "Takes off what `logtap enable` put on, to the byte; without a name, all of it.\n"
	      "Programs that run keep the library until they end.\n\n"
	      "  -u, --unit=NAME  a service; more names may follow\n"
	      "      --system     the entry in /etc/ld.so.preload, and all that belongs to it\n"
	      "      --restart    restart the services at once\n"
	      "  -n, --dry-run    say what would be done\n"
	      "      --root=DIR   below this folder, as systemctl's\n"
	      "  -h, --help       this help\n"
	      "  -V, --version    the version\n\n"
	      "When no program starts any more: logtap-disable, which is static.\n"
	      "Exit status: 0 when nothing of it is left, 1 when something is.\n",
	      stdout);
}

struct disabling {
	const struct enable_request *request;
	bool units; /* some of the services */
};

static void said(void *data, const char *path, int result)
{
	struct disabling *disabling = data;

	if (result) {
		cli_error("cannot change %s: %s", path, strerror(-result));
		return;
	}
	disabling->units |= strncmp(path, UNIT_DROPINS, sizeof(UNIT_DROPINS) - 1) == 0;
	printf("%s: %s\n", disabling->request->dry ? "would be taken off" : "taken off", path);
}

static void disable(const struct enable_request *request, struct take_off *off)
{
	bool all = !request->system && !request->unit_count;

	if (request->system || all)
		take_off_system(off);
	for (size_t i = 0; i < request->unit_count; i++)
		take_off_unit(off, request->units[i]);
	if (all)
		take_off_units(off);
}

/* systemd forgets the drop-ins; its own unit ends, and finds nothing to take off any more. */
static int tell_manager(const struct enable_request *request, const struct disabling *disabling)
{
	static const char *const STOP[] = { "systemctl", "--no-block", "stop", SYSTEM_UNIT, NULL };
	static const char *const RELOAD[] = { "systemctl", "daemon-reload", NULL };
	int status = 0;

	if (request->dry || !enable_has_manager(request))
		return 0;
	if (disabling->units)
		status |= enable_systemctl(RELOAD);
	if (!request->unit_count || request->system)
		enable_systemctl(STOP);
	if (request->restart)
		status |= enable_restart(request);
	return status ? CLI_FAILURE : 0;
}

int cmd_disable(int argc, char **argv)
{
	struct enable_request request = { 0 };
	struct disabling disabling = { &request, false };
	struct take_off off = { .said = said, .data = &disabling };
	sigset_t before;
	int lock, error, status = parse(&request, argc, argv, DISABLE_OPTIONS, print_disable_help);

	if (status < 0)
		return cli_finish_output();
	if (!status)
		status = check_rights(&request);
	if (!status)
		status = enable_open_root(&request);
	if (status)
		return status;
	error = root_lock(request.root, 60, &lock);
	if (error) {
		cli_error("cannot have %s/etc for itself: %s; see also logtap-disable",
			  request.root_path, strerror(-error));
		return CLI_FAILURE;
	}
	off.root = request.root;
	off.dry = request.dry;
	root_hold_signals(&before);
	disable(&request, &off);
	root_take_signals(&before);
	close(lock);
	if (!off.done && !off.failed)
		puts("nothing of it is enabled");
	status = tell_manager(&request, &disabling);
	if (cli_finish_output() != CLI_OK || off.failed)
		status = CLI_FAILURE;
	return status;
}
