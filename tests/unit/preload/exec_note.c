/* SPDX-License-Identifier: MIT */
/*
 * The note behind LD_PRELOAD's value: what is written is read again, the loader sees nothing of it,
 * and what others end their value with is none.
 */
#include "exec_note.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST "/opt/lib/liblogtap.so"

static char value[65536];

/* Writes the value with a note of these entries behind it. */
static void write_note(const struct lt_note_entry *entries, size_t count)
{
	char *at = value + strlen(strcpy(value, LIST));
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		size_t measured = lt_note_put(NULL, &entries[i]);

		cr_assert_leq(measured, LT_NOTE_ENTRY_MAX);
		cr_assert_eq(lt_note_put(at + size, &entries[i]), measured);
		size += measured;
	}
	lt_note_finish(at + size, size);
	at[size + LT_NOTE_END] = '\0';
	cr_assert_eq(strspn(at, ": "), size + LT_NOTE_END, "separators alone");
}

static void expect_entry(const struct lt_note_entry *got, const struct lt_note_entry *wanted)
{
	cr_assert_eq(got->fd, wanted->fd);
	cr_assert_eq(got->word, wanted->word);
	cr_assert_eq(got->has_head, wanted->has_head);
	if (!got->has_head)
		return;
	cr_assert_eq(got->head.severity, wanted->head.severity);
	cr_assert_eq(got->head.prefixed, wanted->head.prefixed);
	cr_assert_str_eq(got->head.ident, wanted->head.ident);
}

Test(exec_note, is_read_as_it_was_written)
{
	struct lt_note_entry entries[] = {
		{ .fd = 1, .word = 8 },
		{ .fd = 0 },
		{ .fd = 127, .word = UINT64_MAX },
		{ .fd = 128,
		  .word = 0x123456789abcdef8 | 6,
		  .has_head = true,
		  .head = { 3, true, "backup" } },
		{ .fd = 5039, .word = 1 },
		{ .fd = INT32_MAX, .word = 6, .has_head = true, .head = { 7, false, "" } },
		{ .fd = 3, .word = 14, .has_head = true, .head = { .severity = 0 } },
	};
	const size_t count = sizeof(entries) / sizeof(*entries);

	memset(entries[6].head.ident, 'x', LT_STREAM_IDENT_MAX);
	for (size_t used = 0; used <= count; used++) {
		struct lt_note_entry entry;
		struct lt_note note;

		write_note(entries, used);
		cr_assert(lt_note_find(&note, value));
		cr_assert_eq(note.text, value + strlen(LIST));
		cr_assert_eq(note.size, strlen(note.text));
		for (size_t i = 0; i < used; i++) {
			cr_assert(lt_note_next(&note, &entry));
			expect_entry(&entry, &entries[i]);
		}
		cr_assert_not(lt_note_next(&note, &entry));
	}
}

Test(exec_note, is_behind_what_others_end_their_value_with)
{
	struct lt_note_entry entry = { .fd = 1, .word = 16 }, got;
	struct lt_note note;
	char *whole;

	write_note(&entry, 1);
	whole = strdup(value + strlen(LIST));
	strcpy(value, LIST ": ::  :");
	strcat(value, whole);
	cr_assert(lt_note_find(&note, value));
	cr_assert_str_eq(note.text, whole);
	cr_assert(lt_note_next(&note, &got));
	expect_entry(&got, &entry);
	free(whole);
}

/* Without its first or last characters, or with one of them changed, it is none, or another. */
Test(exec_note, is_not_seen_in_others)
{
	static const char *const others[] = { "",
					      ":",
					      " ",
					      "a",
					      LIST,
					      LIST ":",
					      LIST "::",
					      "::::::::::::::::::::::::::::::::::::::::",
					      "                                        " };
	struct lt_note_entry entry = { .fd = 1, .word = 16 };
	struct lt_note note;
	size_t size;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		cr_assert_not(lt_note_find(&note, others[i]), "%s", others[i]);
	write_note(&entry, 1);
	size = strlen(value);
	for (size_t cut = 1; cut <= LT_NOTE_END; cut++) {
		value[size - cut] = '\0';
		cr_assert_not(lt_note_find(&note, value), "without its last %zu", cut);
	}
	write_note(&entry, 1);
	value[strlen(LIST)] = 'x';
	cr_assert_not(lt_note_find(&note, value), "longer than the separators are");
}

/* Entries that are none end the reading, and what was read before stays. */
Test(exec_note, ends_at_what_is_no_entry)
{
	struct lt_note_entry head = {
		.fd = 1, .word = 14, .has_head = true, .head = { 3, true, "x" }
	};
	struct lt_note_entry got;
	struct lt_note note;
	size_t size = lt_note_put(NULL, &head);

	for (size_t part = 8; part < size; part += 8) {
		char text[512];

		lt_note_put(text, &head);
		lt_note_finish(text + part, part);
		text[part + LT_NOTE_END] = '\0';
		cr_assert(lt_note_find(&note, text));
		cr_assert_not(lt_note_next(&note, &got), "%zu of %zu", part, size);
	}
}
