/* SPDX-License-Identifier: MIT */
/* Files below a root folder; see root_files.h. */
#include "root_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

int root_open(const char *path)
{
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return root < 0 ? -errno : root;
}

/* Kernels before 5.6, and filters that don't know the call: links may then lead out of the root. */
static int open_plainly(int root, const char *path, int flags)
{
	while (*path == '/')
		path++;

	int fd = openat(root, *path ? path : ".", flags);

	return fd < 0 ? -errno : fd;
}

int root_open_file(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC),
				.resolve = RESOLVE_IN_ROOT };
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_plainly(root, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/* A file as its folder and its name there. */
struct place {
	int folder;
	const char *name;
};

static int find_place(int root, const char *path, struct place *place)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if ((size_t)(slash - path) >= sizeof(folder))
		return -ENAMETOOLONG;
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	place->name = slash + 1;
	place->folder = root_open_file(root, folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY);
	return place->folder < 0 ? place->folder : 0;
}

int root_lock(int root, unsigned seconds, int *lock)
{
	const struct timespec pause = { 0, 20000000 };
	int fd = root_open_file(root, "/etc", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd;
	for (unsigned left = seconds * 50; flock(fd, LOCK_EX | LOCK_NB) != 0; left--) {
		int error = -errno;

		if (error == -EINTR)
			continue;
		if (error != -EWOULDBLOCK || !left) {
			close(fd);
			return error;
		}
		nanosleep(&pause, NULL);
	}
	*lock = fd;
	return 0;
}

void root_hold_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
}

