/* SPDX-License-Identifier: MIT */
/*
 * The settings table and its parsers. Plain functions over strings, also linked into `logtap`; must
 * never depend on anything of the preload library.
 */
#include "settings.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>

/* RFC 3164 numbers; 12 to 15 have no name in <syslog.h>, these are the ones rsyslog uses. */
const char *const lt_facility_names[24] = {
	"kern",	  "user",   "mail",	"daemon", "auth",   "syslog", "lpr",	"news",
	"uucp",	  "cron",   "authpriv", "ftp",	  "ntp",    "audit",  "alert",	"clock",
	"local0", "local1", "local2",	"local3", "local4", "local5", "local6", "local7",
};

const int16_t lt_severity_numbers[8] = { 21, 19, 18, 17, 13, 10, 9, 5 };

static int parse_switch(bool *target, const char *value)
{
	if (!strcmp(value, "on"))
		*target = true;
	else if (!strcmp(value, "off"))
		*target = false;
	else
		return -EINVAL;
	return 0;
}

static int parse_severity(int *target, const char *value)
{
	int severity = lt_severity_from_name(value, strlen(value));

	if (severity < 0)
		return severity;
	*target = severity;
	return 0;
}

static int parse_disable(struct lt_settings *settings, const char *value)
{
	settings->disabled = value[0] != '\0';
	return 0;
}

/* A descriptor number: digits only; 0 to 2 belong to the program. */
static int parse_fd(const char *text)
{
	int64_t fd = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		fd = fd * 10 + (*text - '0');
		if (fd > INT_MAX)
			return -EINVAL;
	}
	return fd > 2 ? (int)fd : -EINVAL;
}

static int parse_sink(struct lt_settings *settings, const char *value)
{
	if (!strcmp(value, "user_events")) {
		settings->sink = LT_SINK_USER_EVENTS;
	} else if (!strcmp(value, "none")) {
		settings->sink = LT_SINK_NONE;
	} else if (!strncmp(value, "user_events:/", 13) && strlen(value + 12) < PATH_MAX) {
		settings->sink = LT_SINK_USER_EVENTS_AT;
		settings->sink_path = value + 12;
	} else if (!strncmp(value, "user_events:", 12)) {
		int fd = parse_fd(value + 12);

		if (fd < 0)
			return fd;
		settings->sink = LT_SINK_USER_EVENTS_FD;
		settings->sink_fd = fd;
	} else if (!strncmp(value, "file:/", 6) && strlen(value + 5) < LT_SINK_PATH_MAX) {
		settings->sink = LT_SINK_FILE;
		settings->sink_path = value + 5;
	} else if ((!strncmp(value, "unix:/", 6) || !strncmp(value, "unix:@", 6)) && value[6] &&
		   strlen(value + 5) < LT_SINK_SOCKET_MAX) {
		settings->sink = LT_SINK_UNIX;
		settings->sink_path = value + 5;
	} else {
		return -EINVAL;
	}
	return 0;
}

/* After each of the settings that it depends on. */
static void set_direct(struct lt_settings *settings)
{
	settings->direct =
		settings->passthrough && !settings->rate && settings->layout == LT_LAYOUT_LOGTAP;
}

static int parse_layout(struct lt_settings *settings, const char *value)
{
	bool otel = !strcmp(value, "otel"), timeless = !strcmp(value, "otel,notime");

	if (!otel && !timeless && strcmp(value, "logtap") != 0)
		return -EINVAL;
	settings->layout = otel || timeless ? LT_LAYOUT_OTEL : LT_LAYOUT_LOGTAP;
	settings->layout_time = otel;
	set_direct(settings);
	return 0;
}

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static int parse_provider(struct lt_settings *settings, const char *value)
{
	size_t length = strlen(value);

	if (!strcmp(value, "auto")) {
		settings->provider = NULL;
		return 0;
	}
	if (length > LT_PROVIDER_MAX || (value[0] >= '0' && value[0] <= '9'))
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		if (!name_byte(value[i]))
			return -EINVAL;
	settings->provider = value;
	return 0;
}

static int parse_capture(struct lt_settings *settings, const char *value)
{
	unsigned capture = 0;

	while (*value) {
		size_t length = strcspn(value, ",");

		if (length == 6 && !memcmp(value, "syslog", 6))
			capture |= LT_CAPTURE_SYSLOG;
		else if (length == 6 && !memcmp(value, "stderr", 6))
			capture |= LT_CAPTURE_STDERR;
		else
			return -EINVAL;
		value += length;
		if (*value == ',' && !*++value)
			return -EINVAL;
	}
	settings->capture = capture;
	return 0;
}

