/* SPDX-License-Identifier: MIT */
/*
 * What an expression needs, compared with what the matcher of libc takes: random expressions of the
 * characters that mean something, on random texts of the same letters.
 */
#include <criterion/criterion.h>
#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plain_text.h"

static uint32_t state = 1;

static unsigned random_below(unsigned limit)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % limit;
}

static size_t random_text(char *text, size_t most, const char *letters, size_t count)
{
	size_t size = random_below((unsigned)most + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = letters[random_below((unsigned)count)];
	text[size] = '\0';
	return size;
}

static void check(const regex_t *regex, const struct plain_text *plain, const char *expression,
		  const char *text, size_t size)
{
	/* At the end of memory that is all its own: the sanitizer sees a byte too many. */
	char *copy = malloc(size + 1);

	memcpy(copy, text, size + 1);

	bool matches = re_search((regex_t *)(uintptr_t)regex, copy, (regoff_t)size, 0,
				 (regoff_t)size, NULL) >= 0;
	char *exact = realloc(copy, size ? size : 1);
	bool found = plain_text_in(plain, exact, size);

	cr_assert(found || !matches, "'%s' matches '%s' without what it needs", expression, text);
	cr_assert(!found || matches || !plain->is_all, "'%s' does not match '%s'", expression,
		  text);
	free(exact);
}

static void check_expression(const char *expression, bool any_case, const char *letters,
			     size_t count)
{
	struct plain_text plain;
	regex_t regex;
	char text[100];

	if (regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB | (any_case ? REG_ICASE : 0)) != 0)
		return;
	plain_text_read(&plain, expression, any_case);
	for (unsigned i = 0; plain.size && i < 20; i++) {
		size_t size = random_text(text, i % 2 ? 8 : 90, letters, count);

		/* Often enough the word stands in it somewhere. */
		if (i % 4 > 1 && size > plain.size)
			memcpy(text + random_below((unsigned)(size - plain.size) + 1), plain.bytes,
			       plain.size);
		check(&regex, &plain, expression, text, size);
	}
	regfree(&regex);
}

Test(plain_text, needs_nothing_that_a_match_is_without)
{
	static const char special[] = "ababAB1.*+?[](){}\\|^$,-:wb";
	static const char letters[] = "abAB1.,-{}[]()*+?\\^$|w\xe9";
	char expression[16];

	for (unsigned i = 0; i < 40000; i++) {
		random_text(expression, 12, special, sizeof(special) - 1);
		check_expression(expression, i % 2, letters, sizeof(letters)); /* and NUL */
	}
}

Test(plain_text, words)
{
	static const char letters[] = "abB k\xc1\xe9";
	char expression[80];

	for (unsigned i = 0; i < 4000; i++) {
		random_text(expression, i % 2 ? 4 : 70, letters, sizeof(letters) - 1);
		check_expression(expression, i % 3 == 0, letters, sizeof(letters) - 1);
	}
}

static const struct {
	const char *expression;
	const char *needs; /* NULL: nothing */
	bool is_all;
} EXAMPLES[] = {
	{ "timed out", "timed out", true },
	{ "a\\.b", "a.b", true },
	{ "conn.*refused", "refused", false },
	{ "^err", "err", false },
	{ "err(or)?s", "err", false },
	{ "ab+cd", "ab", false },
	{ "abc*", "ab", false },
	{ "xy{2,3}", "x", false },
	{ "one|two", NULL, false },
	{ "(one)", NULL, false },
	{ "[a]]x", "x", false },
	{ "", NULL, false },
};

Test(plain_text, examples)
{
	for (size_t i = 0; i < sizeof(EXAMPLES) / sizeof(EXAMPLES[0]); i++) {
		struct plain_text plain;
		const char *needs = EXAMPLES[i].needs ? EXAMPLES[i].needs : "";

		plain_text_read(&plain, EXAMPLES[i].expression, false);
		cr_expect(plain.size == strlen(needs) &&
				  memcmp(plain.bytes, needs, plain.size) == 0,
			  "'%s' needs '%.*s'", EXAMPLES[i].expression, (int)plain.size,
			  (const char *)plain.bytes);
		cr_expect(plain.is_all == EXAMPLES[i].is_all, "%s", EXAMPLES[i].expression);
	}
}
