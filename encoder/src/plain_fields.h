/* SPDX-License-Identifier: MIT */
/*
 * The fields of a tracepoint that is not EventHeader, as user_events writes them down: one by one
 * from their text, with what the kernel will make of each. Inside the library only; allocates
 * nothing.
 */
#ifndef EVH_SRC_PLAIN_FIELDS_H
#define EVH_SRC_PLAIN_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Name and fields together; the kernel's own limit. */
#define PLAIN_DEFINITION_MAX 512

/* The kernel's limit of an array. */
#define PLAIN_ARRAY_MAX 1024

/* In front of the first field: what every tracepoint has. */
#define PLAIN_COMMON_SIZE 8

enum plain_kind {
	PLAIN_INTEGER,
	PLAIN_ARRAY,	/* char[N], unsigned char[N] */
	PLAIN_STRUCT,	/* struct NAME field SIZE */
	PLAIN_DATA_LOC, /* __data_loc TYPE[]: the bytes stand behind all fields */
	PLAIN_REL_LOC,	/* __rel_loc TYPE[]: the same, counted from behind the field */
};

struct plain_field {
	enum plain_kind kind;
	const char *type; /* not terminated: "u32", "char", "struct point", "__data_loc char" */
	size_t type_length;
	const char *name;
	size_t name_length;
	uint16_t size; /* bytes in the record; of the arrays behind it 4 */
	uint16_t offset;
	bool is_signed; /* as the kernel says it */
	bool text;	/* of char: terminated, where it is an array behind the fields */
};

/* Where a list of fields is read. A zeroed struct with `text` is its beginning. */
struct plain_list {
	const char *text;
	size_t offset; /* of the next field */
};

/* 1 with the next field, 0 at the end, -EINVAL: it is none that user_events knows. */
int evh_plain_next(struct plain_list *list, struct plain_field *field);

/* Whether `name` with these fields (NULL or "": none) can be registered. 0 or a negative errno. */
int evh_plain_check(const char *name, size_t name_length, const char *fields);

/* Writes "NAME field; field" as the kernel takes it, terminated; its length, or -ENAMETOOLONG. */
int evh_plain_definition(char definition[PLAIN_DEFINITION_MAX], const char *name,
			 const char *fields);

#endif
