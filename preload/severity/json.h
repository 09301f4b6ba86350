/* SPDX-License-Identifier: MIT */
/* Lines that are JSON objects: the keys that name a severity, and how their values are read. */
#ifndef LOGTAP_SEVERITY_JSON_H
#define LOGTAP_SEVERITY_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "chars.h"
#include "tables.h"

#pragma GCC visibility push(hidden)

/* dialects.tsv explains each. */
enum lt_value {
	LT_V_WORDS = 1,
	LT_V_TENS = 2,
	LT_V_SYSLOG = 4,
	LT_V_OTEL = 8,
	LT_V_MONGO = 16,
	LT_V_GELF = 32,
	LT_V_PYTHON = 64
};

struct lt_json_key {
	char text[16];
	uint8_t length;
	uint8_t values; /* enum lt_value */
};

/*
 * By a hash of their first byte, their last and their length: those of hash n begin at
 * lt_json_key_slots[n] - 1, or there are none: 0. Behind the last stands one without a length.
 */
enum { LT_KEY_SLOTS = 512 };
#define LT_KEY_HASH(first, last, length)                                                           \
	(((uint32_t)(first) | (uint32_t)(last) << 8 | (uint32_t)(length) << 16) * 2654435761u >> 23)
#define LT_KEY_HASH_OF(key)                                                                        \
	LT_KEY_HASH((key)->text[0], (key)->text[(key)->length - 1], (key)->length)
extern const struct lt_json_key lt_json_keys[];
extern const uint8_t lt_json_key_slots[LT_KEY_SLOTS];

/* Whether what a brace at `at` opens is an object, by its first key. */
static inline bool lt_is_object(const unsigned char *at, const unsigned char *end)
{
	at = lt_skip_blanks(at + 1, end);
	return at < end && *at == '"';
}

/*
 * The severity of a JSON object whose first bytes are at `at`, or LT_SEVERITY_NONE. share: how much
 * of the work it may take, of LT_JSON_WHOLE, where the line's head has taken the rest.
 */
enum { LT_JSON_WHOLE = 64, LT_JSON_BEHIND = 48 }; /* behind a head at most */
int lt_json_severity(const unsigned char *at, const unsigned char *end, unsigned share);

#pragma GCC visibility pop

#endif
