/* SPDX-License-Identifier: MIT */
/*
 * The severity of a line that is a JSON object: the value of the first key that names one. No
 * parser: the bytes may be cut anywhere, and only a key of the table followed by a colon counts.
 */
#ifndef _GNU_SOURCE
#	define _GNU_SOURCE /* memmem */
#endif
#include "json.h"

#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "context.h"
#include "severity.h"
#include "vocabulary.h"

/* Values of "s" in MongoDB's lines are one letter, debug with its verbosity: "D2". */
static int mongo_severity(const unsigned char *at, const unsigned char *end)
{
	if (end - at < 3 || at[0] != '"' || (at[2] != '"' && (at[1] != 'D' || end - at < 4)))
		return LT_SEVERITY_NONE;
	return lt_letter_severity(at[1], "FEWID");
}

/* The bands of OpenTelemetry's SeverityNumber, four numbers each from 1. */
static int otel_severity(unsigned number)
{
	static const int8_t bands[] = { LOG_DEBUG,   LOG_DEBUG, LOG_INFO,
					LOG_WARNING, LOG_ERR,	LOG_CRIT };

	return number >= 1 && number <= 24 ? bands[(number - 1) / 4] : LT_SEVERITY_NONE;
}

/* bunyan's and pino's levels, and what lies between two of them. */
static int tens_severity(unsigned number)
{
	static const int8_t tens[] = { LOG_DEBUG,   LOG_DEBUG, LOG_INFO,
				       LOG_WARNING, LOG_ERR,   LOG_CRIT };

	return number >= 10 && number < 70 ? tens[number / 10 - 1] : LT_SEVERITY_NONE;
}

/* Numbers from 0 to 7 are syslog's in GELF alone; other programs count the other way round. */
static bool is_gelf(const unsigned char *at, const unsigned char *end)
{
	static const char key[] = "\"short_message\"";

	return memmem(at, (size_t)(end - at), key, sizeof(key) - 1) != NULL;
}

static int number_severity(const unsigned char *line, const unsigned char *at,
			   const unsigned char *end, unsigned values)
{
	unsigned number = 0;
	unsigned digits = 0;

	for (; at < end && lt_is(*at, LT_C_DIGIT) && digits < 3; at++, digits++)
		number = number * 10 + (*at - '0');
	if (digits == 0 || (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME)))
		return LT_SEVERITY_NONE;
	if (values & LT_V_OTEL)
		return otel_severity(number);
	if (number <= LOG_DEBUG &&
	    (values & LT_V_SYSLOG || (values & LT_V_GELF && is_gelf(line, end))))
		return (int)number;
	if (values & LT_V_PYTHON)
		return number >= 10 && number < 60 ? tens_severity(number + 10) : LT_SEVERITY_NONE;
	return values & LT_V_TENS ? tens_severity(number) : LT_SEVERITY_NONE;
}

static int value_severity(const unsigned char *line, const unsigned char *at,
			  const unsigned char *end, unsigned values)
{
	int severity = LT_SEVERITY_NONE;

	while (at < end && lt_is(*at, LT_C_BLANK))
		at++;
	if (values & LT_V_MONGO)
		return mongo_severity(at, end);
	if (values & LT_V_WORDS && at < end && *at == '"')
		severity = lt_value_severity(at, end);
	if (severity == LT_SEVERITY_NONE && at < end && values & ~LT_V_WORDS)
		severity = number_severity(line, at + (*at == '"'), end, values);
	return severity;
}

/* `at` is behind the opening quote of a string that may be a key. */
static int key_severity(const unsigned char *line, const unsigned char *at,
			const unsigned char *end)
{
	for (size_t i = 0; i < LT_JSON_KEYS; i++) {
		const unsigned char *after = at + lt_json_keys[i].length;

		if (lt_json_keys[i].text[0] != (char)*at ||
		    (size_t)(end - at) < lt_json_keys[i].length + 2u ||
		    memcmp(lt_json_keys[i].text, at, lt_json_keys[i].length) != 0 ||
		    *after++ != '"')
			continue;
		while (after < end && lt_is(*after, LT_C_BLANK))
			after++;
		if (after == end || *after != ':')
			return LT_SEVERITY_NONE;
		return value_severity(line, after + 1, end, lt_json_keys[i].values);
	}
	return LT_SEVERITY_NONE;
}

int lt_json_severity(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *line = at;

	for (; at + 1 < end; at++) {
		int severity;

		at = memchr(at, '"', (size_t)(end - at));
		if (at == NULL || at + 1 >= end)
			break;
		if (at[1] < '@' || at[1] >= 128 || !(lt_json_begins >> (at[1] & 63) & 1) ||
		    at[-1] == '\\')
			continue;
		severity = key_severity(line, at + 1, end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	return LT_SEVERITY_NONE;
}
