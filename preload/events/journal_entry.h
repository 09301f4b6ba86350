/* SPDX-License-Identifier: MIT */
/* An entry as programs write it to the journal's own socket: fields, each by its name. */
#ifndef LT_JOURNAL_ENTRY_H
#define LT_JOURNAL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

struct lt_journal_entry {
	int severity; /* info where the entry has none */
	char *ident;  /* up to a NUL, which was put there; NULL: the entry has none */
	char *fields; /* the others, as they were written, one behind the other */
	size_t fields_size;
	char *message;
	size_t message_size;
};

/*
 * Takes the entry at the front of `size` bytes apart, which are moved about, and the one behind
 * them may be written to. How many of them were the entry and what ends it; an entry without fields
 * has nothing to say. What is no field ends all: 0.
 */
size_t lt_journal_entry_read(struct lt_journal_entry *entry, char *bytes, size_t size);

/* The size of the field at the front of the fields, its newline included; 0 at their end. */
size_t lt_journal_field(const char *fields, size_t size, size_t *name_size);

#endif
