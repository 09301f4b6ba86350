/* SPDX-License-Identifier: MIT */
/*
 * An event's fields as text with brackets: [ ] around arrays, { } around structs, whatever stands
 * in front of an item and however a value is written. JSON and the text form are two such forms.
 */
#ifndef EVH_DECODE_NESTED_H
#define EVH_DECODE_NESTED_H

#include <stdbool.h>

#include <evh/text.h>

#include "event.h"

struct nested_form {
	/* What stands in front of an item; *first: it is the first one within its brackets. */
	void (*lead)(struct evh_text *text, const struct evh_item *item, bool *first,
		     const void *argument);
	void (*value)(struct evh_text *text, const struct evh_item *item, const void *argument);
	/* May change a field; false leaves it out. NULL: all as they are. */
	bool (*keep)(struct evh_item *item, const void *argument);
	const void *argument;
};

/*
 * Appends all items that are left. Brackets are closed also where the event ends in the middle. 0,
 * or the reader's negative errno.
 */
int append_nested(struct evh_text *text, struct evh_reader *reader, const struct nested_form *form);

#endif
