/* SPDX-License-Identifier: MIT */
/* Which events are shown: the options --level, --event, --pid, --program, --grep, --since, --until.
 */
#ifndef LOGTAP_FILTER_H
#define LOGTAP_FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "plain_text.h"

/* All zero: every event passes. */
struct filter {
	bool by_level;
	enum severity from, to; /* from: the most severe, 0 */
	char **events;		/* globs */
	size_t event_count;
	uint32_t *pids;
	size_t pid_count;
	char **programs; /* globs */
	size_t program_count;
	bool by_text;
	regex_t regex;
	bool by_whole; /* `whole` is the same for texts of any length: see filter_text.c */
	regex_t whole;
	struct plain_text plain; /* what the expression needs */
	bool by_since, by_until;
	uint64_t since, until; /* nanoseconds since 1970 */
};

/*
 * Each takes an option's argument and adds to the filter; several of one kind are alternatives.
 * 0, or 1 after a line on stderr that says what is wrong with it.
 *
 * level:    "warning" (and what is more severe), "err..info" (from..to), EventHeader's names too
 * event:    glob on the event's name, on provider:event, or on the tracepoint's name
 * pid:      a number, or several with commas
 * program:  glob on the ident or the program's name
 * grep:     POSIX extended expression on the message (or the fields, where there is none);
 *           ignores case when it has no upper-case letter, as journalctl does
 * since, until: see when.h
 */
int filter_level(struct filter *filter, const char *text);
int filter_event(struct filter *filter, const char *text);
int filter_pid(struct filter *filter, const char *text);
int filter_program(struct filter *filter, const char *text);
int filter_grep(struct filter *filter, const char *text);
int filter_since(struct filter *filter, const char *text);
int filter_until(struct filter *filter, const char *text);

/* Whether the event is shown. */
bool filter_passes(const struct filter *filter, struct event *event);

/* filter_text.c: --grep. 0, or another number after a line on stderr. */
void filter_free_text(struct filter *filter);
bool filter_text_passes(const struct filter *filter, struct event *event);

/*
 * Asked of a sample of an EventHeader event of which nothing but the event is known yet: false when
 * it is sure not to pass, so that it need not be put in order of time. True costs nothing but time.
 */
bool filter_text_may_pass(const struct filter *filter, const struct evh_sample *sample,
			  struct evh_schemas *schemas);

void filter_free(struct filter *filter);

#endif
