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

struct lt_journal_field {
	const char *name;
	size_t name_size;
	char *value;
	size_t value_size;
	size_t size; /* of all of it, what ends it included */
};

/* The field at the front of the fields; false at their end. */
bool lt_journal_field(struct lt_journal_field *field, const char *fields, size_t size);

#endif