static int parse_null(struct lt_settings *settings, const char *value)
{
	return parse_switch(&settings->null, value);
}

/* Digits alone, 1 to `most`; moves on. 0: something else. */
static unsigned parse_count(const char **value, unsigned most)
{
	uint64_t count = 0;

	for (; **value >= '0' && **value <= '9' && count <= most; ++*value)
		count = count * 10 + (unsigned)(**value - '0');
	return count <= most ? (unsigned)count : 0;
}

static int parse_rate(struct lt_settings *settings, const char *value)
{
	unsigned rate = 0, seconds = 0;

	if (strcmp(value, "off") != 0) {
		rate = parse_count(&value, 1000000000);
		seconds = *value == '/' ? (value++, parse_count(&value, 86400)) : 0;
		if (!rate || !seconds || *value)
			return -EINVAL;
	}
	settings->rate = rate;
	settings->rate_seconds = seconds;
	set_direct(settings);
	return 0;
}

static int parse_passthrough(struct lt_settings *settings, const char *value)
{
	int error = parse_switch(&settings->passthrough, value);

	set_direct(settings);
	return error;
}

static int parse_args(struct lt_settings *settings, const char *value)
{
	return parse_switch(&settings->args, value);
}

static int parse_level(struct lt_settings *settings, const char *value)
{
	return parse_severity(&settings->level, value);
}

static int parse_stderr_level(struct lt_settings *settings, const char *value)
{
	return parse_severity(&settings->stderr_level, value);
}

static int parse_detect(struct lt_settings *settings, const char *value)
{
	if (!strcmp(value, "on"))
		settings->detect = LT_DETECT_ON;
	else if (!strcmp(value, "words"))
		settings->detect = LT_DETECT_WORDS;
	else if (!strcmp(value, "off"))
		settings->detect = LT_DETECT_OFF;
	else
		return -EINVAL;
	return 0;
}

/* Globs no longer than a file name; an empty one between two commas is a slip of the pen. */
static int check_globs(const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");

		if (length == 0 || length > NAME_MAX)
			return -EINVAL;
		value += length;
		if (!*value)
			return 0;
		value++;
	}
}

static int parse_only(struct lt_settings *settings, const char *value)
{
	int error = check_globs(value);

	if (!error)
		settings->only = value;
	return error;
}

static int parse_skip(struct lt_settings *settings, const char *value)
{
	int error = check_globs(value);

	if (!error)
		settings->skip = value;
	return error;
}

static int parse_debug(struct lt_settings *settings, const char *value)
{
	if (strlen(value) >= PATH_MAX)
		return -EINVAL;
	settings->debug = value;
	return 0;
}

#define SEVERITIES "emerg, alert, crit, err, warning, notice, info, debug"

const struct lt_setting lt_setting_table[] = {
	{ "LOGTAP_DISABLE", NULL, "1", "", "set and not empty: do nothing at all", "any value",
	  parse_disable },
	{ "LOGTAP_SINK", "sink", "SINK", "user_events",
	  "where events go: user_events, user_events:FD, user_events:PATH, file:PATH, unix:PATH, "
	  "none",
	  "user_events, user_events:FD (3 or more), user_events:/ABSOLUTE/PATH, "
	  "file:/ABSOLUTE/PATH, unix:/ABSOLUTE/PATH (at most 107 bytes) or none",
	  parse_sink },
	{ "LOGTAP_LAYOUT", "layout", "LAYOUT", "logtap",
	  "what events look like: logtap, otel (OpenTelemetry's Common Schema), otel,notime",
	  "logtap, otel or otel,notime", parse_layout },
	{ "LOGTAP_PROVIDER", "provider", "NAME", "logtap",
	  "provider name of the events; auto = the program's name",
	  "auto, or a name of letters, digits and '_' that does not begin with a digit "
	  "(at most 233 bytes)",
	  parse_provider },
	{ "LOGTAP_CAPTURE", "capture", "WHAT", "syslog,stderr",
	  "what is captured: syslog, stderr, or both with a comma",
	  "syslog, stderr or syslog,stderr", parse_capture },
	{ "LOGTAP_NULL", "null", "on|off", "on",
	  "off: not what a program sends to a stderr that it pointed at /dev/null", "on or off",
	  parse_null },
	{ "LOGTAP_RATE", "rate", "N/SECONDS", "off",
	  "send no more messages of a process in that time; an event says how many were left out",
	  "off, or N/SECONDS, such as 1000/10", parse_rate },
	{ "LOGTAP_PASSTHROUGH", "passthrough", "on|off", "on",
	  "off: what was captured is not also delivered while a collector listens", "on or off",
	  parse_passthrough },
	{ "LOGTAP_LEVEL", "level", "LEVEL", "debug", "least severe severity to emit",
	  "one of " SEVERITIES, parse_level },
	{ "LOGTAP_STDERR_LEVEL", "stderr-level", "LEVEL", "info",
	  "severity of a stderr line that shows none", "one of " SEVERITIES, parse_stderr_level },
	{ "LOGTAP_DETECT", "detect", "on|words|off", "on",
	  "read the severity from the line itself; words: only from a level's word",
	  "on, words or off", parse_detect },
	{ "LOGTAP_ONLY", "only", "GLOBS", "",
	  "capture only programs whose name matches one of these, comma-separated",
	  "globs with commas between them, such as 'nginx,postgres*'", parse_only },
	{ "LOGTAP_SKIP", "skip", "GLOBS", "",
	  "don't capture programs whose name matches one of these, comma-separated",
	  "globs with commas between them, such as 'sh,bash,make*'", parse_skip },
	{ "LOGTAP_ARGS", "args", "on|off", "off",
	  "on: tell each process's command line, which may hold secrets", "on or off", parse_args },
	{ "LOGTAP_DEBUG", "debug", "FILE", "", "a file for the shim's own diagnostics and counters",
	  "a path shorter than 4096 bytes", parse_debug },
};
const size_t lt_setting_count = sizeof(lt_setting_table) / sizeof(*lt_setting_table);

