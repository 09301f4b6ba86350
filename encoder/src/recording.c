/* SPDX-License-Identifier: MIT */
/*
 * Creating a recording. Events are appended by transport_file.c.
 *
 * The file must never be seen half-written under its name: a reader or a writer that opens it finds
 * the whole head or no file.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/recording.h>
#include <evh/uuid.h>

#include "namespaces.h"
#include "plain_fields.h"
#include "recording_head.h"
#include "syscall.h"

/* Up to where the names are, or the segment. */
static size_t names_end(const char *const names[], size_t count)
{
	size_t size = sizeof(struct recording_mark);

	for (size_t i = 0; i < count; i++)
		size += strlen(names[i]) + 1;
	return (size + 7) & ~(size_t)7;
}

static void put_rules(struct recording_segment *segment, const struct evh_recording_rules *rules)
{
	*segment = (struct recording_segment){
		.number = 1,
		.size_max = rules->size_max,
		.age_max = rules->age_max,
		.keep = rules->keep,
		.flags = rules->compress ? RECORDING_COMPRESS : 0,
	};
}

/* The mark with its names, malloc'ed; NULL with *error set. rules: NULL: of one file. */
static struct recording_mark *make_mark(const char *const names[], size_t count,
					const struct evh_recording_rules *rules, int *error)
{
	size_t end = names_end(names, count);
	size_t size = end + (rules ? sizeof(struct recording_segment) : 0);
	struct recording_mark *mark = size > UINT16_MAX ? NULL : calloc(1, size);
	char *out;

	*error = size > UINT16_MAX ? -E2BIG : -ENOMEM;
	if (!mark)
		return NULL;
	*mark = (struct recording_mark){
		.header = { .type = PERF_RECORD_HEADER_FEATURE, .size = (uint16_t)size },
		.feature = PERF_FEATURE_STAT,
		.magic = RECORDING_MAGIC,
		.first_id = RECORDING_FIRST_ID,
		.count = (uint16_t)count,
		.keywords = (uint16_t)evh_names_keywords(names, count),
	};
	out = (char *)(mark + 1);
	for (size_t i = 0; i < count; i++)
		out = stpcpy(out, names[i]) + 1;
	if (rules)
		put_rules((struct recording_segment *)((char *)mark + end), rules);
	evh_note_creator(mark);
	*error = evh_uuid_random(mark->id);
	if (!*error)
		return mark;
	free(mark);
	return NULL;
}

/* A plain tracepoint has its fields behind a space; one without fields is the exception. */
static int check_name(const char *name)
{
	size_t length = strcspn(name, " ");

	return name[length] ? evh_plain_check(name, length, name + length + 1)
			    : evh_tracepoint_name_check(name);
}

static bool same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, " ");

	return length == strcspn(b, " ") && memcmp(a, b, length) == 0;
}

static int check_names(const char *const names[], size_t count)
{
	if (count == 0)
		return -EINVAL;
	if (count > UINT16_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++) {
		int error = check_name(names[i]);

		if (error)
			return error;
		for (size_t j = 0; j < i; j++)
			if (same_name(names[i], names[j]))
				return -EINVAL;
	}
	return 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno != EINTR)
			return -errno;
		bytes += written > 0 ? written : 0;
		size -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

static int write_head(int fd, const struct recording_mark *mark)
{
	uint8_t boot_id[16];
	size_t room = evh_head_size(mark);
	uint8_t *head = room ? malloc(room) : NULL;
	int error;

	if (!head)
		return room ? -ENOMEM : -E2BIG;
	evh_read_boot_id(boot_id);
	error = write_all(fd, head, evh_head_make(mark, boot_id, head, room));
	free(head);
	return error;
}

/* Writes the head under a name of its own (a template), so that `path` always has a whole one. */
static int write_new(char *fresh, const struct recording_mark *mark,
		     struct recording_identity *identity)
{
	int fd = mkostemp(fresh, O_CLOEXEC); /* with mode 0600 */
	int error;

	if (fd < 0)
		return -errno;
	error = evh_identity_of(mark, fd, identity);
	if (!error)
		error = write_head(fd, mark);
	if (close(fd) && !error)
		error = -errno;
	if (error)
		unlink(fresh);
	return error;
}

/* Moves what is at `path` out of the way; 0 also when nothing is there. */
static int keep_old(const char *path)
{
	struct stat status;
	char *old;
	int error = 0;

	if (lstat(path, &status))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
		return -EEXIST;
	if (asprintf(&old, "%s.old", path) < 0)
		return -ENOMEM;
	/* Another recording that begins now may have moved it. */
	error = evh_recording_rename(path, old);
	free(old);
	return error == -ENOENT ? 0 : error;
}

