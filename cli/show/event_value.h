/* SPDX-License-Identifier: MIT */
/*
 * What an event has under a name: for columns, and for matches as `unit=nginx.service`. A name is
 * one of ours (pid, level, message ...), a field of the event's, one in a struct ("user.name"), or
 * what is known of the process (exe, unit ...), in this order.
 */
#ifndef LOGTAP_EVENT_VALUE_H
#define LOGTAP_EVENT_VALUE_H

#include <evh/text.h>

#include "event.h"

enum value_style {
	VALUE_VISIBLE, /* control characters made visible */
	VALUE_PLAIN,   /* valid UTF-8, whatever it holds */
	VALUE_BYTES,   /* texts as they were logged */
};

/*
 * Hands each value of that name to `take`, as text in a buffer that is reused, until one of them
 * is taken (the result isn't 0). Arrays have several.
 *
 * What `take` said last; 0 too when the event has nothing of that name.
 */
typedef int value_taker(void *argument, const char *data, size_t size);
int event_values(struct event *event, const char *name, enum value_style style, value_taker *take,
		 void *argument);

/* Appends the first of them; arrays and structs as JSON has them. False: there is none. */
bool event_append_value(struct event *event, const char *name, enum value_style style,
			struct evh_text *text);

/* Appends a text, or a value, in this style. */
void value_append(struct evh_text *text, enum value_style style, const char *data, size_t size);
void value_append_item(struct evh_text *text, enum value_style style, const struct evh_item *item);

/*
 * What stands behind the severity in a line for people: the message of a line that a program
 * logged, in this style, else "provider:event field=value ...", made visible.
 */
void event_append_line(struct event *event, enum value_style style, struct evh_text *text);

/*
 * The events of logtap's library, whatever their provider is called, and OpenTelemetry's records:
 * lines that programs logged.
 */
bool event_is_line(struct event *event);

#endif
