/* SPDX-License-Identifier: MIT */
/*
 * The end of a line that reports a failure without a level word, as perror(3), error(3) and err(3)
 * print it: "ls: cannot access 'x': No such file or directory". Reads only the bytes between its
 * two pointers, and of them only the last few.
 */
#include <string.h>

#include "chars.h"
#include "forms.h"
#include "steps16.h"
#include "vocabulary.h"

enum {
	NOISE = 8,	/* the most that is passed of stops, digits ...: anything may end a line */
	ENAME_MAX = 32, /* bytes of a name of errno */
	SIGNS_MAX = 8,	/* words that are looked up as signs of failure */
	WORD_BYTES = 4, /* of a word, that are looked at first */
	THING_MAX = 80, /* bytes of what is not what the program needs */
};

/* What may stand behind the text: blanks, a full stop. */
static const unsigned char *without_stop(const unsigned char *line, const unsigned char *end)
{
	for (unsigned n = 0; n < NOISE && end > line; n++) {
		if (!lt_is(end[-1], LT_C_BLANK) && end[-1] != '.' && end[-1] != '!')
			break;
		end--;
	}
	return end;
}

/* " (2)", " (os error 2)", " [111]": the number behind the text; `end` if there is none. */
static const unsigned char *without_number(const unsigned char *line, const unsigned char *end)
{
	static const char os_error[] = "os error ";
	const size_t before = sizeof(os_error) - 1;
	const unsigned char *at = end - 1;

	if (end - line < 4 || (*at != ')' && *at != ']') || !lt_is(at[-1], LT_C_DIGIT))
		return end;
	while (at > line && lt_is(at[-1], LT_C_DIGIT) && end - at < NOISE)
		at--;
	if ((size_t)(at - line) > before && memcmp(at - before, os_error, before) == 0)
		at -= before;
	return at - line >= 2 && (at[-1] == '(' || at[-1] == '[') && at[-2] == ' ' ? at - 2 : end;
}

/* strace's results: "= -1 ENOENT (No such file or directory)". */
static bool is_traced(const unsigned char *line, const unsigned char *open)
{
	const unsigned char *at = open;

	if (at > line && at[-1] == ' ')
		at--;
	while (at > line && lt_is(at[-1], LT_C_UPPER | LT_C_DIGIT) && open - at < ENAME_MAX)
		at--;
	return *at == 'E' && at - line >= 3 && memcmp(at - 3, "-1 ", 3) == 0;
}

static bool is_number(unsigned char byte)
{
	return lt_is(byte, LT_C_DIGIT) || byte == ':' || byte == ' ';
}

/* Whether the text is a report, by what stands before it: a colon, or a bracket. */
static bool is_reported(const unsigned char *line, const unsigned char *text,
			const struct lt_head *head, bool bracketed)
{
	if (text == line)
		return true; /* perror("") */
	if (bracketed) {
		/* "(No such file or directory)", "(111: Connection refused)" */
		for (unsigned n = 0; n < NOISE && text > line && is_number(text[-1]); n++)
			text--;
		return head->tagged && text > line && text[-1] == '(' && !is_traced(line, text - 1);
	}
	if (text - line < 2 || text[-1] != ' ')
		return false;
	switch (text[-2]) {
	case ':':
		return head->tagged || !head->dated;
	case '-': /* "kill: (31) - No such process" */
	case ']': /* "[Errno 2] No such file or directory" */
		return head->tagged;
	default:
		return false;
	}
}

/* "tool: x does not exist": the end of a program's message, but not "12 run, 0 failed". */
static bool is_tail(const unsigned char *line, const unsigned char *text,
		    const struct lt_head *head)
{
	return head->program && !head->dated && text - line > 3 && text[-1] == ' ' &&
	       !lt_is(text[-2], LT_C_DIGIT);
}

/* "factor: 'x' is not a valid positive integer": what is not what the program needs. */
static bool is_refused(const struct lt_head *head, const unsigned char *end)
{
	static const char is_not[] = " is not a";
	const unsigned char *at = head->message;

	if (!head->program || head->dated)
		return false;
	if (end - at > THING_MAX)
		end = at + THING_MAX;
	at = lt_find(lt_skip_blanks(at, end), end, ' ');
	return (size_t)(end - at) >= sizeof(is_not) && memcmp(at, is_not, sizeof(is_not) - 1) == 0;
}

bool lt_reports_failure(const unsigned char *line, const unsigned char *end,
			const struct lt_head *head)
{
	const struct lt_end *found;
	bool bracketed;

	if (is_refused(head, end))
		return true;
	if (end - line < 4 || (lt_is(end[-1], LT_C_LETTER) && !lt_may_end_in_failure(end)))
		return false; /* nearly all */
	end = without_number(line, without_stop(line, end));
	bracketed = end > line && end[-1] == ')';
	end = without_stop(line, end - bracketed);
	found = lt_end_find(line, end);
	if (!found)
		return false;
	return found->tail ? !bracketed && is_tail(line, end - found->length, head)
			   : is_reported(line, end - found->length, head, bracketed);
}

/* A bit for each of sixteen bytes before a word's first letter. */
static inline lt_mask words16(const unsigned char *at)
{
	return lt_mask16(lt_equal16(lt_load16(at), ' ')) & lt_letters16(lt_load16(at + 1));
}

/* Whether a word may be a sign; "3 failed" counts. */
static inline bool may_be_sign(const unsigned char *word)
{
	return lt_bit_of_four(lt_sign_bits, lt_four(word) | 0x20202020) &&
	       !lt_is(word[-2], LT_C_DIGIT);
}

static bool is_sign(const unsigned char *word, const unsigned char *end)
{
	struct lt_lead lead = lt_lead_read(word, end);

	return lt_phrase_find(lt_phrase_hash(&lead), word, end, LT_P_WITHIN) != NULL;
}

bool lt_holds_failure(const unsigned char *message, const unsigned char *end)
{
	const unsigned char *at = message;
	unsigned signs = 0;

	if (end - at < 4 || (at[1] == '(' && !lt_is(at[2], LT_C_DIGIT)) ||
	    memcmp(end - 3, "...", 3) == 0)
		return false;
	for (; end - at >= 16 + WORD_BYTES && signs < SIGNS_MAX; at += 16) {
		for (lt_mask words = words16(at); words != 0; words &= words - 1) {
			const unsigned char *word = at + __builtin_ctz(words) + 1;

			if (!may_be_sign(word))
				continue;
			if (is_sign(word, end))
				return true;
			signs++;
		}
	}
	for (; end - at > WORD_BYTES && signs < SIGNS_MAX; at++) {
		if (*at != ' ' || !may_be_sign(at + 1))
			continue;
		if (is_sign(at + 1, end))
			return true;
		signs++;
	}
	return false;
}
