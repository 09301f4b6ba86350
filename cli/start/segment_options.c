/* SPDX-License-Identifier: MIT */
/*
 * Sizes, ages and numbers of segments. Must refuse what a person can't have meant: a recording that
 * keeps next to nothing, or that begins a file for every few lines.
 */
#include "segment_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define KEEP_MAX UINT32_C(1000000)

struct unit {
	const char *names; /* each with a space behind it */
	uint64_t value;
};

static const struct unit sizes[] = {
	{ "B ", 1 },
	{ "K KiB k ", UINT64_C(1) << 10 },
	{ "M MiB m ", UINT64_C(1) << 20 },
	{ "G GiB g ", UINT64_C(1) << 30 },
	{ "T TiB t ", UINT64_C(1) << 40 },
	{ NULL, 0 },
};

static const struct unit ages[] = {
	{ "s sec ", UINT64_C(1000000000) },
	{ "m min ", UINT64_C(60000000000) },
	{ "h hours hour ", UINT64_C(3600000000000) },
	{ "d days day ", UINT64_C(86400000000000) },
	{ "w weeks week ", UINT64_C(604800000000000) },
	{ NULL, 0 },
};

static uint64_t find_unit(const struct unit *units, const char *name)
{
	char word[16];

	if (!*name)
		return units[0].value;
	if (snprintf(word, sizeof(word), "%s ", name) >= (int)sizeof(word))
		return 0;
	for (; units->names; units++) {
		const char *place = strstr(units->names, word);

		if (place && (place == units->names || place[-1] == ' '))
			return units->value;
	}
	return 0;
}

/* A number and perhaps a unit; 0: that is not what it is. */
static uint64_t parse(const char *text, const struct unit *units)
{
	uint64_t number, unit;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoull(text, &end, 10);
	unit = find_unit(units, end);
	return errno || !unit || number > UINT64_MAX / 4 / unit ? 0 : number * unit;
}

int segment_size(const char *option, const char *argument, uint64_t *size)
{
	*size = parse(argument, sizes);
	if (*size)
		return 0;
	cli_error("%s: '%s' is no size: a number of bytes, or one with K, M, G or T, as 64M",
		  option, argument);
	return CLI_OWN_ERROR;
}

int segment_option(struct evh_recording_rules *rules, int option, const char *argument)
{
	uint64_t number;

	switch (option) {
	case SEGMENT_MAX_SIZE:
		return segment_size("--max-size", argument, &rules->size_max);
	case SEGMENT_MAX_AGE:
		rules->age_max = parse(argument, ages);
		if (rules->age_max)
			return 0;
		cli_error("--max-age: '%s' is no time: a number of seconds, or one with s, m, h, d "
			  "or w, as 12h",
			  argument);
		break;
	case SEGMENT_KEEP:
		number = parse(argument, (const struct unit[]){ { "", 1 }, { NULL, 0 } });
		rules->keep = (uint32_t)number;
		if (number && number <= KEEP_MAX)
			return 0;
		cli_error("--keep: '%s' is no number of segments from 1 to %u", argument, KEEP_MAX);
		break;
	default:
		rules->compress = true;
		return 0;
	}
	return CLI_OWN_ERROR;
}

int segment_options_check(const struct evh_recording_rules *rules)
{
	const char *option = rules->keep ? "--keep" : rules->compress ? "--compress" : NULL;

	if (!option || rules->size_max || rules->age_max)
		return 0;
	cli_error("%s needs --max-size or --max-age, which say when the recording goes on in a new "
		  "file",
		  option);
	return CLI_OWN_ERROR;
}

/* In the largest unit that fits: `--max-size=64M `. */
static char *put_option(char *out, const char *option, uint64_t number, const struct unit *units)
{
	const struct unit *best = units;

	for (const struct unit *unit = units; unit->names; unit++)
		if (number % unit->value == 0)
			best = unit;
	return out + sprintf(out, "%s=%" PRIu64 "%.*s ", option, number / best->value,
			     best == units ? 0 : (int)strcspn(best->names, " "), best->names);
}

void segment_options_text(const struct evh_recording_rules *rules, char text[SEGMENT_OPTIONS_TEXT])
{
	static const struct unit ones[] = { { "", 1 }, { NULL, 0 } };
	char *out = text;

	if (rules->size_max)
		out = put_option(out, "--max-size", rules->size_max, sizes);
	if (rules->age_max)
		out = put_option(out, "--max-age", rules->age_max, ages);
	if (rules->keep)
		out = put_option(out, "--keep", rules->keep, ones);
	if (rules->compress)
		out = stpcpy(out, "--compress ");
	out[out > text ? -1 : 0] = '\0';
}

void segment_options_help(void)
{
	fputs("      --max-size=SIZE      go on in a new file when FILE has so many bytes (64M): "
	      "FILE.1,\n"
	      "                           FILE.2 ... are the parts in order; FILE is the newest\n"
	      "      --max-age=TIME       the same after this time (12h, 7d)\n"
	      "      --keep=N             closed parts that stay; the oldest is removed, also when "
	      "the\n"
	      "                           disk is full [all stay]\n"
	      "      --compress           `logtap view` may pack closed parts with zstd\n",
	      stdout);
}
