/* SPDX-License-Identifier: MIT */
/*
 * The text of /etc/ld.so.preload: what others wrote comes back to the byte, and the loader sees the
 * same names as before with ours behind them. The names are read by a splitter of the test's own,
 * as glibc splits them.
 */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload_text.h"

#define ENTRY "/run/logtap-preload/$LIB/liblogtap.so"

struct text {
	char bytes[1024];
	size_t size;
};

static struct text added(const char *text, size_t size, bool exists)
{
	struct text new;

	new.size = preload_text_add(text, size, exists, ENTRY, new.bytes);
	cr_assert(new.size <= size + strlen(ENTRY) + PRELOAD_TEXT_ROOM);
	return new;
}

static struct text removed(const struct text *text, bool *gone)
{
	struct text new;

	/* At the end of memory of its own: the sanitizer sees a byte too many. */
	char *exact = malloc(text->size ? text->size : 1);

	memcpy(exact, text->bytes, text->size);
	new.size = preload_text_remove(exact, text->size, new.bytes, gone);
	free(exact);
	return new;
}

/* What the loader would load: names with a newline behind each. */
static struct text names(const char *text, size_t size)
{
	char copy[1024];
	struct text found = { .size = 0 };
	char *rest = copy, *name;

	memcpy(copy, text, size);
	copy[size] = '\0';
	for (char *at = copy; (at = strchr(at, '#'));)
		while (*at && *at != '\n')
			*at++ = ' ';
	while ((name = strsep(&rest, ": \t\n")))
		if (*name)
			found.size += (size_t)sprintf(found.bytes + found.size, "%s\n", name);
	return found;
}

/*
 * As rtld.c has it: behind each comment it goes on at the start of the file, with as much of it as
 * is left behind the comment.
 */
static struct text names_of_glibc(const char *text, size_t size)
{
	char copy[1024], *comment;
	size_t rest = size;

	memcpy(copy, text, size);
	while (rest > 0 && (comment = memchr(copy, '#', rest))) {
		rest -= (size_t)(comment - copy);
		do
			*comment = ' ';
		while (--rest > 0 && *++comment != '\n');
	}
	for (size_t i = 0; i < size; i++)
		if (copy[i] == '#')
			copy[i] = '!'; /* it is part of a name */
	return names(copy, size);
}

static void check_there_and_back(const char *text, size_t size)
{
	struct text with = added(text, size, true);
	struct text want = names(text, size), got = names(with.bytes, with.size);
	struct preload_entry entry = preload_text_find(with.bytes, with.size);
	bool gone;

	want.size += (size_t)sprintf(want.bytes + want.size, "%s\n", ENTRY);
	cr_assert_eq(want.size, got.size, "of '%.*s'", (int)size, text);
	cr_assert_arr_eq(want.bytes, got.bytes, want.size);
	cr_assert(entry.marked);
	got = names_of_glibc(with.bytes, with.size);
	cr_assert(got.size > sizeof(ENTRY) - 1 && memcmp(got.bytes + got.size - sizeof(ENTRY),
							 ENTRY "\n", sizeof(ENTRY)) == 0,
		  "of '%.*s'", (int)size, text);
	cr_assert_eq(with.bytes[with.size - 1], '\n', "who appends a line gets one");

	struct text back = removed(&with, &gone);

	cr_assert(!gone);
	cr_assert_eq(back.size, size, "of '%.*s' is left '%.*s'", (int)size, text, (int)back.size,
		     back.bytes);
	cr_assert_arr_eq(back.bytes, text, size);
}

Test(preload_text, there_and_back)
{
	static const char *const TEXTS[] = {
		"",
		"\n",
		" ",
		"/opt/a.so",
		"/opt/a.so\n",
		"/opt/a.so:/opt/b.so /opt/c.so\t/opt/d.so",
		"# a comment without an end",
		"# theirs\n/opt/a.so # and\n# more",
		"# /usr/lib/liblogtap.so is not ours\n",
		"/opt/a.so # liblogtap.so\n\n\n  /opt/b.so  ",
		"\n\n/opt/liblogtap.so.1\n/opt/myliblogtap.so\n",
		"/opt/a.so\r\n/opt/b.so\r\n",
		"/opt/a.so#/opt/liblogtap.so",
	};

	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++)
		check_there_and_back(TEXTS[i], strlen(TEXTS[i]));
}

