/* SPDX-License-Identifier: MIT */
/*
 * What a process says to the program that it starts: which of its descriptors are copies of stderr
 * or log sockets. It is said at the end of LD_PRELOAD's value, by separators alone: a colon is a 0,
 * a space is a 1, and the loader, to which nothing stands between any two of them, passes over all.
 * So the environment has no variable more, and a program that doesn't load this library passes the
 * note on. Our library takes it out before the program can read its environment.
 *
 * Pure. A value that ends in separators of somebody else's is no note, and stays as it is.
 */
#ifndef LT_EXEC_NOTE_H
#define LT_EXEC_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest name of a journal stream that is passed on. */
#define LT_STREAM_IDENT_MAX 127

/* What the head of a connection to the journal said of its lines. */
struct lt_stream_head {
	uint8_t severity;
	bool prefixed; /* lines may begin with a severity of their own, <0> to <7> */
	char ident[LT_STREAM_IDENT_MAX + 1];
};

struct lt_note_entry {
	int fd;
	uint64_t word; /* copy_table.h; without a file: the one behind number 2 */
	bool has_head; /* a stream's */
	struct lt_stream_head head;
};

/* Characters that an entry, and what stands once behind all of them, take at most. */
#define LT_NOTE_ENTRY_MAX ((5 + 1 + 8 + 2 + LT_STREAM_IDENT_MAX) * 8)
#define LT_NOTE_END	  32

/* Writes an entry, which is a multiple of 8 characters. How many; with NULL, how many it were. */
size_t lt_note_put(char *to, const struct lt_note_entry *entry);

/* Behind `size` characters of entries, less than 512 KiB: LT_NOTE_END characters, and no NUL. */
void lt_note_finish(char *to, size_t size);

/* A note that was found. */
struct lt_note {
	const char *text; /* where it begins */
	size_t size;	  /* of all of it, in characters */
	size_t at;	  /* of what is still to be read */
};

/* Whether the value ends in a note. */
bool lt_note_find(struct lt_note *note, const char *value);

/* The next entry; false when there is none, or what follows is none. */
bool lt_note_next(struct lt_note *note, struct lt_note_entry *entry);

#endif
