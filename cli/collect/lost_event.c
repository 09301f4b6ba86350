/* SPDX-License-Identifier: MIT */
/* Makes `lost` events, so that every destination says a loss in the way in which it says a line. */
#include "lost_event.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <evh/builder.h>

#include "clock.h"
#include "output.h"

#define PROVIDER   "logtap"
#define TRACEPOINT PROVIDER "_L3K2"

struct lost_event {
	struct evh_transport transport;
	struct evh_dynamic_provider *provider;
	struct evh_event_set *set;
	struct evh_builder builder;
	struct evh_sample sample;
	uint8_t bytes[2048];
};

int lost_event_create(struct lost_event **lost)
{
	struct lost_event *new = calloc(1, sizeof(*new));
	int error;

	*lost = new;
	if (!new)
		return -ENOMEM;
	evh_transport_use_memory(&new->transport, new->bytes, sizeof(new->bytes));
	error = evh_dynamic_provider_create(&new->provider, PROVIDER, NULL, &new->transport);
	if (!error)
		error = evh_builder_init(&new->builder, NULL, 0);
	if (error)
		return error;
	new->set = evh_dynamic_provider_register_set(new->provider, EVH_LEVEL_WARNING, 0x2);
	return evh_event_set_error(new->set);
}

void lost_event_destroy(struct lost_event *lost)
{
	if (!lost)
		return;
	evh_builder_destroy(&lost->builder);
	evh_dynamic_provider_destroy(lost->provider);
	free(lost);
}

static void put_message(char *text, size_t size, const struct loss *loss)
{
	const char *what = loss->kind == LOSS_REMOVED
				   ? "removed from the full spool before they were delivered"
				   : "lost before they reached the spool";
	char first[OUTPUT_UTC_SIZE], last[OUTPUT_UTC_SIZE];
	int used =
		snprintf(text, size, "%s%" PRIu64 " event%s %s", loss->at_least ? "at least " : "",
			 loss->count, loss->count == 1 ? " was" : "s were", what);

	if (!loss->first)
		return;
	output_format_utc(first, loss->first, 3);
	output_format_utc(last, loss->last, 3);
	snprintf(text + used, size - (size_t)used, ", from %s to %s", first, last);
}

static void put_number(struct evh_builder *builder, const char *name, uint64_t number)
{
	evh_builder_add_u64(builder, name, number, EVH_FORMAT_DEFAULT, 0);
}

bool lost_event_make(struct lost_event *lost, const struct loss *loss, struct evh_schemas *schemas,
		     struct event *event)
{
	struct evh_builder *builder = &lost->builder;
	char message[256];

	put_message(message, sizeof(message), loss);
	evh_builder_reset(builder, "lost", 0);
	evh_builder_add_string(builder, "level", "warning", EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string(builder, "ident", PROVIDER, EVH_FORMAT_DEFAULT, 0);
	put_number(builder, "count", loss->count);
	put_number(builder, "first", loss->first);
	put_number(builder, "last", loss->last);
	evh_builder_add_string(builder, "message", message, EVH_FORMAT_DEFAULT, 0);
	if (evh_builder_write(builder, lost->set, NULL, NULL) != 0)
		return false;
	lost->sample = (struct evh_sample){
		.has = EVH_SAMPLE_TIME | EVH_SAMPLE_PID | EVH_SAMPLE_TID,
		.pid = (uint32_t)getpid(),
		.tid = (uint32_t)getpid(),
		.time = clock_now(CLOCK_REALTIME),
		.comm = PROVIDER,
		.system = "user_events",
		.tracepoint = TRACEPOINT,
		.event = lost->transport.memory,
		.event_size = lost->transport.memory_used,
	};
	event_of_sample(event, &lost->sample, schemas);
	return true;
}
