/* SPDX-License-Identifier: MIT */
/*
 * The files of a recording that goes on in segments. Segment N of the recording PATH is PATH.N,
 * with N counting up and never used again, and PATH is a second name of the newest one:
 *
 *	link(nameless file, PATH.N)	one of those who try succeeds, the others find its file
 *	link(PATH.N, PATH.new)
 *	rename(PATH.new, PATH)		from here on new programs find it
 *
 * The file has its whole head before it has a name, so that who is killed at any place leaves
 * nothing that others would have to wait for or mend.
 *
 * Must never take away or replace a file that is not of this recording, never begin a segment in
 * another folder than the recording's (a program may see another root, or somebody exchange a
 * folder of his own for a link to another's), and never wait.
 */
#include <string.h>

#include "file.h"
#include "put_decimal.h"
#include "recording_head.h"
#include "recording_mark.h"
#include "recording_packed.h"
#include "syscall.h"

/* Names that others' files have, until the recording stays where it is. */
#define NUMBERS_TRIED 16

/* How old a segment is to which PATH should lead by now, ns. */
#define HELP_AFTER UINT64_C(200000000)

#define OLD    ".old"
#define PACKED ".zst"
#define FRESH  ".new"

static char *put_text(char *out, const char *text)
{
	size_t size = strlen(text);

	memcpy(out, text, size + 1);
	return out + size;
}

/* Where the last name of the path begins. */
static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Opens the folder that the path leads to now, so that all that follows is done in the same one. By
 * its path, where there is no /proc to name it otherwise. The descriptor, which is to be closed.
 */
static int hold_folder(struct evh_file *file)
{
	const char *name = last_name(file->path);
	struct stat status = { 0 };
	int folder;
	char *end;

	memcpy(file->place, file->path, (size_t)(name - file->path));
	put_text(file->place + (name - file->path), ".");
	folder = evh_open_above_stdio(file->place, O_PATH | O_DIRECTORY);
	if (folder < 0)
		return folder;
	end = evh_put_decimal(put_text(file->place, "/proc/self/fd/"), (uint64_t)folder);
	put_text(end, "/");
	if (evh_stat(file->place, &status))
		put_text(file->place, file->path);
	else
		put_text(end + 1, name);
	return folder;
}

/* PATH.N and what stands behind it. */
static const char *name_segment(char *name, const struct evh_file *file, uint64_t number,
				const char *suffix)
{
	char *out = put_text(name, file->place);

	*out++ = '.';
	put_text(evh_put_decimal(out, number), suffix);
	return name;
}

const char *evh_file_other_name(struct evh_file *file)
{
	if (file->segment)
		return name_segment(file->name, file, file->segment->number, "");
	put_text(put_text(file->name, file->path), OLD);
	return file->name;
}

static int link_file(const char *from, const char *to)
{
	return (int)EVH_SYSCALL6(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0, 0);
}

static int rename_file(const char *from, const char *to)
{
	return (int)EVH_SYSCALL6(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0, 0);
}

static int unlink_file(const char *path)
{
	return (int)EVH_SYSCALL3(SYS_unlinkat, AT_FDCWD, path, 0);
}

/* Whether two segments list the same tracepoints: what is registered stays so. */
static bool same_names(const struct recording_mark *a, const struct recording_mark *b)
{
	return a->header.size == b->header.size && a->first_id == b->first_id &&
	       a->count == b->count &&
	       memcmp(evh_mark_names(a), evh_mark_names(b),
		      a->header.size - sizeof(*a) - sizeof(struct recording_segment)) == 0;
}

/* Opens next->path where a later segment of the recording stands there. */
static int open_later(struct evh_file *next, const struct evh_file *file)
{
	int fd = evh_file_open_same(next, file);

	if (fd < 0)
		return fd;
	next->segment = evh_mark_segment(&next->mark);
	if (next->segment && next->segment->number > file->segment->number &&
	    same_names(&next->mark, &file->mark))
		return fd;
	EVH_SYSCALL1(SYS_close, fd);
	return -EALREADY;
}

