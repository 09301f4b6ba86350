/* SPDX-License-Identifier: MIT */
/* See nested.h. Must never leave a bracket open. */
#include "nested.h"

int append_nested(struct evh_text *text, struct evh_reader *reader, const struct nested_form *form)
{
	/* Each struct can stand in an array of its own. */
	char closers[2 * EVH_DEPTH_MAX + 1];
	unsigned open = 0;
	bool first = true;
	struct evh_item item;
	int result;

	while ((result = evh_reader_next(reader, &item)) > 0) {
		if (form->keep && !form->keep(&item, form->argument))
			continue;
		switch (item.kind) {
		case EVH_ITEM_FIELD:
			form->lead(text, &item, &first, form->argument);
			form->value(text, &item, form->argument);
			break;
		case EVH_ITEM_ARRAY_BEGIN:
		case EVH_ITEM_STRUCT_BEGIN:
			form->lead(text, &item, &first, form->argument);
			evh_text_puts(text, item.kind == EVH_ITEM_ARRAY_BEGIN ? "[" : "{");
			closers[open++] = item.kind == EVH_ITEM_ARRAY_BEGIN ? ']' : '}';
			first = true;
			break;
		case EVH_ITEM_ARRAY_END:
		case EVH_ITEM_STRUCT_END:
			evh_text_append(text, &closers[--open], 1);
			first = false;
			break;
		case EVH_ITEM_EVENT:
			break;
		}
	}
	while (open > 0)
		evh_text_append(text, &closers[--open], 1);
	return result;
}
