/* SPDX-License-Identifier: MIT */
/* An event as a JSON object, and looking into the finished object: it is our own, so it is valid.
 */
#ifndef LOGTAP_EVENT_JSON_H
#define LOGTAP_EVENT_JSON_H

#include <evh/text.h>

#include "event.h"

/* Appends the whole object, without a newline. */
void event_append_json(struct event *event, struct evh_text *text);

/*
 * Appends the value that the object, or its "fields", has under this name, a text without its
 * quotes. False when there is none.
 */
bool event_json_member(struct evh_text *text, struct event *event, const char *name);

/* Behind the string, or the value, that begins here. */
const char *json_skip_string(const char *at);
const char *json_skip_value(const char *at);

/* Whether a key of the object, without its quotes, is this name: attributes may stand behind it. */
bool json_key_is(const char *key, size_t size, const char *name);

#endif
