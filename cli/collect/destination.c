/* SPDX-License-Identifier: MIT */
/* The table of destinations. Must never print what may be secret: a URL can hold a password. */
#include "destination.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "kinds.h"

static const struct destination_kind *const KINDS[] = {
	&destination_json,   &destination_file,	   &destination_otlp,
	&destination_syslog, &destination_journal,
};

#define KIND_COUNT (sizeof(KINDS) / sizeof(KINDS[0]))

static const struct destination_kind *find_kind(const char *text, size_t *scheme)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		*scheme = strlen(KINDS[i]->scheme);
		if (strncmp(text, KINDS[i]->scheme, *scheme) == 0 && text[*scheme] == ':')
			return KINDS[i];
	}
	return NULL;
}

/* "otlp:http://user:word@host/" without what stands in front of the "@". */
static char *without_secrets(const char *text)
{
	const char *begin = strstr(text, "://");
	size_t host = begin ? strcspn(begin + 3, "/?#") : 0;
	const char *at = begin ? memrchr(begin + 3, '@', host) : NULL;
	char *shown;

	if (!at)
		return strdup(text);
	return asprintf(&shown, "%.*s%s", (int)(begin + 3 - text), text, at + 1) < 0 ? NULL : shown;
}

int destination_parse(struct destination *destination, const char *text)
{
	size_t scheme;
	const struct destination_kind *kind = find_kind(text, &scheme);
	const char *expected;

	if (!kind) {
		cli_error("--to: '%s' is no destination: expected json:PATH, file:PATH, "
			  "otlp:URL, syslog:HOST:PORT or journal:URL",
			  text);
		return CLI_USAGE;
	}
	*destination = (struct destination){ .kind = kind,
					     .name = text,
					     .target = text + scheme + 1,
					     .shown = without_secrets(text) };
	if (kind->missing) {
		cli_error("--to=%s: this logtap was built without %s", kind->scheme, kind->missing);
		return CLI_USAGE;
	}
	expected = kind->check(destination->target);
	if (expected) {
		cli_error("--to=%s: expected %s", destination->shown, expected);
		return CLI_USAGE;
	}
	return 0;
}

void destination_free(struct destination *destination)
{
	free(destination->shown);
}
