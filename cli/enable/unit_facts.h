/* SPDX-License-Identifier: MIT */
/*
 * What is known of a service that matters to a library preloaded into it. Pure: takes KEY=value
 * lines as unit files have them and as `systemctl show` prints them; must never guess where neither
 * says.
 */
#ifndef LOGTAP_UNIT_FACTS_H
#define LOGTAP_UNIT_FACTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define UNIT_FILES_MAX 8

struct unit_facts {
	char user[64]; /* empty: root */
	bool dynamic_user;
	char root[PATH_MAX]; /* RootDirectory=, RootImage= */
	bool root_image;
	bool no_mount_api;   /* MountAPIVFS=no */
	bool read_only_sys;  /* ProtectKernelTunables= and the like: /sys */
	bool strict;	     /* ProtectSystem=strict, ReadOnlyPaths=: files are not to be written */
	bool no_home;	     /* /home, /root and /run/user are not to be seen */
	bool own_tmp;	     /* /tmp and /var/tmp are not the machine's */
	bool no_exec;	     /* NoExecPaths= */
	const char *filter;  /* the first option that installs a seccomp filter, or NULL */
	char preload[1024];  /* LD_PRELOAD of its own */
	char exec[PATH_MAX]; /* the first program */
	char files[UNIT_FILES_MAX][256]; /* EnvironmentFile=, which have the last word */
	size_t file_count;
	bool found; /* something was read of it */
};

/* The properties to ask systemd for, up to NULL. */
extern const char *const unit_facts_keys[];

/* One line's key and value. */
void unit_facts_take(struct unit_facts *facts, const char *key, const char *value);

/*
 * All lines of a unit file: those of its section [Service]. The text is changed. Lines that end in
 * a backslash go on.
 */
void unit_facts_read(struct unit_facts *facts, char *text);

/* The lines of `systemctl show`. The text is changed. */
void unit_facts_read_shown(struct unit_facts *facts, char *text);

#endif
