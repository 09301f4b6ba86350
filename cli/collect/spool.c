/* SPDX-License-Identifier: MIT */
/*
 * Reads one segment after the other. Must never leave one before all is read that was there when
 * the next one was, and never hand out events in another order than that of the files: a place in
 * it is all that is kept of what was delivered.
 */
#include "spool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int spool_compare(const struct spool_place *a, const struct spool_place *b)
{
	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Goes on in this file. */
static int change(struct spool *spool, int fd, uint64_t number)
{
	const struct evh_trace_options options = { .follow = true, .file_order = true };

	evh_trace_close(spool->trace);
	close_file(&spool->fd);
	spool->trace = NULL;
	spool->fd = fd;
	spool->place = (struct spool_place){ .segment = number };
	spool->lost = 0;
	return evh_trace_open(&spool->trace, fd, &options);
}

/* One that is a single file has no numbers. */
static uint64_t number_of_last(const struct spool *spool)
{
	return spool->segments.path ? spool->segments.last : 1;
}

int spool_open(struct spool *spool, const char *path)
{
	int fd;

	*spool = (struct spool){ .path = path, .fd = -1, .next_fd = -1 };
	fd = segments_open(&spool->segments, path);
	return fd < 0 ? -errno : change(spool, fd, number_of_last(spool));
}

int spool_open_segment(struct spool *spool, uint64_t number)
{
	struct segments *segments = &spool->segments;
	int fd;

	close_file(&spool->next_fd);
	if (!segments->path || !number)
		return spool_open(spool, spool->path);
	segments->last = number - 1;
	fd = segments_next(segments);
	return fd < 0 ? spool_open(spool, spool->path) : change(spool, fd, segments->last);
}

void spool_close(struct spool *spool)
{
	evh_trace_close(spool->trace);
	close_file(&spool->fd);
	close_file(&spool->next_fd);
	spool->trace = NULL;
}

/* At the end of a file: whether the reading can go on at once. */
static int find_next(struct spool *spool)
{
	int fd = spool->next_fd;
	uint64_t number = spool->next_segment;

	/* Once more to the end of this one: something may have been written in the meantime. */
	if (fd < 0) {
		spool->next_fd = segments_next(&spool->segments);
		spool->next_segment = spool->segments.last;
		return spool->next_fd < 0 ? -EAGAIN : 1;
	}
	spool->next_fd = -1;
	return change(spool, fd, number) < 0 ? -EIO : 1;
}

int spool_next(struct spool *spool, struct evh_sample *sample)
{
	for (;;) {
		int result = spool->trace ? evh_trace_next(spool->trace, sample) : -EAGAIN;

		if (spool->trace)
			spool->place.offset = evh_trace_info(spool->trace)->offset;
		if (result > 0) {
			spool->place.events++;
			return result;
		}
		result = find_next(spool);
		if (result < 0)
			return result;
	}
}

void spool_wait(struct spool *spool, int timeout)
{
	if (spool->trace)
		evh_trace_wait(spool->trace, timeout);
	else
		usleep((unsigned)timeout * 1000);
}

uint64_t spool_lost(const struct spool *spool)
{
	return spool->trace ? evh_trace_info(spool->trace)->lost : 0;
}
