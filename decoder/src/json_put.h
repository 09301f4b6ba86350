/* SPDX-License-Identifier: MIT */
/* The pieces of a JSON object that both ways of making one put together. Private. */
#ifndef EVH_JSON_PUT_H
#define EVH_JSON_PUT_H

#include <evh/json.h>

#include "put.h"

/* Copied of a text of process, thread and processor, whatever its size: none is longer. */
#define WHO_COPIED 64

/*
 * What the last event's line began with: nearly every event has its neighbour's second, and most
 * are of the same thread.
 */
struct json_recent {
	uint64_t second;
	uint32_t second_size;
	uint32_t who_size;
	char second_text[32]; /* as long as every date of 64-bit nanoseconds; copied as a whole */
	char who_text[80];    /* `,"pid":1,"tid":1,"cpu":0` */
	struct json_who {
		uint32_t has, pid, tid, cpu;
	} who;
};

#define PUT_JSON_SAMPLE_ROOM   256
#define PUT_JSON_ACTIVITY_ROOM 160

char *put_json_string(char *out, const void *data, size_t size);
char *put_json_sample(char *out, const struct evh_sample *sample, struct json_recent *recent);
char *put_json_wall_time(char *out, uint64_t time, struct json_recent *recent);
char *put_json_clock_time(char *out, uint64_t time);
char *put_json_activity(char *out, const struct evh_event *event);

/*
 * Writes a value of a kind and size that it was chosen for, without the quotes around it.
 *
 * @size  of the value, where its kind doesn't say it
 */
typedef char *json_writer(char *out, const uint8_t *data, size_t size);

/*
 * The writer of all values of a field whose kind is the same for all of them; `*quoted` says
 * whether quotes belong around each. NULL: there is none, put_json_value() is for those.
 */
json_writer *json_writer_of(const struct evh_item *field, enum evh_value_kind kind, bool *quoted);

/* `"name;attr=value;tag=0x12":` */
void json_append_name(struct evh_text *text, const struct evh_item *item);

/* From "provider" to "tag": what is the same for every event of a schema. */
void json_append_header(struct evh_text *text, const struct evh_sample *sample,
			const struct evh_event *event);

/* From "level" on. */
void json_append_numbers(struct evh_text *text, uint64_t keyword, const struct evh_event *event);

/* As evh_json_event, with these members in front of "fields". */
int json_event_with(struct evh_text *text, const struct evh_sample *sample,
		    const struct evh_name *members);

/* Reads to the end without writing, so that "error" can stand before "fields". */
int json_find_error(struct evh_reader reader);

#endif
