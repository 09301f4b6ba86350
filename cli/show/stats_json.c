/* SPDX-License-Identifier: MIT */
/* The report of --stats as one JSON object. */
#include <stdio.h>
#include <string.h>

#include <evh/json.h>

#include "stats_losses.h"

struct stats_losses stats_losses_of(const struct sources *sources)
{
	struct stats_losses losses = { 0 };

	for (size_t i = 0; i < sources->count; i++) {
		const struct evh_trace_info *info = source_info(&sources->items[i]);

		losses.lost += info->lost;
		losses.no_room += info->lost_no_room;
		losses.too_large += info->lost_too_large;
		losses.other += info->other;
		losses.cut = losses.cut || info->cut || info->truncated;
		losses.at_least = losses.at_least || (info->recording && info->lost);
	}
	losses.at_least = losses.at_least || losses.cut;
	return losses;
}

static void append_number(struct evh_text *text, const char *key, uint64_t number)
{
	evh_text_puts(text, key);
	evh_text_u64(text, number);
}

static void append_levels(struct evh_text *text, const uint64_t *levels)
{
	bool first = true;

	evh_text_puts(text, "{");
	for (size_t i = 0; i <= SEVERITY_NONE; i++) {
		if (!levels[i])
			continue;
		evh_text_puts(text, first ? "\"" : ",\"");
		evh_text_puts(text, i < SEVERITY_NONE ? severity_name((enum severity)i) : "none");
		append_number(text, "\":", levels[i]);
		first = false;
	}
	evh_text_puts(text, "}");
}

static void append_row(struct evh_text *text, const struct tally_row *row, bool first)
{
	evh_text_puts(text, first ? "{\"name\":" : ",{\"name\":");
	evh_json_string(text, row->name, strlen(row->name));
	append_number(text, ",\"events\":", row->count);
	append_number(text, ",\"bytes\":", row->bytes);
	evh_text_puts(text, ",\"levels\":");
	append_levels(text, row->levels);
	evh_text_puts(text, "}");
}

static void append_rows(struct evh_text *text, const char *key, const struct tally *tally)
{
	evh_text_puts(text, key);
	for (size_t i = 0; i < tally->count; i++)
		append_row(text, &tally->rows[i], i == 0);
	if (tally->others.count)
		append_row(text, &tally->others, false);
	evh_text_puts(text, "]");
}

static void append_time(struct evh_text *text, const char *key, uint64_t time, bool wall)
{
	const struct evh_sample sample = {
		.has = wall ? EVH_SAMPLE_TIME : EVH_SAMPLE_CLOCK,
		.time = time,
	};

	evh_text_puts(text, key);
	evh_text_puts(text, wall ? "\"" : "");
	output_append_time_iso(text, &sample);
	evh_text_puts(text, wall ? "\"" : "");
}

void stats_write_json(const struct stats *stats, const struct stats_losses *losses,
		      struct output *output)
{
	struct evh_text *text = &output->text;
	const struct histogram *bars = &stats->bars;

	append_number(text, "{\"events\":", stats->events);
	append_number(text, ",\"bytes\":", stats->bytes);
	append_number(text, ",\"lost\":", losses->lost);
	evh_text_puts(text, losses->at_least ? ",\"more_lost\":true" : ",\"more_lost\":false");
	if (losses->no_room)
		append_number(text, ",\"lost_disk_full\":", losses->no_room);
	if (losses->too_large)
		append_number(text, ",\"lost_file_limit\":", losses->too_large);
	if (stats->left_out)
		append_number(text, ",\"left_out\":", stats->left_out);
	if (losses->other)
		append_number(text, ",\"other_samples\":", losses->other);
	if (bars->timed) {
		append_time(text, ",\"from\":", bars->first_time, stats->wall);
		append_time(text, ",\"to\":", bars->last_time, stats->wall);
	}
	evh_text_puts(text, ",\"levels\":");
	append_levels(text, stats->levels);
	if (stats->started || stats->ended) {
		append_number(text, ",\"processes\":{\"began\":", stats->started);
		append_number(text, ",\"ended\":", stats->ended);
		append_number(text, ",\"failed\":", stats->failed);
		evh_text_puts(text, "}");
	}
	append_rows(text, ",\"programs\":[", &stats->programs);
	append_rows(text, ",\"tracepoints\":[", &stats->tracepoints);
	evh_text_puts(text, "}\n");
}
