/* SPDX-License-Identifier: MIT */
/*
 * Times as the formats write them: those of `short-iso` and `short-full` are taken by --since and
 * --until. A second has many events, so the last one is kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output.h"

#define NS_PER_S 1000000000u

static void break_down(const struct output *output, int64_t second, struct tm *tm)
{
	time_t seconds = second;

	memset(tm, 0, sizeof(*tm));
	if (output->utc)
		gmtime_r(&seconds, tm);
	else
		localtime_r(&seconds, tm);
}

/* "Nov 21 18:50:01", whatever the locale. */
static void format_short(struct output *output, const struct tm *tm)
{
	static const char MONTHS[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	snprintf(output->second_text, sizeof(output->second_text), "%s %02d %02d:%02d:%02d",
		 MONTHS[tm->tm_mon % 12], tm->tm_mday % 100, tm->tm_hour % 100, tm->tm_min % 100,
		 tm->tm_sec % 100);
	output->zone_text[0] = '\0';
}

/* "2026-11-21T18:50:01" and "+01:00" */
static void format_iso(struct output *output, const struct tm *tm)
{
	long minutes = tm->tm_gmtoff / 60;

	strftime(output->second_text, sizeof(output->second_text), "%Y-%m-%dT%H:%M:%S", tm);
	snprintf(output->zone_text, sizeof(output->zone_text), "%c%02ld:%02ld",
		 minutes < 0 ? '-' : '+', labs(minutes) / 60 % 100, labs(minutes) % 60);
}

/* "Sat 2026-11-21 18:50:01" and " CET" */
static void format_full(struct output *output, const struct tm *tm)
{
	static const char DAYS[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	char day[32];

	strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", tm);
	snprintf(output->second_text, sizeof(output->second_text), "%s %s", DAYS[tm->tm_wday % 7],
		 day);
	snprintf(output->zone_text, sizeof(output->zone_text), " %.12s",
		 output->utc ? "UTC" : tm->tm_zone);
}

static void format_second(struct output *output, int64_t second)
{
	struct tm tm;

	break_down(output, second, &tm);
	if (output->format == OUTPUT_SHORT_ISO)
		format_iso(output, &tm);
	else if (output->format == OUTPUT_SHORT_FULL || output->format == OUTPUT_VERBOSE)
		format_full(output, &tm);
	else
		format_short(output, &tm);
	output->second = second;
}

bool output_append_time(struct output *output, const struct evh_sample *sample)
{
	uint64_t second = sample->time / NS_PER_S;
	unsigned int micro = (unsigned int)(sample->time / 1000 % 1000000);
	char buffer[80];
	int size;

	if (sample->has & EVH_SAMPLE_TIME) {
		if (!output->second_text[0] || output->second != (int64_t)second)
			format_second(output, (int64_t)second);
		size = snprintf(buffer, sizeof(buffer), "%s.%06u%s", output->second_text, micro,
				output->zone_text);
	} else if (sample->has & EVH_SAMPLE_CLOCK) {
		/* Of some clock of the machine's: as dmesg and journalctl -o short-monotonic. */
		size = snprintf(buffer, sizeof(buffer), "[%5llu.%06u]", (unsigned long long)second,
				micro);
	} else {
		return false;
	}
	evh_text_append(&output->text, buffer, (size_t)size);
	return true;
}

size_t output_format_utc(char text[OUTPUT_UTC_SIZE], uint64_t time, unsigned int digits)
{
	static const unsigned int units[] = { [3] = 1000000, [6] = 1000, [9] = 1 };
	time_t second = (time_t)(time / NS_PER_S);
	struct tm tm = { 0 };
	size_t size;

	gmtime_r(&second, &tm);
	size = strftime(text, OUTPUT_UTC_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	return size + (size_t)snprintf(text + size, OUTPUT_UTC_SIZE - size, ".%0*uZ", (int)digits,
				       (unsigned int)(time % NS_PER_S) / units[digits]);
}

bool output_append_time_iso(struct evh_text *text, const struct evh_sample *sample)
{
	char buffer[OUTPUT_UTC_SIZE];
	size_t size;

	if (sample->has & EVH_SAMPLE_TIME)
		size = output_format_utc(buffer, sample->time, 9);
	else if (sample->has & EVH_SAMPLE_CLOCK)
		size = (size_t)snprintf(buffer, sizeof(buffer), "%llu.%09u",
					(unsigned long long)(sample->time / NS_PER_S),
					(unsigned int)(sample->time % NS_PER_S));
	else
		return false;
	evh_text_append(text, buffer, size);
	return true;
}
