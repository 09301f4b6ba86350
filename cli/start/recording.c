/* SPDX-License-Identifier: MIT */
/*
 * Makes a recording that programs are to write into, and takes it back where none was started. Must
 * not touch what is at the path before the caller is sure that there is something to record.
 */
#include "recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "tracepoint_names.h"

/* `auto` means the launched program, for its children too: the file's head lists the names. */
static int resolve_provider(const struct lt_settings *settings, const char *program,
			    char provider[LT_PROVIDER_MAX + 1])
{
	if (settings->provider) {
		strcpy(provider, settings->provider);
		return 0;
	}

	const char *slash = strrchr(program, '/');

	lt_settings_provider_of(provider, slash ? slash + 1 : program);
	return setenv("LOGTAP_PROVIDER", provider, 1);
}

static int create(const char *path, const char *provider,
		  char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	char names[LT_TRACEPOINTS][EVH_TRACEPOINT_NAME_MAX];
	const char *list[LT_TRACEPOINTS];

	for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
		lt_tracepoint_name(names[i], provider, i);
		list[i] = names[i];
	}
	return evh_recording_create_identified(path, list, LT_TRACEPOINTS, identity);
}

/* What an existing file is called afterwards. */
static void name_old(char old[PATH_MAX + 8], const char *path)
{
	snprintf(old, PATH_MAX + 8, "%s.old", path);
}

static int report_create(const char *path, int error)
{
	char old[PATH_MAX + 8];
	struct stat status;

	name_old(old, path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		cli_error("cannot record to '%s': it is not a regular file", path);
	else if (error == -EISDIR && lstat(old, &status) == 0)
		cli_error("cannot keep the existing '%s' as '%s': that is a folder", path, old);
	else
		cli_error("cannot create '%s': %s", path, strerror(-error));
	return CLI_OWN_ERROR;
}

/* For a moment nothing is at the path while another recording begins there. */
static char *find_path(const char *file, char absolute[PATH_MAX])
{
	for (int attempt = 0; attempt < 100; attempt++) {
		if (realpath(file, absolute))
			return absolute;
		if (errno != ENOENT)
			break;
		usleep(1000);
	}
	return NULL;
}

int recording_begin(struct recording *recording, const char *file,
		    const struct lt_settings *settings, const char *program)
{
	int error;

	if (resolve_provider(settings, program, recording->provider) != 0) {
		cli_error("cannot set up the environment: %s", strerror(errno));
		return CLI_OWN_ERROR;
	}
	recording->existed = access(file, F_OK) == 0;
	error = create(file, recording->provider, recording->identity);
	if (error != 0)
		return report_create(file, error);
	if (!find_path(file, recording->path)) {
		cli_error("cannot find the path of '%s': %s", file, strerror(errno));
		return CLI_OWN_ERROR;
	}
	snprintf(recording->sink, sizeof(recording->sink), "file:%s%s", recording->path,
		 recording->identity);
	return 0;
}

void recording_undo(const struct recording *recording)
{
	char present[EVH_RECORDING_IDENTITY_SIZE];
	char old[PATH_MAX + 8];

	if (evh_recording_identify(recording->path, present) != 0 ||
	    strcmp(present, recording->identity) != 0)
		return;
	name_old(old, recording->path);
	if (!recording->existed || rename(old, recording->path) != 0)
		unlink(recording->path);
}