/*
 * Gives the new file its name, where no other is by then: another recording may be begun at the
 * same moment, and its programs are writing already.
 */
static int take_path(const char *fresh, const char *path)
{
	/* The kernel has it since 3.15, but not for every file system. */
	for (int attempt = 0; attempt < 100; attempt++) {
		int error = keep_old(path);

		if (error)
			return error;
		error = (int)EVH_SYSCALL6(SYS_renameat2, AT_FDCWD, fresh, AT_FDCWD, path,
					  1 /* RENAME_NOREPLACE; musl 1.2.3 has neither */, 0);
		if (!error)
			return 0;
		if (error != -EEXIST)
			break;
	}
	return rename(fresh, path) ? -errno : 0;
}

/* The number of the first segment, in a file that nobody knows yet. */
static int renumber(const char *fresh, struct recording_mark *mark, uint64_t number)
{
	struct recording_segment *segment = evh_mark_segment(mark);
	off_t place = (off_t)(sizeof(struct perf_file_header) +
			      (size_t)((char *)&segment->number - (char *)mark));
	int fd = open(fresh, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int error = fd < 0 ? -errno : 0;

	segment->number = number;
	if (!error && pwrite(fd, &number, sizeof(number), place) != sizeof(number))
		error = errno ? -errno : -EIO;
	if (fd >= 0)
		close(fd);
	return error;
}

/* Gives the first segment a name of its own, with the least number that is free. */
static int name_segment(const char *fresh, const char *path, struct recording_mark *mark)
{
	int error = -EEXIST;

	for (uint64_t number = 1; error == -EEXIST && number < 100000; number++) {
		char *name;

		if (asprintf(&name, "%s.%" PRIu64, path, number) < 0)
			return -ENOMEM;
		if (number > 1)
			error = access(name, F_OK) ? renumber(fresh, mark, number) : -EEXIST;
		else
			error = 0;
		if (!error && link(fresh, name))
			error = -errno;
		free(name);
	}
	return error;
}

static void unlink_segment(const char *path, uint64_t number)
{
	char *name;

	if (asprintf(&name, "%s.%" PRIu64, path, number) < 0)
		return;
	unlink(name);
	free(name);
}

/* Both names of the first segment, or its only one. */
static int take_names(const char *fresh, const char *path, struct recording_mark *mark)
{
	int error;

	if (!evh_mark_segment(mark))
		return take_path(fresh, path);
	error = keep_old(path);
	if (!error)
		error = name_segment(fresh, path, mark);
	if (error)
		return error;
	error = take_path(fresh, path);
	if (error)
		unlink_segment(path, evh_mark_segment(mark)->number);
	return error;
}

/* A recording that has these rules, NULL: of one file. */
static int create(const char *path, const char *const names[], size_t count,
		  const struct evh_recording_rules *rules, char text[EVH_RECORDING_IDENTITY_SIZE])
{
	struct recording_identity identity;
	struct recording_mark *mark;
	char *fresh;
	int error = check_names(names, count);

	if (error)
		return error;
	mark = make_mark(names, count, rules, &error);
	if (!mark)
		return error;
	if (rules && rules->size_max && rules->size_max < 4 * evh_head_size(mark))
		error = -EINVAL;
	if (error || asprintf(&fresh, "%s.XXXXXX", path) < 0) {
		free(mark);
		return error ? error : -ENOMEM;
	}
	error = write_new(fresh, mark, &identity);
	if (!error) {
		error = take_names(fresh, path, mark);
		if (error)
			unlink(fresh);
	}
	free(mark);
	free(fresh);
	if (!error)
		evh_identity_format(&identity, text);
	return error;
}

int evh_recording_create_segmented(const char *path, const char *const names[], size_t count,
				   const struct evh_recording_rules *rules,
				   char text[EVH_RECORDING_IDENTITY_SIZE])
{
	bool segmented = rules && (rules->size_max || rules->age_max);

	return create(path, names, count, segmented ? rules : NULL, text);
}

int evh_recording_create_identified(const char *path, const char *const names[], size_t count,
				    char text[EVH_RECORDING_IDENTITY_SIZE])
{
	return create(path, names, count, NULL, text);
}

int evh_recording_create(const char *path, const char *const names[], size_t count)
{
	char identity[EVH_RECORDING_IDENTITY_SIZE];

	return create(path, names, count, NULL, identity);
}
