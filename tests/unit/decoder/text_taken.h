/* SPDX-License-Identifier: MIT */
/* What the decoder has written to a text, as a string; the text is empty then. For tests only: the
 * string stands in one place, until the next is taken. */
#ifndef LOGTAP_TESTS_TEXT_TAKEN_H
#define LOGTAP_TESTS_TEXT_TAKEN_H

#include <criterion/criterion.h>
#include <string.h>

#include <evh/text.h>

static inline char *text_taken(struct evh_text *text)
{
	static char copy[80000];

	cr_assert_eq(text->error, 0);
	cr_assert_lt(text->size, sizeof(copy));
	memcpy(copy, text->data, text->size);
	copy[text->size] = '\0';
	evh_text_clear(text);
	return copy;
}

#endif
