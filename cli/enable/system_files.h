/* SPDX-License-Identifier: MIT */
/*
 * What `logtap enable` leaves on a machine: the paths, all below the root, and the notes that it
 * keeps for `disable` and `status`. Data and pure functions alone.
 */
#ifndef LOGTAP_SYSTEM_FILES_H
#define LOGTAP_SYSTEM_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "preload_text.h"

/* The loader's list. */
#define SYSTEM_LIST "/etc/ld.so.preload"

/*
 * The folder that the entry points into, one folder per $LIB below it: under systemd one that is
 * gone at the next boot, until the unit has tried the library and makes it again; elsewhere, one
 * that stays. The trial's is beside the first.
 */
#define SYSTEM_PLACE	    PRELOAD_PLACE
#define SYSTEM_PLACE_KEPT   PRELOAD_PLACE_KEPT
#define SYSTEM_PLACE_TRIAL  PRELOAD_PLACE ".trial"
#define SYSTEM_ENTRY(place) place "/$LIB/" PRELOAD_LIBRARY

/* The switch that the library looks for before anything else. */
#define SYSTEM_DISABLED "/etc/logtap/disabled"

/*
 * Programs that are left out, as settings that the library reads before all others. No file of
 * conf.d, which programs under a system call filter do not list.
 */
#define SYSTEM_DENIED "/etc/logtap/system.conf"

/* Part of the rules of every AppArmor profile that includes abstractions/base. */
#define SYSTEM_APPARMOR_FOLDER "/etc/apparmor.d/abstractions/base.d"
#define SYSTEM_APPARMOR	       SYSTEM_APPARMOR_FOLDER "/logtap"

/* The unit that sets the entry at boot, and what starts it. */
#define SYSTEM_UNIT	 "logtap-preload.service"
#define SYSTEM_WANTS	 "/etc/systemd/system/sysinit.target.wants"
#define SYSTEM_UNIT_LINK SYSTEM_WANTS "/" SYSTEM_UNIT

/*
 * Lines of KEY=value: entry, by (who), at (when), tested (when), loader (path, what $LIB is there,
 * what stands there), made (a folder that was made for this; in the order in which they were made).
 */
#define SYSTEM_NOTES	    "/var/lib/logtap/system"
#define SYSTEM_NOTES_FOLDER "/var/lib/logtap"

/* The first words of each file that is ours; what doesn't begin so is left alone. */
#define SYSTEM_MARK "# by logtap enable"

/* A service's drop-in: UNIT_DROPINS/NAME.service.d/UNIT_DROPIN. */
#define UNIT_DROPINS	 "/etc/systemd/system"
#define UNIT_DROPIN	 "50-logtap.conf"
#define UNIT_MADE_FOLDER "# The folder was made for this file.\n"

/* Whether a file's text is one of ours. */
bool system_is_ours(const char *text);

/*
 * The value of the next line of this key in the notes, from `at` on; moves `at` behind it. The
 * value ends at its newline, `size` bytes on. NULL: there is no other.
 */
const char *system_note(const char **at, const char *key, size_t *size);

#endif
