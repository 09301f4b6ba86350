/* SPDX-License-Identifier: MIT */
/*
 * The doctor's checks of the kernel: is user_events there, can this user reach it, does a
 * registration work, is there room for more. Must leave the machine as it was: nothing is mounted
 * or changed, and the tracepoints that are registered as a trial are gone again at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <evh/tracepoint.h>

#include "doctor.h"
#include "settings_files.h"
#include "tracepoint_check.h"
#include "user_events_usage.h"

#define DATA_FILE "user_events_data"
#define GROUP	  "tracers"

/* Linux 6.4 was the first with user_events as they are now. */
#define FIRST_MAJOR 6
#define FIRST_MINOR 4

#define ANY_KERNEL "logtap record -o logtap.data -- PROGRAM   # into a file, on any kernel"

enum option_state { OPTION_UNKNOWN, OPTION_ON, OPTION_OFF };

static enum option_state kernel_option(void)
{
	if (access(USER_EVENTS_LIMIT_FILE, F_OK) == 0)
		return OPTION_ON;
	return access("/proc/sys/kernel", F_OK) == 0 ? OPTION_OFF : OPTION_UNKNOWN;
}

/* The file itself is the best proof, and can be asked for without the right to open it. */
static bool data_file_seen(const struct doctor *doctor)
{
	char path[PATH_MAX];

	return doctor->place_error == 0 &&
	       tracefs_place_path(&doctor->place, DATA_FILE, path, sizeof(path)) == 0 &&
	       access(path, F_OK) == 0;
}

void doctor_kernel(const struct doctor *doctor, struct finding *finding)
{
	struct utsname name;
	unsigned major = 0;
	unsigned minor = 0;
	enum option_state state = kernel_option();

	uname(&name);
	if (data_file_seen(doctor)) {
		finding_ok(finding, "Linux %s has user_events", name.release);
		return;
	}
	if (sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	    (major < FIRST_MAJOR || (major == FIRST_MAJOR && minor < FIRST_MINOR))) {
		finding_problem(finding,
				"Linux %s is too old for user_events, which came with %d.%d",
				name.release, FIRST_MAJOR, FIRST_MINOR);
		finding_fix(finding, ANY_KERNEL);
		return;
	}
	if (state == OPTION_ON) {
		finding_ok(finding, "Linux %s is configured with CONFIG_USER_EVENTS", name.release);
	} else if (state == OPTION_OFF) {
		finding_problem(finding,
				"Linux %s is built without CONFIG_USER_EVENTS; a kernel "
				"with it is needed for live events",
				name.release);
		finding_fix(finding, ANY_KERNEL);
	} else {
		finding_unknown(finding,
				"Linux %s: without /proc/sys there is no telling "
				"whether it has user_events",
				name.release);
	}
}

/* A kernel without tracefs can't mount it, whatever the command. */
static bool knows_tracefs(void)
{
	FILE *file = fopen("/proc/filesystems", "re");
	char line[128];
	bool known = !file;

	while (file && !known && fgets(line, sizeof(line), file))
		known = strstr(line, "\ttracefs\n") != NULL;
	if (file)
		fclose(file);
	return known;
}

void doctor_tracefs(const struct doctor *doctor, struct finding *finding)
{
	if (doctor->place_error != 0 && !knows_tracefs()) {
		finding_problem(finding, "this kernel has no tracefs at all");
		finding_fix(finding, ANY_KERNEL);
	} else if (doctor->place_error != 0) {
		finding_problem(finding, "tracefs is not mounted");
		finding_fix(finding, "%smount -t tracefs tracefs /sys/kernel/tracing",
			    doctor->sudo);
	} else if (doctor->place.debugfs) {
		finding_ok(finding, "tracing is reached through debugfs, at %s",
			   doctor->place.path);
	} else {
		finding_ok(finding, "tracefs is mounted at %s", doctor->place.path);
	}
}

/* The first folder on the way to `path` that may not be entered; false when all may. */
static bool blocking_folder(const char *path, char *folder)
{
	strcpy(folder, path);
	for (char *at = folder + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (faccessat(AT_FDCWD, folder, X_OK, AT_EACCESS) != 0 && errno == EACCES)
			return true;
		*at = '/';
	}
	return false;
}

/* All of what a user needs, not just the first thing: half a mend would need a second visit. */
static void fix_permission(const struct doctor *doctor, struct finding *finding)
{
	const char *user = getenv("USER");
	const char *sudo = doctor->sudo;
	const char *path = doctor->place.path;

	finding_fix(finding,
		    "%sgroupadd -rf " GROUP " && %susermod -aG " GROUP " %s && "
		    "%schgrp " GROUP " %s %s/" DATA_FILE " && %schmod 710 %s && "
		    "%schmod 660 %s/" DATA_FILE "   # then log in again",
		    sudo, sudo, user && *user ? user : "USER", sudo, path, path, sudo, path, sudo,
		    path);
}

