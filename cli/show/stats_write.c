/* SPDX-License-Identifier: MIT */
/* The report of --stats for people. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "stats.h"
#include "stats_losses.h"

#define BAR_WIDTH 40

/* As many as fit on a screen. */
#define PROGRAMS_SHOWN 20

static void put_line(struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put_line(struct output *output, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	evh_text_visible(&output->text, line, strlen(line));
	evh_text_puts(&output->text, "\n");
}

/* Bars narrower than the labels' last digit would look the same: microseconds are the narrowest. */
static int time_digits(const struct stats *stats)
{
	return stats->bars.width >= 1000000 ? 3 : 6;
}

/* "2026-11-21 18:50:01.123" or seconds of the clock */
static void format_time(const struct stats *stats, const struct output *output, uint64_t time,
			char *buffer, size_t size)
{
	time_t seconds = (time_t)(time / 1000000000);
	struct tm tm = { 0 };
	char day[32];

	if (!stats->wall) {
		snprintf(buffer, size, "%.6f", (double)time / 1e9);
		return;
	}
	if (output->utc)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
	if (time_digits(stats) == 3)
		snprintf(buffer, size, "%s.%03u", day, (unsigned int)(time / 1000000 % 1000));
	else
		snprintf(buffer, size, "%s.%06u", day, (unsigned int)(time / 1000 % 1000000));
}

static void write_row(const struct tally_row *row, double span, struct output *output)
{
	char rate[32] = "-";

	if (span > 0)
		snprintf(rate, sizeof(rate), "%.1f", (double)row->count / span);
	put_line(output, "%12llu %12s %12llu  %s", (unsigned long long)row->count, rate,
		 (unsigned long long)row->bytes, row->name);
}

static void write_rows(const struct stats *stats, double span, struct output *output)
{
	put_line(output, "%12s %12s %12s  %s", "events", "per second", "bytes",
		 "tracepoint, event");
	for (size_t i = 0; i < stats->tracepoints.count; i++)
		write_row(&stats->tracepoints.rows[i], span, output);
	if (stats->tracepoints.others.count)
		write_row(&stats->tracepoints.others, span, output);
}

static void write_severities(const struct stats *stats, struct output *output)
{
	put_line(output, "%s", "");
	put_line(output, "%12s  %s", "events", "severity");
	for (size_t i = 0; i <= SEVERITY_NONE; i++) {
		if (stats->levels[i])
			put_line(output, "%12llu  %s", (unsigned long long)stats->levels[i],
				 i < SEVERITY_NONE ? severity_name((enum severity)i) : "none");
	}
}

static uint64_t errors_of(const struct tally_row *row)
{
	return row->levels[0] + row->levels[1] + row->levels[2] + row->levels[3];
}

static void write_program(const struct tally_row *row, struct output *output)
{
	put_line(output, "%12llu %12llu %12llu  %s", (unsigned long long)row->count,
		 (unsigned long long)errors_of(row), (unsigned long long)row->levels[4], row->name);
}

static void write_programs(const struct stats *stats, struct output *output)
{
	const struct tally *programs = &stats->programs;

	put_line(output, "%s", "");
	put_line(output, "%12s %12s %12s  %s", "events", "errors", "warnings", "program");
	for (size_t i = 0; i < programs->count && i < PROGRAMS_SHOWN; i++)
		write_program(&programs->rows[i], output);
	if (programs->count > PROGRAMS_SHOWN)
		put_line(output, "%12s %12s %12s  and %zu more (--output=json has them)", "", "",
			 "", programs->count - PROGRAMS_SHOWN);
}

static void write_histogram(const struct stats *stats, struct output *output)
{
	size_t first = (stats->bars.first_time - stats->bars.origin) / stats->bars.width;
	size_t last = (stats->bars.last_time - stats->bars.origin) / stats->bars.width;
	uint64_t step = 1;
	uint64_t most = 0;

	if (last >= HISTOGRAM_BARS)
		last = HISTOGRAM_BARS - 1;
	if (last - first >= HISTOGRAM_BARS / 2)
		step = 2;
	for (size_t i = first; i <= last; i += step) {
		uint64_t count =
			stats->bars.counts[i] +
			(step == 2 && i + 1 < HISTOGRAM_BARS ? stats->bars.counts[i + 1] : 0);

		if (count > most)
			most = count;
	}
	put_line(output, "%s", "");
	for (size_t i = first; i <= last && most; i += step) {
		uint64_t count =
			stats->bars.counts[i] +
			(step == 2 && i + 1 < HISTOGRAM_BARS ? stats->bars.counts[i + 1] : 0);
		size_t length = (size_t)((double)count * BAR_WIDTH / (double)most + 0.5);
		char time[64];
		char bar[BAR_WIDTH + 1] = "";

		/* Few is not none. */
		if (count && !length)
			length = 1;
		memset(bar, '#', length);
		format_time(stats, output, stats->bars.origin + i * stats->bars.width, time,
			    sizeof(time));
		put_line(output, "%s %10llu%s%s", time, (unsigned long long)count, count ? " " : "",
			 bar);
	}
}

/*
 * What the files say that was lost. Behind a record that was cut short (full disks and killed
 * writers leave them) nobody has counted, and a recording's writer that is killed, or can't open
 * the file any more, can't say what it counted last.
 */
static void write_totals(const struct stats *stats, const struct stats_losses *losses,
			 struct output *output)
{
	unsigned long long events = stats->events;
	unsigned long long bytes = stats->bytes;
	unsigned long long lost = losses->lost;

	if (losses->cut && !lost)
		put_line(output, "%llu events, %llu bytes, unknown how many lost", events, bytes);
	else
		put_line(output, "%llu events, %llu bytes, %s%llu lost", events, bytes,
			 losses->at_least ? "at least " : "", lost);
	if (losses->no_room)
		put_line(output, "%llu lost because a disk was full",
			 (unsigned long long)losses->no_room);
	if (losses->too_large)
		put_line(output, "%llu lost because of a limit on the size of files (ulimit -f)",
			 (unsigned long long)losses->too_large);
	if (stats->left_out)
		put_line(output, "%llu messages left out by programs (LOGTAP_RATE)",
			 (unsigned long long)stats->left_out);
	if (stats->started || stats->ended)
		put_line(output, "%llu processes began, %llu ended, %llu of them badly",
			 (unsigned long long)stats->started, (unsigned long long)stats->ended,
			 (unsigned long long)stats->failed);
}

static void write_cuts(const struct evh_trace_info *info, struct output *output)
{
	if (info->cut)
		put_line(output,
			 "the file was cut: %llu bytes of %llu record%s at byte %llu%s (a writer "
			 "was killed or the disk was full)",
			 (unsigned long long)info->cut_bytes, (unsigned long long)info->cut,
			 info->cut == 1 ? "" : "s", (unsigned long long)info->cut_offset,
			 info->cut == 1 ? "" : " and behind it");
	if (info->truncated && info->size > info->truncated_offset)
		put_line(output,
			 "the file was cut: %llu bytes of a record at byte %llu, its end (the "
			 "writer was killed or the disk was full)",
			 (unsigned long long)(info->size - info->truncated_offset),
			 (unsigned long long)info->truncated_offset);
	else if (info->truncated)
		put_line(output,
			 "the file was cut at byte %llu (the writer was killed or the disk was "
			 "full)",
			 (unsigned long long)info->truncated_offset);
}

static void write_span(const struct stats *stats, double span, struct output *output)
{
	char first[64];
	char last[64];

	format_time(stats, output, stats->bars.first_time, first, sizeof(first));
	format_time(stats, output, stats->bars.last_time, last, sizeof(last));
	put_line(output, "from %s to %s: %.6f s", first, last, span);
	if (span > 0)
		put_line(output, "%.1f events per second", (double)stats->events / span);
	write_histogram(stats, output);
}

void stats_write(struct stats *stats, const struct sources *sources, struct output *output)
{
	struct stats_losses losses = stats_losses_of(sources);
	double span = stats->bars.timed
			      ? (double)(stats->bars.last_time - stats->bars.first_time) / 1e9
			      : 0;

	tally_sort(&stats->tracepoints);
	tally_sort(&stats->programs);
	if (output->format == OUTPUT_JSON) {
		stats_write_json(stats, &losses, output);
		return;
	}
	write_rows(stats, span, output);
	write_severities(stats, output);
	write_programs(stats, output);
	put_line(output, "%s", "");
	write_totals(stats, &losses, output);
	for (size_t i = 0; i < sources->count; i++)
		write_cuts(source_info(&sources->items[i]), output);
	if (losses.other)
		put_line(output, "%llu samples that are no tracepoint's",
			 (unsigned long long)losses.other);
	if (stats->bars.timed)
		write_span(stats, span, output);
}
