/* SPDX-License-Identifier: MIT */
/* The value of LD_PRELOAD. Never writes; see preload_list.h. */
#include "preload_list.h"

#include <string.h>

#include "exec_head.h"

static const char SEPARATORS[] = ": ";

static const char *file_name(const char *text, size_t size)
{
	const char *name = text + size;

	while (name > text && name[-1] != '/')
		name--;
	return name;
}

struct lt_list_entry lt_list_find(const char *list, const char *library)
{
	const char *wanted = file_name(library, strlen(library));
	size_t wanted_size = strlen(wanted);

	while (*list && wanted_size) {
		size_t size = strcspn(list, SEPARATORS);
		const char *name = file_name(list, size);

		if ((size_t)(list + size - name) == wanted_size &&
		    memcmp(name, wanted, wanted_size) == 0)
			return (struct lt_list_entry){ list, size };
		list += size + (list[size] != '\0');
	}
	return (struct lt_list_entry){ NULL, 0 };
}

struct lt_list_entry lt_list_cut(const char *list, struct lt_list_entry entry)
{
	if (entry.text[entry.size])
		entry.size++;
	else if (entry.text > list)
		return (struct lt_list_entry){ entry.text - 1, entry.size + 1 };
	return entry;
}

size_t lt_list_own_runtime(const char *list)
{
	size_t size = strcspn(list, SEPARATORS);

	if (!size || strncmp(list + size, "::", 2) != 0 || !lt_head_is_runtime(list, size))
		return 0;
	return size + 2;
}
