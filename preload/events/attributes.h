/* SPDX-License-Identifier: MIT */
/*
 * Attributes of OpenTelemetry's that are texts: their names as an event's metadata has them, and
 * their values as its payload. For names that are known only when the program runs.
 */
#ifndef LT_ATTRIBUTES_H
#define LT_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lt_attributes {
	uint8_t *names, *values;
	size_t names_room, values_room;
	size_t names_size, values_size;
	unsigned count;
};

/* Two times as many, and those that we write ourselves, fit into a struct of an event. */
#define LT_ATTRIBUTES_MAX 56

/*
 * Adds one. A name of other bytes than letters, digits and `._-/`, and what has no room as a whole,
 * is not added: false. What isn't UTF-8 in the value is replaced.
 */
bool lt_attributes_add(struct lt_attributes *attributes, const char *name, size_t name_size,
		       const char *value, size_t value_size);

/* Whether there is one of that name. */
bool lt_attributes_have(const struct lt_attributes *attributes, const char *name, size_t size);

#endif
