/* SPDX-License-Identifier: MIT */
/*
 * Opening and merging the files of `logtap view`. Must never hand out an event before an older one
 * of another file that is there already.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "segment_pack.h"
#include "view.h"

#define NS_PER_MS ((long)1000 * 1000)

/* What says that a file is a trace. */
#define MAGIC_SIZE 16

/* How long one of several files is waited for, before the others are looked at, milliseconds. */
#define TURN 100

/* How many events are shown before files that had no more are looked at again. */
#define LOOK_PERIOD 64

const struct evh_trace_info *source_info(const struct source *source)
{
	static const struct evh_trace_info nothing;

	return source->trace ? evh_trace_info(source->trace) : &nothing;
}

static int open_path(struct source *source)
{
	if (strcmp(source->path, "-") == 0) {
		source->path = "stdin";
		source->fd = STDIN_FILENO;
		if (isatty(STDIN_FILENO)) {
			cli_error("stdin is a terminal: give a file, or pipe a recording in");
			return CLI_USAGE;
		}
		return 0;
	}
	source->fd = segments_open(&source->segments, source->path);
	if (source->fd >= 0)
		return 0;
	cli_error("cannot open '%s': %s%s", source->path, strerror(errno),
		  errno == ENOENT && strcmp(source->path, VIEW_DEFAULT_FILE) == 0
			  ? " (`logtap record PROGRAM` makes one; or say which file to show)"
			  : "");
	return CLI_FAILURE;
}

static void explain_foreign(const struct source *source)
{
	uint8_t bytes[64];
	ssize_t size = pread(source->fd, bytes, sizeof(bytes), 0);
	const char *kind = size < 0 ? NULL : evh_trace_kind_of(bytes, (size_t)size);

	cli_error("%s is no recording (neither perf.data nor .dat)%s%s", source->path,
		  kind ? ": it looks like " : "", kind ? kind : "");
}

/* Why evh_trace_open refused. */
static int explain_open(const struct source *source, int error)
{
	switch (error) {
	case -EMEDIUMTYPE:
		explain_foreign(source);
		break;
	case -ENODATA:
		cli_error("%s is empty, or ends within its head: nothing in it can be read",
			  source->path);
		break;
	case -EBADMSG:
		cli_error("%s is damaged: its head contradicts itself", source->path);
		break;
	case -EISDIR:
		cli_error("%s is a folder, not a recording (what `perf record --threads` writes "
			  "can't be read: record without it)",
			  source->path);
		break;
	default:
		cli_error("cannot read %s: %s", source->path, evh_trace_strerror(error));
	}
	return CLI_FAILURE;
}

/* One that goes on in segments is read to the end of the last. */
static int open_trace(struct source *source, const struct evh_trace_options *options)
{
	struct evh_trace_options chained = *options;

	if (source->segments.path) {
		chained.next_file = segments_next;
		chained.next_argument = &source->segments;
	}
	return evh_trace_open(&source->trace, source->fd, &chained);
}

int sources_open(struct sources *sources, char *const *paths, size_t count,
		 const struct evh_trace_options *options)
{
	sources->items = calloc(count, sizeof(*sources->items));
	if (!sources->items) {
		cli_error("out of memory");
		return CLI_FAILURE;
	}
	sources->follow = options->follow;
	for (size_t i = 0; i < count; i++) {
		struct source *source = &sources->items[i];
		int result;

		source->path = paths[i];
		source->fd = -1;
		sources->count = i + 1;
		result = open_path(source);
		if (result != 0)
			return result;
		source->begin = lseek(source->fd, 0, SEEK_CUR);
		result = open_trace(source, options);
		if (result < 0)
			return explain_open(source, result);
	}
	return 0;
}

/* Reads the file's next sample. 0, or a negative errno that ends the show. */
static int fill(struct sources *sources, struct source *source)
{
	int result;

	if (source->ready || source->ended || source->dry)
		return 0;
	result = evh_trace_next(source->trace, &source->sample);
	if (result < 0 && result != -EAGAIN) {
		sources->last = source;
		return result;
	}
	source->ready = result > 0;
	source->ended = result == 0;
	source->dry = result == -EAGAIN;
	return 0;
}

