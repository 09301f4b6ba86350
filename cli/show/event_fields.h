/* SPDX-License-Identifier: MIT */
/* All fields of an event, flat: one name and one value at a time. */
#ifndef LOGTAP_EVENT_FIELDS_H
#define LOGTAP_EVENT_FIELDS_H

#include <evh/text.h>

#include "event.h"

/*
 * Gets one value: `name` is the path to it ("user.name"; an array's elements come one after the
 * other under its name), `data` what it is as UTF-8.
 */
typedef void field_taker(void *argument, const char *name, const char *data, size_t size);

/*
 * Hands out all fields, of what is damaged those before. A message put together from parts comes
 * whole, without what parts alone have. For kernel tracepoints: their text, as "fields".
 */
void event_each_field(struct event *event, field_taker *take, void *argument);

#endif
