/* SPDX-License-Identifier: MIT */
/*
 * PATH.index: a line for each closed segment, appended. Must never make more of a loss than can be
 * known: what has no line is said to be unknown.
 */
#include "spool_index.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/recording.h>

/* Then its older half goes: some thousand segments. */
#define INDEX_MAX  262144
#define INDEX_READ ((size_t)2 * INDEX_MAX)

static char *name_index(const char *path)
{
	char *name;

	return asprintf(&name, "%s.index", path) < 0 ? NULL : name;
}

uint64_t spool_index_newest(const char *path)
{
	char **names;
	int count = evh_recording_segments(path, &names);
	uint64_t number;

	if (count <= 0)
		return 0;
	number = segments_number(names[count - 1], path);
	free(names);
	return number == UINT64_MAX ? 0 : number;
}

void spool_index_count(const char *path, struct spool_count *count)
{
	struct evh_sample sample;
	struct spool spool;

	*count = (struct spool_count){ .segment = spool_index_newest(path) };
	if (!count->segment || spool_open(&spool, path) < 0)
		return;
	if (spool_open_segment(&spool, count->segment) == 0) {
		while (spool_next(&spool, &sample) > 0) {
			count->first = count->events++ ? count->first : sample.time;
			count->last = sample.time;
		}
	}
	spool_close(&spool);
}

/* The whole file, terminated; NULL: there is none. */
static char *read_index(const char *name)
{
	char *text = malloc(INDEX_READ + 1);
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t size = fd < 0 || !text ? -1 : read(fd, text, INDEX_READ);

	if (fd >= 0)
		close(fd);
	if (size < 0) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

static bool write_all(int fd, const char *text, size_t size)
{
	return fd >= 0 && write(fd, text, size) == (ssize_t)size;
}

/* Leaves the newer half. */
static void shorten(const char *name)
{
	char *text = read_index(name), *fresh;
	const char *rest = text ? strchr(text + strlen(text) / 2, '\n') : NULL;
	int fd;

	if (rest && asprintf(&fresh, "%s.new", name) >= 0) {
		fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (!write_all(fd, rest + 1, strlen(rest + 1)) || rename(fresh, name) != 0)
			unlink(fresh);
		if (fd >= 0)
			close(fd);
		free(fresh);
	}
	free(text);
}

void spool_index_add(const char *path, const struct spool_count *count)
{
	char line[128], *name = name_index(path);
	struct stat status;
	int size, fd;

	if (!name)
		return;
	size = snprintf(line, sizeof(line), "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			count->segment, count->events, count->first, count->last);
	fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	write_all(fd, line, (size_t)size);
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > INDEX_MAX)
		shorten(name);
	if (fd >= 0)
		close(fd);
	free(name);
}

static void add_up(struct loss *loss, const struct spool_count *count, uint64_t delivered)
{
	loss->count += count->events > delivered ? count->events - delivered : 0;
	if (count->events && (!loss->first || count->first < loss->first))
		loss->first = count->first;
	if (count->last > loss->last)
		loss->last = count->last;
}

void spool_index_sum(const char *path, const struct spool_place *from, uint64_t to,
		     struct loss *loss)
{
	char *name = name_index(path), *text = name ? read_index(name) : NULL;
	uint64_t known = from->segment;

	for (const char *line = text; line && *line;) {
		const char *end = strchr(line, '\n');
		struct spool_count count;

		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &count.segment,
			   &count.events, &count.first, &count.last) == 4 &&
		    count.segment >= known && count.segment < to) {
			loss->at_least = loss->at_least || count.segment > known;
			known = count.segment + 1;
			add_up(loss, &count, count.segment == from->segment ? from->events : 0);
		}
		line = end ? end + 1 : NULL;
	}
	loss->at_least = loss->at_least || known < to;
	free(text);
	free(name);
}
