/* SPDX-License-Identifier: MIT */
/*
 * The settings of the preload library: one table that says for each environment variable how it is
 * read, what it defaults to and how a bad value is explained. Used by the library, which falls back
 * to the default, and by `logtap`, which refuses a bad value before it starts anything.
 *
 * Must never allocate, print or read the environment by itself: the values are handed in. Strings
 * in struct lt_settings point into the values; whoever keeps them longer copies them.
 */
#ifndef LT_SETTINGS_H
#define LT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "severity/severity.h"

enum lt_sink {
	LT_SINK_USER_EVENTS,	/* open user_events_data */
	LT_SINK_USER_EVENTS_FD, /* use the inherited descriptor sink_fd */
	LT_SINK_USER_EVENTS_AT, /* open user_events_data at sink_path */
	LT_SINK_FILE,		/* append to the recording sink_path */
	LT_SINK_UNIX,		/* send to the collector whose socket is sink_path */
	LT_SINK_NONE,
};

/* How an event says what it says. */
enum lt_layout {
	LT_LAYOUT_LOGTAP, /* events of our own: `syslog`, `stderr` ... */
	LT_LAYOUT_OTEL,	  /* OpenTelemetry's Common Schema */
};

/* What is captured; the values are the keywords of the events. */
enum lt_capture {
	LT_CAPTURE_SYSLOG = 0x1,
	LT_CAPTURE_STDERR = 0x2,
};

/* Longest provider name, without the terminating NUL: `_L5K2` and the kernel's limits still fit. */
#define LT_PROVIDER_MAX 233

/* A path, and a recording's identity behind it (evh/recording.h). */
#define LT_SINK_PATH_MAX (4096 + 112)

/* A socket's path, with the terminating NUL (unix(7)). */
#define LT_SINK_SOCKET_MAX 108

struct lt_settings {
	bool disabled;
	enum lt_sink sink;
	int sink_fd; /* LT_SINK_USER_EVENTS_FD */
	/* Absolute. LT_SINK_FILE: perhaps with an identity behind it; LT_SINK_UNIX: or '@' and a
	   name in the abstract namespace. */
	const char *sink_path;
	enum lt_layout layout;
	bool layout_time;     /* LT_LAYOUT_OTEL: events tell the time */
	const char *provider; /* NULL: `auto`, see lt_settings_provider_of */
	unsigned capture;     /* enum lt_capture, or-ed */
	bool null; /* also what a program sends to a stderr that it pointed at /dev/null */
	unsigned rate, rate_seconds; /* messages in so many seconds; 0: any number */
	bool passthrough;
	bool direct;	  /* passthrough, no rate, our layout: sent without a question */
	int level;	  /* least severe severity to emit, 0 to 7 */
	int stderr_level; /* severity of a stderr line that shows none, 0 to 7 */
	enum lt_detect detect;
	const char *only;  /* comma-separated globs, or NULL */
	const char *skip;  /* the same */
	const char *debug; /* path, or NULL */
	bool args;	   /* command lines are told */
};

struct lt_setting {
	const char *variable; /* LOGTAP_... */
	const char *option;   /* the launcher's long option without its dashes, or NULL: none */
	const char *argument; /* how help texts show the value: "FILE", "on|off" */
	const char *fallback; /* the default, as a value of the variable; "" means unset */
	const char *help;     /* one line */
	const char *expected; /* completes "LOGTAP_X: bad value 'v': expected ..." */
	int (*parse)(struct lt_settings *settings, const char *value); /* 0 or -EINVAL */
};

/* In the order of the manual; LOGTAP_DISABLE stands first because it is read first. */
extern const struct lt_setting lt_setting_table[];
extern const size_t lt_setting_count;

/* syslog's names of the facilities 0 to 23. */
extern const char *const lt_facility_names[24];

/* OpenTelemetry's numbers of syslog's severities: its log data model, appendix B. */
extern const int16_t lt_severity_numbers[8];

/* Fills in every default. */
void lt_settings_init(struct lt_settings *settings);

/* The table's row for a variable (`LOGTAP_LEVEL`) or an option (`level`), or NULL. */
const struct lt_setting *lt_setting_find(const char *name);

/*
 * Reads one value by the row's parser. An empty value means unset: the default. On -EINVAL
 * *settings is unchanged.
 */
int lt_setting_apply(const struct lt_setting *setting, struct lt_settings *settings,
		     const char *value);

/*
 * Defaults, then every LOGTAP_ variable of an environment block. A bad value leaves its default;
 * the result has one bit per row of the table whose value was bad, 0 when all were good.
 */
unsigned lt_settings_from_environment(struct lt_settings *settings, char *const *envp);

/* The same on top of what *settings holds: a bad value leaves that. */
unsigned lt_settings_add_environment(struct lt_settings *settings, char *const *envp);

/* The value of a variable in an environment block, or NULL. */
const char *lt_environment_get(char *const *envp, const char *variable);

/*
 * Whether LOGTAP_ONLY and LOGTAP_SKIP let a program of this short name be captured. file: the name
 * of the file that was executed, which the kernel and ps show; of a script, `program` is its
 * interpreter.
 */
bool lt_settings_wants_program(const struct lt_settings *settings, const char *program,
			       const char *file);

/*
 * The provider name that `auto` gives a program: its short name with every byte that a portable
 * tracepoint name can't hold replaced by `_`. `name` has LT_PROVIDER_MAX + 1 bytes.
 */
void lt_settings_provider_of(char *name, const char *program);

#endif
