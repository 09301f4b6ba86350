/* SPDX-License-Identifier: MIT */
/*
 * Reading expressions for what they need, and searching for it in steps of 16 bytes. Must never
 * claim that an expression needs what a text can match without: what isn't surely a character of
 * its own ends a run.
 */
#include "plain_text.h"

#include <string.h>

#include "severity/steps16.h"

/* Behind these a character is not needed, or means something else. */
static const char SPECIAL[] = ".[]()*+?{}|^$\\";

/* Behind a backslash these are themselves; letters and digits are classes, places, references. */
static bool is_escaped_character(char byte)
{
	return byte && strchr(SPECIAL, byte);
}

/* What may be repeated "not at all" is not needed: a*, a?, a{0,2}, and a+? is (a+)?. */
static bool may_be_missing(const char *next)
{
	next += strspn(next, "+");
	return *next == '*' || *next == '?' || *next == '{';
}

/* Behind the '}' of numbers whose '{' is before `at`. */
static const char *skip_numbers(const char *at)
{
	const char *end = strchr(at, '}');

	return end ? end + 1 : at + strlen(at);
}

/* The end of a bracket expression whose '[' is before `at`: behind its ']', or at the NUL. */
static const char *skip_bracket(const char *at)
{
	at += *at == '^';
	at += *at == ']';
	while (*at && *at != ']') {
		if (*at == '[' && at[1] && strchr(":.=", at[1])) {
			char end[] = { at[1], ']', '\0' };
			const char *found = strstr(at + 2, end);

			if (!found)
				return at + strlen(at);
			at = found + 1;
		}
		at++;
	}
	return at + (*at == ']');
}

/* A run that is being read. */
struct run {
	char bytes[PLAIN_TEXT_MAX];
	size_t size;
};

static void end_run(struct run *longest, struct run *run)
{
	if (run->size > longest->size)
		*longest = *run;
	run->size = 0;
}

/*
 * One piece of the expression at `at`, its end as the result. What stands in groups is passed over:
 * it may be repeated, or one of several.
 */
static const char *read_piece(const char *at, unsigned *depth, struct run *run, bool *ends)
{
	char byte = *at++;

	*ends = true;
	if (byte == '[')
		return skip_bracket(at);
	if (byte == '{')
		return skip_numbers(at);
	if (byte == '(')
		++*depth;
	else if (byte == ')' && *depth)
		--*depth;
	if (byte == '\\' && is_escaped_character(*at))
		byte = *at++;
	else if (byte == '\\')
		return at + (*at != '\0');
	else if (strchr(SPECIAL, byte))
		return at;
	if (*depth || may_be_missing(at))
		return at;
	if (run->size < PLAIN_TEXT_MAX)
		run->bytes[run->size++] = byte;
	*ends = *at == '+';
	return at;
}

/* How many of 1000 bytes of log lines are this one; what isn't listed is rare. */
static unsigned frequency(unsigned char byte)
{
	static const char common[] = " etaionrsl0dc1u2pm-3fh.5b4g8679:y/w=kv,x_\"jqz";
	const char *found = byte ? strchr(common, byte) : NULL;

	return found ? (unsigned)(sizeof(common) - (size_t)(found - common)) : 0;
}

static void find_rare(struct plain_text *plain)
{
	size_t one = 0, other = plain->size - 1;

	for (size_t i = 0; i < plain->size; i++) {
		if (frequency(plain->bytes[i]) < frequency(plain->bytes[one]))
			one = i;
	}
	for (size_t i = 0; i < plain->size; i++) {
		if (i != one &&
		    (other == one || frequency(plain->bytes[i]) < frequency(plain->bytes[other])))
			other = i;
	}
	plain->rare[0] = one < other ? one : other;
	plain->rare[1] = one < other ? other : one;
}

static void keep(struct plain_text *plain, const struct run *run, bool any_case)
{
	plain->size = run->size;
	for (size_t i = 0; i < run->size; i++) {
		unsigned char small = (unsigned char)(run->bytes[i] | 0x20);
		bool letter = small >= 'a' && small <= 'z';

		plain->fold[i] = any_case && letter ? 0x20 : 0;
		plain->bytes[i] = (unsigned char)run->bytes[i] | plain->fold[i];
	}
	if (plain->size)
		find_rare(plain);
}

void plain_text_read(struct plain_text *plain, const char *expression, bool any_case)
{
	struct run longest = { .size = 0 }, run = { .size = 0 };
	unsigned depth = 0;
	bool is_all = true;

	memset(plain, 0, sizeof(*plain));
	/* One of several may stand for another. */
	if (strchr(expression, '|'))
		return;
	for (const char *at = expression; *at;) {
		bool ends;

		at = read_piece(at, &depth, &run, &ends);
		if (ends)
			end_run(&longest, &run);
		is_all = is_all && !ends;
	}
	is_all = is_all && run.size < PLAIN_TEXT_MAX;
	end_run(&longest, &run);
	keep(plain, &longest, any_case);
	plain->is_all = is_all && plain->size;
}

static bool stands_at(const struct plain_text *plain, const unsigned char *at)
{
	for (size_t i = 0; i < plain->size; i++) {
		if ((at[i] | plain->fold[i]) != plain->bytes[i])
			return false;
	}
	return true;
}

/* Which of 16 beginnings have both rare bytes at their places. */
static inline lt_mask both_rare(const struct plain_text *plain, const unsigned char *at)
{
	size_t one = plain->rare[0], other = plain->rare[1];
	lt_bytes16 first = lt_load16(at + one) | lt_each16(plain->fold[one]);
	lt_bytes16 second = lt_load16(at + other) | lt_each16(plain->fold[other]);

	return lt_mask16(lt_equal16(first, plain->bytes[one]) &
			 lt_equal16(second, plain->bytes[other]));
}

/* Whether it stands at one of the 16 beginnings from `at` on. */
static inline bool in_block(const struct plain_text *plain, const unsigned char *at)
{
	for (lt_mask found = both_rare(plain, at); found; found &= found - 1) {
		if (stands_at(plain, at + __builtin_ctz(found)))
			return true;
	}
	return false;
}

bool plain_text_in(const struct plain_text *plain, const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *end;

	if (size < plain->size)
		return false;
	end = at + (size - plain->size) + 1; /* of the beginnings */
	if (end - at >= 16) {
		for (; end - at >= 16; at += 16) {
			if (in_block(plain, at))
				return true;
		}
		return in_block(plain, end - 16); /* some of these twice */
	}
	for (; at < end; at++) {
		if (stands_at(plain, at))
			return true;
	}
	return false;
}
