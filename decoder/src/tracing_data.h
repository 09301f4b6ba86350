/* SPDX-License-Identifier: MIT */
/* The tracepoints that a trace describes: their names and formats, by the kernel's id. */
#ifndef EVH_TRACING_DATA_H
#define EVH_TRACING_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_event;
struct tep_handle;

struct tracepoint {
	uint32_t id;
	bool described;	       /* by its format, not only named */
	bool eventheader;      /* its fields are those that every EventHeader tracepoint has */
	uint16_t event_offset; /* of its first field in the raw record */
	char *system;
	char *name;
	char *format; /* the text of its format file; not kept for EventHeader tracepoints */
	size_t format_size;
	struct tep_event *parsed; /* of `format`, once somebody asked */
	bool parse_failed;
};

struct tracepoints {
	struct tracepoint **by_id; /* sorted by id */
	size_t count;
	size_t capacity;
	size_t format_bytes;	/* kept so far */
	struct tep_handle *tep; /* NULL until the first parse */
	bool big_endian;
	uint8_t long_size;
	uint32_t page_size;
};

void tracepoints_free(struct tracepoints *all);

/*
 * Takes over what a perf.data's tracing data describes. What is damaged ends it; the tracepoints
 * before that stay. 0, -EBADMSG or -ENOMEM.
 */
int tracepoints_read(struct tracepoints *all, const uint8_t *bytes, size_t size);

/* NULL when the trace doesn't describe it. */
struct tracepoint *tracepoints_find(const struct tracepoints *all, uint32_t id);

/*
 * Names a tracepoint that isn't described, or only by name (EVENT_DESC): "system:name".
 * 0 or -ENOMEM.
 */
int tracepoints_name(struct tracepoints *all, uint32_t id, const char *name, size_t size);

/* Its fields, for libtraceevent's functions; NULL when the format can't be parsed. */
const struct tep_event *tracepoint_parsed(struct tracepoints *all, struct tracepoint *point);

#endif
