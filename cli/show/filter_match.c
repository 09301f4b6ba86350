/* SPDX-License-Identifier: MIT */
/* Matches as journalctl takes them: FIELD=VALUE. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "event_value.h"
#include "filter.h"

/* The sign of a match: its "=", when what stands before can be a field's name. */
static const char *find_sign(const char *text)
{
	const char *sign = strchr(text, '=');
	size_t size = sign ? (size_t)(sign - text) : 0;

	if (size > 1 && text[size - 1] == '!')
		size--;
	/* What holds a slash is a path. */
	return size && !memchr(text, '/', size) && *text != '.' ? sign : NULL;
}

bool filter_is_match(const char *text)
{
	return strcmp(text, "+") == 0 || find_sign(text) != NULL;
}

int filter_match(struct filter *filter, const char *text)
{
	const char *sign = find_sign(text);
	struct pattern *pattern;

	if (!sign) {
		filter->groups++;
		return 0;
	}
	pattern = filter_add(&filter->matches, sign + 1);
	if (!pattern)
		return 1;
	pattern->negated = sign[-1] == '!';
	pattern->field = strndup(text, (size_t)(sign - text) - pattern->negated);
	pattern->names = calloc(1, sizeof(*pattern->names));
	pattern->group = filter->groups;
	if (pattern->field && pattern->names)
		return 0;
	cli_error("out of memory");
	return 1;
}

static int compare(void *text, const char *data, size_t size)
{
	return strlen(text) == size && memcmp(text, data, size) == 0;
}

bool filter_match_fits(const struct pattern *pattern, struct event *event)
{
	return event_values(event, pattern->field, VALUE_PLAIN, compare, pattern->text) != 0;
}

/* Whether it is the first of its group that asks for this field. */
static bool is_first(const struct patterns *matches, size_t index)
{
	const struct pattern *pattern = &matches->items[index];

	for (size_t i = 0; i < index; i++) {
		if (!matches->items[i].negated && matches->items[i].group == pattern->group &&
		    strcmp(matches->items[i].field, pattern->field) == 0)
			return false;
	}
	return true;
}

/* Whether the field has one of the values that the group has for it. */
static bool field_passes(const struct patterns *matches, size_t first, struct event *event)
{
	const struct pattern *pattern = &matches->items[first];

	for (size_t i = first; i < matches->count; i++) {
		const struct pattern *other = &matches->items[i];

		if (!other->negated && other->group == pattern->group &&
		    strcmp(other->field, pattern->field) == 0 && filter_match_fits(other, event))
			return true;
	}
	return false;
}

static bool group_passes(const struct patterns *matches, unsigned int group, struct event *event)
{
	bool any = false;

	for (size_t i = 0; i < matches->count; i++) {
		const struct pattern *pattern = &matches->items[i];

		if (pattern->group != group)
			continue;
		any = true;
		if (pattern->negated ? filter_match_fits(pattern, event)
				     : is_first(matches, i) && !field_passes(matches, i, event))
			return false;
	}
	return any;
}

bool filter_matches_pass(const struct filter *filter, struct event *event)
{
	for (unsigned int group = 0; group <= filter->groups; group++) {
		if (group_passes(&filter->matches, group, event))
			return true;
	}
	return false;
}
