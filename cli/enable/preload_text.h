/* SPDX-License-Identifier: MIT */
/*
 * The text of /etc/ld.so.preload: our entry put in and taken out, every byte of others' kept. Pure:
 * texts go in and come out; must never touch a file or allocate, because the static logtap-disable
 * works by it when nothing else does.
 *
 * The loader takes names between blanks, colons and newlines, and passes over what stands between
 * `#` and the end of a line. Our entry is a line of its own, behind all others, so that theirs see
 * a program's calls first; a comment on it says what else was added, so that it can be taken out to
 * the byte.
 */
#ifndef LOGTAP_PRELOAD_TEXT_H
#define LOGTAP_PRELOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define PRELOAD_LIBRARY "liblogtap.so"

/* The folders that our entries point into (system_files.h). */
#define PRELOAD_PLACE	   "/run/logtap-preload"
#define PRELOAD_PLACE_KEPT "/var/lib/logtap/preload"

/* More than preload_text_add() ever adds to a text, beside the entry. */
#define PRELOAD_TEXT_ROOM 4

/* An entry that names our library, in whatever folder. */
struct preload_entry {
	const char *text; /* NULL: there is none */
	size_t size;
	bool marked; /* it is a line as preload_text_add() writes it */
};

/* The first entry of ours. */
struct preload_entry preload_text_find(const char *text, size_t size);

/*
 * Writes the text with `entry` added behind it. exists: there is a file; without one `size` is 0.
 * new: size + strlen(entry) + PRELOAD_TEXT_ROOM bytes. Returns how many were written.
 */
size_t preload_text_add(const char *text, size_t size, bool exists, const char *entry, char *new);

/*
 * Writes the text without any entry of ours. new: `size` bytes. gone: whether the file was made for
 * our entry alone and nothing is left in it. Returns how many bytes were written.
 */
size_t preload_text_remove(const char *text, size_t size, char *new, bool *gone);

#endif