void lt_settings_init(struct lt_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->sink_fd = -1;
	for (size_t i = 0; i < lt_setting_count; i++)
		if (lt_setting_table[i].fallback[0])
			lt_setting_table[i].parse(settings, lt_setting_table[i].fallback);
}

const struct lt_setting *lt_setting_find(const char *name)
{
	for (size_t i = 0; i < lt_setting_count; i++) {
		const struct lt_setting *setting = &lt_setting_table[i];

		if (!strcmp(name, setting->variable) ||
		    (setting->option && !strcmp(name, setting->option)))
			return setting;
	}
	return NULL;
}

int lt_setting_apply(const struct lt_setting *setting, struct lt_settings *settings,
		     const char *value)
{
	struct lt_settings changed = *settings;
	int error;

	if (!*value)
		return 0;
	error = setting->parse(&changed, value);
	if (!error)
		*settings = changed;
	return error;
}

const char *lt_environment_get(char *const *envp, const char *variable)
{
	size_t length = strlen(variable);

	for (; envp && *envp; envp++)
		if (!strncmp(*envp, variable, length) && (*envp)[length] == '=')
			return *envp + length + 1;
	return NULL;
}

unsigned lt_settings_from_environment(struct lt_settings *settings, char *const *envp)
{
	lt_settings_init(settings);
	return lt_settings_add_environment(settings, envp);
}

unsigned lt_settings_add_environment(struct lt_settings *settings, char *const *envp)
{
	unsigned bad = 0;

	for (; envp && *envp; envp++) {
		size_t length;

		if (strncmp(*envp, "LOGTAP_", 7) != 0)
			continue;
		length = strcspn(*envp, "=");
		if ((*envp)[length] != '=')
			continue;
		for (size_t i = 0; i < lt_setting_count; i++) {
			const char *variable = lt_setting_table[i].variable;

			if (strlen(variable) == length && !memcmp(*envp, variable, length) &&
			    lt_setting_apply(&lt_setting_table[i], settings, *envp + length + 1))
				bad |= 1u << i;
		}
	}
	return bad;
}

static bool matches_one_of(const char *globs, const char *program)
{
	char glob[NAME_MAX + 1];

	for (;;) {
		size_t length = strcspn(globs, ",");

		memcpy(glob, globs, length);
		glob[length] = '\0';
		if (fnmatch(glob, program, 0) == 0)
			return true;
		globs += length;
		if (!*globs)
			return false;
		globs++;
	}
}

bool lt_settings_wants_program(const struct lt_settings *settings, const char *program,
			       const char *file)
{
	if (settings->only && !matches_one_of(settings->only, program) &&
	    !matches_one_of(settings->only, file))
		return false;
	return !(settings->skip &&
		 (matches_one_of(settings->skip, program) || matches_one_of(settings->skip, file)));
}

void lt_settings_provider_of(char *name, const char *program)
{
	size_t used = 0;

	if (!*program || (*program >= '0' && *program <= '9'))
		name[used++] = '_';
	for (; *program && used < LT_PROVIDER_MAX; program++)
		name[used++] = name_byte(*program) ? *program : '_';
	name[used] = '\0';
}