/* Whether a name is that of the open file: then its folder is the recording's. */
static bool leads_to(const char *name, int fd)
{
	struct stat ours = { 0 }, named = { 0 };

	return !evh_fstat(fd, &ours) && !evh_stat(name, &named) && ours.st_dev == named.st_dev &&
	       ours.st_ino == named.st_ino;
}

/*
 * What stands at PATH, where it is a later segment. Where another recording was begun there, ours
 * is PATH.old from then on. -EALREADY: no later one, but it is the recording's folder.
 */
static int open_newest(struct evh_file *file, int fd, struct evh_file *next)
{
	int found;

	/* It may be without a head, where somebody truncated it. */
	if (leads_to(file->place, fd))
		return -EALREADY;
	put_text(next->path, file->place);
	found = open_later(next, file);
	if (found >= 0 || found == -EALREADY)
		return found;
	if (found == -ENOENT)
		return leads_to(name_segment(file->name, file, file->segment->number, ""), fd)
			       ? -EALREADY
			       : -ENOENT;
	if (strlen(file->path) >= PATH_MAX)
		return found;
	put_text(next->path + strlen(next->path), OLD);
	if (evh_file_look_same(next, file) < 0)
		return found;
	put_text(file->path + strlen(file->path), OLD);
	put_text(file->place + strlen(file->place), OLD);
	return open_later(next, file);
}

/*
 * Lets PATH lead to a segment that has its own name already. The name for the moment in between is
 * one for all, so that who is killed leaves no more than that, and the next one takes it away. Who
 * comes at the same time takes it away as well, and gives it to another segment: whoever was here
 * looks afterwards whether PATH leads to the last.
 */
static void point_to(const struct evh_file *file, const char *segment, char *fresh)
{
	put_text(put_text(fresh, file->place), FRESH);
	for (int attempt = 0; attempt < 4; attempt++) {
		if (!link_file(segment, fresh)) {
			rename_file(fresh, file->place);
			break;
		}
		unlink_file(fresh);
	}
	/* rename leaves both names where they lead to the same file already. */
	unlink_file(fresh);
}

/* The head of the new segment, written to the new file in one piece. */
static int write_head(int fd, const struct evh_file *next)
{
	size_t room = evh_head_size(&next->mark);
	uint8_t *head = room ? evh_map_memory(room) : NULL;
	struct iovec iov = { .iov_base = head };
	int error;

	if (!head)
		return -ENOMEM;
	iov.iov_len = evh_head_make(&next->mark, next->boot_id, head, room);
	error = evh_file_append_now(fd, &iov, 1, iov.iov_len);
	evh_unmap_memory(head, room);
	return error;
}

/* Whoever could use the present segment can use the new one. */
static int hand_over(int fd, int present)
{
	struct stat old = { 0 }, new = { 0 };
	int error = evh_fstat(present, &old);

	if (!error)
		error = evh_fstat(fd, &new);
	if (!error && (old.st_uid != new.st_uid || old.st_gid != new.st_gid))
		error = (int)EVH_SYSCALL3(SYS_fchown, fd, old.st_uid, old.st_gid);
	if (!error && (old.st_mode & 0777) != (new.st_mode & 0777))
		error = (int)EVH_SYSCALL2(SYS_fchmod, fd, old.st_mode & 0777);
	return error;
}

/* The mark of the segment that follows, in the recording's time. */
static void make_mark(struct evh_file *next, const struct evh_file *file, uint64_t number,
		      uint64_t time)
{
	memcpy(&next->mark, &file->mark, file->mark.header.size);
	next->mark.wall = evh_clock_read(CLOCK_REALTIME);
	next->mark.clock = time;
	next->segment = evh_mark_segment(&next->mark);
	next->segment->number = number;
	next->size_seen = 0;
	next->owner = file->owner;
	memcpy(next->boot_id, file->boot_id, sizeof(next->boot_id));
}

