/* SPDX-License-Identifier: MIT */
/* The root that `enable` and `disable` work on, who asks for it, and systemd's manager. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "enable.h"
#include "launch.h"
#include "root_files.h"
#include "system_files.h"

int enable_open_root(struct enable_request *request)
{
	struct stat own, given;

	request->root = root_open(request->root_path);
	if (request->root < 0) {
		cli_error("cannot open the root '%s': %s", request->root_path,
			  strerror(-request->root));
		return CLI_FAILURE;
	}
	request->is_here = stat("/", &own) == 0 && fstat(request->root, &given) == 0 &&
			   own.st_dev == given.st_dev && own.st_ino == given.st_ino;
	return 0;
}

int enable_add_unit(struct enable_request *request, const char *name)
{
	const char *dot = strrchr(name, '.');
	char *unit;

	if (!*name || strchr(name, '/') || name[0] == '.' || strlen(name) > 200) {
		cli_error("'%s' is no name of a unit; see logtap enable --help", name);
		return CLI_USAGE;
	}
	if (dot && strcmp(dot, ".service") != 0 &&
	    (strcmp(dot, ".socket") == 0 || strcmp(dot, ".timer") == 0 ||
	     strcmp(dot, ".target") == 0)) {
		cli_error("'%s' starts no program itself; name the service", name);
		return CLI_USAGE;
	}
	if (request->unit_count == ENABLE_UNITS_MAX) {
		cli_error("more than %d units at once", ENABLE_UNITS_MAX);
		return CLI_USAGE;
	}
	if (asprintf(&unit, "%s%s", name, dot && strcmp(dot, ".service") == 0 ? "" : ".service") <
	    0) {
		cli_error("out of memory");
		return CLI_FAILURE;
	}
	request->units[request->unit_count++] = unit;
	return 0;
}

/* Where packages and `cmake --install` put it. */
static const char *const LIBRARY_PLACES[] = { "/usr/lib/*-linux-gnu*/logtap/" PRELOAD_LIBRARY,
					      "/usr/lib64/logtap/" PRELOAD_LIBRARY,
					      "/usr/lib/logtap/" PRELOAD_LIBRARY,
					      "/usr/local/lib/*-linux-gnu*/logtap/" PRELOAD_LIBRARY,
					      "/usr/local/lib/logtap/" PRELOAD_LIBRARY };

static bool find_installed(const struct enable_request *request, char library[PATH_MAX])
{
	for (size_t i = 0; i < sizeof(LIBRARY_PLACES) / sizeof(*LIBRARY_PLACES); i++) {
		char pattern[PATH_MAX];
		glob_t found = { 0 };
		bool good = false;

		snprintf(pattern, sizeof(pattern), "%s%s", request->root_path, LIBRARY_PLACES[i]);
		if (glob(pattern, 0, NULL, &found) == 0) {
			snprintf(library, PATH_MAX, "%s",
				 found.gl_pathv[0] + strlen(request->root_path));
			good = true;
		}
		globfree(&found);
		if (good)
			return true;
	}
	return false;
}

/* Who may change the file, or a folder above it, would rule every program. */
static int check_owner(int root, const char *library)
{
	char path[PATH_MAX];
	struct stat status;

	snprintf(path, sizeof(path), "%s", library);
	while (*path) {
		int fd = root_open_file(root, path, O_PATH);

		if (fd < 0)
			return fd;
		if (fstat(fd, &status) != 0)
			status.st_uid = (uid_t)-1;
		close(fd);
		if (status.st_uid != 0 ||
		    ((status.st_mode & 022) &&
		     !(S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX)))) {
			cli_error("'%s' can be changed by others than root, and with it every "
				  "program: install the library into a folder of root's",
				  path);
			return -EPERM;
		}
		*strrchr(path, '/') = '\0';
	}
	return 0;
}

int enable_find_library(const struct enable_request *request, char library[PATH_MAX])
{
	int error;

	if (request->is_here) {
		error = launch_find_library(library);
		if (error == -EINVAL) {
			cli_error("the loader cannot preload '%s', with a space or colon in its "
				  "path",
				  library);
			return CLI_FAILURE;
		}
	} else {
		error = find_installed(request, library) ? 0 : -ENOENT;
	}
	if (error) {
		cli_error("cannot find " PRELOAD_LIBRARY " in '%s': install logtap there",
			  request->root_path);
		return CLI_FAILURE;
	}
	error = check_owner(request->root, library);
	if (error && error != -EPERM)
		cli_error("cannot use '%s': %s", library, strerror(-error));
	return error ? CLI_FAILURE : 0;
}

void enable_who(char *who, size_t size)
{
	const struct passwd *user = getpwuid(getuid());
	const char *person = getenv("SUDO_USER");

	snprintf(who, size, "%s%s%s", user ? user->pw_name : "nobody known",
		 person && *person ? " for " : "", person ? person : "");
	/* It stands in files of lines. */
	for (char *at = who; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = '?';
}

void enable_when(char when[32])
{
	time_t now = time(NULL);
	struct tm parts;

	gmtime_r(&now, &parts);
	strftime(when, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

bool enable_has_manager(const struct enable_request *request)
{
	return request->is_here && access("/run/systemd/system", F_OK) == 0;
}

int enable_systemctl(const char *const *arguments)
{
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, "systemctl", NULL, NULL, (char *const *)arguments, environ) != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int enable_restart(const struct enable_request *request)
{
	int status = 0;

	for (size_t i = 0; i < request->unit_count; i++) {
		const char *const restart[] = { "systemctl", "try-restart", request->units[i],
						NULL };

		if (enable_systemctl(restart) == 0)
			continue;
		cli_error("%s could not be restarted; see: systemctl status %s", request->units[i],
			  request->units[i]);
		status = CLI_FAILURE;
	}
	return status;
}
