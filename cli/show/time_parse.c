/* SPDX-License-Identifier: MIT */
/* Points in time as people write them. Must never take a form for another: what is left over at
 * the end of the text makes it wrong. */
#include "time_parse.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

static const struct {
	const char *name;
	int64_t nanoseconds;
} UNITS[] = {
	{ "us", 1000 },	      { "ms", 1000000 },     { "s", SECOND },  { "sec", SECOND },
	{ "second", SECOND }, { "seconds", SECOND }, { "m", MINUTE },  { "min", MINUTE },
	{ "minute", MINUTE }, { "minutes", MINUTE }, { "h", HOUR },    { "hr", HOUR },
	{ "hour", HOUR },     { "hours", HOUR },     { "d", DAY },     { "day", DAY },
	{ "days", DAY },      { "w", WEEK },	     { "week", WEEK }, { "weeks", WEEK },
};

static const char *skip_spaces(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* 0 when there is no such unit. */
static int64_t find_unit(const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		if (strlen(UNITS[i].name) == size && memcmp(UNITS[i].name, text, size) == 0)
			return UNITS[i].nanoseconds;
	}
	return 0;
}

/* "1h 30min": moves *text behind it. A number alone counts seconds. */
static bool parse_span(const char **text, int64_t *span)
{
	const char *at = skip_spaces(*text);
	double total = 0;

	if (!isdigit((unsigned char)*at))
		return false;
	while (isdigit((unsigned char)*at)) {
		char *end;
		double number = strtod(at, &end);
		size_t length = 0;
		int64_t unit = SECOND;

		at = skip_spaces(end);
		while (isalpha((unsigned char)at[length]))
			length++;
		if (length && strncmp(at, "ago", 3) != 0) {
			unit = find_unit(at, length);
			if (!unit)
				return false;
			at += length;
		}
		total += number * (double)unit;
		at = skip_spaces(at);
	}
	if (!(total < 9e18))
		return false;
	*text = at;
	*span = (int64_t)total;
	return true;
}

/* "-5min", "+1h", "2 days ago", "2h" */
static bool parse_relative(const char *text, uint64_t now, uint64_t *when)
{
	char sign = *text == '-' || *text == '+' ? *text++ : 0;
	int64_t span;

	if (!parse_span(&text, &span))
		return false;
	if (strcmp(text, "ago") == 0 && !sign) {
		sign = '-';
		text += 3;
	}
	/* "2h" can only be meant as long ago; a number alone could be anything. */
	if (!sign && isalpha((unsigned char)text[-1]))
		sign = '-';
	if (*text || !sign)
		return false;
	if (sign == '-')
		*when = now > (uint64_t)span ? now - (uint64_t)span : 0;
	else
		*when = now + (uint64_t)span;
	return true;
}

/* "@1795287001.5" */
static bool parse_epoch(const char *text, uint64_t *when)
{
	char *end;
	unsigned long long seconds;
	double fraction = 0;

	if (*text != '@' || !isdigit((unsigned char)text[1]))
		return false;
	errno = 0;
	seconds = strtoull(text + 1, &end, 10);
	if (*end == '.')
		fraction = strtod(end, &end);
	if (*end || errno || seconds > UINT64_MAX / (2 * SECOND))
		return false;
	*when = seconds * SECOND + (uint64_t)llround(fraction * 1e9);
	return true;
}

/* Two or four digits up to `max`; moves on. */
static bool parse_digits(const char **text, int digits, int max, int *number)
{
	int value = 0;

	for (int i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)(*text)[i]))
			return false;
		value = value * 10 + ((*text)[i] - '0');
	}
	*text += digits;
	*number = value;
	return value <= max;
}

static bool parse_date(const char **text, struct tm *tm)
{
	const char *at = *text;
	int year;
	int month;
	int day;

	if (!parse_digits(&at, 4, 9999, &year) || *at++ != '-' ||
	    !parse_digits(&at, 2, 12, &month) || *at++ != '-' || !parse_digits(&at, 2, 31, &day) ||
	    year < 1970 || month < 1 || day < 1)
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	*text = at;
	return true;
}

