/* SPDX-License-Identifier: MIT */
/*
 * Makes a recording that programs are to write into, and takes it back where none was started. Must
 * not touch what is at the path before the caller is sure that there is something to record.
 */
#include "recording.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "segment_options.h"
#include "tracepoint_names.h"

#define LEAST_SIZE "96K" /* four times a head with the longest provider's names */

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

/* Under a limit of file sizes it is an error to write beyond it, and no reason to die. */
static int create_held(const char *path, const char *const *names,
		       const struct evh_recording_rules *rules,
		       char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int result;

	sigaction(SIGXFSZ, &ignore, &before);
	result = evh_recording_create_segmented(path, names, LT_TRACEPOINTS, rules, identity);
	sigaction(SIGXFSZ, &before, NULL);
	return result;
}

static int create(const char *path, const char *provider, const struct evh_recording_rules *rules,
		  char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	char names[LT_TRACEPOINTS][EVH_TRACEPOINT_NAME_MAX];
	const char *list[LT_TRACEPOINTS];

	for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
		lt_tracepoint_name(names[i], provider, i);
		list[i] = names[i];
	}
	return create_held(path, list, rules, identity);
}

/* What an existing file is called afterwards. */
static void name_old(char old[PATH_MAX + 8], const char *path)
{
	snprintf(old, PATH_MAX + 8, "%s.old", path);
}

static int report_create(const char *path, const struct evh_recording_rules *rules, int error)
{
	char old[PATH_MAX + 8];
	struct stat status;

	name_old(old, path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		cli_error("cannot record to '%s': it is not a regular file", path);
	else if (error == -EISDIR && lstat(old, &status) == 0)
		cli_error("cannot keep the existing '%s' as '%s': that is a folder", path, old);
	else if (error == -EINVAL)
		cli_error("--max-size: so little holds hardly more than the head of a recording: "
			  "give at least " LEAST_SIZE);
	else if ((error == -EPERM || error == -EOPNOTSUPP) && rules->size_max)
		cli_error("cannot create '%s' with --max-size: its file system has no hard links; "
			  "record elsewhere, or without",
			  path);
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

/* Files that may be larger hold what most programs ever say; `view` tells of those that didn't. */
#define SMALL_LIMIT (64 << 20)

/* The program's limit is the recording's as well, and what exceeds it is lost. */
static void warn_of_limit(const char *file)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < SMALL_LIMIT)
		cli_error("'%s' will hold no more than %llu bytes: files are limited to that "
			  "(ulimit -f)",
			  file, (unsigned long long)limit.rlim_cur);
}

/* A service gives its options each time it starts: they are those of the recording, or none. */
static bool check_rules(const char *path, const struct evh_recording_rules *given)
{
	struct evh_recording_rules there;
	char options[SEGMENT_OPTIONS_TEXT];
	int error;

	if (!given->size_max && !given->age_max)
		return true;
	error = evh_recording_get_rules(path, &there);
	/* What is wrong with the file itself is said later. */
	if (error || (there.size_max == given->size_max && there.age_max == given->age_max &&
		      there.keep == given->keep && there.compress == given->compress))
		return true;
	segment_options_text(&there, options);
	cli_error("--append goes on as '%s' was begun, which was with %s: give the same, or none, "
		  "or begin a new one",
		  path, *options ? options : "neither --max-size nor --max-age");
	return false;
}

/* Whether the program's events can go into the recording that stands there. */
static int go_on(struct recording *recording, const struct recording_options *options,
		 const struct lt_settings *settings)
{
	struct lt_settings there = *settings;

	if (!check_rules(recording->path, &options->rules))
		return CLI_OWN_ERROR;
	there.sink = LT_SINK_FILE;
	there.sink_path = recording->path;
	there.provider = recording->provider;
	if (sink_check(&there, true) != 0)
		return CLI_OWN_ERROR;
	if (evh_recording_identify(recording->path, recording->identity) == 0)
		return 0;
	cli_error("cannot go on in '%s': another recording is begun there", recording->path);
	return CLI_OWN_ERROR;
}

int recording_begin(struct recording *recording, const char *file,
		    const struct recording_options *options, const struct lt_settings *settings,
		    const char *program)
{
	int error;

	if (resolve_provider(settings, program, recording->provider) != 0) {
		cli_error("cannot set up the environment: %s", strerror(errno));
		return CLI_OWN_ERROR;
	}
	recording->existed = access(file, F_OK) == 0;
	recording->found = options->append && recording->existed;
	error = recording->found
			? 0
			: create(file, recording->provider, &options->rules, recording->identity);
	if (error != 0)
		return report_create(file, &options->rules, error);
	if (!find_path(file, recording->path)) {
		cli_error("cannot find the path of '%s': %s", file, strerror(errno));
		return CLI_OWN_ERROR;
	}
	if (recording->found && go_on(recording, options, settings) != 0)
		return CLI_OWN_ERROR;
	/* Segments end before it. */
	if (!options->rules.size_max && !options->rules.age_max)
		warn_of_limit(file);
	snprintf(recording->sink, sizeof(recording->sink), "file:%s%s", recording->path,
		 recording->identity);
	return 0;
}

void recording_undo(const struct recording *recording)
{
	char present[EVH_RECORDING_IDENTITY_SIZE];
	char old[PATH_MAX + 8];

	if (recording->found || evh_recording_identify(recording->path, present) != 0 ||
	    strcmp(present, recording->identity) != 0)
		return;
	name_old(old, recording->path);
	if (!recording->existed || evh_recording_rename(old, recording->path) != 0)
		evh_recording_remove(recording->path);
}
