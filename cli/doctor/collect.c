/* SPDX-License-Identifier: MIT */
/*
 * The doctor's checks of the collecting side: perf, and who listens to which of our tracepoints.
 * `logtap run` works without all of it. Must not start a recording.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "doctor.h"
#include "program.h"

#define PATTERN "logtap_L?K?"

/* Any tracepoint does to see whether this user may open one; this one every kernel with
 * user_events has. */
static bool tracepoint_id(const struct doctor *doctor, uint64_t *id)
{
	static const char *const CANDIDATES[] = {
		"events/sched/sched_switch/id",
		"events/raw_syscalls/sys_enter/id",
		"events/task/task_newtask/id",
	};
	char path[PATH_MAX];
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(CANDIDATES) / sizeof(CANDIDATES[0]); i++) {
		FILE *file = NULL;
		unsigned long number;

		if (tracefs_place_path(&doctor->place, CANDIDATES[i], path, sizeof(path)) == 0)
			file = fopen(path, "re");
		if (!file)
			continue;
		found = fscanf(file, "%lu", &number) == 1;
		*id = number;
		fclose(file);
	}
	return found;
}

static int try_perf_event(uint64_t id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.disabled = 1,
	};
	/* On processor 0 and for all processes, as `perf record -a` does. */
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

void doctor_perf(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];
	uint64_t id;
	int result;

	if (program_find("perf", path, sizeof(path)) != 0) {
		finding_problem(finding, "perf is not installed; logtap tail works without it");
		finding_fix(finding, "%sapt-get install linux-perf", doctor->sudo);
		return;
	}
	if (doctor->place_error != 0 || !tracepoint_id(doctor, &id)) {
		finding_unknown(finding, "%s is there; without reading tracefs no trial", path);
		return;
	}
	result = try_perf_event(id);
	if (result == 0) {
		finding_ok(finding, "%s is there, and this user may record tracepoints", path);
	} else if ((result == -EACCES || result == -EPERM) && geteuid() == 0) {
		finding_problem(finding,
				"%s is there, but even root may not record tracepoints here: a "
				"container, or a locked-down kernel",
				path);
	} else if (result == -EACCES || result == -EPERM) {
		finding_problem(finding, "%s is there, but this user may not record tracepoints",
				path);
		finding_fix(finding, "%ssysctl kernel.perf_event_paranoid=-1", doctor->sudo);
	} else {
		finding_problem(finding, "%s is there, but the kernel refuses: %s", path,
				strerror(-result));
	}
}

struct listeners {
	unsigned tracepoints;
	unsigned ftrace, perf, other;
};

/* A line of the status file: "NAME" or "NAME # Used by ftrace perf other". */
static void count_line(struct listeners *listeners, char *line)
{
	char *rest = line + strcspn(line, " \n");

	if (*rest)
		*rest++ = '\0';
	if (fnmatch(PATTERN, line, 0) != 0)
		return;
	listeners->tracepoints++;
	listeners->ftrace += strstr(rest, " ftrace") != NULL;
	listeners->perf += strstr(rest, " perf") != NULL;
	listeners->other += strstr(rest, " other") != NULL;
}

/* Names the tracefs instances in which user_events are switched on; "" when none may be seen. */
static void name_instances(const struct doctor *doctor, char *names, size_t size)
{
	char path[PATH_MAX];
	char below[512];
	size_t used = 0;
	DIR *folder = NULL;
	struct dirent *entry;

	names[0] = '\0';
	if (tracefs_place_path(&doctor->place, "instances", path, sizeof(path)) == 0)
		folder = opendir(path);
	while (folder && (entry = readdir(folder)) && used < size) {
		FILE *file;

		snprintf(below, sizeof(below), "instances/%s/events/user_events/enable",
			 entry->d_name);
		if (entry->d_name[0] == '.' ||
		    tracefs_place_path(&doctor->place, below, path, sizeof(path)) < 0)
			continue;
		file = fopen(path, "re");
		/* "0", "1", or "X" where only some are on. */
		if (file && fgetc(file) != '0')
			used += (size_t)snprintf(names + used, size - used, "%s%s",
						 used ? ", " : " in ", entry->d_name);
		if (file)
			fclose(file);
	}
	if (folder)
		closedir(folder);
}

void doctor_tracepoints(const struct doctor *doctor, struct finding *finding)
{
	struct listeners listeners = { 0 };
	char path[PATH_MAX];
	char line[1024];
	char names[256];
	FILE *file = NULL;

	errno = ENOENT;
	if (doctor->place_error == 0 &&
	    tracefs_place_path(&doctor->place, "user_events_status", path, sizeof(path)) == 0)
		file = fopen(path, "re");
	if (!file && errno == ENOENT) {
		finding_unknown(finding, "there is no user_events_status to look at");
		return;
	}
	if (!file) {
		finding_unknown(finding, "user_events_status is not readable: %s", strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file))
		count_line(&listeners, line);
	fclose(file);
	if (listeners.tracepoints == 0) {
		finding_ok(finding, "no logtap tracepoint exists now; the next program creates "
				    "them (logtap register: ahead of it)");
	} else if (listeners.ftrace + listeners.perf + listeners.other == 0) {
		finding_ok(finding,
			   "%u logtap tracepoints exist, and nobody listens (logtap tail "
			   "would)",
			   listeners.tracepoints);
	} else {
		name_instances(doctor, names, sizeof(names));
		finding_ok(finding,
			   "%u logtap tracepoints exist; listening: ftrace to %u%s, perf to %u, "
			   "others to %u",
			   listeners.tracepoints, listeners.ftrace, names, listeners.perf,
			   listeners.other);
	}
}
