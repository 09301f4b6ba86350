/* SPDX-License-Identifier: MIT */
/*
 * Files below a root folder, which is `/` or what --root names: links in it lead nowhere else. What
 * is written is there as a whole or not at all, whoever is killed in between: a finished copy is
 * renamed over the old one and both are on the disk before the call returns. Must need nothing but
 * the kernel: the static logtap-disable is built of it.
 *
 * All functions return 0 or a negative errno; paths are absolute, below the root.
 */
#ifndef LOGTAP_ROOT_FILES_H
#define LOGTAP_ROOT_FILES_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* No file that is edited here is longer. */
#define ROOT_FILE_MAX ((size_t)256 << 10)

struct root_text {
	char *bytes; /* freed by the caller; a NUL stands behind it; NULL where there is no file */
	size_t size;
	struct stat status;
};

/* Opens a root folder as a descriptor. */
int root_open(const char *path);

/* Opens a file for reading; a link is followed within the root. */
int root_open_file(int root, const char *path, int flags);

/*
 * One writer at a time: waits for up to `seconds` until no other process has the root's /etc, then
 * has it until *lock is closed. -EWOULDBLOCK when it did not get it.
 */
int root_lock(int root, unsigned seconds, int *lock);

/* Holds back all signals that can be, so that no Ctrl-C ends us between two files; and takes them.
 */
void root_hold_signals(sigset_t *before);
void root_take_signals(const sigset_t *before);

/* Reads a whole regular file. -ENOENT: there is none; -ELOOP: it is a link; -EFBIG. */
int root_read(int root, const char *path, struct root_text *text);

/*
 * Puts these bytes in the place of a file. like: the file whose owner, mode and attributes it gets;
 * NULL: root's, with `mode` whatever the umask.
 */
int root_replace(int root, const char *path, const void *bytes, size_t size,
		 const struct root_text *like, mode_t mode);

/* Puts a symbolic link in the place of a file or link. */
int root_link(int root, const char *path, const char *target);

/* Makes a folder, mode 0755 whatever the umask. -EEXIST: it is there. */
int root_make_folder(int root, const char *path);

/* Removes a file, a link; a folder that is empty. */
int root_remove(int root, const char *path);
int root_remove_folder(int root, const char *path);

/* Takes away what a writer of this file that was killed left beside it. */
void root_forget_writer(int root, const char *path);

/* Removes a folder of ours with what is in it. -ENOENT: there is none. */
int root_remove_tree(int root, const char *path);

/* Whether something is there, links followed within the root: 0 or why not. */
int root_exists(int root, const char *path);

#endif
