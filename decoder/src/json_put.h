/* SPDX-License-Identifier: MIT */
/* The pieces of a JSON object that both ways of making one put together. Private. */
#ifndef EVH_JSON_PUT_H
#define EVH_JSON_PUT_H

#include <evh/json.h>

#include "put.h"

/* The last second that was written as a date: nearly every event has its neighbour's. */
struct json_second {
	uint64_t second;
	uint32_t size;
	char text[28]; /* as long as PUT_ROOM(0) and every date of 64-bit nanoseconds allow */
};

#define PUT_JSON_SAMPLE_ROOM   256
#define PUT_JSON_ACTIVITY_ROOM 160

char *put_json_string(char *out, const void *data, size_t size);
char *put_json_sample(char *out, const struct evh_sample *sample, struct json_second *cached);
char *put_json_wall_time(char *out, uint64_t time, struct json_second *cached);
char *put_json_clock_time(char *out, uint64_t time);
char *put_json_activity(char *out, const struct evh_event *event);

/* `"name;attr=value;tag=0x12":` */
void json_append_name(struct evh_text *text, const struct evh_item *item);

/* From "provider" to "tag": what is the same for every event of a schema. */
void json_append_header(struct evh_text *text, const struct evh_sample *sample,
			const struct evh_event *event);

/* From "level" on. */
void json_append_numbers(struct evh_text *text, uint64_t keyword, const struct evh_event *event);

/* Reads to the end without writing, so that "error" can stand before "fields". */
int json_find_error(struct evh_reader reader);

#endif
