/* SPDX-License-Identifier: MIT */
/*
 * Makes options of the shim's settings table. `run` and `record` refuse here what the shim would
 * only pass over in silence, and they do so before anything starts.
 */
#include "shim_options.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

static int left_out(const struct lt_setting *setting, const char *const *except)
{
	for (; except && *except; except++) {
		if (strcmp(setting->variable, *except) == 0)
			return 1;
	}
	return !setting->option;
}

void shim_options_list(struct option *list, const struct option *own, const char *const *except)
{
	size_t used = 0;

	for (size_t i = 0; i < lt_setting_count && used < SHIM_OPTION_ROOM - 1; i++) {
		if (left_out(&lt_setting_table[i], except))
			continue;
		list[used++] = (struct option){ lt_setting_table[i].option, required_argument, NULL,
						SHIM_OPTION_BASE + (int)i };
	}
	while (own->name && used < SHIM_OPTION_ROOM - 1)
		list[used++] = *own++;
	list[used] = (struct option){ 0 };
}

/* The program may change its folder before it, or a child of it, opens the file. */
static int set_absolute(const char *variable, const char *path)
{
	char folder[PATH_MAX];
	char *absolute;

	if (!getcwd(folder, sizeof(folder)))
		return -errno;
	if (asprintf(&absolute, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path) < 0)
		return -ENOMEM;

	int result = setenv(variable, absolute, 1) == 0 ? 0 : -errno;

	free(absolute);
	return result;
}

int shim_options_set(int value, const char *argument)
{
	const struct lt_setting *setting = &lt_setting_table[value - SHIM_OPTION_BASE];
	struct lt_settings scratch;

	lt_settings_init(&scratch);
	/* To the shim an empty variable is an unset one; typed, it is a slip where there is a
	 * default. */
	if ((!*argument && *setting->fallback) ||
	    lt_setting_apply(setting, &scratch, argument) != 0) {
		cli_error("--%s: bad value '%s': expected %s", setting->option, argument,
			  setting->expected);
		return CLI_OWN_ERROR;
	}

	int result;

	if (scratch.debug && argument[0] != '/')
		result = set_absolute(setting->variable, argument);
	else
		result = setenv(setting->variable, argument, 1) == 0 ? 0 : -errno;
	if (result != 0) {
		cli_error("cannot set %s: %s", setting->variable, strerror(-result));
		return CLI_OWN_ERROR;
	}
	return 0;
}

/* Whether the shim will be able to make the file, found out without making it. */
static int check_creatable(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	struct stat status;

	if (stat(path, &status) == 0) {
		if (S_ISDIR(status.st_mode))
			return -EISDIR;
		return access(path, W_OK) == 0 ? 0 : -errno;
	}
	if (errno != ENOENT)
		return -errno;
	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	return access(slash ? folder : ".", W_OK | X_OK) == 0 ? 0 : -errno;
}

int shim_options_read(struct lt_settings *settings)
{
	unsigned bad = lt_settings_from_environment(settings, environ);

	for (size_t i = 0; i < lt_setting_count; i++) {
		const struct lt_setting *setting = &lt_setting_table[i];

		if (!(bad & (1U << i)))
			continue;
		cli_error("%s in the environment: bad value '%s': expected %s", setting->variable,
			  lt_environment_get(environ, setting->variable), setting->expected);
		return CLI_OWN_ERROR;
	}

	int error = settings->debug ? check_creatable(settings->debug) : 0;

	if (error != 0) {
		cli_error("cannot write diagnostics to '%s' (--debug or LOGTAP_DEBUG): %s",
			  settings->debug, strerror(-error));
		return CLI_OWN_ERROR;
	}
	return 0;
}

void shim_options_help(const char *const *except)
{
	for (size_t i = 0; i < lt_setting_count; i++) {
		const struct lt_setting *setting = &lt_setting_table[i];
		char left[64];

		if (left_out(setting, except))
			continue;
		snprintf(left, sizeof(left), "--%s=%s", setting->option, setting->argument);
		printf("  %-24s %s%s%s%s\n", left, setting->help, *setting->fallback ? " [" : "",
		       setting->fallback, *setting->fallback ? "]" : "");
	}
}
