/* SPDX-License-Identifier: MIT */
/*
 * Puts long messages together again. A message that doesn't fit an event travels as several events
 * whose names end in ".part", with the fields `message_id`, `part` (from 0), `last` and, standing
 * last, `message`. Parts of one message have the provider, the event's name and the id in common,
 * and come in order; nothing else about them matters, not even which process and thread the
 * recording says they are of. Where they have no id (older recordings), a thread's parts of one
 * tracepoint belong together as they come.
 *
 * Records of OpenTelemetry's Common Schema that logtap writes (LOGTAP_LAYOUT=otel) are parts where
 * the struct `PartC` has `logtap.part`, `logtap.last` and `log.record.uid`; the message is the
 * `body` of `PartB`.
 *
 *	if (evh_join_add(join, &sample) == 0)
 *		show(&sample);
 *	while (evh_join_take(join, &joined))
 *		show_joined(&joined);
 *
 * and at the end evh_join_flush, and the second half once more.
 *
 * What isn't complete is never thrown away: it is handed out as what is there, and marked.
 * One thread at a time per struct evh_join; not for signal handlers.
 */
#ifndef EVH_JOIN_H
#define EVH_JOIN_H

#include <evh/sample.h>
#include <evh/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evh_join;

/* A message that was in parts. What it points to lives until the next call with its join. */
struct evh_joined {
	/* The first part that is there, time and thread its own; or the last one that overwrites
	 * what was there: text behind a carriage return. */
	struct evh_sample sample;
	const char *message; /* all parts' bytes; NULs and invalid UTF-8 as they were logged */
	size_t size;
	uint32_t parts;	    /* how many it was made from */
	bool begin_missing; /* the first part there isn't number 0 */
	bool end_missing;   /* no last part came */
	/* A message beyond the limit is handed out in pieces. Nothing of it is missing. */
	bool begin_elsewhere; /* the piece before was handed out earlier */
	bool end_elsewhere;   /* another piece will follow */
};

/*
 * The name of the whole message from that of one of its parts ("stderr.part" is a part of
 * "stderr").
 *
 * @name     shortened in place where it is a part's
 *
 * Whether it was. For any thread, and from signal handlers.
 */
EVH_API bool evh_join_whole_name(struct evh_name *name);

/* Whether evh_join_add would take the sample: it has all that a part has, of one form or the other.
 */
EVH_API bool evh_join_is_part(struct evh_schemas *schemas, const struct evh_sample *sample);

/*
 * @schemas  used for looking at samples; stays the caller's and must live as long as the join
 * @limit    bytes that incomplete messages may take; beyond it a piece of the longest is handed
 *           out, marked as such. 0: 256 MiB. The oldest is handed out as incomplete where there
 *           are more than 16384
 *
 * 0 or -ENOMEM.
 */
EVH_API int evh_join_create(struct evh_join **join, struct evh_schemas *schemas, size_t limit);
EVH_API void evh_join_destroy(struct evh_join *join);

/* Another limit from now on, with the meaning it has for evh_join_create. */
EVH_API void evh_join_set_limit(struct evh_join *join, size_t limit);

/*
 * 0: the sample is no part; show it yourself. 1: it was a part, and was copied; or -ENOMEM.
 * After 1, evh_join_take tells what has become complete.
 */
EVH_API int evh_join_add(struct evh_join *join, const struct evh_sample *sample);

/* 1 with a message; 0 when there is none to hand out now. */
EVH_API int evh_join_take(struct evh_join *join, struct evh_joined *joined);

/* Whether a message is there of which not all was handed out: parts that wait for others. */
EVH_API bool evh_join_waits(const struct evh_join *join);

/* Nothing more will come: everything incomplete is handed out by the next calls of take. */
EVH_API void evh_join_flush(struct evh_join *join);

#ifdef __cplusplus
}
#endif
#endif
