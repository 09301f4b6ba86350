/* SPDX-License-Identifier: MIT */
/*
 * Building the events of OpenTelemetry's Common Schema 4.0, as its Rust exporter writes them:
 * `__csver__`, PartA (when, which service), PartC (attributes), PartB (the record, its body last).
 * docs/WIRE.md has all of it, and what receivers do with it.
 *
 * Must never write a text that isn't UTF-8 (receivers drop it, or the record), a struct without
 * fields, an encoding but integers, booleans and counted 8-bit strings, nor more than LT_EVENT_MAX
 * bytes.
 */
#include "emit_otel.h"

#include <string.h>

#include "attributes.h"
#include "clock.h"
#include "otel_resource.h"
#include "own_calls.h"
#include "process.h"
#include "put.h"
#include "put_decimal.h"
#include "utc_time.h"
#include "valid_utf8.h"

#define STRING "\x0a"	  /* EVH_ENCODING_STRING_CHAR8 */
#define INT16  "\x83\x02" /* EVH_ENCODING_VALUE16 | HAS_FORMAT, EVH_FORMAT_SIGNED_INT */
#define INT64  "\x85\x02" /* EVH_ENCODING_VALUE64 | HAS_FORMAT, EVH_FORMAT_SIGNED_INT */
#define UINT32 "\x84\x01" /* EVH_ENCODING_VALUE32 | HAS_FORMAT, EVH_FORMAT_UNSIGNED_INT */
#define BOOL8  "\x82\x07" /* EVH_ENCODING_VALUE8 | HAS_FORMAT, EVH_FORMAT_BOOLEAN */
#define STRUCT "\x81"	  /* EVH_ENCODING_STRUCT | HAS_FORMAT, the number of fields behind it */

#define SCHEMA_VERSION 0x400

#define NAMES_OF_HEAD "Log\0__csver__\0" UINT32 "PartA\0" STRUCT
#define NAME_OF_TIME  "time\0" STRING
#define NAMES_OF_SERVICE                                                                           \
	"ext_cloud_role\0" STRING "ext_cloud_roleInstance\0" STRING "PartC\0" STRUCT
#define NAMES_OF_PROCESS                                                                           \
	"process.pid\0" INT64 "process.executable.name\0" STRING "thread.id\0" INT64
#define NAMES_OF_PART "logtap.part\0" INT64 "logtap.last\0" BOOL8 "log.record.uid\0" STRING
#define NAMES_OF_RECORD                                                                            \
	"PartB\0" STRUCT "\x05_typeName\0" STRING "name\0" STRING "severityNumber\0" INT16         \
	"severityText\0" STRING "body\0" STRING

#define FIELDS_OF_PROCESS 3u
#define FIELDS_OF_PART	  3u

#define PUT(out, text) lt_put(out, text, sizeof(text) - 1)

/* Where a message comes from: what PartC begins with, and the record's name. */
struct origin {
	const char *names;
	uint8_t names_size, count;
	const char *record;
};
#define ORIGIN(names, count, record)                                                               \
	{                                                                                          \
		names, sizeof(names) - 1, count, record                                            \
	}

static const struct origin origins[] = {
	[LT_STDERR] = ORIGIN("log.iostream\0" STRING, 1, "logtap.stderr"),
	[LT_SYSLOG] =
		ORIGIN("syslog.facility\0" INT64 "syslog.appname\0" STRING, 2, "logtap.syslog"),
	[LT_JOURNAL] = ORIGIN("syslog.appname\0" STRING, 1, "logtap.journal"),
	[LT_LOST] = ORIGIN("logtap.count\0" INT64 "logtap.since\0" INT64, 2, "logtap.lost"),
};

/* Longest text of one of ours beside the body. */
#define TEXT_MAX 255

/*
 * All that stands before a body, but for the resource's attributes and an entry's fields: names,
 * four texts, the time, and what is short.
 */
#define HEAD_MAX (12 + 384 + 4 * (size_t)(2 + TEXT_MAX) + 2 + LT_UTC_TIME + 128)

