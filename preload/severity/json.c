/* SPDX-License-Identifier: MIT */
/*
 * The severity of a line that is a JSON object: the value of the first key that names one. No
 * parser: the bytes may be cut anywhere, and only a key of the table followed by a colon counts.
 * The work is bounded, whatever the bytes.
 */
#include "json.h"

#include <stdbool.h>
#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "context.h"
#include "severity.h"
#include "steps16.h"
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

/* What was seen of an object so far. */
struct object {
	unsigned fuel; /* bounds the work: the bytes are anybody's */
	int gelf;      /* severity of a "level" from 0 to 7, or LT_SEVERITY_NONE */
	bool is_gelf;  /* a "short_message" was seen */
};

enum {
	FUEL = 144,	  /* a string before a colon costs one of it */
	TEXT_COST = 4,	  /* one that is compared with a key, more */
	KEY_COST = 10,	  /* one that is a key, more */
	OBJECT_COST = 20, /* one whose value is an object */
	PADDING = 192,	  /* bytes behind a key that its value begins in and ends in */
	STRINGS_MAX = 5,  /* of such an object */
};

static int number_severity(struct object *object, const unsigned char *at, const unsigned char *end,
			   unsigned values)
{
	unsigned number = 0;
	unsigned digits = 0;

	for (; at < end && lt_is(*at, LT_C_DIGIT) && digits < 3; at++, digits++)
		number = number * 10 + (*at - '0');
	if (digits == 0 || (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME)))
		return LT_SEVERITY_NONE;
	if (values & LT_V_OTEL)
		return otel_severity(number);
	if (number <= LOG_DEBUG && values & LT_V_SYSLOG)
		return (int)number;
	if (number <= LOG_DEBUG && values & LT_V_GELF && object->gelf == LT_SEVERITY_NONE) {
		object->gelf = (int)number; /* others count from 0 the other way round */
		return LT_SEVERITY_NONE;
	}
	if (values & LT_V_PYTHON)
		return number >= 10 && number < 60 ? tens_severity(number + 10) : LT_SEVERITY_NONE;
	return values & LT_V_TENS ? tens_severity(number) : LT_SEVERITY_NONE;
}

/* {"icon":"x","name":"ERROR","no":40}: the first value that is a level's name. */
static int object_severity(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *close = lt_find(at, end, '}');

	for (unsigned strings = 0; at < close && strings < STRINGS_MAX; strings++) {
		int severity;

		at = lt_find(at + 1, close, ':');
		if (at == close)
			break;
		at = lt_skip_blanks(at + 1, close);
		severity =
			at < close && *at == '"' ? lt_value_severity(at, close) : LT_SEVERITY_NONE;
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	return LT_SEVERITY_NONE;
}

static int value_severity(struct object *object, const unsigned char *at, const unsigned char *end,
			  unsigned values)
{
	int severity = LT_SEVERITY_NONE;

	at = lt_skip_blanks(at, end);
	if (at == end)
		return LT_SEVERITY_NONE;
	if (values & LT_V_MONGO)
		return mongo_severity(at, end);
	if (values & LT_V_WORDS && *at == '{' && object->fuel >= OBJECT_COST) {
		object->fuel -= OBJECT_COST;
		return object_severity(at, end);
	}
	if (values & LT_V_WORDS && *at == '"')
		severity = lt_value_severity(at, end);
	if (severity == LT_SEVERITY_NONE && values & ~LT_V_WORDS)
		severity = number_severity(object, at + (*at == '"'), end, values);
	return severity;
}

static int severity_behind_key(struct object *object, const struct lt_json_key *key,
			       const unsigned char *at, const unsigned char *end)
{
	if (end - at > PADDING)
		end = at + PADDING;
	at = lt_skip_blanks(at, end);
	if (at == end || *at != ':')
		return LT_SEVERITY_NONE;
	if (key->values == LT_V_GELF)
		object->is_gelf = true;
	return value_severity(object, at + 1, end, key->values);
}

/* Where the string that ends before `quote` begins, if it is as short as a key; else NULL. */
static inline const unsigned char *
short_string(const unsigned char *object, const unsigned char *quote, const unsigned char *end)
{
	size_t before = (size_t)(quote - object);
	const unsigned char *at = before > 16 ? quote - 16 : object;
	lt_mask quotes = 0;

	if (end - at >= 16) {
		quotes = lt_mask16(lt_equal16(lt_load16(at), '"'));
		if (before < 16)
			quotes &= (1u << before) - 1;
	} else {
		for (size_t i = 0; i < before; i++)
			quotes |= (lt_mask)(at[i] == '"') << i;
	}
	return quotes != 0 ? at + (32 - __builtin_clz(quotes)) : NULL;
}

/* The value of the key [text, text + length), if it is one; its hash is. */
static __attribute__((noinline)) int key_severity(struct object *object, const unsigned char *text,
						  size_t length, const unsigned char *end)
{
	uint32_t hash = LT_KEY_HASH(text[0], text[length - 1], length);
	const struct lt_json_key *key = &lt_json_keys[lt_json_key_slots[hash] - 1];

	object->fuel -= object->fuel < TEXT_COST ? object->fuel : TEXT_COST;
	for (; key->length != 0 && LT_KEY_HASH_OF(key) == hash; key++) {
		if (key->length != length || memcmp(key->text, text, length) != 0)
			continue;
		object->fuel -= object->fuel < KEY_COST ? object->fuel : KEY_COST;
		return severity_behind_key(object, key, text + length + 1, end);
	}
	return LT_SEVERITY_NONE;
}

/* `quote` ends a string and stands before a colon or a blank: the value, if the string is a key. */
static inline int string_severity(struct object *object, const unsigned char *brace,
				  const unsigned char *quote, const unsigned char *end)
{
	const unsigned char *text = short_string(brace, quote, end);
	size_t length = (size_t)(quote - text);

	object->fuel--;
	if (!text || length == 0 || text[-2] == '\\' ||
	    lt_json_key_slots[LT_KEY_HASH(text[0], quote[-1], length)] == 0)
		return LT_SEVERITY_NONE;
	return key_severity(object, text, length, end);
}

/* A bit for each of sixteen bytes that may end a key: what follows a value is no colon. */
static inline lt_mask keys16(const unsigned char *at)
{
	lt_bytes16 next = lt_load16(at + 1);

	return lt_mask16(lt_equal16(lt_load16(at), '"') &
			 (lt_equal16(next, ':') | lt_range16(next, 0, ' ')));
}

int lt_json_severity(const unsigned char *at, const unsigned char *end, unsigned share)
{
	struct object object = { .fuel = FUEL * share / LT_JSON_WHOLE, .gelf = LT_SEVERITY_NONE };
	const unsigned char *brace = at;
	size_t most = (size_t)LT_SEVERITY_OBJECT * share / LT_JSON_WHOLE;
	int severity;

	if ((size_t)(end - at) > most)
		end = at + most;

	for (at++; end - at > 33 && object.fuel > 0; at += 32) {
		lt_mask found = keys16(at) | keys16(at + 16) << 16;

		for (; found != 0 && object.fuel > 0; found &= found - 1) {
			severity = string_severity(&object, brace, at + __builtin_ctz(found), end);
			if (severity != LT_SEVERITY_NONE)
				return severity;
		}
	}
	for (; end - at >= 2 && object.fuel > 0; at++) {
		severity = *at == '"' ? string_severity(&object, brace, at, end) : LT_SEVERITY_NONE;
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	return object.is_gelf ? object.gelf : LT_SEVERITY_NONE;
}
