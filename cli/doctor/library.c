/* SPDX-License-Identifier: MIT */
/*
 * The doctor's checks of the preload library: is it there, does the loader take it, does it find
 * its way into libio, are its settings good. The loader's own word counts, so one trial program is
 * started under the library: this very command, which is given a name it doesn't know and says so
 * on its stderr, through libio, into a file. A recording in $TMPDIR takes the event.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <evh/recording.h>

#include "capture.h"
#include "doctor.h"
#include "settings.h"

/* As much of a file as there is room for; an empty text when there is none. */
static size_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	while (fd >= 0 && used < size - 1 && (got = read(fd, text + used, size - 1 - used)) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		used += got > 0 ? (size_t)got : 0;
	}
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
	return used;
}

#define TRIAL_COMMAND "doctor-trial"

struct trial {
	char recording[PATH_MAX];
	char report[PATH_MAX];
	char errors[PATH_MAX];
};

/* Only what the trial needs, so that the user's own settings can't decide it. */
static int spawn_trial(const char *library, const struct trial *trial)
{
	char program[] = "logtap";
	char argument[] = TRIAL_COMMAND;
	char *argv[] = { program, argument, NULL };
	char preload[PATH_MAX + 128];
	struct lt_head head;
	char report[PATH_MAX + 16];
	char sink[PATH_MAX + 32];
	char locale[] = "LC_ALL=C";
	char detect[] = "LOGTAP_DETECT=off"; /* the recording has one level */
	char *envp[] = { preload, report, sink, locale, detect, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int result;

	/* As the launcher does it for a program, which this one is when built with a sanitizer. */
	capture_head(&head, "/proc/self/exe");
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s%s%s", head.runtime,
		 head.runtime[0] ? "::" : "", library);
	snprintf(report, sizeof(report), "LOGTAP_DEBUG=%s", trial->report);
	snprintf(sink, sizeof(sink), "LOGTAP_SINK=file:%s", trial->recording);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, trial->errors, O_WRONLY | O_CREAT, 0600);
	result = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	if (result != 0)
		return -result;
	while (waitpid(pid, &result, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFSIGNALED(result) ? -EFAULT : 0;
}

static int run_trial(const char *library, const char *folder, struct doctor *doctor)
{
	static const char *const NAMES[] = { "logtap_L4K2" };
	struct trial trial;
	int result;

	snprintf(trial.recording, PATH_MAX, "%s/recording", folder);
	snprintf(trial.report, PATH_MAX, "%s/report", folder);
	snprintf(trial.errors, PATH_MAX, "%s/errors", folder);
	result = evh_recording_create(trial.recording, NAMES, 1);
	if (result == 0)
		result = spawn_trial(library, &trial);
	read_file(trial.errors, doctor->loader, sizeof(doctor->loader));
	read_file(trial.report, doctor->report, sizeof(doctor->report));
	unlink(trial.recording);
	unlink(trial.report);
	unlink(trial.errors);
	return result;
}

void doctor_trial(struct doctor *doctor)
{
	const char *parent = getenv("TMPDIR");
	char folder[PATH_MAX - 32];

	doctor->trial_error = doctor->library_error;
	if (doctor->library_error != 0)
		return;
	snprintf(folder, sizeof(folder), "%s/logtap-doctor.XXXXXX",
		 parent && *parent ? parent : "/tmp");
	if (!mkdtemp(folder)) {
		doctor->trial_error = -errno;
		return;
	}
	doctor->trial_error = run_trial(doctor->library, folder, doctor);
	rmdir(folder);
}

void doctor_library(const struct doctor *doctor, struct finding *finding)
{
	struct statvfs mount;

	switch (doctor->library_error) {
	case 0:
		break;
	case -ENOENT:
		finding_problem(finding, "liblogtap.so is not beside this logtap");
		finding_fix(finding, "export LOGTAP_LIBRARY=/path/to/liblogtap.so");
		return;
	case -EINVAL:
		finding_problem(finding,
				"the loader can't preload %s: a space or colon in its path",
				doctor->library);
		finding_fix(finding,
			    "cp '%s' /usr/local/lib/ && "
			    "export LOGTAP_LIBRARY=/usr/local/lib/liblogtap.so",
			    doctor->library);
		return;
	default:
		finding_problem(finding, "LOGTAP_LIBRARY names %s: %s", doctor->library,
				strerror(-doctor->library_error));
		finding_fix(finding, "unset LOGTAP_LIBRARY");
		return;
	}
	if (statvfs(doctor->library, &mount) == 0 && (mount.f_flag & ST_NOEXEC)) {
		finding_problem(finding, "%s lies on a file system mounted noexec",
				doctor->library);
		finding_fix(finding,
			    "%scp %s /usr/local/lib/ && "
			    "export LOGTAP_LIBRARY=/usr/local/lib/liblogtap.so",
			    doctor->sudo, doctor->library);
		return;
	}
	finding_ok(finding, "%s", doctor->library);
}

/* The AppArmor profile around us, which programs that we start inherit; false when there is none.
 */
static bool confined(char *profile, size_t size)
{
	static const char *const PLACES[] = { "/proc/self/attr/apparmor/current",
					      "/proc/self/attr/current" };
	size_t length = 0;

	for (size_t i = 0; length == 0 && i < sizeof(PLACES) / sizeof(PLACES[0]); i++)
		length = read_file(PLACES[i], profile, size);
	profile[strcspn(profile, "\n")] = '\0';
	return length > 0 && profile[0] && strcmp(profile, "unconfined") != 0 &&
	       strncmp(profile, "kernel", 6) != 0;
}

void doctor_loader(const struct doctor *doctor, struct finding *finding)
{
	char profile[256] = "";
	char *text;

	if (getauxval(AT_SECURE)) {
		finding_problem(finding, "this process runs with raised rights (AT_SECURE): the "
					 "loader ignores LD_PRELOAD");
		return;
	}
	if (doctor->trial_error != 0) {
		finding_unknown(finding, "no trial run: %s", strerror(-doctor->trial_error));
		return;
	}
	/* The loader speaks of several objects line by line; ours is the one that counts. */
	text = strstr(doctor->loader, doctor->library);
	if (text) {
		text = strstr(text, "cannot be preloaded");
		finding_problem(finding, "the loader refuses the library: %.*s",
				text ? (int)strcspn(text, "\n") : 0, text ? text : "");
		if (confined(profile, sizeof(profile)))
			finding_fix(finding, "%saa-complain '%s'", doctor->sudo, profile);
	} else if (doctor->report[0] == '\0') {
		finding_unknown(finding, "the library was preloaded into a trial run, but gave no "
					 "report");
	} else if (confined(profile, sizeof(profile))) {
		finding_ok(finding, "a trial run loaded the library, under the profile %s",
			   profile);
	} else {
		finding_ok(finding, "a trial run loaded the library");
	}
}

/* The rest of the report's line that holds `key`, or NULL. */
static const char *report_line(const struct doctor *doctor, const char *key, int *length)
{
	const char *text = strstr(doctor->report, key);

	if (text) {
		text += strlen(key);
		*length = (int)strcspn(text, "\n");
	}
	return text;
}

void doctor_slot(const struct doctor *doctor, struct finding *finding)
{
	int length = 0;
	const char *text;

	if (doctor->report[0] == '\0') {
		finding_unknown(finding, "no report from a trial run");
	} else if (report_line(doctor, "stdio is not captured", &length)) {
		finding_problem(finding,
				"libio's write slot was not found in this libc: what goes through "
				"stdio is not captured, direct writes and syslog are");
	} else if ((text = report_line(doctor, "no capture: ", &length))) {
		finding_problem(finding, "the library captured nothing in a trial run: %.*s",
				length, text);
	} else if ((text = report_line(doctor, " sent=", &length)) && *text != '0') {
		finding_ok(finding,
			   "a trial line went through libio's write slot into a recording");
	} else {
		finding_problem(finding, "a trial line written through stdio was not captured");
	}
}
