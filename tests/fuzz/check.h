/* SPDX-License-Identifier: MIT */
/* What the fuzzers hold their outputs against: independent of the code under test. */
#ifndef LOGTAP_FUZZ_CHECK_H
#define LOGTAP_FUZZ_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, with words on stderr, when `good` is false. */
void check(bool good, const char *words);

/* Well-formed UTF-8 (RFC 3629). */
bool is_utf8(const char *data, size_t size);

/* Holds a character of Unicode's class Cc. `data` is UTF-8. */
bool has_control(const char *data, size_t size);

/* One JSON value (RFC 8259) and nothing behind it. */
bool is_json(const char *data, size_t size);

#endif
