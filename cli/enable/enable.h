/* SPDX-License-Identifier: MIT */
/* What `enable`, `disable` and `status` share: the root that they work on, and what was asked for.
 */
#ifndef LOGTAP_ENABLE_H
#define LOGTAP_ENABLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define ENABLE_UNITS_MAX 64

struct enable_request {
	const char *root_path;
	int root;
	bool is_here; /* the root is this machine's own */
	bool dry;
	bool system;
	bool at_boot;
	bool restart;
	const char *units[ENABLE_UNITS_MAX]; /* "NAME.service", or as given */
	size_t unit_count;
	bool has_settings; /* the environment holds settings for the services */
	const char *file;  /* the services' recording, or NULL */
};

/* Opens the root; CLI_FAILURE with the line printed, or 0. */
int enable_open_root(struct enable_request *request);

/* Adds a unit, ".service" behind it where nothing is. CLI_USAGE with the line printed, or 0. */
int enable_add_unit(struct enable_request *request, const char *name);

/* Finds the preload library as a path below the root. CLI_FAILURE with the line printed, or 0. */
int enable_find_library(const struct enable_request *request, char library[PATH_MAX]);

/* "root", or "root for alice": who the person is that does this. */
void enable_who(char *who, size_t size);

/* The time now, as 2026-11-29T08:00:00Z. */
void enable_when(char when[32]);

/* Whether systemd runs this machine and the root is its own. */
bool enable_has_manager(const struct enable_request *request);

/* Runs systemctl with these arguments, its stderr as ours; its status, or -1. */
int enable_systemctl(const char *const *arguments);

/* Restarts the units that run. 0, or CLI_FAILURE with the line printed. */
int enable_restart(const struct enable_request *request);

/* The two parts of the command, each with its own lines; exit statuses. */
int enable_system(const struct enable_request *request);
int enable_units(const struct enable_request *request);

#endif
