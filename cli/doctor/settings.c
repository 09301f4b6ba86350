/* SPDX-License-Identifier: MIT */
/* `logtap doctor`, settings: where each value comes from, and whether the library can read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "settings_files.h"

/* Enough for each row of the table. */
#define ROWS 32

/* The file and line that had the last word on each row, and the first line that is no good. */
struct machine {
	char room[LT_SETTINGS_ROOM];
	char from[ROWS][160];
	const char *bad_key, *bad_value;
	const struct lt_setting *bad_setting;
	char bad_place[160];
};

static void look(void *data, const char *file, unsigned line, const char *key, const char *value)
{
	const struct lt_setting *setting = value ? lt_setting_find(key) : NULL;
	struct machine *machine = data;
	struct lt_settings scratch;

	if (setting && strcmp(key, setting->variable) != 0)
		setting = NULL; /* an option's name */
	lt_settings_init(&scratch);
	if (setting && lt_setting_apply(setting, &scratch, value) == 0) {
		size_t row = (size_t)(setting - lt_setting_table);

		snprintf(machine->from[row], sizeof(machine->from[row]), "%s:%u", file, line);
	} else if (!machine->bad_key) {
		machine->bad_key = key;
		machine->bad_value = value;
		machine->bad_setting = setting;
		snprintf(machine->bad_place, sizeof(machine->bad_place),
			 LT_SETTINGS_FOLDER "/%s:%u", file, line);
	}
}

/* Whether there was something to say of a line that the library ignores. */
static bool bad_line(const struct machine *machine, struct finding *finding)
{
	if (!machine->bad_key)
		return false;
	if (machine->bad_setting)
		finding_problem(finding, "%s: %s: bad value '%s': expected %s", machine->bad_place,
				machine->bad_key, machine->bad_value,
				machine->bad_setting->expected);
	else
		finding_problem(finding, "%s: '%s' is no setting of the library's",
				machine->bad_place, machine->bad_key);
	finding_fix(finding, "sudoedit %.*s",
		    (int)(strrchr(machine->bad_place, ':') - machine->bad_place),
		    machine->bad_place);
	return true;
}

static bool bad_variable(unsigned bad, struct finding *finding)
{
	for (size_t i = 0; i < lt_setting_count; i++) {
		const struct lt_setting *setting = &lt_setting_table[i];
		const char *value = getenv(setting->variable);

		if (!(bad & 1U << i))
			continue;
		finding_problem(finding, "%s: bad value '%s': expected %s", setting->variable,
				value ? value : "", setting->expected);
		finding_fix(finding, "unset %s", setting->variable);
		return true;
	}
	return false;
}

/* "LOGTAP_LEVEL (logtap.conf:3), LOGTAP_SKIP (environment)" */
static unsigned list_values(const struct machine *machine, char *text, size_t room)
{
	size_t used = 0;
	unsigned count = 0;

	text[0] = '\0';
	for (size_t i = 0; i < lt_setting_count && used < room; i++) {
		const char *value = getenv(lt_setting_table[i].variable);
		const char *from = value && *value ? "environment" : machine->from[i];

		if (!*from)
			continue;
		used += (size_t)snprintf(text + used, room - used, "%s%s (%s)", count++ ? ", " : "",
					 lt_setting_table[i].variable, from);
	}
	return count;
}

static void say_all_is_well(const struct machine *machine, struct finding *finding)
{
	char text[1024];

	if (list_values(machine, text, sizeof(text)) == 0)
		finding_ok(finding, "no LOGTAP_ variable is set: all defaults");
	else
		finding_ok(finding, "set, with good values: %s", text);
}

void doctor_settings(const struct doctor *doctor, struct finding *finding)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	long folder = lt_settings_files_open(LT_SETTINGS_FOLDER);
	struct lt_settings settings;
	unsigned bad = lt_settings_from_environment(&settings, environ);

	(void)doctor;
	_Static_assert(ROWS >= 8 * sizeof(bad), "a row for each bit");
	if (!machine) {
		finding_unknown(finding, "no memory");
	} else if (settings.disabled) {
		finding_problem(finding, "LOGTAP_DISABLE is set: the library does nothing");
		finding_fix(finding, "unset LOGTAP_DISABLE");
	} else if (folder >= 0 && lt_settings_files_disabled(folder)) {
		finding_problem(finding,
				LT_SETTINGS_FOLDER "/disabled exists: the library does nothing");
		finding_fix(finding, "sudo rm " LT_SETTINGS_FOLDER "/disabled");
	} else {
		if (folder >= 0)
			lt_settings_files_read(folder, true, machine->room, look, machine);
		if (!bad_line(machine, finding) && !bad_variable(bad, finding))
			say_all_is_well(machine, finding);
	}
	lt_settings_files_close(folder);
	free(machine);
}