/* A body has so much room at least. */
#define BODY_LEAST 256

_Static_assert(HEAD_MAX + LT_RESOURCE_MAX + BODY_LEAST + 2 < LT_EVENT_MAX, "room for a body");

size_t lt_otel_fields_room(void)
{
	return LT_EVENT_MAX - HEAD_MAX - BODY_LEAST - 2 - lt_resource.attributes.names_size -
	       lt_resource.attributes.values_size;
}

/* Of an event that is being put together. */
struct build {
	const struct lt_record *record;
	const struct lt_attributes *fields; /* a journal entry's; NULL: none */
	const struct lt_parts *parts;	    /* NULL: the message is to be whole */
	uint64_t time;			    /* 0: not told */
	uint8_t *last;			    /* the part's field, once it is there */
};

/* As exact as may be; 0: not at all. */
static uint64_t wall_time(void)
{
	if (!lt_settings.layout_time)
		return 0;
	if (lt_may(LT_CALL_CLOCK))
		return evh_clock_read(CLOCK_REALTIME);
	return evh_clock_read_coarse() ? evh_clock_read(CLOCK_REALTIME_COARSE) : 0;
}

static uint8_t *put_i64(uint8_t *out, int64_t value)
{
	return lt_put(out, &value, sizeof(value));
}

static uint8_t *put_text(uint8_t *out, const char *text)
{
	uint16_t size = (uint16_t)lt_utf8_clean(out + sizeof(size), TEXT_MAX, text,
						strnlen(text, TEXT_MAX + 1), false)
				.out;

	memcpy(out, &size, sizeof(size));
	return out + sizeof(size) + size;
}

/* `logtap cat` tells others' lines, and has told the transport whose they are. */
static uint32_t process_id(void)
{
	return lt_transport.confined_pid ? lt_transport.confined_pid : (uint32_t)lt_process->pid;
}

static uint32_t thread_id(void)
{
	uint32_t (*told)(void) = lt_transport.confined_tid;
	uint32_t id = told ? told() : lt_process_tid();

	return id ? id : process_id();
}

static uint8_t *put_known(uint8_t *out, const struct lt_resource_text *text)
{
	return lt_put(lt_put(out, &text->size, sizeof(text->size)), text->bytes, text->size);
}

/* A syslog identifier, which the program may change at any time. */
static uint8_t *put_ident(uint8_t *out, const struct lt_record *record)
{
	return record->ident ? put_text(out, record->ident) : put_known(out, &lt_resource.program);
}

/* The service's own id, else the boot and the process: "4f1c9c1e-4242". */
static uint8_t *put_instance(uint8_t *out)
{
	char id[sizeof(lt_resource.boot) + 1 + EVH_DECIMAL_MAX], *end = id;

	if (lt_resource.instance.size)
		return put_known(out, &lt_resource.instance);
	if (lt_resource.boot[0]) {
		end = mempcpy(end, lt_resource.boot, sizeof(lt_resource.boot));
		*end++ = '-';
	}
	end = evh_put_decimal(end, process_id());
	return lt_put_string(out, id, (size_t)(end - id));
}

_Static_assert(2 + FIELDS_OF_PROCESS + FIELDS_OF_PART + 2 * LT_ATTRIBUTES_MAX <= 127,
	       "a struct's fields are counted in seven bits");

static uint8_t count_attributes(const struct build *build)
{
	unsigned count = origins[build->record->shape].count + FIELDS_OF_PROCESS +
			 lt_resource.attributes.count;

	if (build->parts)
		count += FIELDS_OF_PART;
	if (build->fields)
		count += build->fields->count;
	return (uint8_t)count;
}

static uint8_t *put_names(uint8_t *out, const struct build *build)
{
	const struct origin *origin = &origins[build->record->shape];

	out = PUT(out, NAMES_OF_HEAD);
	*out++ = build->time ? 3 : 2;
	if (build->time)
		out = PUT(out, NAME_OF_TIME);
	out = PUT(out, NAMES_OF_SERVICE);
	*out++ = count_attributes(build);
	out = lt_put(out, origin->names, origin->names_size);
	out = PUT(out, NAMES_OF_PROCESS);
	if (build->parts)
		out = PUT(out, NAMES_OF_PART);
	if (build->fields)
		out = lt_put(out, build->fields->names, build->fields->names_size);
	out = lt_put(out, lt_resource.attributes.names, lt_resource.attributes.names_size);
	return PUT(out, NAMES_OF_RECORD);
}

