/* SPDX-License-Identifier: MIT */
/* The event that says how many events are missing. */
#ifndef LOGTAP_LOST_EVENT_H
#define LOGTAP_LOST_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

enum loss_kind {
	LOSS_BEFORE,  /* they never reached the recording */
	LOSS_REMOVED, /* they were removed from it before they were delivered */
};

struct loss {
	enum loss_kind kind;
	uint64_t count;
	bool at_least;	      /* there may have been more */
	uint64_t first, last; /* ns since 1970; 0: not known */
};

struct lost_event;

/* 0, or a negative errno. */
int lost_event_create(struct lost_event **lost);
void lost_event_destroy(struct lost_event *lost);

/*
 * Makes the event, of the severity warning, with the fields `count`, `first` and `last`. It is
 * valid until the next one. Whether it could be made.
 */
bool lost_event_make(struct lost_event *lost, const struct loss *loss, struct evh_schemas *schemas,
		     struct event *event);

#endif