void doctor_permission(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];
	char folder[PATH_MAX];
	int fd;

	if (doctor->place_error != 0 ||
	    tracefs_place_path(&doctor->place, DATA_FILE, path, sizeof(path)) < 0) {
		finding_unknown(finding, "without tracefs there is nothing to have rights to");
		return;
	}
	fd = open(path, O_WRONLY | O_CLOEXEC);

	int error = fd < 0 ? errno : 0;

	if (fd >= 0) {
		close(fd);
		finding_ok(finding, "this user may open %s", path);
	} else if (error == ENOENT || kernel_option() == OPTION_OFF) {
		finding_problem(finding, "there is no %s: this kernel has no user_events", path);
		finding_fix(finding, ANY_KERNEL);
	} else if (error == EACCES && geteuid() == 0) {
		finding_problem(finding,
				"even root may not open %s here: a container, or a security module",
				path);
		finding_fix(finding, ANY_KERNEL);
	} else if (error == EACCES && blocking_folder(path, folder)) {
		finding_problem(finding, "this user may not enter %s", folder);
		fix_permission(doctor, finding);
	} else if (error == EACCES) {
		finding_problem(finding, "this user may not write to %s", path);
		fix_permission(doctor, finding);
	} else {
		finding_problem(finding, "%s cannot be opened: %s", path, strerror(error));
	}
}

/* A filter that can't be read back: the library makes no call under it that it might refuse. */
static bool under_filter(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	int mode = 0;

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "Seccomp: %d", &mode);
	if (status)
		fclose(status);
	return mode != 0;
}

/* The settings that programs have here, as far as they are good; `room` is what they point into. */
static void read_settings(struct lt_settings *settings, char room[LT_SETTINGS_ROOM])
{
	long folder = lt_settings_files_open(LT_SETTINGS_FOLDER);

	lt_settings_init(settings);
	if (folder >= 0)
		lt_settings_from_files(settings, folder, true, room);
	lt_settings_files_close(folder);
	lt_settings_add_environment(settings, environ);
}

static void judge_trial(const struct doctor *doctor, const struct tracepoint_trial *trial,
			struct finding *finding)
{
	char text[EVH_TRACEPOINT_NAME_MAX + 256];

	if (!trial->refused) {
		finding_ok(finding, "user_events:%s and the other %u can be registered",
			   trial->name, trial->wanted - 1);
		return;
	}
	tracepoint_trial_text(trial, text, sizeof(text));
	finding_problem(finding, "%s", text);
	if (trial->error == -EADDRINUSE)
		finding_fix(finding,
			    "%slogtap register --remove %s   # once the program that holds it has "
			    "ended; or logtap run --provider=NAME",
			    doctor->sudo, trial->name);
}

/* Every step before can look right and a security module still refuse: so it is tried, by the names
 * that a program takes. */
void doctor_registration(const struct doctor *doctor, struct finding *finding)
{
	static char room[LT_SETTINGS_ROOM];
	struct evh_transport transport;
	struct tracepoint_trial trial;
	struct lt_settings settings;
	int result;

	if (under_filter()) {
		finding_problem(finding, "a seccomp filter stands here, under which programs don't "
					 "register; a recording needs no registration");
		finding_fix(finding, "logtap record PROGRAM");
		return;
	}
	result = evh_transport_open_user_events(&transport);
	if (result < 0) {
		finding_unknown(finding, "no trial: " DATA_FILE " cannot be opened: %s",
				strerror(-result));
		return;
	}
	read_settings(&settings, room);
	tracepoint_try(&trial, &transport, &settings, doctor->program, false);
	judge_trial(doctor, &trial, finding);
	evh_transport_close(&transport);
}

/* One provider of ours takes eleven; those that are there already need no room. */
#define TRACEPOINTS_WANTED 11

void doctor_room(const struct doctor *doctor, struct finding *finding)
{
	struct user_events_usage usage;

	if (kernel_option() == OPTION_OFF) {
		finding_unknown(finding, "without user_events there is no limit of them");
	} else if (doctor->place_error != 0 || !user_events_usage(&doctor->place, &usage)) {
		finding_unknown(finding,
				"the number of user events or their limit is not readable");
	} else if (usage.limit + usage.ours < usage.all + TRACEPOINTS_WANTED) {
		finding_problem(finding,
				"%lu of at most %lu user events are in use, and logtap needs %d",
				usage.all, usage.limit, TRACEPOINTS_WANTED);
		finding_fix(finding, "%ssysctl kernel.user_events_max=%lu", doctor->sudo,
			    usage.all + 1024);
	} else {
		finding_ok(finding, "%lu of at most %lu user events are in use", usage.all,
			   usage.limit);
	}
}