/* "18:50", "8:50", "18:50:01", "18:50:01.25" */
static bool parse_clock(const char **text, struct tm *tm, int64_t *nanoseconds)
{
	const char *at = *text;

	if (!parse_digits(&at, *at && at[1] == ':' ? 1 : 2, 23, &tm->tm_hour) || *at++ != ':' ||
	    !parse_digits(&at, 2, 59, &tm->tm_min))
		return false;
	if (*at == ':') {
		at++;
		if (!parse_digits(&at, 2, 60, &tm->tm_sec))
			return false;
		if (*at == '.') {
			int64_t unit = SECOND / 10;

			for (at++; isdigit((unsigned char)*at); at++, unit /= 10)
				*nanoseconds += unit * (*at - '0');
		}
	}
	*text = at;
	return true;
}

/* Days that the calendar doesn't have ("2026-02-30") would silently be others. */
static bool finish(struct tm *tm, int64_t nanoseconds, bool utc, uint64_t *when)
{
	int day = tm->tm_mday;

	tm->tm_isdst = -1;

	time_t seconds = utc ? timegm(tm) : mktime(tm);

	if (seconds < 0 || tm->tm_mday != day)
		return false;
	*when = (uint64_t)seconds * SECOND + (uint64_t)nanoseconds;
	return true;
}

/* "Sat " in front of a date, as `short-full` and journalctl write it. */
static const char *skip_weekday(const char *text)
{
	static const char DAYS[] = "Sun Mon Tue Wed Thu Fri Sat ";
	char day[5] = "";

	strncpy(day, text, 4);
	return strlen(day) == 4 && day[3] == ' ' && strstr(DAYS, day) ? text + 4 : text;
}

/* "+01:00", "-0530": seconds east of Greenwich. */
static bool parse_offset(const char *text, int64_t *seconds)
{
	const char *at = text + 1;
	int hours;
	int minutes;

	if ((*text != '+' && *text != '-') || !parse_digits(&at, 2, 23, &hours))
		return false;
	at += *at == ':';
	if (!parse_digits(&at, 2, 59, &minutes) || *at)
		return false;
	*seconds = ((int64_t)hours * 60 + minutes) * 60 * (*text == '-' ? -1 : 1);
	return true;
}

/* The time zone's name here, as `short-full` writes it. */
static bool is_local_zone(const char *text)
{
	tzset();
	return *text == ' ' &&
	       (strcmp(text + 1, tzname[0]) == 0 || strcmp(text + 1, tzname[1]) == 0);
}

static bool parse_absolute(const char *text, uint64_t now, uint64_t *when)
{
	time_t seconds = (time_t)(now / SECOND);
	int64_t nanoseconds = 0;
	int64_t east = 0;
	struct tm tm;
	bool dated;
	bool utc;

	localtime_r(&seconds, &tm);
	tm.tm_hour = 0;
	tm.tm_min = 0;
	tm.tm_sec = 0;
	text = skip_weekday(text);
	dated = parse_date(&text, &tm);
	if (dated && (*text == ' ' || *text == 'T') && isdigit((unsigned char)text[1]))
		text++;
	if ((!dated || isdigit((unsigned char)*text)) && !parse_clock(&text, &tm, &nanoseconds))
		return false;
	utc = strcmp(text, "Z") == 0 || strcmp(text, " UTC") == 0 || parse_offset(text, &east);
	if (*text && !utc && !is_local_zone(text))
		return false;
	if (!finish(&tm, nanoseconds, utc, when))
		return false;
	*when -= (uint64_t)(east * SECOND);
	return true;
}

/* Midnight, so many days from today. */
static bool parse_day(const char *text, uint64_t now, uint64_t *when)
{
	static const struct {
		const char *name;
		int days;
	} DAYS[] = { { "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 } };
	time_t seconds = (time_t)(now / SECOND);
	struct tm tm;

	for (size_t i = 0; i < sizeof(DAYS) / sizeof(DAYS[0]); i++) {
		if (strcmp(DAYS[i].name, text) != 0)
			continue;
		localtime_r(&seconds, &tm);
		tm.tm_hour = 0;
		tm.tm_min = 0;
		tm.tm_sec = 0;
		tm.tm_mday += DAYS[i].days;
		tm.tm_isdst = -1;
		mktime(&tm);
		return finish(&tm, 0, false, when);
	}
	return false;
}

int time_parse(const char *text, uint64_t now, uint64_t *when)
{
	text = skip_spaces(text);
	if (strcmp(text, "now") == 0) {
		*when = now;
		return 0;
	}
	if (parse_day(text, now, when) || parse_epoch(text, when) ||
	    parse_relative(text, now, when) || parse_absolute(text, now, when))
		return 0;
	return -EINVAL;
}
