/* SPDX-License-Identifier: MIT */
/*
 * When a segment of a recording is full, and how long it surely isn't. Must never make a system
 * call, nor change anything.
 */
#include "file.h"

/* How fast all writers together may fill a segment, bytes in a nanosecond. */
#define FASTEST 2

/*
 * How long it may take until a segment that is found full has a successor that all write into: a
 * thread may lose the processor on the way. What is written meanwhile still has room, as far as it
 * is not more than a quarter of the segment.
 */
#define SWITCH_TIME UINT64_C(250000000) /* ns */

/* Often enough for a segment that is nearly full. */
#define LEAST_INTERVAL UINT64_C(100000) /* ns */

/* Below such an RLIMIT_FSIZE segments would be little more than heads. */
#define LEAST_FILE_LIMIT UINT64_C(262144)

/* The largest record, so that the limit itself is never met. */
#define LARGEST_RECORD UINT64_C(65536)

/* How large a segment may become. */
uint64_t evh_file_size_limit(const struct evh_transport *transport)
{
	uint64_t limit = transport->file->segment->size_max;
	uint64_t file_limit = transport->file_size_max;

	if (!limit)
		limit = UINT64_MAX;
	if (file_limit >= LEAST_FILE_LIMIT && file_limit - LARGEST_RECORD < limit)
		limit = file_limit - LARGEST_RECORD;
	return limit;
}

bool evh_file_is_full(const struct evh_transport *transport, uint64_t size, uint64_t time)
{
	uint64_t limit = evh_file_size_limit(transport), room = limit / 4;
	uint64_t began = __atomic_load_n(&transport->file->mark.clock, __ATOMIC_RELAXED);
	uint64_t spans = time > began ? (time - began) / SWITCH_TIME : 0;

	if (limit == UINT64_MAX)
		return false;
	/* At the rate at which it was filled so far. */
	if (spans && size / spans < room)
		room = size / spans;
	return size >= limit - room;
}

bool evh_file_is_old(const struct evh_file *file, uint64_t time)
{
	uint64_t began = __atomic_load_n(&file->mark.clock, __ATOMIC_RELAXED);

	return file->segment->age_max && time > began && time - began >= file->segment->age_max;
}

/* One that is closed has lost PATH as its second name. */
static bool is_closed(const struct stat *status)
{
	return status->st_nlink < 2;
}

bool evh_file_rotation_due(const struct evh_transport *transport, const struct stat *status,
			   uint64_t time)
{
	return transport->file->segment && !transport->confined &&
	       (evh_file_is_full(transport, (uint64_t)status->st_size, time) ||
		evh_file_is_old(transport->file, time) || is_closed(status));
}

uint64_t evh_file_look_interval(const struct evh_transport *transport, uint64_t size)
{
	uint64_t limit, left;

	if (!transport->file->segment)
		return EVH_FILE_LOOK_INTERVAL;
	limit = evh_file_size_limit(transport);
	if (limit != UINT64_MAX)
		limit -= limit / 4;
	left = size < limit ? (limit - size) / FASTEST : 0;
	if (left < LEAST_INTERVAL)
		left = LEAST_INTERVAL;
	return left < EVH_FILE_LOOK_INTERVAL ? left : EVH_FILE_LOOK_INTERVAL;
}