/* Lets PATH lead to the last segment there is, from `number` on. */
static void point_to_last(struct evh_file *file, struct evh_file *next, uint64_t number)
{
	struct stat status = { 0 };

	for (int i = 0; i < NUMBERS_TRIED; i++) {
		point_to(file, name_segment(next->name, file, number, ""), file->name);
		if (evh_stat(name_segment(next->name, file, ++number, ""), &status))
			return;
	}
}

/* Removes a segment if it is of this recording. 0 or a negative errno. */
static int remove_segment(const struct evh_file *file, struct evh_file *scratch, uint64_t number)
{
	struct recording_packed head = { 0 };
	int error, fd;

	name_segment(scratch->path, file, number, "");
	error = evh_file_look_same(scratch, file);
	if (!error)
		error = unlink_file(scratch->path);
	name_segment(scratch->path, file, number, PACKED);
	fd = evh_open_above_stdio(scratch->path, EVH_FILE_OPEN_FLAGS);
	if (fd < 0)
		return error;
	if (evh_pread(fd, &head, sizeof(head), 0) == sizeof(head) && evh_packed_check(&head) &&
	    memcmp(head.id, file->mark.id, sizeof(head.id)) == 0)
		error = unlink_file(scratch->path);
	EVH_SYSCALL1(SYS_close, fd);
	return error;
}

/*
 * What is beyond `keep`: usually one. Others where somebody who was held up has made one again that
 * had been removed.
 */
static void remove_old(const struct evh_file *file, struct evh_file *scratch, uint64_t newest)
{
	uint32_t keep = file->segment->keep;
	uint64_t number = newest - keep - 1;

	if (!keep || newest <= keep + UINT64_C(1))
		return;
	for (int i = 0; i < NUMBERS_TRIED && number; i++, number--)
		remove_segment(file, scratch, number);
}

/*
 * Whether the others have gone on further than to the segment `found`: who is held up for long may
 * find its name free, because it was removed already.
 */
static bool moved_on(const struct evh_file *file, int present, int found)
{
	struct stat status = { 0 };

	return !leads_to(file->place, present) && !leads_to(file->place, found) &&
	       !evh_stat(file->place, &status);
}

/* A file without a name in the recording's folder. Some file systems have none. */
static int open_nameless(const struct evh_file *file, char *folder)
{
	size_t size = (size_t)(last_name(file->place) - file->place);

	memcpy(folder, file->place, size);
	put_text(folder + size, ".");
	return evh_create_above_stdio(folder, O_TMPFILE | O_WRONLY | O_APPEND | O_LARGEFILE, 0600);
}

/* Its first name. `link` is room for that of /proc. */
static int name_nameless(int fd, const char *name, char *link)
{
	*evh_put_decimal(put_text(link, "/proc/self/fd/"), (uint64_t)fd) = '\0';
	return (int)EVH_SYSCALL6(SYS_linkat, AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW, 0);
}

/* Everything of the new file but its name. */
static int fill(int fd, const struct evh_file *file, int present, struct evh_file *next,
		uint64_t number, uint64_t time)
{
	int error;

	make_mark(next, file, number, time);
	error = hand_over(fd, present);
	return error ? error : write_head(fd, next);
}

/* As create, where files need a name from the beginning. Who is killed at this leaves it. */
static int create_named(struct evh_file *file, int present, struct evh_file *next, uint64_t number,
			uint64_t time)
{
	char *end = put_text(next->path, name_segment(next->name, file, number, "."));
	int fd, error;

	/* Two PID namespaces may have the same number. */
	end = put_text(evh_put_decimal(end, (uint64_t)EVH_SYSCALL1(SYS_getpid, 0)), ".");
	put_text(evh_put_decimal(end, time), FRESH);
	fd = evh_create_above_stdio(
		next->path,
		O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_LARGEFILE, 0600);
	if (fd < 0)
		return fd == -EEXIST ? -EAGAIN : fd;
	error = fill(fd, file, present, next, number, time);
	if (!error)
		error = link_file(next->path, name_segment(next->name, file, number, ""));
	unlink_file(next->path);
	if (error)
		EVH_SYSCALL1(SYS_close, fd);
	return error ? error : fd;
}

