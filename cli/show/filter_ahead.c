/* SPDX-License-Identifier: MIT */
/*
 * Which samples can't pass, told from their bytes in the file alone: they need not be put in order,
 * and nothing else is looked up for them. Must never say no to what filter_passes() says yes to,
 * and never to one part of a message: what passes is the whole.
 */
#include "filter.h"
#include "process_table.h"

static bool is_outside(const struct filter *filter, const struct evh_sample *sample)
{
	if (!(sample->has & EVH_SAMPLE_TIME))
		return false;
	return (filter->by_since && sample->time < filter->since) ||
	       (filter->by_until && sample->time > filter->until);
}

/*
 * Whether it is needed whatever its time: a message has that of its first part, so that all are
 * needed to know; and what is told of a process holds for all its lines.
 */
static bool is_needed(const struct evh_sample *sample, struct evh_schemas *schemas)
{
	const struct evh_schema *kind = evh_schemas_find(schemas, sample);
	struct evh_name name;

	if (!kind || process_news_of_kind(kind) != PROCESS_NO_NEWS)
		return true;
	name = kind->event;
	return evh_join_whole_name(&name) ||
	       (name_is(&name, "Log") && evh_join_is_part(schemas, sample));
}

bool filter_looks_ahead(const struct filter *filter)
{
	return filter->by_since || filter->by_until || (filter->by_text && filter->plain.size);
}

bool filter_may_pass(const struct filter *filter, const struct evh_sample *sample,
		     struct evh_schemas *schemas)
{
	struct evh_name message;

	if (is_outside(filter, sample))
		return is_needed(sample, schemas);
	if (!filter->by_text || !filter->plain.size)
		return true;
	message = event_message_alone(sample, schemas);
	return !message.data || plain_text_in(&filter->plain, message.data, message.size);
}
