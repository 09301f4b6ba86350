/* SPDX-License-Identifier: MIT */
/*
 * Connections to the journal by which a program sends lines (sd_journal_stream_fd, systemd-cat):
 * what the head of each said, and the line that is unfinished on it.
 */
#ifndef LT_LOG_STREAMS_H
#define LT_LOG_STREAMS_H

#include "exec_note.h"
#include "shim.h"

/* Lines that a connection begins with. */
#define LT_STREAM_HEAD_LINES 7

struct lt_stream {
	uint64_t file;	       /* copy_table.h; 0: free */
	struct lt_parts parts; /* of the unfinished line, that were sent */
	uint32_t owner;	       /* as of lt_claim: who works on what follows */
	uint32_t generation;   /* of the process that began the piece */
	struct lt_stream_head head;
	uint8_t lines;	  /* of the head, that were seen */
	uint8_t severity; /* of the unfinished line, once a part of it was sent */
	uint16_t used;	  /* bytes of `piece` */
	char piece[LT_PIECE_MAX];
};

/*
 * The connection with that file. One that isn't known, because so many were made since, has lines
 * of the usual kind. Another's place may be taken: then it is not known from then on.
 */
struct lt_stream *lt_stream_of(uint64_t file);

/* A connection was made, whose head is to come; or, with `head`, one was inherited. */
void lt_stream_begin(uint64_t file, const struct lt_stream_head *head);

/* Whether the next one that begins takes another's place. */
bool lt_stream_full(void);

/* What its head said; false where none was seen to its end. */
bool lt_stream_head(uint64_t file, struct lt_stream_head *head);

/* The `index`-th of the table, for who looks at all of them; NULL behind the last. */
struct lt_stream *lt_stream_at(unsigned index);

#endif
