/* SPDX-License-Identifier: MIT */
/*
 * The names of a provider's tracepoints, `<provider>_L<level>K<keyword>`: of all that the library
 * writes, in the order in which a recording's head lists them. The command makes the same.
 */
#ifndef LT_TRACEPOINT_NAMES_H
#define LT_TRACEPOINT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "settings.h"

/* The events' levels (EventHeader's, 1 to 5) of syslog's severities. */
static const uint8_t lt_level_of_severity[8] = { 1, 1, 1, 2, 3, 4, 4, 5 };

/* Event levels 1 to 5; keywords 1 (syslog), 2 (stderr) and 4 (what is said of a process). */
#define LT_LEVELS      5
#define LT_KEYWORDS    3
#define LT_TRACEPOINTS ((size_t)LT_LEVELS * LT_KEYWORDS)

/* The keyword of `process` and `exit`, by its place, and the one level that they have. */
#define LT_KEYWORD_PROCESS 2
#define LT_LEVEL_PROCESS   4

/* Whether events of that name are ever sent; the list has the others because it is one by rule. */
static inline bool lt_tracepoint_is_used(unsigned index)
{
	return index % LT_KEYWORDS != LT_KEYWORD_PROCESS ||
	       index / LT_KEYWORDS + 1 == LT_LEVEL_PROCESS;
}

/* Whether the library registers it under these settings. */
static inline bool lt_tracepoint_is_wanted(const struct lt_settings *settings, unsigned index)
{
	unsigned level = index / LT_KEYWORDS + 1, place = index % LT_KEYWORDS;

	if (!lt_tracepoint_is_used(index))
		return false;
	if (place == LT_KEYWORD_PROCESS)
		return settings->capture && settings->layout == LT_LAYOUT_LOGTAP;
	return settings->capture & 1U << place && level <= lt_level_of_severity[settings->level];
}

/* The one whose name it has: OpenTelemetry's layout has the first keyword alone. */
static inline unsigned lt_tracepoint_in_layout(const struct lt_settings *settings, unsigned index)
{
	return settings->layout == LT_LAYOUT_OTEL ? index - index % LT_KEYWORDS : index;
}

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
