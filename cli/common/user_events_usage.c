/* SPDX-License-Identifier: MIT */
/* Reads the kernel's own counts. Must never register anything to find out. */
#include "user_events_usage.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool read_limit(unsigned long *limit)
{
	FILE *file = fopen(USER_EVENTS_LIMIT_FILE, "re");
	bool good = file && fscanf(file, "%lu", limit) == 1;

	if (file)
		fclose(file);
	return good;
}

bool user_events_usage(const struct tracefs_place *place, struct user_events_usage *usage)
{
	char path[PATH_MAX];
	char line[1024];
	bool found = false;
	FILE *file;

	memset(usage, 0, sizeof(*usage));
	if (!read_limit(&usage->limit) ||
	    tracefs_place_path(place, "user_events_status", path, sizeof(path)) < 0)
		return false;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		found |= sscanf(line, "Active: %lu", &usage->all) == 1;
		usage->ours += strncmp(line, "logtap_L", 8) == 0;
	}
	if (file)
		fclose(file);
	return found;
}

const char *user_events_refusal(int error)
{
	switch (error) {
	case ENOENT:
		return "does not exist";
	case EBUSY:
		return "is in use";
	case EADDRINUSE:
		return "exists with other fields";
	case EINVAL:
		return "not a valid tracepoint name";
	case EMFILE:
	case ENOSPC:
	case EUSERS:
		return "the kernel's limit of user events is reached (kernel.user_events_max)";
	default:
		return strerror(error);
	}
}
