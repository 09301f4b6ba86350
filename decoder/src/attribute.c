/* SPDX-License-Identifier: MIT */
/*
 * Attributes behind the names of events and fields: "attr=value;attr=value", with each ";" that
 * belongs to a value doubled.
 */
#include "event.h"

/* Where the next attribute ends: at a ";" that isn't doubled, or at the end. */
static size_t attribute_size(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] != ';')
			continue;
		if (i + 1 == size || data[i + 1] != ';')
			return i;
		i++;
	}
	return size;
}

int evh_attribute_next(struct evh_name *list, struct evh_name *name, struct evh_name *value)
{
	size_t size;
	const char *mark;

	if (list->size == 0)
		return 0;
	size = attribute_size(list->data, list->size);
	mark = memchr(list->data, '=', size);
	*name = (struct evh_name){ list->data, mark ? (size_t)(mark - list->data) : size };
	*value = (struct evh_name){ list->data + size, 0 };
	if (mark)
		*value = (struct evh_name){ mark + 1, size - name->size - 1 };
	if (size < list->size)
		size++; /* the ";" */
	list->data += size;
	list->size -= size;
	return 1;
}

size_t evh_attribute_value(const struct evh_name *value, char *buffer, size_t size)
{
	size_t needed = 0;

	for (size_t i = 0; i < value->size; i++) {
		if (needed + 1 < size)
			buffer[needed] = value->data[i];
		needed++;
		if (value->data[i] == ';' && i + 1 < value->size && value->data[i + 1] == ';')
			i++;
	}
	if (size > 0)
		buffer[needed < size ? needed : size - 1] = '\0';
	return needed;
}
