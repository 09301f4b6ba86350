/* SPDX-License-Identifier: MIT */
/*
 * The settings of the machine: /etc/logtap/system.conf, which `logtap enable --system` writes,
 * logtap.conf, and in the order of their names the files of conf.d beside them that end in ".conf":
 * lines of `KEY=value` with the keys of the environment.
 * They are read before the environment, which has the last word; a library that comes from
 * /etc/ld.so.preload has no other settings. Also linked into `logtap`, which says what they mean.
 *
 * Must never allocate, print or fail: a line that is none is handed on as one. Nothing here makes
 * another system call than the loader does, but the listing of conf.d, which the caller allows.
 */
#ifndef LT_SETTINGS_FILES_H
#define LT_SETTINGS_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "settings.h"

#define LT_SETTINGS_FOLDER "/etc/logtap"

/* What all files together may hold; what is beyond is not read. */
#define LT_SETTINGS_ROOM ((size_t)64 << 10)

/* The folder as a descriptor, or a negative errno: then there are no files. */
long lt_settings_files_open(const char *folder);

/* What is no descriptor is ignored. */
void lt_settings_files_close(long folder);

/* Whether the machine's owner switched the library off by the file `disabled`. */
bool lt_settings_files_disabled(long folder);

/*
 * Called for each line but comments and empty ones, in the order in which they count: `file` as
 * "system.conf", "logtap.conf" or "conf.d/NAME", `line` from 1, `key` and `value` without blanks
 * around them. The strings stay as long as the room does, `file` for the call. `value` is NULL
 * where the line is no assignment, and `key` is the line then.
 */
typedef void (*lt_settings_visit)(void *data, const char *file, unsigned line, const char *key,
				  const char *value);

/*
 * Reads the files. room: LT_SETTINGS_ROOM bytes, which the values point into afterwards. list:
 * whether conf.d may be listed.
 */
void lt_settings_files_read(long folder, bool list, char *room, lt_settings_visit visit,
			    void *data);

/*
 * Reads the files into *settings. The result has a bit per row of the settings' table whose value
 * was bad, as lt_settings_from_environment has.
 */
unsigned lt_settings_from_files(struct lt_settings *settings, long folder, bool list, char *room);

#endif