/* `__csver__` and PartA. */
static uint8_t *put_front(uint8_t *out, const struct build *build)
{
	const uint32_t version = SCHEMA_VERSION;
	const uint16_t size = LT_UTC_TIME;

	out = lt_put(out, &version, sizeof(version));
	if (build->time) {
		out = lt_put(out, &size, sizeof(size));
		lt_put_utc_time(out, build->time);
		out += size;
	}
	if (lt_resource.service.size)
		out = put_known(out, &lt_resource.service);
	else
		out = put_ident(out, build->record);
	return put_instance(out);
}

/* What PartC begins with. */
static uint8_t *put_origin(uint8_t *out, const struct lt_record *record)
{
	switch (record->shape) {
	case LT_SYSLOG:
		return put_ident(put_i64(out, record->facility), record);
	case LT_JOURNAL:
		return put_ident(out, record);
	case LT_LOST:
		return put_i64(put_i64(out, (int64_t)record->count), (int64_t)record->since);
	default:
		return lt_put_string(out, "stderr", 6);
	}
}

static uint8_t *put_part(uint8_t *out, struct build *build)
{
	char uid[16];

	out = put_i64(out, build->parts->next);
	build->last = out++;
	for (unsigned i = 0; i < sizeof(uid); i++)
		uid[i] = "0123456789abcdef"[build->parts->message_id >> (60 - 4 * i) & 15];
	return lt_put_string(out, uid, sizeof(uid));
}

/* PartC, and PartB but for the body. */
static uint8_t *put_values(uint8_t *out, struct build *build)
{
	const struct lt_record *record = build->record;
	const char *name = origins[record->shape].record;
	const char *severity = lt_severity_names[record->severity];

	out = put_i64(put_origin(out, record), process_id());
	out = put_i64(put_known(out, &lt_resource.program), thread_id());
	if (build->parts)
		out = put_part(out, build);
	if (build->fields)
		out = lt_put(out, build->fields->values, build->fields->values_size);
	out = lt_put(out, lt_resource.attributes.values, lt_resource.attributes.values_size);
	out = lt_put_string(out, "Log", 3);
	out = lt_put_string(out, name, strlen(name));
	out = lt_put(out, &lt_severity_numbers[record->severity], sizeof(lt_severity_numbers[0]));
	return lt_put_string(out, severity, strlen(severity));
}

/* All that stands before the body; the end of it. */
static uint8_t *put_head(uint8_t *event, struct build *build)
{
	const size_t fixed = sizeof(struct evh_header) + sizeof(struct evh_extension);
	uint8_t *names = event + fixed, *end = put_names(names, build);
	uint8_t level = lt_level_of_severity[build->record->severity];

	lt_put_metadata(event, level, NULL, 0);
	memcpy(event + sizeof(struct evh_header), &(uint16_t){ (uint16_t)(end - names) }, 2);
	return put_values(put_front(end, build), build);
}

static size_t left_of(const struct lt_message *rest)
{
	return rest->size[0] + rest->size[1];
}

static void take_off(struct lt_message *rest, size_t size)
{
	for (int i = 0; i < 2; i++) {
		size_t taken = rest->size[i] < size ? rest->size[i] : size;

		rest->piece[i] += taken;
		rest->size[i] -= taken;
		size -= taken;
	}
}

/* The character that the first piece begins and the second ends, or what else is at the seam. */
static size_t put_seam(uint8_t *out, size_t room, struct lt_message *rest)
{
	size_t first = rest->size[0];
	char bytes[7];
	struct lt_cleaned done;
	size_t second = rest->size[1] < 4 ? rest->size[1] : 4;

	memcpy(bytes, rest->piece[0], first);
	memcpy(bytes + first, rest->piece[1], second);
	done = lt_utf8_clean(out, room, bytes, first + second, second < rest->size[1]);
	take_off(rest, done.in);
	return done.out;
}

