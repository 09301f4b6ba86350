/* SPDX-License-Identifier: MIT */
/* The severities' names, in both directions. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "severity.h"

const char *const lt_severity_names[8] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
};

const char *lt_severity_name(int severity)
{
	return severity >= 0 && severity <= 7 ? lt_severity_names[severity] : "unknown";
}

static bool is_name(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && strncasecmp(name, text, length) == 0;
}

int lt_severity_from_name(const char *text, size_t length)
{
	static const struct {
		const char *name;
		int severity;
	} others[] = {
		{ "panic", 0 }, { "critical", 2 }, { "error", 3 },
		{ "warn", 4 },	{ "verbose", 7 },  { "information", 6 },
	};

	if (length == 1 && text[0] >= '0' && text[0] <= '7')
		return text[0] - '0';
	for (int i = 0; i < 8; i++) {
		if (is_name(lt_severity_names[i], text, length))
			return i;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (is_name(others[i].name, text, length))
			return others[i].severity;
	}
	return -EINVAL;
}
