/* SPDX-License-Identifier: MIT */
/*
 * Which files a recording consists of is asked again for each of them: while one is read others are
 * begun, removed and packed. Must never hand one out twice.
 */
#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <evh/recording.h>

#include "segment_pack.h"

/* Numbers that are looked for where many are missing; any may stand in a name. */
#define MISSING_MAX 1000

uint64_t segments_number(const char *name, const char *path)
{
	const char *rest = name + strlen(path);

	return *rest == '.' ? strtoull(rest + 1, NULL, 10) : UINT64_MAX;
}

static int open_one(const char *name)
{
	size_t size = strlen(name);
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK), unpacked;

	if (fd < 0 || size < 4 || strcmp(name + size - 4, ".zst") != 0)
		return fd;
	unpacked = segment_unpack(fd, name);
	close(fd);
	return unpacked;
}

/*
 * Numbers that were passed over, other than those whose name is somebody else's. What `--keep`
 * removes is the oldest, so that these were removed by hand, or while the ones before were read.
 */
static void count_missing(struct segments *segments, uint64_t number)
{
	if (!segments->last || number == UINT64_MAX)
		return;
	for (uint64_t between = segments->last + 1;
	     between < number && segments->missing < MISSING_MAX; between++) {
		char *name;

		if (asprintf(&name, "%s.%" PRIu64, segments->path, between) < 0)
			return;
		if (access(name, F_OK) != 0 && !segments->missing++)
			segments->first_missing = between;
		free(name);
	}
}

/* The first one behind the last that can be opened: others may be gone since they were listed. */
static int open_next(struct segments *segments)
{
	char id[EVH_RECORDING_PACKED_HEAD];
	char **names;
	int count;
	int fd = -1;

	/* Another recording may have been begun there. */
	if (evh_recording_packed_head(segments->path, id) != 0 ||
	    memcmp(id, segments->id, sizeof(id)) != 0)
		return -1;
	count = evh_recording_segments(segments->path, &names);

	for (int i = 0; i < count && fd < 0; i++) {
		uint64_t number = segments_number(names[i], segments->path);

		if (number <= segments->last)
			continue;
		fd = open_one(names[i]);
		if (fd < 0)
			continue;
		count_missing(segments, number);
		segments->last = number;
	}
	if (count > 0)
		free(names);
	return fd;
}

int segments_open(struct segments *segments, const char *path)
{
	int fd;

	*segments = (struct segments){ .path = path };
	fd = evh_recording_packed_head(path, segments->id) == 0 ? open_next(segments) : -1;
	if (fd >= 0)
		return fd;
	segments->path = NULL;
	return open(path, O_RDONLY | O_CLOEXEC);
}

int segments_next(void *argument)
{
	struct segments *segments = argument;

	return segments->path ? open_next(segments) : -1;
}
