/* SPDX-License-Identifier: MIT */
/*
 * The file is text, so that a person can read it. Must never be ahead of what was acknowledged:
 * what can't be read in it means the beginning, where events come twice rather than not at all.
 */
#include "cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FORM                                                                                       \
	"recording %s\nsegment %" PRIu64 " offset %" PRIu64 " events %" PRIu64                     \
	"\ndelivered %" PRIu64 " refused %" PRIu64 " removed %" PRIu64 "\n"
#define FORM_READ                                                                                  \
	"recording %64s segment %" SCNu64 " offset %" SCNu64 " events %" SCNu64                    \
	" delivered %" SCNu64 " refused %" SCNu64 " removed %" SCNu64
#define SIZE_MAX_READ 512
#define ID_TEXT	      (2 * EVH_RECORDING_PACKED_HEAD + 1)

/* FNV-1a: two names that look alike once odd characters are replaced. */
static uint32_t hash(const char *name)
{
	uint32_t value = 2166136261u;

	for (; *name; name++)
		value = (value ^ (uint8_t)*name) * 16777619u;
	return value;
}

/* PATH.to-otlp-http-host-4318.1a2b3c4d: no segment's name, and none of anybody's secrets. */
static char *name_file(const char *path, const char *name)
{
	size_t kind = strcspn(name, ":");
	char *text;

	return asprintf(&text, "%s.to-%.*s.%08" PRIx32, path, (int)kind, name, hash(name)) < 0
		       ? NULL
		       : text;
}

static void write_id(const struct cursor *cursor, char text[ID_TEXT])
{
	for (size_t i = 0; i < sizeof(cursor->recording); i++)
		sprintf(text + 2 * i, "%02x", (unsigned char)cursor->recording[i]);
}

static void load(struct cursor *cursor)
{
	char text[SIZE_MAX_READ + 1], id[ID_TEXT], found[ID_TEXT];
	int fd = open(cursor->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t size = fd < 0 ? -1 : read(fd, text, SIZE_MAX_READ);
	struct cursor read = { 0 };

	if (fd >= 0)
		close(fd);
	if (size < 0)
		return;
	text[size] = '\0';
	write_id(cursor, id);
	if (sscanf(text, FORM_READ, found, &read.place.segment, &read.place.offset,
		   &read.place.events, &read.delivered, &read.refused, &read.removed) != 7)
		return;
	cursor->delivered = read.delivered;
	cursor->refused = read.refused;
	cursor->removed = read.removed;
	if (strcmp(found, id) == 0)
		cursor->place = read.place;
}

/* The file itself is replaced all the time: the lock has one of its own. */
static int take_lock(const char *path)
{
	char *name;
	int fd;

	if (asprintf(&name, "%s.lock", path) < 0)
		return -1;
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(name);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0) {
		if (errno == EINTR)
			continue;
		close(fd);
		return -1;
	}
	return fd;
}

int cursor_open(struct cursor *cursor, const char *path, const char *name)
{
	int error = evh_recording_packed_head(path, cursor->recording);

	cursor->place = (struct spool_place){ 0 };
	cursor->delivered = cursor->refused = cursor->removed = 0;
	cursor->path = error ? NULL : name_file(path, name);
	cursor->lock = cursor->path ? take_lock(cursor->path) : -1;
	if (cursor->lock >= 0) {
		load(cursor);
		return 0;
	}
	if (!error)
		error = cursor->path ? -errno : -ENOMEM;
	free(cursor->path);
	return error;
}

static int write_file(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t written = fd < 0 ? -1 : write(fd, text, size);
	int error = written < 0 ? -errno : (size_t)written < size ? -ENOSPC : 0;

	if (fd >= 0 && close(fd) != 0 && !error)
		error = -errno;
	return error;
}

int cursor_store(struct cursor *cursor)
{
	char text[SIZE_MAX_READ], id[ID_TEXT], *fresh;
	int size, error;

	write_id(cursor, id);
	size = snprintf(text, sizeof(text), FORM, id, cursor->place.segment, cursor->place.offset,
			cursor->place.events, cursor->delivered, cursor->refused, cursor->removed);
	if (asprintf(&fresh, "%s.new", cursor->path) < 0)
		return -ENOMEM;
	error = write_file(fresh, text, (size_t)size);
	if (!error && rename(fresh, cursor->path) != 0)
		error = -errno;
	if (error)
		unlink(fresh);
	free(fresh);
	return error;
}

void cursor_close(struct cursor *cursor)
{
	close(cursor->lock);
	free(cursor->path);
}