/* As much of the message as there is room for, which is taken off it; how many bytes it became. */
static size_t put_body(uint8_t *out, size_t room, struct lt_message *rest)
{
	struct lt_cleaned done =
		lt_utf8_clean(out, room, rest->piece[0], rest->size[0], rest->size[1] != 0);
	size_t used = done.out;

	take_off(rest, done.in);
	/* What is left of it has room for less than a character, or is one's beginning. */
	if (rest->size[0] && rest->size[0] <= 3 && rest->size[1])
		used += put_seam(out + used, room - used, rest);
	if (rest->size[0])
		return used;
	done = lt_utf8_clean(out + used, room - used, rest->piece[1], rest->size[1], false);
	take_off(rest, done.in);
	return used + done.out;
}

/* The size of the event. `rest`: what doesn't fit into it. */
static size_t put_event(uint8_t *event, struct build *build, struct lt_message *rest)
{
	uint8_t *end = put_head(event, build), *body = end + sizeof(uint16_t);
	uint16_t size = (uint16_t)put_body(body, (size_t)(event + LT_EVENT_MAX - body), rest);

	memcpy(end, &size, sizeof(size));
	return (size_t)(body + size - event);
}

/* The one of that level: registered once for each that is captured, syslog and stderr. */
static const struct evh_tracepoint *tracepoint_of(int severity)
{
	const struct evh_tracepoint *tracepoint = lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity);

	return tracepoint->mask ? tracepoint : lt_tracepoint_of(LT_CAPTURE_STDERR, severity);
}

/* One event of it. `left`: whether there is more of the message than fits. */
static int send_event(struct lt_buffer *buffer, struct build *build, struct lt_message *rest,
		      bool last, bool *left)
{
	const struct evh_tracepoint *tracepoint = tracepoint_of(build->record->severity);
	size_t size = put_event(buffer->event, build, rest);

	*left = left_of(rest) != 0;
	if (!build->parts && *left)
		return 0;
	if (build->last)
		*build->last = last && !*left;
	return evh_tracepoint_send(tracepoint, buffer->event, size);
}

static int send_parts(struct lt_buffer *buffer, struct build *build,
		      const struct lt_message *message, struct lt_parts *parts, bool last)
{
	struct lt_message rest = *message;
	int result = 0, error;
	bool left;

	if (!parts->next)
		parts->message_id = lt_message_id();
	do {
		struct lt_parts now = *parts;

		build->parts = &now;
		build->fields = now.next ? NULL : build->record->fields;
		/* Before: a handler may jump, and a part that is missing is better than one twice.
		 */
		parts->next++;
		error = send_event(buffer, build, &rest, last, &left);
		if (error && !result)
			result = error;
	} while (left);
	return result;
}

int lt_otel_send(const struct lt_record *record, const struct lt_message *message)
{
	struct build build = { .record = record, .fields = record->fields, .time = wall_time() };
	struct lt_buffer *buffer = lt_buffer_claim();
	struct lt_message rest = *message;
	struct lt_parts parts = { 0 };
	bool left;
	int error;

	if (!buffer)
		return -ENOBUFS;
	error = send_event(buffer, &build, &rest, true, &left);
	if (left)
		error = send_parts(buffer, &build, message, &parts, true);
	lt_buffer_release(buffer);
	return error;
}

int lt_otel_send_parts(const struct lt_record *record, const struct lt_message *message,
		       struct lt_parts *parts, bool last)
{
	struct build build = { .record = record, .time = wall_time() };
	struct lt_buffer *buffer = lt_buffer_claim();
	int error;

	if (!buffer) {
		if (!parts->next++)
			parts->message_id = lt_message_id();
		return -ENOBUFS;
	}
	error = send_parts(buffer, &build, message, parts, last);
	lt_buffer_release(buffer);
	return error;
}
