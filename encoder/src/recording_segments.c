/* SPDX-License-Identifier: MIT */
/*
 * The segments of a recording as files: finding them, renaming and removing them. Which of the
 * files beside it belong to a recording is said by their heads: its name and a number are not
 * enough.
 *
 * Must never take for a segment what is not of the same recording.
 */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/recording.h>

#include "recording_mark.h"
#include "recording_packed.h"

#define PACKED ".zst"

struct found {
	uint64_t number;
	bool packed;
};

struct list {
	const char *path;
	uint8_t id[16];
	struct found *items;
	size_t count, room;
};

/* Of a segment that was truncated, where its head isn't first (file_open.c looks as far). */
static bool find_moved_id(int fd, uint8_t id[16])
{
	const size_t room = UINT16_MAX + 1;
	uint8_t *bytes = malloc(room);
	ssize_t got = bytes ? pread(fd, bytes, room, 0) : 0;
	const struct recording_mark *mark = evh_mark_find(bytes, got > 0 ? (size_t)got : 0);

	if (mark)
		memcpy(id, mark->id, sizeof(mark->id));
	free(bytes);
	return mark != NULL;
}

/* The id of the recording at `path`, packed or not. */
static bool read_id(const char *path, bool packed, uint8_t id[16])
{
	struct {
		struct perf_file_header file;
		struct recording_mark mark;
	} head;
	struct recording_packed whole;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
	bool found = false;

	if (fd < 0)
		return false;
	if (packed) {
		found = pread(fd, &whole, sizeof(whole), 0) == sizeof(whole) &&
			evh_packed_check(&whole);
		memcpy(id, whole.id, sizeof(whole.id));
	} else {
		found = pread(fd, &head, sizeof(head), 0) == sizeof(head) &&
			head.file.magic == PERF_MAGIC &&
			memcmp(head.mark.magic, RECORDING_MAGIC, sizeof(head.mark.magic)) == 0;
		memcpy(id, head.mark.id, sizeof(head.mark.id));
		if (!found)
			found = find_moved_id(fd, id);
	}
	close(fd);
	return found;
}

/* The whole mark of a recording, malloc'ed, checked; NULL with *error set. */
static struct recording_mark *read_mark(const char *path, int *error)
{
	const size_t room = sizeof(struct perf_file_header) + UINT16_MAX + 1;
	struct perf_file_header *file = malloc(room);
	struct recording_mark *mark = NULL;
	int fd = file ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	ssize_t size = fd < 0 ? -1 : pread(fd, file, room, 0);

	*error = !file ? -ENOMEM : size < 0 ? -errno : -EINVAL;
	if (size > (ssize_t)sizeof(*file) && file->magic == PERF_MAGIC &&
	    evh_mark_check((struct recording_mark *)(file + 1), (size_t)size - sizeof(*file))) {
		mark = (struct recording_mark *)file;
		memmove(mark, file + 1, (size_t)size - sizeof(*file));
		*error = 0;
	}
	if (fd >= 0)
		close(fd);
	if (!mark)
		free(file);
	return mark;
}

int evh_recording_get_rules(const char *path, struct evh_recording_rules *rules)
{
	const struct recording_segment *segment;
	int error;
	struct recording_mark *mark = read_mark(path, &error);

	memset(rules, 0, sizeof(*rules));
	if (!mark)
		return error;
	segment = evh_mark_segment(mark);
	if (segment)
		*rules = (struct evh_recording_rules){
			.size_max = segment->size_max,
			.age_max = segment->age_max,
			.keep = segment->keep,
			.compress = segment->flags & RECORDING_COMPRESS,
		};
	free(mark);
	return 0;
}

int evh_recording_packed_head(const char *path, char head[EVH_RECORDING_PACKED_HEAD])
{
	struct recording_packed packed = {
		.frame = htole32(RECORDING_PACKED_FRAME),
		.size = htole32(sizeof(packed) - 2 * sizeof(uint32_t)),
		.magic = RECORDING_MAGIC,
	};

	_Static_assert(sizeof(packed) == EVH_RECORDING_PACKED_HEAD, "as the header says");
	if (!read_id(path, false, packed.id))
		return -EINVAL;
	memcpy(head, &packed, sizeof(packed));
	return 0;
}

/* PATH.NUMBER, or that with PACKED; malloc'ed. */
static char *name_of(const char *path, const struct found *found)
{
	char *name;

	return asprintf(&name, "%s.%" PRIu64 "%s", path, found->number,
			found->packed ? PACKED : "") < 0
		       ? NULL
		       : name;
}

/* What stands behind PATH in a segment's name. */
static bool parse(const char *rest, struct found *found)
{
	char *end;

	if (*rest != '.' || rest[1] < '1' || rest[1] > '9')
		return false;
	errno = 0;
	found->number = strtoull(rest + 1, &end, 10);
	found->packed = strcmp(end, PACKED) == 0;
	return errno == 0 && (found->packed || !*end);
}

