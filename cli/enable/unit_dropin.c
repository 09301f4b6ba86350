/* SPDX-License-Identifier: MIT */
/* The drop-in that fits a service; see unit_dropin.h. */
#include "unit_dropin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "preload_list.h"
#include "system_files.h"

static void add(struct dropin *dropin, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct dropin *dropin, const char *format, ...)
{
	size_t size = strlen(dropin->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(dropin->text + size, sizeof(dropin->text) - size, format, arguments);
	va_end(arguments);
}

static void refuse(struct dropin *dropin, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void refuse(struct dropin *dropin, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (!*dropin->obstacle)
		vsnprintf(dropin->obstacle, sizeof(dropin->obstacle), format, arguments);
	va_end(arguments);
}

static bool is_below(const char *path, const char *folder)
{
	size_t size = strlen(folder);

	return strncmp(path, folder, size) == 0 && path[size] == '/';
}

static bool is_hidden(const struct unit_facts *facts, const char *path)
{
	return (facts->no_home && (is_below(path, "/home") || is_below(path, "/root") ||
				   is_below(path, "/run/user"))) ||
	       (facts->own_tmp && (is_below(path, "/tmp") || is_below(path, "/var/tmp")));
}

/* user_events: who may write them, and where a filter leaves the call that they need. */
static void judge_user_events(struct dropin *dropin, const struct unit_facts *facts,
			      const struct dropin_wish *wish)
{
	const char *unit = wish->unit;

	if (facts->filter)
		refuse(dropin,
		       "%s= of %s is a system call filter, under which no tracepoint can be "
		       "registered; record into a file: --file=FILE",
		       facts->filter, unit);
	if (*facts->user && !wish->has_right)
		refuse(dropin,
		       "%s runs as %s, who may not write user_events: systemctl enable --now "
		       "logtap-rights.service; usermod -aG tracers %s",
		       unit, facts->user, facts->user);
	if (!wish->has_user_events)
		refuse(dropin, "this kernel has no user_events (see logtap doctor); record into a "
			       "file: --file=FILE");
}

static void judge(struct dropin *dropin, const struct unit_facts *facts,
		  const struct dropin_wish *wish)
{
	if (facts->root_image)
		refuse(dropin,
		       "%s has the image %s as its root, in which the library can't be "
		       "tried",
		       wish->unit, facts->root);
	if (*facts->root && facts->no_mount_api)
		refuse(dropin,
		       "%s has the root %s and MountAPIVFS=no: there is no place for the "
		       "library in it",
		       wish->unit, facts->root);
	if (!*facts->root && is_hidden(facts, wish->library))
		refuse(dropin,
		       "%s does not see %s (PrivateTmp=, ProtectHome=): install the "
		       "library",
		       wish->unit, wish->library);
	if (!wish->file)
		judge_user_events(dropin, facts, wish);
	else if (facts->dynamic_user)
		refuse(dropin, "%s runs as a user of its own, who may not write the recording %s",
		       wish->unit, wish->file);
	else if (is_hidden(facts, wish->file) && !*facts->root)
		refuse(dropin, "%s does not see %s (PrivateTmp=, ProtectHome=): take another file",
		       wish->unit, wish->file);
}

/* A value in quotes, as unit files have it: `%` and `\` mean something there. */
static void add_variable(struct dropin *dropin, const char *name, const char *value)
{
	add(dropin, "Environment=\"%s", name);
	for (; *value; value++)
		add(dropin, "%s%c",
		    *value == '%'		      ? "%"
		    : *value == '"' || *value == '\\' ? "\\"
						      : "",
		    *value);
	add(dropin, "\"\n");
}

/* Theirs first, so that their library sees the program's calls first; ours once. */
static void add_preload(struct dropin *dropin, const struct unit_facts *facts, const char *library)
{
	char list[sizeof(facts->preload) + PATH_MAX];
	struct lt_list_entry entry;

	snprintf(list, sizeof(list), "%s", facts->preload);
	while ((entry = lt_list_find(list, PRELOAD_LIBRARY)).text) {
		entry = lt_list_cut(list, entry);
		memmove(list + (entry.text - list), entry.text + entry.size,
			strlen(entry.text + entry.size) + 1);
	}
	snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", *list ? ":" : "",
		 library);
	add_variable(dropin, "LD_PRELOAD=", list);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A root of its own: systemd makes a /run there, into which everything is mounted. */
static void add_inside(struct dropin *dropin, const struct dropin_wish *wish)
{
	char sink[PATH_MAX + 128];

	add(dropin, "BindReadOnlyPaths=-%s:" UNIT_INNER "/" PRELOAD_LIBRARY "\n", wish->library);
	if (wish->file) {
		add(dropin, "BindPaths=-%s:" UNIT_INNER "/%s\n", wish->file, name_of(wish->file));
		snprintf(sink, sizeof(sink), "file:" UNIT_INNER "/%s%s", name_of(wish->file),
			 wish->sink + 5 + strlen(wish->file));
	} else {
		add(dropin, "BindPaths=-" UNIT_USER_EVENTS ":" UNIT_INNER "/user_events_data\n");
		snprintf(sink, sizeof(sink), "user_events:" UNIT_INNER "/user_events_data");
	}
	add_variable(dropin, "LOGTAP_SINK=", sink);
}

static void add_outside(struct dropin *dropin, const struct unit_facts *facts,
			const struct dropin_wish *wish)
{
	if (facts->no_exec)
		add(dropin, "ExecPaths=-%s\n", wish->library);
	if (wish->sink)
		add_variable(dropin, "LOGTAP_SINK=", wish->sink);
	if (wish->file && facts->strict)
		add(dropin, "ReadWritePaths=-%s\n", wish->file);
	if (!wish->file && facts->read_only_sys)
		add(dropin, "ReadWritePaths=-" UNIT_USER_EVENTS "\n");
}

void unit_dropin_make(struct dropin *dropin, const struct unit_facts *facts,
		      const struct dropin_wish *wish)
{
	bool inside = *facts->root != '\0';

	dropin->text[0] = dropin->obstacle[0] = '\0';
	judge(dropin, facts, wish);
	add(dropin, SYSTEM_MARK " --unit %s, %s, by %s\n", wish->unit, wish->when, wish->who);
	add(dropin, "# Taken off by: logtap disable --unit %s\n", wish->unit);
	if (wish->made_folder)
		add(dropin, UNIT_MADE_FOLDER);
	add(dropin, "[Service]\n");
	add_preload(dropin, facts, inside ? UNIT_INNER "/" PRELOAD_LIBRARY : wish->library);
	for (size_t i = 0; wish->settings && wish->settings[i]; i++)
		add_variable(dropin, "", wish->settings[i]);
	if (inside)
		add_inside(dropin, wish);
	else
		add_outside(dropin, facts, wish);
	if (strlen(dropin->text) == sizeof(dropin->text) - 1)
		refuse(dropin, "the settings of %s are too long", wish->unit);
}

bool unit_dropin_is_same(const char *one, const char *other)
{
	const char *first = strchr(one, '\n'), *second = strchr(other, '\n');

	return first && second && strcmp(first, second) == 0;
}