/* What is no text either comes back. */
Test(preload_text, zero_bytes)
{
	struct text with = added("a\0b", 3, true);
	bool gone;
	struct text back = removed(&with, &gone);

	cr_assert_eq(back.size, 3);
	cr_assert_arr_eq(back.bytes, "a\0b", 3);
}

Test(preload_text, made_for_it)
{
	struct text with = added("", 0, false);
	bool gone;

	cr_assert_eq(removed(&with, &gone).size, 0);
	cr_assert(gone);

	/* Somebody else wrote into it meanwhile: it is theirs now. */
	memcpy(with.bytes + with.size, "/opt/a.so\n", 10);
	with.size += 10;

	struct text back = removed(&with, &gone);

	cr_assert(!gone);
	cr_assert_eq(back.size, 10);
	cr_assert_arr_eq(back.bytes, "/opt/a.so\n", 10);

	/* An empty file that was there stays. */
	with = added("", 0, true);
	removed(&with, &gone);
	cr_assert(!gone);
}

Test(preload_text, appended_behind_it)
{
	static const char *const FRONTS[] = { "/opt/a.so", "/opt/a.so\n", "" };

	for (size_t i = 0; i < sizeof(FRONTS) / sizeof(*FRONTS); i++) {
		struct text with = added(FRONTS[i], strlen(FRONTS[i]), true);
		char want[64];
		bool gone;

		memcpy(with.bytes + with.size, "/opt/b.so", 9);
		with.size += 9;

		struct text back = removed(&with, &gone);
		int size = snprintf(want, sizeof(want), "%s%s/opt/b.so", FRONTS[i],
				    i == 0 ? "\n" : "");

		cr_assert_eq(back.size, (size_t)size);
		cr_assert_arr_eq(back.bytes, want, back.size);
	}
}

struct by_hand {
	const char *text, *left;
};

Test(preload_text, written_by_hand)
{
	static const struct by_hand CASES[] = {
		{ "/x/liblogtap.so\n", "" },
		{ "/x/liblogtap.so", "" },
		{ "liblogtap.so", "" },
		{ "/opt/a.so\n/x/liblogtap.so\n/opt/b.so\n", "/opt/a.so\n/opt/b.so\n" },
		{ "/opt/a.so:/x/liblogtap.so:/opt/b.so", "/opt/a.so:/opt/b.so" },
		{ "/opt/a.so /x/liblogtap.so\n", "/opt/a.so\n" },
		{ "/x/liblogtap.so /opt/a.so\n", "/opt/a.so\n" },
		{ "/x/liblogtap.so # mine\n", "# mine\n" },
		{ "/x/liblogtap.so:/y/liblogtap.so", "" },
		{ "/x/liblogtap.so\n/y/liblogtap.so\n#\n", "#\n" },
		{ "/opt/a.so\t/x/liblogtap.so#c", "/opt/a.so#c" },
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		struct text text = { .size = strlen(CASES[i].text) };
		bool gone;

		memcpy(text.bytes, CASES[i].text, text.size);

		struct text left = removed(&text, &gone);

		cr_assert_eq(left.size, strlen(CASES[i].left), "of '%s' is left '%.*s'",
			     CASES[i].text, (int)left.size, left.bytes);
		cr_assert_arr_eq(left.bytes, CASES[i].left, left.size);
		cr_assert(!gone, "the file is somebody's");
		cr_assert(!preload_text_find(left.bytes, left.size).text);
	}
}

static uint32_t state = 1;

static unsigned random_below(unsigned limit)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % limit;
}

/* Texts of the pieces that mean something, in any order. */
Test(preload_text, any_text)
{
	static const char *const PIECES[] = { "/a.so",	       ":", " ", "\t", "\n", "#",
					      "liblogtap.so.", "x", "::" };

	for (int round = 0; round < 20000; round++) {
		char text[256];
		size_t size = 0;

		for (unsigned i = random_below(9); i; i--) {
			const char *piece = PIECES[random_below(sizeof(PIECES) / sizeof(*PIECES))];

			memcpy(text + size, piece, strlen(piece));
			size += strlen(piece);
		}
		check_there_and_back(text, size);
	}
}