static int add(struct list *list, const struct found *found)
{
	char *name = name_of(list->path, found);
	uint8_t id[16];
	bool ours =
		name && read_id(name, found->packed, id) && memcmp(id, list->id, sizeof(id)) == 0;

	free(name);
	if (!name)
		return -ENOMEM;
	if (!ours)
		return 0;
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		struct found *items = realloc(list->items, room * sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = *found;
	return 0;
}

/* By number; of one that is there twice, because somebody was packing it, the whole one first. */
static int compare(const void *a, const void *b)
{
	const struct found *left = a, *right = b;

	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	return (int)left->packed - (int)right->packed;
}

static DIR *open_folder(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *folder = !slash ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	DIR *dir = folder ? opendir(folder) : NULL;

	*name = slash ? slash + 1 : path;
	free(folder);
	return dir;
}

static int find(struct list *list, const char *path)
{
	const char *name;
	struct dirent *entry;
	int error = 0;
	DIR *dir;

	*list = (struct list){ .path = path };
	if (!read_id(path, false, list->id))
		return 0;
	dir = open_folder(path, &name);
	if (!dir)
		return -errno;
	while (!error && (entry = readdir(dir))) {
		struct found found;

		if (strncmp(entry->d_name, name, strlen(name)) == 0 &&
		    parse(entry->d_name + strlen(name), &found))
			error = add(list, &found);
	}
	closedir(dir);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare);
	if (error)
		free(list->items);
	return error;
}

/* One that is there in both forms counts once. */
static void drop_twins(struct list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (!kept || list->items[kept - 1].number != list->items[i].number)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

/* Whether what stands at the path is one of them. */
static bool stands_among(char *const *names, size_t count, const char *path)
{
	struct stat a, b;

	if (stat(path, &a) != 0)
		return false;
	for (size_t i = count; i > 0; i--) {
		if (stat(names[i - 1], &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
			return true;
	}
	return false;
}

/* Their names, with room for one more, in one piece; NULL: no memory. */
static char **make_names(const struct list *list, char **rest)
{
	size_t size = strlen(list->path) + 32, room = list->count + 2;
	char **names = calloc(room, sizeof(*names) + size);
	char *text = (char *)(names + room);

	if (!names)
		return NULL;
	for (size_t i = 0; i < list->count; i++, text += size) {
		names[i] = text;
		snprintf(text, size, "%s.%" PRIu64 "%s", list->path, list->items[i].number,
			 list->items[i].packed ? PACKED : "");
	}
	*rest = text;
	return names;
}

/*
 * So often they are looked for. A new one has its name before the path leads to it, and it may get
 * both behind our back.
 */
#define LOOKS 3

int evh_recording_segments(const char *path, char ***segments)
{
	*segments = NULL;
	for (int look = 1;; look++) {
		struct list list;
		int error = find(&list, path);
		char **names, *rest;

		if (error || !list.items)
			return error;
		drop_twins(&list);
		names = make_names(&list, &rest);
		free(list.items);
		if (!names)
			return -ENOMEM;
		*segments = names;
		if (stands_among(names, list.count, path))
			return (int)list.count;
		if (look == LOOKS) {
			/* Its own name is gone, or it stands somewhere else. */
			names[list.count] = strcpy(rest, path);
			return (int)list.count + 1;
		}
		free(names);
	}
}

/* Renames (or, where `to` is NULL, removes) what `list` has. */
static int change_all(const struct list *list, const char *to)
{
	int error = 0;

	for (size_t i = 0; i < list->count && !error; i++) {
		char *from = name_of(list->path, &list->items[i]);
		char *target = to ? name_of(to, &list->items[i]) : NULL;

		if (!from || (to && !target))
			error = -ENOMEM;
		else if ((to ? rename(from, target) : unlink(from)) && errno != ENOENT)
			error = -errno;
		free(from);
		free(target);
	}
	return error;
}

int evh_recording_remove(const char *path)
{
	struct list list;
	int error = find(&list, path);

	if (error)
		return error;
	error = change_all(&list, NULL);
	if (!error && unlink(path))
		error = -errno;
	free(list.items);
	return error;
}

int evh_recording_rename(const char *path, const char *to)
{
	struct list list, replaced;
	int error = find(&list, path);

	if (error)
		return error;
	error = find(&replaced, to);
	if (!error) {
		error = change_all(&replaced, NULL);
		free(replaced.items);
	}
	/* First what leads to all of them: programs that write into it look there. */
	if (!error && rename(path, to))
		error = -errno;
	if (!error)
		error = change_all(&list, to);
	free(list.items);
	return error;
}
