/* SPDX-License-Identifier: MIT */
/*
 * json:PATH and file:PATH: a line for each event, in files that are rotated. Must never leave half
 * a batch or half a line behind that the next try would repeat: what could not be written whole is
 * taken back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json_line.h"
#include "kinds.h"
#include "output.h"

struct lines {
	int fd; /* -1: not open now */
	bool json;
	struct output output; /* the text of the batch, and how lines look */
};

static const char *check_path(const char *target)
{
	return *target ? NULL : "a file behind the colon";
}

static int open_lines(struct destination *destination, bool json)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	lines->fd = -1;
	lines->json = json;
	lines->output = (struct output){
		.format = OUTPUT_SHORT_ISO, .color_wish = COLOR_NEVER, .hold = true, .fd = -1
	};
	destination->state = lines;
	return 0;
}

static int open_json(struct destination *destination)
{
	return open_lines(destination, true);
}

static int open_text(struct destination *destination)
{
	return open_lines(destination, false);
}

static size_t add(struct destination *destination, struct event *event)
{
	struct lines *lines = destination->state;

	if (lines->json)
		json_line_append(&lines->output.text, event, destination->host,
				 destination->options->ecs);
	else
		output_format_event(&lines->output, event);
	return lines->output.text.size;
}

static enum delivery fail(struct destination *destination, const char *what, int error)
{
	snprintf(destination->problem, sizeof(destination->problem), "%s: %s", what,
		 strerror(error));
	return DELIVERY_AGAIN;
}

/* Where the last line begins that has no end; -1: it has one, or can't be read. */
static off_t find_half_line(int fd)
{
	char bytes[4096];
	off_t end = lseek(fd, 0, SEEK_END), at = end;

	while (at > 0) {
		size_t size = at < (off_t)sizeof(bytes) ? (size_t)at : sizeof(bytes);
		const char *newline;

		if (pread(fd, bytes, size, at - (off_t)size) != (ssize_t)size)
			return -1;
		newline = memrchr(bytes, '\n', size);
		at -= (off_t)size;
		if (!newline)
			continue;
		at += newline + 1 - bytes;
		break;
	}
	return at < end ? at : -1;
}

/*
 * Somebody was killed within a line, which comes again: of an object its beginning is taken back.
 * What may be anybody's gets an end.
 */
static int end_half_line(int fd, bool json)
{
	off_t begin = find_half_line(fd);
	char first;

	if (begin < 0)
		return 0;
	if (json && pread(fd, &first, 1, begin) == 1 && first == '{')
		return ftruncate(fd, begin) != 0 ? -errno : 0;
	return write(fd, "\n", 1) != 1 ? -errno : 0;
}

static int open_file(struct lines *lines, const char *path)
{
	struct stat status;
	int error = 0;

	lines->fd =
		open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (lines->fd < 0)
		return -errno;
	if (fstat(lines->fd, &status) != 0)
		error = -errno;
	else if (S_ISREG(status.st_mode))
		error = end_half_line(lines->fd, lines->json);
	if (error) {
		close(lines->fd);
		lines->fd = -1;
	}
	return error;
}

/* Somebody else may have renamed it, as logrotate does. */
static bool is_still_there(const struct lines *lines, const char *path)
{
	struct stat open_one, named;

	return fstat(lines->fd, &open_one) == 0 && stat(path, &named) == 0 &&
	       open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/* PATH becomes PATH.1, that PATH.2, and so on; what is beyond those to be kept is replaced. */
static void rotate(const char *path, unsigned keep)
{
	char *from, *to;

	if (!keep) {
		unlink(path);
		return;
	}
	for (unsigned i = keep; i > 0; i--) {
		if (asprintf(&to, "%s.%u", path, i) < 0)
			return;
		if (i == 1)
			from = strdup(path);
		else if (asprintf(&from, "%s.%u", path, i - 1) < 0)
			from = NULL;
		if (from)
			rename(from, to);
		free(from);
		free(to);
	}
}

static void close_file(struct lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	lines->fd = -1;
}

/* The file to append the batch to. */
static int ready_file(const struct destination *destination, struct lines *lines, size_t size)
{
	uint64_t limit = destination->options->rotate_size;
	struct stat status;

	if (lines->fd >= 0 && !is_still_there(lines, destination->target))
		close_file(lines);
	if (lines->fd < 0) {
		int error = open_file(lines, destination->target);

		if (error)
			return error;
	}
	if (!limit || fstat(lines->fd, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !status.st_size || (uint64_t)status.st_size + size <= limit)
		return 0;
	close_file(lines);
	rotate(destination->target, destination->options->rotate_keep);
	return open_file(lines, destination->target);
}

static int write_whole(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		data += written;
		size -= (size_t)written;
	}
	return 0;
}

/* Synchronised, because nothing else tells that the lines survive the machine. */
static enum delivery deliver(struct destination *destination)
{
	struct lines *lines = destination->state;
	struct evh_text *text = &lines->output.text;
	struct stat before;
	int error;

	if (text->error)
		return fail(destination, "no memory for the batch", ENOMEM);
	error = ready_file(destination, lines, text->size);
	if (error)
		return fail(destination, "cannot open it", -error);
	if (fstat(lines->fd, &before) != 0)
		return fail(destination, "cannot look at it", errno);
	error = write_whole(lines->fd, text->data, text->size);
	if (!error && fdatasync(lines->fd) != 0 && errno != EINVAL && errno != EROFS)
		error = -errno;
	if (!error)
		return DELIVERY_DONE;
	if (S_ISREG(before.st_mode) && ftruncate(lines->fd, before.st_size) != 0)
		close_file(lines);
	return fail(destination, "cannot write to it", -error);
}

static void clear(struct destination *destination)
{
	struct lines *lines = destination->state;

	evh_text_clear(&lines->output.text);
}

static void close_lines(struct destination *destination)
{
	struct lines *lines = destination->state;

	close_file(lines);
	output_free(&lines->output);
	free(lines);
}

const struct destination_kind destination_json = {
	.scheme = "json",
	.check = check_path,
	.open = open_json,
	.add = add,
	.deliver = deliver,
	.clear = clear,
	.close = close_lines,
};

const struct destination_kind destination_file = {
	.scheme = "file",
	.check = check_path,
	.open = open_text,
	.add = add,
	.deliver = deliver,
	.clear = clear,
	.close = close_lines,
};
