/* SPDX-License-Identifier: MIT */
/*
 * Which events are shown: --level, --event, --pid, --program, --grep, --exclude, --since, --until,
 * and matches as unit=nginx.service.
 */
#ifndef LOGTAP_FILTER_H
#define LOGTAP_FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "filter_names.h"
#include "plain_text.h"

/* One argument of --event, --pid or --program, or one match. */
struct pattern {
	char *text;
	char *field;	     /* of a match, else NULL */
	struct names *names; /* of a match: the values of the field, or the fields that there are */
	bool has_field;	     /* of a match: some event has the field */
	uint32_t number;     /* of --pid */
	unsigned int group;  /* of matches: those behind a "+" are another */
	bool negated;
	bool known; /* some event is such a one */
};

struct patterns {
	struct pattern *items;
	size_t count;
	struct names names; /* what there is instead, while one is not known */
};

/* All zero: every event passes. */
struct filter {
	bool by_level;
	enum severity from, to; /* from: the most severe, 0 */
	struct patterns events, pids, programs, matches;
	unsigned int groups; /* of matches, but for the first */
	bool by_text;
	regex_t regex;
	bool by_whole; /* `whole` is the same for texts of any length: see filter_text.c */
	regex_t whole;
	struct filter *excluded; /* --exclude: what their text lets pass does not */
	size_t excluded_count;
	struct plain_text plain; /* what the expression needs */
	bool by_since, by_until;
	uint64_t since, until; /* nanoseconds since 1970 */
	bool watch;	       /* find out which patterns are known: filter_report will ask */
	uint64_t first_time, last_time; /* of the events that were watched; 0: none */
};

/*
 * Each takes an option's argument and adds to the filter; several of one kind are alternatives. A
 * "!" in front of a glob or a pid keeps those out. 0, or 1 after a line on stderr that says what is
 * wrong with it.
 *
 * level:    "warning" (and what is more severe), "err..info" (from..to), EventHeader's names too
 * event:    glob on the event's name, on provider:event, or on the tracepoint's name
 * pid:      a number, or several with commas
 * program:  glob on the ident or the program's name
 * grep:     POSIX extended expression on the message (or the fields, where there is none);
 *           ignores case when it has no upper-case letter, as journalctl does
 * exclude:  the same, for what is not to be shown
 * since, until: see time_parse.h; "2h" is two hours ago
 * match:    FIELD=VALUE or FIELD!=VALUE; "+" alone: what follows are alternatives to what went
 *           before. Values of one field are alternatives, different fields must all match
 */
int filter_level(struct filter *filter, const char *text);
int filter_event(struct filter *filter, const char *text);
int filter_pid(struct filter *filter, const char *text);
int filter_program(struct filter *filter, const char *text);
int filter_grep(struct filter *filter, const char *text);
int filter_exclude(struct filter *filter, const char *text);
int filter_since(struct filter *filter, const char *text);
int filter_until(struct filter *filter, const char *text);
int filter_match(struct filter *filter, const char *text);

/* Whether an argument is meant for filter_match, and not the name of a file. */
bool filter_is_match(const char *text);

/* Whether the event is shown. */
bool filter_passes(struct filter *filter, struct event *event);

/* filter_text.c: --grep. 0, or another number after a line on stderr. */
void filter_free_text(struct filter *filter);
bool filter_text_passes(const struct filter *filter, struct event *event);

/* filter_match.c */
bool filter_matches_pass(const struct filter *filter, struct event *event);

/* filter_watch.c: which patterns an event makes known. */
void filter_watch(struct filter *filter, struct event *event);
/* The time of one that is left out: what is there is told where nothing is of the time asked for.
 */
void filter_watch_time(struct filter *filter, const struct evh_sample *sample);

/* Whether there is something left to find out: then each event has to be seen. */
bool filter_is_open(const struct filter *filter);

/* A line on stderr for each pattern that is nothing there is, with what there is. */
void filter_report(const struct filter *filter);

/* filter_pattern.c, for the files of the filter: whether one pattern alone fits. */
bool filter_event_fits(const struct pattern *pattern, const struct event *event);
bool filter_pid_fits(const struct pattern *pattern, const struct event *event);
bool filter_program_fits(const struct pattern *pattern, struct event *event);
bool filter_match_fits(const struct pattern *pattern, struct event *event);

/* Adds one, with a copy of `text`. NULL after a line on stderr: no memory. */
struct pattern *filter_add(struct patterns *patterns, const char *text);
void filter_free_patterns(struct patterns *patterns);
/*
 * filter_ahead.c: asked of a sample of an EventHeader event of which nothing but the event and its
 * time is known yet: false when it is sure not to pass, so that it need not be put in order of
 * time. True costs nothing but time.
 */
bool filter_may_pass(const struct filter *filter, const struct evh_sample *sample,
		     struct evh_schemas *schemas);

/* Whether that ever says no. */
bool filter_looks_ahead(const struct filter *filter);

void filter_free(struct filter *filter);

#endif
