/* SPDX-License-Identifier: MIT */
/*
 * The names of a provider's tracepoints, `<provider>_L<level>K<keyword>`: of all that the library
 * writes, in the order in which a recording's head lists them. The command makes the same.
 */
#ifndef LT_TRACEPOINT_NAMES_H
#define LT_TRACEPOINT_NAMES_H

#include <stddef.h>
#include <string.h>

/* Event levels 1 to 5; keywords 1 (syslog) and 2 (stderr). */
#define LT_LEVELS      5
#define LT_KEYWORDS    2
#define LT_TRACEPOINTS ((size_t)LT_LEVELS * LT_KEYWORDS)

/* name: EVH_TRACEPOINT_NAME_MAX bytes. index: below LT_TRACEPOINTS, the keyword changing fastest.
 */
static inline void lt_tracepoint_name(char *name, const char *provider, unsigned index)
{
	size_t size = strlen(provider);

	memcpy(name, provider, size);
	name += size;
	*name++ = '_';
	*name++ = 'L';
	*name++ = (char)('1' + index / LT_KEYWORDS);
	*name++ = 'K';
	*name++ = (char)('0' + (1U << index % LT_KEYWORDS));
	*name = '\0';
}

#endif
