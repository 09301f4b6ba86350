/* SPDX-License-Identifier: MIT */
/*
 * Starts a program under the preload library, by replacing this process: no supervisor stays, so
 * pid, signals, terminal and exit status are the program's own. Must leave no descriptor and
 * nothing in the environment behind but LD_PRELOAD and the shim's settings.
 */
#include "launch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "capture.h"
#include "cli.h"
#include "preload_list.h"
#include "program.h"

#define LIBRARY_NAME "liblogtap.so"

/* Where the library is, seen from the folder of this executable: a build tree, then an install. */
static const char *const LIBRARY_PLACES[] = {
	"../lib/" LIBRARY_NAME,
	LOGTAP_LIBRARY_FROM_BIN,
};

int launch_find_program(struct launch *launch)
{
	const char *name = launch->argv[0];
	int result = program_find(name, launch->program, sizeof(launch->program));

	if (result == 0)
		return 0;
	if (result == -EACCES) {
		cli_error("cannot execute '%s': it is not an executable file", name);
		return CLI_CANNOT_EXEC;
	}
	if (strchr(name, '/'))
		cli_error("cannot find '%s': %s", name, strerror(-result));
	else
		cli_error("cannot find '%s' in PATH", name);
	return CLI_NOT_FOUND;
}

/* The list of preloaded libraries is split at colons and spaces, and knows no quoting. */
static int usable(const char *library)
{
	if (access(library, R_OK) != 0)
		return -errno;
	return strpbrk(library, ": ") ? -EINVAL : 0;
}

int launch_find_library(char library[PATH_MAX])
{
	const char *named = getenv("LOGTAP_LIBRARY");

	if (named && *named) {
		if (realpath(named, library))
			return usable(library);

		int error = -errno;

		snprintf(library, PATH_MAX, "%s", named);
		return error == -ENOENT ? -ENXIO : error; /* ENOENT: none was named */
	}

	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		return -ENOENT; /* no /proc: nothing to start from */
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof(LIBRARY_PLACES) / sizeof(LIBRARY_PLACES[0]); i++) {
		char path[PATH_MAX + 64];

		snprintf(path, sizeof(path), "%s/%s", self, LIBRARY_PLACES[i]);
		if (realpath(path, library) && access(library, R_OK) == 0)
			return usable(library);
	}
	return -ENOENT;
}

static int find_library(char library[PATH_MAX])
{
	int error = launch_find_library(library);

	if (error == 0)
		return 0;
	if (error == -ENOENT)
		cli_error("cannot find " LIBRARY_NAME " next to the logtap command; set "
			  "LOGTAP_LIBRARY to its path");
	else if (error == -EINVAL)
		cli_error("the loader cannot preload '%s', with a space or colon in its path; set "
			  "LOGTAP_LIBRARY to a copy elsewhere",
			  library);
	else
		cli_error("cannot use LOGTAP_LIBRARY '%s': %s", library,
			  strerror(error == -ENXIO ? ENOENT : -error));
	return CLI_OWN_ERROR;
}

int launch_prepare(struct launch *launch, char **argv)
{
	launch->argv = argv;

	int status = launch_find_program(launch);

	return status ? status : find_library(launch->library);
}

/*
 * A sanitizer's runtime refuses to start unless it comes first; what the caller preloads keeps its
 * place before ours, so that a wrapper of theirs still sees the program's calls first. Where the
 * loader would only complain about our library, it is left out.
 */
static int set_preload(const struct launch *launch)
{
	const char *present = getenv("LD_PRELOAD");
	struct lt_head head;
	char *list;

	if (!present)
		present = "";
	capture_head(&head, launch->program);
	if (lt_list_find(present, head.runtime).text)
		head.runtime[0] = '\0';

	struct lt_list_entry entry = lt_list_find(present, launch->library);
	int there = entry.text && strlen(launch->library) == entry.size &&
		    strncmp(entry.text, launch->library, entry.size) == 0;
	int refused = head.kind == LT_HEAD_FOREIGN || head.kind == LT_HEAD_REFUSES;
	const char *ours = there || refused ? "" : launch->library;

	/* The empty name tells the shim that the runtime is for this program alone. */
	if (asprintf(&list, "%s%s%s%s%s", head.runtime, head.runtime[0] ? "::" : "", present,
		     *present && *ours ? ":" : "", ours) < 0)
		return -ENOMEM;

	int result = setenv("LD_PRELOAD", list, 1) == 0 ? 0 : -errno;

	free(list);
	return result;
}

/* Says in one line why nothing will be captured, where that can be known. */
static void warn(const struct launch *launch)
{
	struct capture capture;
	const char *obstacle;

	capture_judge(&capture, launch->program);
	obstacle = capture_obstacle(&capture);
	if (capture_is_cleaned(launch->argv))
		cli_error("'%s' starts its program without LD_PRELOAD, so that is not captured; "
			  "put logtap behind it: env ... logtap record PROGRAM",
			  launch->argv[0]);
	else if (capture.rights)
		cli_error(
			"'%s' is %s: the loader ignores LD_PRELOAD, so it is not captured; run "
			"logtap as the user whose rights it takes, or read what it writes through "
			"a pipe: logtap cat [-o FILE] %s",
			capture.path, capture.rights, launch->argv[0]);
	else if (obstacle)
		cli_error("'%s' %s; it is not captured; read what it writes through a pipe: "
			  "logtap cat [-o FILE] %s",
			  capture.path, obstacle, launch->argv[0]);
}

/* execvp says ENOENT for a script whose interpreter is missing, too. */
int launch_report_exec(const struct launch *launch, int error)
{
	char interpreter[PATH_MAX];

	if (error == ENOENT && access(launch->program, F_OK) == 0 &&
	    program_interpreter(launch->program, interpreter, sizeof(interpreter)) != 0)
		cli_error("cannot execute '%s': the interpreter or loader that it names is missing",
			  launch->program);
	else
		cli_error("cannot execute '%s': %s", launch->program, strerror(error));
	return error == ENOENT ? CLI_NOT_FOUND : CLI_CANNOT_EXEC;
}

/*
 * LOGTAP_NULL=off is about what programs point at the null device themselves. Where stderr leads
 * there from the start, nobody could tell the two apart, and nothing would be left.
 */
static int keep_null(void)
{
	const char *null = getenv("LOGTAP_NULL");
	struct stat status;

	if (!null || strcmp(null, "off") != 0 || fstat(STDERR_FILENO, &status) != 0 ||
	    !S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
		return 0;
	return setenv("LOGTAP_NULL", "on", 1);
}

int launch_exec(const struct launch *launch, const char *sink)
{
	if (!launch->quiet)
		warn(launch);
	if (keep_null() != 0 || setenv("LOGTAP_SINK", sink, 1) != 0 || set_preload(launch) != 0) {
		cli_error("cannot set up the environment: out of memory");
		return CLI_OWN_ERROR;
	}
	execvp(launch->argv[0], launch->argv);
	return launch_report_exec(launch, errno);
}
