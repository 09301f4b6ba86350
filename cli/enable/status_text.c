/* SPDX-License-Identifier: MIT */
/* `logtap status` for a person: a line for each thing that is known. No control character of
 * others. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <evh/text.h>

#include "status.h"
#include "system_files.h"

/* Names of files, processes and people can hold anything; a terminal must not obey them. */
static void line(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(const char *what, const char *format, ...)
{
	char text[PATH_MAX + 1024];
	struct evh_text visible = { 0 };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	evh_text_visible(&visible, text, strlen(text));
	printf("%-12s %.*s\n", what, (int)visible.size, visible.data);
	evh_text_free(&visible);
}

static void print_notes(const struct status *status, int root)
{
	const char *at = status->notes, *by, *when, *value;
	size_t by_size, when_size, size;

	by = system_note(&at, "by", &by_size);
	when = by ? system_note(&at, "at", &when_size) : NULL;
	if (when)
		line("", "enabled by %.*s at %.*s%s", (int)by_size, by, (int)when_size, when,
		     status->at_boot ? "; set at boot by " SYSTEM_UNIT : "");
	value = system_note(&at, "tested", &size);
	if (value)
		line("", "last tried at %.*s", (int)size, value);
	while ((value = system_note(&at, "loader", &size))) {
		const char *problem =
			*status->entry ? status_loader_problem(root, status->entry, value, size)
				       : NULL;

		line("", "  %.*s%s%s", (int)size, value, problem ? ": " : "",
		     problem ? problem : "");
	}
}

static void print_system(const struct status *status, int root)
{
	const char *others = status->foreign ? ", beside others" : "";

	if (*status->list_error)
		line("system", "cannot read %s: %s", SYSTEM_LIST, status->list_error);
	else if (*status->entry)
		line("system", "enabled by %s in %s%s%s", status->entry, SYSTEM_LIST,
		     status->marked ? "" : ", written by hand", others);
	else if (status->notes)
		line("system", "enabled, but the entry is not in %s: logtap enable --system",
		     SYSTEM_LIST);
	else
		line("system", "not enabled");
	if (*status->entry && !status->list_readable)
		line("",
		     "%s is not readable by everybody: users' programs do without it: chmod "
		     "644 %s",
		     SYSTEM_LIST, SYSTEM_LIST);
	if (status->notes)
		print_notes(status, root);
	if (status->disabled)
		line("disabled", "%s is there: the library does nothing", SYSTEM_DISABLED);
}

static void print_units(const struct status *status)
{
	for (size_t i = 0; i < status->unit_count; i++) {
		const char *detail = strchr(status->dropins[i], ',');

		line(i ? "" : "services", "%s%s", status->units[i], detail ? detail : "");
	}
	if (!status->unit_count)
		line("services", "none");
}

static void print_build(const struct status_build *build, bool first)
{
	char names[512] = "";
	size_t shown = build->count < STATUS_PROCESSES_MAX ? build->count : STATUS_PROCESSES_MAX;

	for (size_t i = 0; i < shown; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), " %s[%d]",
			 build->names[i], (int)build->processes[i]);
	line(first ? "processes" : "", "%zu with %s, build %s%s:%s%s", build->count, build->path,
	     *build->id ? build->id : "unknown",
	     build->deleted   ? " (replaced since: it stays until they end)"
	     : build->current ? ""
			      : " (not the one of this logtap)",
	     names, build->count > shown ? " ..." : "");
}

static void print_processes(const struct status_processes *processes)
{
	for (size_t i = 0; i < processes->build_count; i++)
		print_build(&processes->builds[i], i == 0);
	if (!processes->build_count)
		line("processes", "none of %zu has the library", processes->seen);
	if (processes->hidden)
		line("", "not looked into, for want of rights: %zu", processes->hidden);
}

static void print_denials(const struct status_denials *denials)
{
	size_t shown = denials->count < STATUS_DENIALS_MAX ? denials->count : STATUS_DENIALS_MAX;

	line("refused", "%zu times by a security module, as far as the logs say", denials->count);
	for (size_t i = 0; i < shown; i++)
		line("", "  %s", denials->lines[i]);
	if (*denials->unread)
		line("", "not read: %s", denials->unread);
}

void status_print_text(const struct status *status, int root)
{
	print_system(status, root);
	print_units(status);
	if (!status->is_here)
		return;
	print_processes(&status->processes);
	print_denials(&status->denials);
}
