/* SPDX-License-Identifier: MIT */
/* --fields for people: chosen values instead of the format's own line. */
#include <string.h>

#include "event_value.h"
#include "output.h"

/* One value of the event; false when it has none of that name. */
static bool append_column(struct output *output, struct event *event, const char *name)
{
	bool raw = output->format == OUTPUT_CAT && !output->terminal;

	if (strcmp(name, "time") == 0)
		return output_append_time(output, event->sample);
	return event_append_value(event, name, raw ? VALUE_BYTES : VALUE_VISIBLE, &output->text);
}

void output_columns(struct output *output, struct event *event, const char *gap)
{
	for (size_t i = 0; i < output->field_count; i++) {
		if (i)
			evh_text_puts(&output->text, gap);
		if (append_column(output, event, output->fields[i].name))
			output->fields[i].found = true;
		else
			evh_text_puts(&output->text, "-");
	}
	evh_text_puts(&output->text, "\n");
}
