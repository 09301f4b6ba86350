/* SPDX-License-Identifier: MIT */
/*
 * Finds tracefs by the list of mounts. Must never mount anything itself, as libtracefs would: a
 * command that only looks must leave the machine as it was.
 */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>

#include "tracefs_place.h"

#define USUAL_PLACE "/sys/kernel/tracing"

static int set_place(struct tracefs_place *place, const char *folder, const char *below)
{
	int length = snprintf(place->path, sizeof(place->path), "%s%s", folder, below);

	return length < 0 || (size_t)length >= sizeof(place->path) ? -ENAMETOOLONG : 0;
}

/* A later mount hides an earlier one on the same folder, which makes no difference here. */
static int find_mount(struct tracefs_place *place, const char *type, const char *below)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	int result = -ENOENT;

	if (!mounts)
		return -ENOENT;
	while ((entry = getmntent(mounts))) {
		if (strcmp(entry->mnt_type, type) != 0)
			continue;
		if (result == -ENOENT || strcmp(entry->mnt_dir, USUAL_PLACE) == 0)
			result = set_place(place, entry->mnt_dir, below);
	}
	endmntent(mounts);
	return result;
}

int tracefs_place_find(struct tracefs_place *place)
{
	int result;

	memset(place, 0, sizeof(*place));
	result = find_mount(place, "tracefs", "");
	if (result == -ENOENT) {
		result = find_mount(place, "debugfs", "/tracing");
		place->debugfs = result == 0;
	}
	return result;
}

int tracefs_place_path(const struct tracefs_place *place, const char *below, char *path,
		       size_t size)
{
	int length = snprintf(path, size, "%s/%s", place->path, below);

	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

const char *tracefs_place_advice(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "run this as root, or give your user the right to tracefs (see logtap "
		       "doctor)";
	case ENOENT:
	case ENODEV:
		return "this kernel has no user_events, or tracefs is not mounted (see logtap "
		       "doctor)";
	default:
		return "see logtap doctor";
	}
}
