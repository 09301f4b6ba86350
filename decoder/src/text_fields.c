/* SPDX-License-Identifier: MIT */
/*
 * An event's fields as text for people: `name=value s={a=1} list=[1 2]`. Must never write a
 * control character of the data.
 */
#include <assert.h>

#include <evh/text.h>

#include "event.h"
#include "nested.h"
#include "put.h"

void evh_text_visible(struct evh_text *text, const void *data, size_t size)
{
	char *out = evh_text_reserve(text, PUT_ROOM(size));

	if (out)
		text->size += (size_t)(put_utf8(out, data, size, PUT_VISIBLE) - out);
}

static void append_value(struct evh_text *text, const struct evh_item *item, enum put_style style)
{
	char *out = evh_text_reserve(text, PUT_ROOM(item->size));
	char *end;

	if (!out)
		return;
	if (kind_is_text(item->value))
		end = put_text(out, item->value, item->data, item->size, item->big_endian, style);
	else
		end = put_scalar(out, item->value, item->data, item->size, item->big_endian);
	assert((size_t)(end - out) + CLEAN_SLACK <= PUT_ROOM(item->size));
	text->size += (size_t)(end - out);
}

void evh_text_value(struct evh_text *text, const struct evh_item *item)
{
	if (item->kind == EVH_ITEM_FIELD)
		append_value(text, item, PUT_VISIBLE);
}

/* Whether a text would be taken for something else among other fields. */
static bool needs_quotes(const char *data, size_t size)
{
	if (size == 0)
		return true;
	for (size_t i = 0; i < size; i++)
		if (data[i] == '\0' || strchr(" \"=[]{}", data[i]))
			return true;
	return false;
}

static void append_field(struct evh_text *text, const struct evh_item *item)
{
	size_t start = text->size;
	char *quote;

	append_value(text, item, PUT_VISIBLE);
	if ((!kind_is_text(item->value) && item->value != EVH_VALUE_BYTES) || text->error != 0 ||
	    !needs_quotes(text->data + start, text->size - start))
		return;
	text->size = start;
	evh_text_append(text, "\"", 1);
	append_value(text, item, PUT_QUOTED);
	quote = evh_text_reserve(text, 1);
	if (quote) {
		*quote = '"';
		text->size++;
	}
}

void text_append_string(struct evh_text *text, const void *data, size_t size)
{
	struct evh_item item = {
		.kind = EVH_ITEM_FIELD, .value = EVH_VALUE_UTF8, .data = data, .size = size
	};

	append_field(text, &item);
}

/* What stands in front of an item: a space after its neighbour, and its name. */
static void append_name(struct evh_text *text, const struct evh_item *item, bool *first,
			const void *argument)
{
	(void)argument;
	if (!*first)
		evh_text_append(text, " ", 1);
	*first = false;
	if (!item->element) {
		evh_text_visible(text, item->name.data, item->name.size);
		evh_text_append(text, "=", 1);
	}
}

static void append_nested_field(struct evh_text *text, const struct evh_item *item,
				const void *argument)
{
	(void)argument;
	append_field(text, item);
}

int evh_text_fields(struct evh_text *text, struct evh_reader *reader)
{
	static const struct nested_form form = { append_name, append_nested_field, NULL, NULL };

	return append_nested(text, reader, &form);
}
