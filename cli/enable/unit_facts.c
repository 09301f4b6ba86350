/* SPDX-License-Identifier: MIT */
/* What is known of a service; see unit_facts.h. */
#include "unit_facts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_yes(const char *value)
{
	static const char *const WORDS[] = { "yes", "true", "on", "1", "y", "t" };

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++)
		if (strcasecmp(value, WORDS[i]) == 0)
			return true;
	return false;
}

/* An option that is set to anything: neither empty nor a no, nor the `~` of an empty list. */
static bool is_set(const char *value)
{
	static const char *const WORDS[] = { "", "~", "no", "false", "off", "0", "n", "f" };

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++)
		if (strcasecmp(value, WORDS[i]) == 0)
			return false;
	return true;
}

static void copy(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

static void take_user(struct unit_facts *facts, const char *value)
{
	copy(facts->user, sizeof(facts->user),
	     strcmp(value, "root") == 0 || strcmp(value, "0") == 0 ? "" : value);
}

static void take_dynamic_user(struct unit_facts *facts, const char *value)
{
	facts->dynamic_user = is_yes(value);
	if (!facts->dynamic_user)
		return;
	facts->strict = facts->own_tmp = true;
	if (!facts->filter)
		facts->filter = "DynamicUser";
}

static void take_root(struct unit_facts *facts, const char *value)
{
	if (*value && strcmp(value, "/") != 0)
		copy(facts->root, sizeof(facts->root), value);
}

static void take_root_image(struct unit_facts *facts, const char *value)
{
	take_root(facts, value);
	facts->root_image = *value != '\0';
}

static void take_mount_api(struct unit_facts *facts, const char *value)
{
	facts->no_mount_api = !is_yes(value);
}

static void take_protect_system(struct unit_facts *facts, const char *value)
{
	facts->strict |= strcmp(value, "strict") == 0;
}

static void take_protect_home(struct unit_facts *facts, const char *value)
{
	facts->no_home = is_set(value) && strcmp(value, "read-only") != 0;
}

static void take_own_tmp(struct unit_facts *facts, const char *value)
{
	facts->own_tmp |= is_set(value);
}

static void take_tunables(struct unit_facts *facts, const char *value)
{
	facts->read_only_sys |= is_yes(value);
}

static void take_no_exec(struct unit_facts *facts, const char *value)
{
	facts->no_exec |= *value != '\0';
}

/* A list of paths; one may be /sys or above. */
static void take_paths(struct unit_facts *facts, const char *value)
{
	facts->strict |= *value != '\0';
	for (const char *at = value; *at; at += strspn(at, " \t")) {
		size_t size = strcspn(at, " \t");
		const char *path = at;

		at += size;
		while (size && strchr("-+\"", *path)) {
			path++;
			size--;
		}
		facts->read_only_sys |= (size == 1 && *path == '/') ||
					(size >= 4 && strncmp(path, "/sys", 4) == 0 &&
					 (size == 4 || path[4] == '/' || path[4] == '"'));
	}
}

/* `{ path=/x ; argv[]=...`, or `-/x argument`. The first one counts. */
static void take_exec(struct unit_facts *facts, const char *value)
{
	const char *path = strstr(value, "path=");
	size_t size;

	if (*value != '{')
		path = value + strspn(value, "@-:+!|");
	else if (path)
		path += 5;
	if (!path || *facts->exec)
		return;
	path += *path == '"';
	size = strcspn(path, " \t;\"");
	if (size < sizeof(facts->exec)) {
		memcpy(facts->exec, path, size);
		facts->exec[size] = '\0';
	}
}

/* The value of LD_PRELOAD among assignments, each of which may be in quotes. */
static void take_environment(struct unit_facts *facts, const char *value)
{
	static const char NAME[] = "LD_PRELOAD=";

	if (!*value)
		facts->preload[0] = '\0'; /* an empty assignment takes all back */
	while (*value) {
		char quote = *value == '"' || *value == '\'' ? *value : '\0';
		const char *word = value + (quote != '\0');
		size_t size =
			quote ? strcspn(word, quote == '"' ? "\"" : "'") : strcspn(word, " \t");

		if (strncmp(word, NAME, sizeof(NAME) - 1) == 0)
			snprintf(facts->preload, sizeof(facts->preload), "%.*s",
				 (int)(size - (sizeof(NAME) - 1)), word + sizeof(NAME) - 1);
		value = word + size + (quote && word[size]);
		value += strspn(value, " \t");
	}
}

/* `/x (ignore_errors=yes)`, or `-/x`. */
static void take_file(struct unit_facts *facts, const char *value)
{
	size_t size;

	if (!*value)
		facts->file_count = 0;
	value += *value == '-';
	size = strcspn(value, " \t");
	if (!size || size >= sizeof(facts->files[0]) || facts->file_count == UNIT_FILES_MAX)
		return;
	memcpy(facts->files[facts->file_count], value, size);
	facts->files[facts->file_count++][size] = '\0';
}

struct taker {
	const char *key;
	void (*take)(struct unit_facts *facts, const char *value);
};

static const struct taker TAKERS[] = {
	{ "User", take_user },
	{ "DynamicUser", take_dynamic_user },
	{ "RootDirectory", take_root },
	{ "RootImage", take_root_image },
	{ "MountAPIVFS", take_mount_api },
	{ "ProtectSystem", take_protect_system },
	{ "ProtectHome", take_protect_home },
	{ "PrivateTmp", take_own_tmp },
	{ "ProtectKernelTunables", take_tunables },
	{ "ReadOnlyPaths", take_paths },
	{ "InaccessiblePaths", take_paths },
	{ "NoExecPaths", take_no_exec },
	{ "ExecStart", take_exec },
	{ "Environment", take_environment },
	{ "EnvironmentFile", take_file },
	{ "EnvironmentFiles", take_file }, /* as it is shown */
};

/* What systemd makes a seccomp filter of. */
static const char *const FILTERS[] = {
	"SystemCallFilter",	   "SystemCallLog",
	"SystemCallArchitectures", "RestrictAddressFamilies",
	"RestrictNamespaces",	   "MemoryDenyWriteExecute",
	"RestrictRealtime",	   "RestrictSUIDSGID",
	"LockPersonality",	   "ProtectClock",
	"ProtectHostname",	   "ProtectKernelModules",
	"ProtectKernelLogs",	   "ProtectKernelTunables",
	"PrivateDevices",
};

const char *const unit_facts_keys[] = {
	"LoadState",
	"User",
	"DynamicUser",
	"RootDirectory",
	"RootImage",
	"MountAPIVFS",
	"ProtectSystem",
	"ProtectHome",
	"PrivateTmp",
	"ReadOnlyPaths",
	"InaccessiblePaths",
	"NoExecPaths",
	"ExecStart",
	"Environment",
	"EnvironmentFiles",
	"SystemCallFilter",
	"SystemCallLog",
	"SystemCallArchitectures",
	"RestrictNamespaces",
	"RestrictRealtime",
	"RestrictAddressFamilies",
	"RestrictSUIDSGID",
	"LockPersonality",
	"MemoryDenyWriteExecute",
	"ProtectClock",
	"ProtectHostname",
	"ProtectKernelModules",
	"ProtectKernelLogs",
	"PrivateDevices",
	"ProtectKernelTunables",
	NULL,
};

void unit_facts_take(struct unit_facts *facts, const char *key, const char *value)
{
	for (size_t i = 0; i < sizeof(TAKERS) / sizeof(*TAKERS); i++)
		if (strcmp(key, TAKERS[i].key) == 0)
			TAKERS[i].take(facts, value);
	for (size_t i = 0; i < sizeof(FILTERS) / sizeof(*FILTERS); i++)
		if (!facts->filter && strcmp(key, FILTERS[i]) == 0 && is_set(value))
			facts->filter = FILTERS[i];
}

static char *trimmed(char *text)
{
	size_t size;

	text += strspn(text, " \t\r");
	size = strlen(text);
	while (size && strchr(" \t\r", text[size - 1]))
		size--;
	text[size] = '\0';
	return text;
}

static void take_line(struct unit_facts *facts, char *line)
{
	char *sign = strchr(line, '=');

	if (!sign)
		return;
	*sign = '\0';
	unit_facts_take(facts, trimmed(line), trimmed(sign + 1));
}

/* Cuts the line that begins at *text off, with those that it goes on in. */
static char *next_line(char **text)
{
	char *line = *text, *end = line;

	for (;; end++) {
		end += strcspn(end, "\n");
		if (!*end || end == line || end[-1] != '\\')
			break;
		end[-1] = end[0] = ' ';
	}
	*text = *end ? end + 1 : end;
	*end = '\0';
	return trimmed(line);
}

void unit_facts_read(struct unit_facts *facts, char *text)
{
	bool ours = false;

	while (*text) {
		char *line = next_line(&text);

		if (*line == '[')
			ours = strcmp(line, "[Service]") == 0;
		else if (ours && *line != '#' && *line != ';')
			take_line(facts, line);
		facts->found = true;
	}
}

void unit_facts_read_shown(struct unit_facts *facts, char *text)
{
	while (*text) {
		char *end = text + strcspn(text, "\n");
		char *next = *end ? end + 1 : end;

		*end = '\0';
		if (strncmp(text, "LoadState=", 10) == 0)
			facts->found = strcmp(text + 10, "loaded") == 0;
		else
			take_line(facts, text);
		text = next;
	}
}
