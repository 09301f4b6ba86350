/* SPDX-License-Identifier: MIT */
/*
 * What the files that build events share: emit.c (stderr, and the parts of all), emit_syslog.c and
 * emit_journal.c. Inside those files only.
 */
#ifndef LT_EMIT_INTERNAL_H
#define LT_EMIT_INTERNAL_H

#include <errno.h>
#include <fcntl.h>

#include "debug_file.h"
#include "emit.h"
#include "own_descriptor.h"
#include "raw.h"
#include "tracepoint_names.h"

/* Header, metadata of the largest event, level, facility and ident: 12 + 70 + 9 + 10 + 257. */
#define LT_HEAD_MAX 368

/* Longest ident in an event; a longer one is cut, because each part has to carry it. */
#define LT_IDENT_MAX 255

/* The fields between the head and the message of a part: u64 message_id, u32 part, u8 last. */
#define LT_PART_FIELDS 13

enum lt_shape {
	LT_STDERR,
	LT_STDERR_PART,
	LT_SYSLOG,
	LT_SYSLOG_PART,
	LT_JOURNAL, /* as far as the ident: emit_journal.c adds the rest */
	LT_JOURNAL_PART,
	LT_LOST, /* as far as the ident: lost.c adds the rest */
};

/* By level - 1; syslog, stderr. */
extern struct evh_tracepoint lt_tracepoints[5][2];

/* Of what is said of the process. */
extern struct evh_tracepoint lt_process_tracepoint;

static inline const struct evh_tracepoint *lt_tracepoint_of(uint32_t keyword, int severity)
{
	return &lt_tracepoints[lt_level_of_severity[severity] - 1][keyword == LT_CAPTURE_STDERR];
}

/*
 * Everything in front of an event's message (but for the fields of a part), of at most LT_HEAD_MAX
 * bytes. facility: NULL for the stderr events. The size of it.
 */
size_t lt_emit_put_head(uint8_t *out, enum lt_shape shape, int severity, const char *facility,
			const char *ident);

/* One event: head, part fields (or none), message. */
struct lt_event {
	const struct evh_tracepoint *tracepoint;
	const uint8_t *head;
	size_t head_size;
	uint8_t part_fields[LT_PART_FIELDS];
	size_t part_size; /* 0 or LT_PART_FIELDS */
};

/* Largest message of one event with this head. */
static inline size_t lt_emit_message_max(const struct lt_event *event)
{
	return LT_EVENT_MAX - event->head_size - event->part_size - 2;
}

int lt_emit_send(const struct lt_event *event, const struct lt_message *message);

/* All parts are tried, even when one is refused; the first refusal is the result. */
int lt_emit_send_parts(struct lt_event *event, const struct lt_message *message,
		       struct lt_parts *parts, bool last);

/* Whether a message may be sent at all: 0 or a negative errno. */
int lt_emit_admit(uint32_t keyword, int severity);

/* The same for a part: asked once for a message; one that is refused is begun all the same. */
int lt_emit_admit_parts(uint32_t keyword, int severity, struct lt_parts *parts);

#endif
