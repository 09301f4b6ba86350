/* SPDX-License-Identifier: MIT */
/* The user_events tracepoints of this machine that match some patterns, and their layouts. */
#ifndef LOGTAP_CATALOG_H
#define LOGTAP_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter_names.h"
#include "tracefs_place.h"

struct catalog;
struct tep_event;
struct tracefs_instance;

struct catalog_entry {
	char *name; /* "logtap_L4K2" */
	uint16_t id;
	bool eventheader;
	size_t header; /* bytes in front of an EventHeader event: the common fields */
	const struct tep_event *format;
};

/*
 * patterns: globs over tracepoint names ("logtap_*"), or the bare name of a provider, which stands
 * for all tracepoints of it; "user_events:" in front is allowed. They must stay as they are until
 * catalog_close. 0, or -EINVAL: a pattern that names another system than user_events.
 */
int catalog_open(struct catalog **catalog, const struct tracefs_place *place,
		 char *const patterns[], size_t count);

/*
 * Called by catalog_scan for each new one whose name is one of EventHeader's and whose fields are
 * not: somebody else made it. It is enabled as any other.
 */
void catalog_on_misfit(struct catalog *catalog, void (*say)(const char *name));

/*
 * Looks for tracepoints that are new since the last call and enables those that match in the
 * instance. How many were enabled, or a negative errno when the list of tracepoints can't be read.
 * A tracepoint that vanished under its hands, or has a layout it can't read, is passed over.
 */
int catalog_scan(struct catalog *catalog, struct tracefs_instance *instance);

/*
 * Whether any tracepoint of this provider exists on the machine, or, with NULL, any that matches;
 * `there` gets the providers that there are. False too when the list can't be read.
 */
bool catalog_exists(struct catalog *catalog, const char *provider, struct names *there);

/* The entry with this id, or NULL. */
const struct catalog_entry *catalog_find(const struct catalog *catalog, uint16_t id);

/*
 * The provider that a pattern names in full ("logtap", "logtap_*"), whose tracepoints can therefore
 * be created ahead of it. false when the pattern leaves that open.
 */
bool catalog_provider(const char *pattern, char *provider, size_t size);

void catalog_close(struct catalog *catalog);

#endif