/* While one file grows the others may as well. */
static void look_again(struct sources *sources)
{
	if (++sources->turn % LOOK_PERIOD != 0)
		return;
	for (size_t i = 0; i < sources->count; i++)
		sources->items[i].dry = false;
}

/* What nearly all have: there is nothing to merge. */
static int next_of_one(struct sources *sources, struct evh_sample **sample)
{
	struct source *source = sources->items;
	int result = source->ended ? 0 : evh_trace_next(source->trace, &source->sample);

	source->ended = result == 0;
	source->dry = result == -EAGAIN;
	sources->last = source;
	*sample = &source->sample;
	return result;
}

int sources_next(struct sources *sources, struct evh_sample **sample)
{
	struct source *first = NULL;
	bool dry = false;

	if (sources->count == 1)
		return next_of_one(sources, sample);
	if (sources->last)
		sources->last->ready = false;
	if (sources->follow)
		look_again(sources);
	for (size_t i = 0; i < sources->count; i++) {
		struct source *source = &sources->items[i];
		int result = fill(sources, source);

		if (result < 0)
			return result;
		dry = dry || source->dry;
		if (source->ready && (!first || source->sample.time < first->sample.time))
			first = source;
	}
	/* A pipe that is dry may still have an older one, a file that grows hardly. */
	if (dry && !sources->follow)
		first = NULL;
	sources->last = first;
	if (!first)
		return dry ? -EAGAIN : 0;
	*sample = &first->sample;
	return 1;
}

int sources_wait(struct sources *sources, int timeout)
{
	int result = 0;

	for (size_t i = 0; result >= 0 && i < sources->count; i++) {
		struct source *source = &sources->items[i];

		if (!source->dry)
			continue;
		result = evh_trace_wait(source->trace, sources->count > 1 ? TURN : timeout);
		source->dry = false;
	}
	return result == -EINTR || result >= 0 ? 0 : result;
}

static int restart(struct source *source)
{
	struct evh_trace_options options = { 0 };

	evh_trace_close(source->trace);
	source->trace = NULL;
	source->ready = false;
	source->ended = false;
	source->dry = false;
	if (source->segments.path) {
		close(source->fd);
		source->fd = segments_open(&source->segments, source->path);
		if (source->fd < 0)
			return -errno;
	} else {
		lseek(source->fd, source->begin, SEEK_SET);
	}
	return open_trace(source, &options);
}

int sources_restart(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		int result = restart(&sources->items[i]);

		sources->last = &sources->items[i];
		if (result < 0)
			return result;
	}
	sources->last = NULL;
	return 0;
}

uint64_t sources_offset(const struct sources *sources)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sources->count; i++)
		sum += source_info(&sources->items[i])->offset;
	return sum;
}

uint64_t sources_size(const struct sources *sources)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sources->count; i++)
		sum += source_info(&sources->items[i])->size;
	return sum;
}

bool source_has_shrunk(const struct source *source)
{
	struct stat status;

	return !source->segments.path && fstat(source->fd, &status) == 0 &&
	       S_ISREG(status.st_mode) && (uint64_t)status.st_size < source_info(source)->offset;
}

int source_start_over(struct source *source)
{
	struct evh_trace_options options = { .follow = true };
	struct timespec pause = { .tv_nsec = 200 * NS_PER_MS };

	evh_trace_close(source->trace);
	source->trace = NULL;
	source->ready = false;
	lseek(source->fd, 0, SEEK_SET);
	for (;;) {
		struct stat status;
		int result = evh_trace_open(&source->trace, source->fd, &options);

		if (result == 0)
			return 0;
		if (fstat(source->fd, &status) != 0 ||
		    (status.st_size >= MAGIC_SIZE && result != -ENODATA))
			return result;
		nanosleep(&pause, NULL);
	}
}

void sources_close(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		evh_trace_close(sources->items[i].trace);
		if (sources->items[i].fd > STDIN_FILENO)
			close(sources->items[i].fd);
		if (sources->items[i].segments.path)
			segments_pack(sources->items[i].path);
	}
	free(sources->items);
}
