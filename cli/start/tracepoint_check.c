/* SPDX-License-Identifier: MIT */
/* See tracepoint_check.h. Must leave nothing behind: what nobody else holds is gone with us. */
#include "tracepoint_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "tracepoint_names.h"
#include "user_events_usage.h"

static void resolve_provider(char provider[LT_PROVIDER_MAX + 1], const struct lt_settings *settings,
			     const char *program)
{
	const char *slash = program ? strrchr(program, '/') : NULL;

	if (settings->provider)
		strcpy(provider, settings->provider);
	else if (program)
		lt_settings_provider_of(provider, slash ? slash + 1 : program);
	else
		strcpy(provider, "logtap");
}

static void note(struct tracepoint_trial *trial, const char *name, int error)
{
	if (trial->wanted++ == 0)
		strcpy(trial->name, name);
	if (error >= 0)
		return;
	if (trial->refused++ == 0) {
		trial->error = error;
		strcpy(trial->name, name);
	}
}

void tracepoint_try(struct tracepoint_trial *trial, struct evh_transport *transport,
		    const struct lt_settings *settings, const char *program)
{
	struct evh_tracepoint tracepoints[LT_TRACEPOINTS];
	char provider[LT_PROVIDER_MAX + 1];
	char name[EVH_TRACEPOINT_NAME_MAX] = "", last[EVH_TRACEPOINT_NAME_MAX];
	uint32_t word = 0;

	memset(trial, 0, sizeof(*trial));
	resolve_provider(provider, settings, program);
	for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
		tracepoints[i] = (struct evh_tracepoint){ 0 };
		if (!lt_tracepoint_is_wanted(settings, i))
			continue;
		strcpy(last, name);
		lt_tracepoint_name(name, provider, lt_tracepoint_in_layout(settings, i));
		/* OpenTelemetry's layout has one name for both of a level. */
		if (strcmp(name, last) == 0)
			continue;
		note(trial, name,
		     evh_tracepoint_register(&tracepoints[i], transport, name, &word, i));
	}
	for (unsigned i = 0; i < LT_TRACEPOINTS; i++)
		evh_tracepoint_unregister(&tracepoints[i]);
}

void tracepoint_trial_text(const struct tracepoint_trial *trial, char *text, size_t size)
{
	char more[32] = "";

	if (trial->refused > 1)
		snprintf(more, sizeof(more), " (and %u more)", trial->refused - 1);
	if (trial->error == -EADDRINUSE)
		snprintf(text, size,
			 "user_events:%s%s exists with other fields, which another program gave "
			 "it: what is logged at its level is lost",
			 trial->name, more);
	else
		snprintf(text, size,
			 "%u of %u tracepoints can't be registered, and what is logged at their "
			 "levels is lost: user_events:%s%s: %s",
			 trial->refused, trial->wanted, trial->name, more,
			 user_events_refusal(-trial->error));
}

int tracepoint_check(struct evh_transport *transport, const struct lt_settings *settings,
		     const char *program, bool quiet)
{
	struct tracepoint_trial trial;
	char text[EVH_TRACEPOINT_NAME_MAX + 256];
	bool all;

	tracepoint_try(&trial, transport, settings, program);
	all = trial.refused && trial.refused == trial.wanted;
	if (!trial.refused || (quiet && !all))
		return 0;
	tracepoint_trial_text(&trial, text, sizeof(text));
	cli_error("%s; %s", text,
		  trial.error == -EADDRINUSE ? "--provider=NAME takes other names"
					     : "logtap doctor says what mends it");
	return all ? CLI_OWN_ERROR : 0;
}