/* A new segment of this number. The descriptor; -EEXIST: somebody else's stands there. */
static int create(struct evh_file *file, int present, struct evh_file *next, uint64_t number,
		  uint64_t time)
{
	int fd = open_nameless(file, next->path), error;

	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOSPC || fd == -EDQUOT)
		return fd;
	if (fd < 0)
		return create_named(file, present, next, number, time);
	error = fill(fd, file, present, next, number, time);
	if (!error)
		error = name_nameless(fd, name_segment(next->name, file, number, ""), next->path);
	if (!error)
		return fd;
	EVH_SYSCALL1(SYS_close, fd);
	/* There may be no /proc. */
	return error == -ENOENT ? create_named(file, present, next, number, time) : error;
}

/* PATH.N: opened where it is there, made where it isn't. */
static int open_or_create(struct evh_file *file, int present, struct evh_file *next,
			  uint64_t number, uint64_t time)
{
	int fd = -EAGAIN;

	/* Two at a time: who comes second finds what the first has made. */
	for (int attempt = 0; attempt < 2; attempt++) {
		name_segment(next->path, file, number, "");
		fd = open_later(next, file);
		if (fd >= 0 || fd == -EMFILE || fd == -ENFILE)
			return fd;
		if (fd != -ENOENT)
			return -EEXIST;
		fd = create(file, present, next, number, time);
		if (fd != -EEXIST && fd != -EAGAIN)
			return fd;
	}
	return fd;
}

static int open_next(struct evh_file *file, int fd, struct evh_file *next, uint64_t time,
		     bool create_one)
{
	int found = open_newest(file, fd, next);
	uint64_t number = file->segment->number + 1;

	if (found != -EALREADY || !create_one)
		return found;
	/* Before there is one more: so much room there is for all of them. */
	remove_old(file, next, number);
	for (int i = 0; i < NUMBERS_TRIED; i++, number++) {
		found = open_or_create(file, fd, next, number, time);
		if (found != -EEXIST)
			break;
	}
	if (found >= 0 && moved_on(file, fd, found)) {
		EVH_SYSCALL1(SYS_close, found);
		return open_newest(file, fd, next);
	}
	/* Who has just made it does that himself, unless he was killed. */
	if (found >= 0 && time >= next->mark.clock &&
	    (time == next->mark.clock || time - next->mark.clock > HELP_AFTER))
		point_to_last(file, next, number);
	return found;
}

int evh_file_open_next(struct evh_file *file, int fd, struct evh_file *next, uint64_t time,
		       bool create_one)
{
	int folder = hold_folder(file), found;

	if (folder < 0)
		return folder;
	found = open_next(file, fd, next, time, create_one);
	EVH_SYSCALL1(SYS_close, folder);
	return found;
}

static int remove_oldest(struct evh_file *file, struct evh_file *scratch)
{
	uint64_t oldest = 0, number = file->segment->number;
	struct stat status = { 0 };

	for (uint32_t i = 0; i < file->segment->keep && number > 1; i++) {
		name_segment(scratch->name, file, --number, "");
		if (evh_stat(scratch->name, &status)) {
			name_segment(scratch->name, file, number, PACKED);
			if (evh_stat(scratch->name, &status))
				break;
		}
		oldest = number;
	}
	return oldest ? remove_segment(file, scratch, oldest) : -ENOENT;
}

int evh_file_remove_oldest(struct evh_file *file, struct evh_file *scratch)
{
	int folder = hold_folder(file), error;

	if (folder < 0)
		return folder;
	error = remove_oldest(file, scratch);
	EVH_SYSCALL1(SYS_close, folder);
	return error;
}
