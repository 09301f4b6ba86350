/* SPDX-License-Identifier: MIT */
/*
 * logtap-disable: takes the library out of the machine when nothing else works any more. It is
 * static: it needs no loader, no library and no shell, and can be started from a shell that still
 * runs, from a rescue system (--root=DIR), or as the kernel's first program (--init), where it
 * hands over to /sbin/init.
 *
 * Must never stop at the first thing that fails, and never need what it is there to mend.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "root_files.h"
#include "system_files.h"
#include "take_off.h"

static const char HELP[] =
	"Usage: logtap-disable [OPTION]...\n"
	"Takes liblogtap.so out of /etc/ld.so.preload and out of all services, and creates\n"
	"/etc/logtap/disabled, which switches it off in every program that starts. A static\n"
	"program: it works when no other does. While all is well: logtap disable\n\n"
	"      --until-boot  only the entry, which logtap-preload.service sets at the next boot\n"
	"      --no-switch   without /etc/logtap/disabled: the library is about to be removed\n"
	"      --dry-run     say what would be done\n"
	"      --root=DIR    below this folder, as systemctl's\n"
	"      --init        then become /sbin/init: as the kernel's first program, by\n"
	"                    init=/usr/sbin/logtap-disable -- --init\n"
	"  -h, --help        this help\n"
	"  -V, --version     the version\n";

struct request {
	const char *root;
	bool dry;
	bool until_boot;
	bool no_switch;
	bool init;
};

static void said(void *data, const char *path, int result)
{
	const struct request *request = data;

	if (result)
		fprintf(stderr, "logtap-disable: cannot change %s: %s\n", path, strerror(-result));
	else
		fprintf(stderr, "logtap-disable: %s %s\n",
			request->dry ? "would change" : "changed", path);
}

static int disable(struct request *request)
{
	struct take_off off = { .dry = request->dry, .said = said, .data = request };
	sigset_t before;
	int lock = -1;

	off.root = root_open(request->root);
	if (off.root < 0) {
		said(request, request->root, off.root);
		return 1;
	}
	root_hold_signals(&before);
	if (!request->until_boot && !request->no_switch)
		take_off_switch(&off);
	/* Who has the lock for longer than this hangs, and must not keep us from it. */
	if (!request->dry)
		root_lock(off.root, 15, &lock);
	if (request->until_boot) {
		take_off_entry(&off);
	} else {
		take_off_system(&off);
		take_off_units(&off);
	}
	if (lock >= 0)
		close(lock);
	close(off.root);
	root_take_signals(&before);
	/* A package that was never enabled is removed without a word. */
	if (!off.done && !off.failed && !request->no_switch)
		fputs("logtap-disable: there was nothing to take off\n", stderr);
	return off.failed != 0;
}

/* Instead of init: the root is still read-only, and whoever ends here ends the machine. */
static int become_init(struct request *request)
{
	if (mount(NULL, request->root, NULL, MS_REMOUNT, NULL) != 0)
		said(request, request->root, -errno);
	disable(request);
	execl("/sbin/init", "/sbin/init", (char *)NULL);
	said(request, "/sbin/init", -errno);
	return 1;
}

static int parse(int argc, char **argv, struct request *request)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (strcmp(word, "--dry-run") == 0) {
			request->dry = true;
		} else if (strcmp(word, "--until-boot") == 0) {
			request->until_boot = true;
		} else if (strcmp(word, "--no-switch") == 0) {
			request->no_switch = true;
		} else if (strncmp(word, "--root=", 7) == 0 && word[7]) {
			request->root = word + 7;
		} else if (strcmp(word, "--init") == 0) {
			request->init = true;
		} else if (getpid() != 1) { /* the kernel passes on what it doesn't know */
			fprintf(stderr,
				"logtap-disable: unknown argument '%s'; see "
				"logtap-disable --help\n",
				word);
			return 2;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct request request = { .root = "/" };
	const char *word = argc > 1 ? argv[1] : "";
	int status;

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return fputs(HELP, stdout) < 0 || fflush(stdout) != 0;
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return puts("logtap-disable " LOGTAP_VERSION) < 0 || fflush(stdout) != 0;
	status = parse(argc, argv, &request);
	if (status)
		return status;
	return request.init ? become_init(&request) : disable(&request);
}
