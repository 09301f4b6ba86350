/* SPDX-License-Identifier: MIT */
/*
 * A recording's identity: a number that no other recording has, together with what a process needs
 * to know about who created it. It stands in the recording's head (and again in its middle, after
 * somebody truncated the file), and travels as text behind the path in LOGTAP_SINK:
 *
 *	/PATH?id=ID.OWNER.FILE.KEYWORDS.OFFSET		all hexadecimal
 *
 * ID: 32 digits. OWNER: of the file. FILE: evh_file_number's. KEYWORDS: struct recording_mark's.
 * OFFSET: its wall less its clock. To everybody else that text is opaque; a path without it names
 * whatever stands there.
 */
#ifndef EVH_SRC_RECORDING_MARK_H
#define EVH_SRC_RECORDING_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/recording.h>

#include "perf_format.h"

/* One digit each, 1, 2, 4 and 8: what a list of names in the usual form may have. */
#define RECORDING_KEYWORDS_MAX 4

struct recording_identity {
	uint8_t id[16];
	uint32_t owner;
	uint64_t file; /* 0: unknown */
	uint32_t keywords;
	uint64_t offset; /* CLOCK_REALTIME - CLOCK_MONOTONIC, nanoseconds */
};

/*
 * A number for an open file that no other file of its file system has, also not one that gets its
 * inode later: made of that and of the time of its birth. 0 where the file system keeps no such
 * time.
 */
uint64_t evh_file_number(int fd);

/* The identity of an open file that has this mark. 0 or a negative errno. */
int evh_identity_of(const struct recording_mark *mark, int fd, struct recording_identity *identity);

/* Writes `?id=...`. */
void evh_identity_format(const struct recording_identity *identity,
			 char text[EVH_RECORDING_IDENTITY_SIZE]);

/*
 * Length of the path in front of the identity; the whole text's when there is none. `*found` says
 * which.
 */
size_t evh_identity_parse(const char *text, struct recording_identity *identity, bool *found);

/*
 * Whether `size` bytes begin with a recording's mark that is whole and in order; it may come from
 * any file.
 */
bool evh_mark_check(const struct recording_mark *mark, size_t size);

/*
 * The first mark in these bytes of a recording, at a place where a record may begin: after a
 * truncation writers append the head anew behind the first events. NULL: there is none.
 */
const struct recording_mark *evh_mark_find(const void *bytes, size_t size);

/*
 * What a mark that was checked says of its segment; NULL: the recording is one file. It may be
 * written to as the mark may.
 */
struct recording_segment *evh_mark_segment(struct recording_mark *mark);

/* Where in the file the account stands, if the file begins with the mark's head. */
static inline uint64_t evh_account_place(const struct recording_mark *mark)
{
	return sizeof(struct perf_file_header) + mark->header.size;
}

/* The boot that a head of `size` bytes behind the mark's beginning names; NULL: none. */
const uint8_t *evh_mark_boot(const struct recording_mark *mark, size_t size);

/* The names follow the mark, each with its terminator: the next one. */
static inline const char *evh_mark_names(const struct recording_mark *mark)
{
	return (const char *)(mark + 1);
}

/*
 * How many keywords a list has that is exactly `<provider>_L<1..5>K<1, 2, 4 ...>`, in this order,
 * the keyword changing fastest; 0 when it is another list. `name` gives the list's names by index.
 */
uint32_t evh_names_keywords(const char *const names[], size_t count);

/* The index of a name in a list of that form; -ENOENT when it has none. */
int evh_names_index(const char *name, uint32_t keywords);

#endif
