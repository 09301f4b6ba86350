/* SPDX-License-Identifier: MIT */
/* What `logtap enable` notes; see system_files.h. Pure. */
#include "system_files.h"

#include <string.h>

bool system_is_ours(const char *text)
{
	return text && strncmp(text, SYSTEM_MARK, sizeof(SYSTEM_MARK) - 1) == 0;
}

const char *system_note(const char **at, const char *key, size_t *size)
{
	size_t length = strlen(key);

	while (**at) {
		const char *line = *at;
		size_t line_size = strcspn(line, "\n");

		*at = line + line_size + (line[line_size] == '\n');
		if (line_size > length && line[length] == '=' && memcmp(line, key, length) == 0) {
			*size = line_size - length - 1;
			return line + length + 1;
		}
	}
	return NULL;
}
