/* SPDX-License-Identifier: MIT */
/* Lines that are JSON objects: the keys that name a severity, and how their values are read. */
#ifndef LOGTAP_SEVERITY_JSON_H
#define LOGTAP_SEVERITY_JSON_H

#include <stdint.h>

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
	char text[17];	/* with its closing quote */
	uint8_t length; /* with it */
	uint8_t values; /* enum lt_value */
};

/* By a hash of their first two bytes: those of hash n begin at lt_json_keys_from[n]. */
#define LT_TWO_HASH(two) ((uint32_t)(two)*2654435761u >> 25)
extern const struct lt_json_key lt_json_keys[];
extern const uint8_t lt_json_keys_from[129];

/* The severity of a JSON object whose first bytes are at `at`, or LT_SEVERITY_NONE. */
int lt_json_severity(const unsigned char *at, const unsigned char *end);

#pragma GCC visibility pop

#endif