void root_take_signals(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

static int read_all(int fd, struct root_text *text)
{
	size_t room = (size_t)text->status.st_size + 4096;

	if (room > ROOT_FILE_MAX)
		return -EFBIG;
	text->bytes = malloc(room + 1);
	if (!text->bytes)
		return -ENOMEM;
	for (;;) {
		ssize_t got = read(fd, text->bytes + text->size, room - text->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		text->size += (size_t)got;
		if (!got)
			break;
		if (text->size == room)
			return -EFBIG;
	}
	text->bytes[text->size] = '\0';
	return 0;
}

int root_read(int root, const char *path, struct root_text *text)
{
	struct place place;
	int fd, error = find_place(root, path, &place);

	*text = (struct root_text){ 0 };
	if (error)
		return error;
	fd = openat(place.folder, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	error = fd < 0 ? -errno : 0;
	close(place.folder);
	if (error)
		return error;
	if (fstat(fd, &text->status) != 0)
		error = -errno;
	else if (!S_ISREG(text->status.st_mode))
		error = -EISDIR;
	else
		error = read_all(fd, text);
	close(fd);
	if (error) {
		free(text->bytes);
		*text = (struct root_text){ 0 };
	}
	return error;
}

/* A fixed name: what a killed writer left there the next one takes away. */
static int temporary_name(const struct place *place, char name[NAME_MAX + 1])
{
	int size = snprintf(name, NAME_MAX + 1, ".%s.logtap", place->name);

	if (size > NAME_MAX)
		return -ENAMETOOLONG;
	if (unlinkat(place->folder, name, 0) != 0 && errno != ENOENT)
		return -errno;
	return 0;
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		bytes += put;
		size -= (size_t)put;
	}
	return 0;
}

/* Labels of security modules, access lists and what else there may be. */
static int copy_attributes(const struct place *place, int to)
{
	char names[4096], value[4096];
	int from = openat(place->folder, place->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t size, length;
	int error = 0;

	if (from < 0)
		return -errno;
	size = flistxattr(from, names, sizeof(names));
	for (char *name = names; size > 0 && name < names + size; name += strlen(name) + 1) {
		length = fgetxattr(from, name, value, sizeof(value));
		/* What the system gives by itself can't be set, and is right already. */
		if (length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) != 0 &&
		    errno != EPERM && errno != ENOTSUP && errno != EACCES)
			error = -errno;
	}
	close(from);
	return error;
}

static int fill(const struct place *place, int fd, const void *bytes, size_t size,
		const struct root_text *like, mode_t mode)
{
	int error = write_all(fd, bytes, size);

	if (!error && like && like->bytes) {
		const struct stat *status = &like->status;

		if ((status->st_uid != geteuid() || status->st_gid != getegid()) &&
		    fchown(fd, status->st_uid, status->st_gid) != 0)
			error = -errno;
		mode = status->st_mode & 07777;
		if (!error)
			error = copy_attributes(place, fd);
	}
	if (!error && fchmod(fd, mode) != 0)
		error = -errno;
	if (!error && fsync(fd) != 0)
		error = -errno;
	return error;
}

/* The finished copy gets the name, for good. */
static int settle(const struct place *place, const char *temporary, int error)
{
	if (!error && renameat(place->folder, temporary, place->folder, place->name) != 0)
		error = -errno;
	if (error)
		unlinkat(place->folder, temporary, 0);
	else if (fsync(place->folder) != 0 && errno != EINVAL)
		error = -errno;
	return error;
}

int root_replace(int root, const char *path, const void *bytes, size_t size,
		 const struct root_text *like, mode_t mode)
{
	char temporary[NAME_MAX + 1];
	struct place place;
	int fd, error = find_place(root, path, &place);

	if (error)
		return error;
	error = temporary_name(&place, temporary);
	if (!error) {
		fd = openat(place.folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		error = fd < 0 ? -errno : fill(&place, fd, bytes, size, like, mode);
		if (fd >= 0) {
			/* Network file systems say there what they could not write. */
			if (close(fd) != 0 && !error)
				error = -errno;
			error = settle(&place, temporary, error);
		}
	}
	close(place.folder);
	return error;
}

int root_link(int root, const char *path, const char *target)
{
	char temporary[NAME_MAX + 1];
	struct place place;
	int error = find_place(root, path, &place);

	if (error)
		return error;
	error = temporary_name(&place, temporary);
	if (!error && symlinkat(target, place.folder, temporary) != 0)
		error = -errno;
	else if (!error)
		error = settle(&place, temporary, 0);
	close(place.folder);
	return error;
}

int root_make_folder(int root, const char *path)
{
	struct place place;
	int error = find_place(root, path, &place);

	if (error)
		return error;
	if (mkdirat(place.folder, place.name, 0755) != 0 ||
	    fchmodat(place.folder, place.name, 0755, 0) != 0 ||
	    (fsync(place.folder) != 0 && errno != EINVAL))
		error = -errno;
	close(place.folder);
	return error;
}

void root_forget_writer(int root, const char *path)
{
	char temporary[NAME_MAX + 1];
	struct place place;

	if (find_place(root, path, &place) != 0)
		return;
	temporary_name(&place, temporary);
	close(place.folder);
}

static int remove_entry(int root, const char *path, int flags)
{
	struct place place;
	int error = find_place(root, path, &place);

	if (error)
		return error;
	if (unlinkat(place.folder, place.name, flags) != 0 ||
	    (fsync(place.folder) != 0 && errno != EINVAL))
		error = -errno;
	close(place.folder);
	return error;
}

int root_remove(int root, const char *path)
{
	return remove_entry(root, path, 0);
}

int root_remove_folder(int root, const char *path)
{
	return remove_entry(root, path, AT_REMOVEDIR);
}

#define TREE_DEPTH 8

/* Ours are three levels deep; what is deeper is not ours. */
static int empty_folder(int folder, int depth)
{
	DIR *list = fdopendir(folder);
	struct dirent *entry;
	int error = 0;

	if (!list) {
		close(folder);
		return -ENOMEM;
	}
	while (!error && (entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    unlinkat(folder, entry->d_name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM) {
			error = -errno;
			break;
		}

		int below = openat(folder, entry->d_name,
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		error = below < 0 ? -errno : depth ? empty_folder(below, depth - 1) : -ELOOP;
		if (below >= 0 && !depth)
			close(below);
		if (!error && unlinkat(folder, entry->d_name, AT_REMOVEDIR) != 0)
			error = -errno;
	}
	closedir(list);
	return error;
}

int root_remove_tree(int root, const char *path)
{
	int folder = root_open_file(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	int error = folder < 0 ? folder : empty_folder(folder, TREE_DEPTH);

	return error ? error : root_remove_folder(root, path);
}

int root_exists(int root, const char *path)
{
	int fd = root_open_file(root, path, O_PATH);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}
