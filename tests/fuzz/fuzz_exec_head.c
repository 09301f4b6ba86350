/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program file, and as the value of LD_PRELOAD: the judgement ends, its texts end,
 * it is the same whatever reads are short; and an entry that is cut out of a list leaves all others
 * as they are, which a second, plain way of splitting it confirms.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exec_head.h"
#include "preload_list.h"

struct file {
	const uint8_t *bytes;
	size_t size;
	unsigned reads;
};

static long read_memory(void *context, void *bytes, size_t size, uint64_t offset)
{
	struct file *file = context;

	if (++file->reads > 100000)
		abort();
	if (offset >= file->size)
		return 0;
	if (size > file->size - offset)
		size = file->size - offset;
	memcpy(bytes, file->bytes + offset, size);
	return (long)size;
}

static void check_head(const uint8_t *data, size_t size)
{
	struct file file = { data, size, 0 };
	struct lt_head head, again;

	lt_head_judge(&head, read_memory, &file);
	lt_head_judge(&again, read_memory, &file);
	if (head.kind > LT_HEAD_FOREIGN || !memchr(head.name, 0, sizeof(head.name)) ||
	    !memchr(head.runtime, 0, sizeof(head.runtime)) || memcmp(&head, &again, sizeof(head)))
		abort();
	if (head.runtime[0] && !lt_head_is_runtime(head.runtime, strlen(head.runtime)))
		abort();
	if (head.kind == LT_HEAD_SCRIPT && (size < 3 || !head.name[0]))
		abort();
}

/* The entries that are not empty, one byte between them, without the first of `name`. */
static void plain(char *to, const char *list, const char *name)
{
	int done = 0;

	while (*list) {
		size_t size = strcspn(list, ": ");
		const char *base = list;

		for (size_t i = 0; i < size; i++)
			if (list[i] == '/')
				base = list + i + 1;
		if (!done && name && (size_t)(list + size - base) == strlen(name) &&
		    !strncmp(base, name, strlen(name))) {
			done = 1;
		} else if (size) {
			memcpy(to, list, size);
			to += size;
			*to++ = ':';
		}
		list += size + (list[size] != '\0');
	}
	*to = '\0';
}

static void check_list(const char *list, size_t size)
{
	struct lt_list_entry found = lt_list_find(list, "/l/a");
	char *cut = malloc(size + 1), *expected = malloc(size + 2), *got = malloc(size + 2);

	if (!cut || !expected || !got)
		abort();
	strcpy(cut, list);
	if (found.text) {
		struct lt_list_entry out = lt_list_cut(list, found);
		size_t front = (size_t)(out.text - list);

		if (front + out.size > size)
			abort();
		memcpy(cut + front, list + front + out.size, size - front - out.size + 1);
	}
	plain(expected, list, "a");
	plain(got, cut, NULL);
	if (strcmp(expected, got) || lt_list_own_runtime(list) > size)
		abort();
	free(cut);
	free(expected);
	free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *list = malloc(size + 1);

	check_head(data, size);
	if (!list)
		return 0;
	memcpy(list, data, size);
	list[size] = '\0';
	check_list(list, strlen(list));
	free(list);
	return 0;
}
