/* SPDX-License-Identifier: MIT */
/*
 * Counting. Memory must not grow with the number of events: the histogram has a fixed number of
 * bars, each twice as wide whenever the time no longer fits, and tracepoints are few.
 */
#include "stats.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Twice as many bars as lines are shown, so that doubling never leaves too few. */
#define BARS	  64
#define BAR_WIDTH 40

/* The longest tracepoint's name and as much of an event's as stands behind it. */
#define ROW_NAME_SIZE 600

/* More tracepoints than that go into one line. */
#define TRACEPOINTS_MAX 4096

struct row {
	char *name;
	uint64_t count;
	uint64_t bytes;
};

struct stats {
	struct row *rows; /* sorted by name while events are counted */
	size_t count;
	size_t capacity;
	size_t last; /* events come in runs */
	struct row others;
	uint64_t events, bytes, timed;
	uint64_t left_out; /* messages that programs did not send, and said so */
	uint64_t first_time, last_time;
	bool wall; /* times are of the calendar */
	uint64_t bars[BARS];
	uint64_t origin; /* where the first bar begins */
	uint64_t width;	 /* of a bar in nanoseconds; 0: no event yet */
};

struct stats *stats_new(void)
{
	return calloc(1, sizeof(struct stats));
}

void stats_free(struct stats *stats)
{
	if (!stats)
		return;
	for (size_t i = 0; i < stats->count; i++)
		free(stats->rows[i].name);
	free(stats->rows);
	free(stats->others.name);
	free(stats);
}

