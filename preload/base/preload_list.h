/* SPDX-License-Identifier: MIT */
/*
 * The value of LD_PRELOAD: names between colons and spaces, read as the loader reads it. Pure; the
 * launcher uses it as well.
 *
 * A runtime that logtap itself puts first is followed by an empty name, which the loader passes
 * over: `libasan.so.8::REST`. By that the shim knows it, and takes it out again at the program's
 * start, because the program's children didn't ask for it.
 */
#ifndef LT_PRELOAD_LIST_H
#define LT_PRELOAD_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* A name within a list: `text` points into the list, NULL where there is none. */
struct lt_list_entry {
	const char *text;
	size_t size;
};

/* The first entry that has the file name of `library`, in whatever folder. */
struct lt_list_entry lt_list_find(const char *list, const char *library);

/* What has to be cut out of the list to take `entry` out, one separator with it. */
struct lt_list_entry lt_list_cut(const char *list, struct lt_list_entry entry);

/* How many bytes at the start of the list are a runtime that logtap put there, `::` included. */
size_t lt_list_own_runtime(const char *list);

#endif
