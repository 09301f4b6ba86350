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
#include <unistd.h>

#include "cli.h"
#include "program.h"

#define LIBRARY_NAME "liblogtap.so"

/* Where the library is, seen from the folder of this executable: a build tree, then an install. */
static const char *const LIBRARY_PLACES[] = {
	"../lib/" LIBRARY_NAME,
	LOGTAP_LIBRARY_FROM_BIN,
};

static int find_program(struct launch *launch)
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

	int status = find_program(launch);

	return status ? status : find_library(launch->library);
}

/* Whether the list holds this very name already (logtap under logtap). */
static int list_has(const char *list, const char *name)
{
	size_t size = strlen(name);

	if (size == 0)
		return 1;
	for (const char *at = list; (at = strstr(at, name)); at += size) {
		int starts = at == list || strchr(": ", at[-1]);

		if (starts && (at[size] == '\0' || strchr(": ", at[size])))
			return 1;
	}
	return 0;
}

/*
 * The shim takes the runtime out of the list again, because children that are not sanitized must
 * not run under it. Those that are would then refuse to start, over an order that does no harm. A
 * choice of the caller's stands behind ours, and so wins.
 */
static int relax_sanitizer(void)
{
	const char *present = getenv("ASAN_OPTIONS");
	char *options;

	if (asprintf(&options, "verify_asan_link_order=0%s%s", present && *present ? ":" : "",
		     present ? present : "") < 0)
		return -ENOMEM;

	int result = setenv("ASAN_OPTIONS", options, 1) == 0 ? 0 : -errno;

	free(options);
	return result;
}

/*
 * A sanitizer's runtime refuses to start unless it comes first; what the caller preloads keeps its
 * place before ours, so that a wrapper of theirs still sees the program's calls first.
 */
static int set_preload(const struct launch *launch)
{
	const char *present = getenv("LD_PRELOAD");
	char sanitizer[PATH_MAX] = "";
	char *list;

	if (!present)
		present = "";
	program_sanitizer(launch->program, sanitizer, sizeof(sanitizer));
	if (list_has(present, sanitizer))
		sanitizer[0] = '\0';

	const char *ours = list_has(present, launch->library) ? "" : launch->library;

	if (asprintf(&list, "%s%s%s%s%s", sanitizer, *sanitizer ? ":" : "", present,
		     *present && *ours ? ":" : "", ours) < 0)
		return -ENOMEM;

	int result = setenv("LD_PRELOAD", list, 1) == 0 ? 0 : -errno;

	free(list);
	if (result == 0 && *sanitizer)
		result = relax_sanitizer();
	return result;
}

/* execvp says ENOENT for a script whose interpreter is missing, too. */
static int report_exec(const struct launch *launch, int error)
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

int launch_exec(const struct launch *launch, const char *sink)
{
	if (setenv("LOGTAP_SINK", sink, 1) != 0 || set_preload(launch) != 0) {
		cli_error("cannot set up the environment: out of memory");
		return CLI_OWN_ERROR;
	}
	execvp(launch->argv[0], launch->argv);
	return report_exec(launch, errno);
}