/* Where the name is among the rows, or belongs. */
static size_t place_of(const struct stats *stats, const char *name)
{
	size_t low = 0;
	size_t high = stats->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(stats->rows[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool make_room(struct stats *stats)
{
	size_t capacity = stats->capacity ? stats->capacity * 2 : 64;
	struct row *larger;

	if (stats->count < stats->capacity)
		return true;
	larger = realloc(stats->rows, capacity * sizeof(*larger));
	if (!larger)
		return false;
	stats->rows = larger;
	stats->capacity = capacity;
	return true;
}

static struct row *insert_row(struct stats *stats, size_t place, const char *name)
{
	struct row row = { .name = strdup(name) };

	if (!row.name || !make_room(stats)) {
		free(row.name);
		return NULL;
	}
	memmove(stats->rows + place + 1, stats->rows + place, (stats->count - place) * sizeof(row));
	stats->rows[place] = row;
	stats->count++;
	return &stats->rows[place];
}

/* NULL: no memory. */
static struct row *find_row(struct stats *stats, const char *name)
{
	size_t place;

	if (stats->last < stats->count && strcmp(stats->rows[stats->last].name, name) == 0)
		return &stats->rows[stats->last];
	place = place_of(stats, name);
	if (place < stats->count && strcmp(stats->rows[place].name, name) == 0) {
		stats->last = place;
		return &stats->rows[place];
	}
	if (stats->count < TRACEPOINTS_MAX) {
		stats->last = place;
		return insert_row(stats, place, name);
	}
	if (!stats->others.name)
		stats->others.name = strdup("(others)");
	return stats->others.name ? &stats->others : NULL;
}

/* Bars twice as wide, so that the first half of them is enough for all. */
static void widen(struct stats *stats)
{
	for (size_t i = 0; i < BARS / 2; i++)
		stats->bars[i] = stats->bars[2 * i] + stats->bars[2 * i + 1];
	memset(stats->bars + BARS / 2, 0, sizeof(stats->bars) / 2);
	stats->width *= 2;
}

/* The same into the second half: for an event before the first bar. */
static void widen_down(struct stats *stats)
{
	uint64_t span = stats->width * BARS;

	for (size_t i = BARS; i-- > BARS / 2;)
		stats->bars[i] =
			stats->bars[2 * (i - BARS / 2)] + stats->bars[2 * (i - BARS / 2) + 1];
	memset(stats->bars, 0, sizeof(stats->bars) / 2);
	stats->width *= 2;
	stats->origin -= span;
}

static void count_time(struct stats *stats, uint64_t time)
{
	if (!stats->width) {
		stats->width = 1000;
		/* A multiple of every width that comes by doubling, where time allows. */
		stats->origin = time;
		stats->first_time = time;
		stats->last_time = time;
	}
	if (time < stats->first_time)
		stats->first_time = time;
	if (time > stats->last_time)
		stats->last_time = time;
	while (time < stats->origin) {
		if (stats->origin < stats->width * BARS) {
			time = stats->origin; /* before the clock's beginning: nonsense */
			break;
		}
		widen_down(stats);
	}
	while ((time - stats->origin) / stats->width >= BARS && stats->width < UINT64_MAX / 256)
		widen(stats);
	if ((time - stats->origin) / stats->width < BARS)
		stats->bars[(time - stats->origin) / stats->width]++;
	stats->timed++;
}

/* "logtap_L4K2 stderr"; of a tracepoint that is not EventHeader, "sched:sched_switch". */
static void name_row(char name[ROW_NAME_SIZE], const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	const char *tracepoint = sample->tracepoint ? sample->tracepoint : "(unnamed)";

	if (!sample->event)
		snprintf(name, ROW_NAME_SIZE, "%s%s%s", sample->system ? sample->system : "",
			 sample->system ? ":" : "", tracepoint);
	else
		snprintf(name, ROW_NAME_SIZE, "%s %.*s", tracepoint,
			 (int)(event->name.size < 200 ? event->name.size : 200),
			 event->name.data ? event->name.data : "");
}

/* How many messages an event `lost` of the preload library stands for; 0: it is another event. */
static uint64_t left_out_by(const struct event *event)
{
	struct evh_item item;
	uint64_t count = 0;

	if (event->name.size == 4 && memcmp(event->name.data, "lost", 4) == 0 &&
	    event->sample->event &&
	    evh_schemas_field(event->schemas, event->sample, "count", &item) == 1 &&
	    evh_item_u64(&item, &count) != 0)
		count = 0;
	return count;
}

int stats_take(void *counts, struct event *event)
{
	struct stats *stats = counts;
	const struct evh_sample *sample = event->sample;
	char name[ROW_NAME_SIZE];
	struct row *row;
	uint64_t bytes = event->joined ? event->joined->size : 0;

	if (!bytes)
		bytes = sample->event ? sample->event_size : sample->raw_size;
	name_row(name, event);
	row = find_row(stats, name);
	if (!row)
		return -ENOMEM;
	row->count++;
	row->bytes += bytes;
	stats->events++;
	stats->left_out += left_out_by(event);
	stats->bytes += bytes;
	if (sample->has & (EVH_SAMPLE_TIME | EVH_SAMPLE_CLOCK))
		count_time(stats, sample->time);
	stats->wall = sample->has & EVH_SAMPLE_TIME;
	return 0;
}

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
	return stats->width >= 1000000 ? 3 : 6;
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

static int by_count(const void *left, const void *right)
{
	const struct row *a = left;
	const struct row *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->name, b->name);
}

static void write_row(const struct row *row, double span, struct output *output)
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
	for (size_t i = 0; i < stats->count; i++)
		write_row(&stats->rows[i], span, output);
	if (stats->others.count)
		write_row(&stats->others, span, output);
}

static void write_histogram(const struct stats *stats, struct output *output)
{
	size_t first = (stats->first_time - stats->origin) / stats->width;
	size_t last = (stats->last_time - stats->origin) / stats->width;
	uint64_t step = 1;
	uint64_t most = 0;

	if (last >= BARS)
		last = BARS - 1;
	if (last - first >= BARS / 2)
		step = 2;
	for (size_t i = first; i <= last; i += step) {
		uint64_t count =
			stats->bars[i] + (step == 2 && i + 1 < BARS ? stats->bars[i + 1] : 0);

		if (count > most)
			most = count;
	}
	put_line(output, "%s", "");
	for (size_t i = first; i <= last && most; i += step) {
		uint64_t count =
			stats->bars[i] + (step == 2 && i + 1 < BARS ? stats->bars[i + 1] : 0);
		size_t length = (size_t)((double)count * BAR_WIDTH / (double)most + 0.5);
		char time[64];
		char bar[BAR_WIDTH + 1] = "";

		/* Few is not none. */
		if (count && !length)
			length = 1;
		memset(bar, '#', length);
		format_time(stats, output, stats->origin + i * stats->width, time, sizeof(time));
		put_line(output, "%s %10llu%s%s", time, (unsigned long long)count, count ? " " : "",
			 bar);
	}
}

/*
 * What the file says that was lost. Behind a record that was cut short (full disks and killed
 * writers leave them) nobody has counted, and a recording's writers that end while the disk is full
 * can't say what they counted.
 */
static void write_totals(const struct stats *stats, const struct evh_trace_info *info,
			 struct output *output)
{
	bool cut = info->cut || info->truncated;
	unsigned long long events = stats->events;
	unsigned long long bytes = stats->bytes;
	unsigned long long lost = info->lost;

	if (cut && !lost)
		put_line(output, "%llu events, %llu bytes, unknown how many lost", events, bytes);
	else
		put_line(output, "%llu events, %llu bytes, %s%llu lost", events, bytes,
			 cut || (info->recording && lost) ? "at least " : "", lost);
	if (stats->left_out)
		put_line(output, "%llu messages left out by programs (LOGTAP_RATE)",
			 (unsigned long long)stats->left_out);
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

void stats_write(const struct stats *stats, const struct evh_trace_info *info,
		 struct output *output)
{
	uint64_t span = stats->timed ? stats->last_time - stats->first_time : 0;
	char first[64];
	char last[64];

	if (stats->count)
		qsort(stats->rows, stats->count, sizeof(*stats->rows), by_count);
	write_rows(stats, (double)span / 1e9, output);
	put_line(output, "%s", "");
	write_totals(stats, info, output);
	if (info->other)
		put_line(output, "%llu samples that are no tracepoint's",
			 (unsigned long long)info->other);
	if (!stats->timed)
		return;
	format_time(stats, output, stats->first_time, first, sizeof(first));
	format_time(stats, output, stats->last_time, last, sizeof(last));
	put_line(output, "from %s to %s: %.6f s", first, last, (double)span / 1e9);
	if (span)
		put_line(output, "%.1f events per second",
			 (double)stats->events * 1e9 / (double)span);
	write_histogram(stats, output);
}
