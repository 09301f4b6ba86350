/* SPDX-License-Identifier: MIT */
/*
 * The fast path for sentences never says more than the walk: every word of the vocabulary and
 * every phrase opens a line, in each case that counts, before all kinds of second words.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "examples.h"
#include "severity/line.h"
#include "severity/severity.h"
#include "severity/vocabulary.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Returns whether the line shows a severity. */
static bool compare(const char *line)
{
	const unsigned char *at = (const unsigned char *)line;
	size_t length = strlen(line);
	size_t skip;
	unsigned flags;
	int whole = lt_severity_of_line(line, length, LT_DETECT_ON, &skip);

	cr_assert_eq(whole, lt_line_severity(&(struct lt_span){ at, length }, LT_DETECT_ON, &flags),
		     "%s", line);
	return whole != LT_SEVERITY_NONE;
}

static unsigned with_each_word(const char *format)
{
	unsigned shown = 0;

	for (size_t i = 0; i < COUNT(words); i++) {
		for (int form = LT_F_LOWER; form <= LT_F_CAPITALS; form <<= 1) {
			char word[LT_WORD_MAX + 1] = "";
			char line[200];

			for (size_t at = 0; words[i][at] != '\0'; at++) {
				bool capital =
					form == LT_F_CAPITALS || (form == LT_F_TITLE && at == 0);

				word[at] = (char)(words[i][at] - (capital ? 0x20 : 0));
			}
			snprintf(line, sizeof(line), format, word);
			shown += compare(line);
		}
	}
	return shown;
}

Test(plain, every_word)
{
	static const char *const formats[] = {
		"%s of the request was answered",
		"%s error: the request was answered",
		"%s in the request was answered",
		"%s while opening the request of ann",
		"the %s of a request was found",
		"server %s: the request was answered",
		"%s Error: the request was found",
		"%s the request: Assertion `n > 0' failed.",
		"library %s: the request was lost",
		"%s a of the request was found",
		"%s request died (core dumped) ./run.sh",
	};
	unsigned shown = 0;

	for (size_t i = 0; i < COUNT(formats); i++)
		shown += with_each_word(formats[i]);
	cr_expect_gt(shown, COUNT(words), "hardly any of these lines shows a severity");
}

Test(plain, every_phrase)
{
	unsigned shown = 0;

	for (size_t i = 0; i < COUNT(phrases); i++) {
		char line[200];

		snprintf(line, sizeof(line), "%s of the request was answered", phrases[i]);
		shown += compare(line);
		snprintf(line, sizeof(line), "word %s of the request was answered", phrases[i]);
		shown += compare(line);
		snprintf(line, sizeof(line), "%s: the request was answered", phrases[i]);
		shown += compare(line);
		snprintf(line, sizeof(line), "tool: %s the request was answered", phrases[i]);
		shown += compare(line);
	}
	cr_expect_geq(shown, COUNT(phrases));
}
