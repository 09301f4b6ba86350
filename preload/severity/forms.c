/* SPDX-License-Identifier: MIT */
/*
 * Forms that show a severity without a word in a place: symbols, digits, and two phrases that
 * stand behind a sentence; and settings, which look like one and show none. Reads only the bytes
 * between its two pointers.
 */
#include "forms.h"

#include <stdint.h>
#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "severity.h"
#include "steps16.h"

enum {
	PID_MAX = 10,	    /* digits */
	DATE_MAX = 40,	    /* bytes of a date, and what follows it */
	CODE_MAX = 40,	    /* of Cisco's names before the digit, and the digit */
	VALUE_MAX = 64,	    /* of the value of a setting */
	CANDIDATES_MAX = 8, /* places that are compared with a text */
};

/* "[21/Nov/2026:18:50:01 +0000]", the time of an access log. */
bool lt_is_access_time(const unsigned char *start, const unsigned char *close)
{
	return close - start == 27 && start[3] == '/' && start[7] == '/' && start[12] == ':' &&
	       lt_is(start[1], LT_C_DIGIT) && lt_is(start[26], LT_C_DIGIT);
}

/* Xorg's markers that are no words: (--) (**) (==) (++) are information, (!!) is a notice. */
int lt_marker_severity(const unsigned char *at, const unsigned char *close)
{
	if (*at != '(' || close - at != 3 || at[1] != at[2])
		return LT_SEVERITY_NONE;
	if (at[1] == '!')
		return LOG_NOTICE;
	return at[1] == '-' || at[1] == '*' || at[1] == '=' || at[1] == '+' ? LOG_INFO
									    : LT_SEVERITY_NONE;
}

/*
 * EDG's, IAR's and other compilers' place: "x.c", line 12: and "x.c",12; behind it stands the
 * level as behind "x.c:12:". NULL if there is none.
 */
const unsigned char *lt_quoted_file_end(const unsigned char *at, const unsigned char *end)
{
	static const char line[] = " line ";
	const unsigned char *name = at + 1;
	const unsigned char *digit;

	at = lt_find(name, end, '"');
	if (end - at < 3 || at[1] != ',' || lt_find_either(name, at, '.', '/') == at)
		return NULL; /* no file's name */
	at += 2;
	if ((size_t)(end - at) > sizeof(line) && memcmp(at, line, sizeof(line) - 1) == 0)
		at += sizeof(line) - 1;
	for (digit = at; at < end && lt_is(*at, LT_C_DIGIT); at++)
		;
	if (at == digit || at == end || (*at != ':' && !lt_is(*at, LT_C_BLANK)))
		return NULL;
	return at + 1;
}

/* Ruby's uncaught exception behind "file.rb:12:": "in `take': undefined method 'x' (...)". */
bool lt_is_ruby_exception(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *quote;

	if (end - at < 8 || at[0] != 'i' || at[1] != 'n' || at[2] != ' ' ||
	    (at[3] != '`' && at[3] != '\'') || at[-1] != ':' || !lt_is(at[-2], LT_C_DIGIT))
		return false;
	quote = lt_find_either(at + 4, end, '\'', '\'');
	return end - quote > 2 && quote[1] == ':' && quote[2] == ' ';
}

/* ESXi's column, two letters of the severity and syslog's priority: "Wa(180)". */
int lt_esxi_severity(const unsigned char *at, const unsigned char *end)
{
	static const char names[8][2] = { "Em", "Al", "Cr", "Er", "Wa", "No", "In", "Db" };
	unsigned priority = 0;
	const unsigned char *digit = at + 3;

	if (end - at < 5 || at[2] != '(')
		return LT_SEVERITY_NONE;
	while (digit < end && lt_is(*digit, LT_C_DIGIT) && priority < 100)
		priority = priority * 10 + (*digit++ - '0');
	if (digit == at + 3 || digit == end || *digit != ')' ||
	    memcmp(names[priority & LOG_PRIMASK], at, sizeof(*names)) != 0)
		return LT_SEVERITY_NONE;
	return (int)(priority & LOG_PRIMASK);
}

/* SSSD's debug level, a bit in hexadecimal: "(0x0020):" is a critical failure. */
int lt_sssd_severity(const unsigned char *at, const unsigned char *close)
{
	static const struct {
		char bit[5];
		int8_t severity;
	} bits[] = {
		{ "0010", LOG_CRIT },	 { "0020", LOG_CRIT },	{ "0040", LOG_ERR },
		{ "0080", LOG_WARNING }, { "0100", LOG_INFO },	{ "0200", LOG_INFO },
		{ "0400", LOG_DEBUG },	 { "1000", LOG_DEBUG }, { "2000", LOG_DEBUG },
		{ "4000", LOG_DEBUG },
	};

	if (close - at != 7 || at[0] != '(' || at[1] != '0' || at[2] != 'x')
		return LT_SEVERITY_NONE;
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		if (memcmp(bits[i].bit, at + 3, 4) == 0)
			return bits[i].severity;
	}
	return LT_SEVERITY_NONE;
}

/* Cisco's "%LINK-3-UPDOWN:" and "%ASA-4-402119:": the digit is syslog's severity. */
int lt_cisco_severity(const unsigned char *at, const unsigned char *end)
{
	if (end - at > CODE_MAX)
		end = at + CODE_MAX;
	for (at++; at < end && (lt_is(*at, LT_C_UPPER | LT_C_DIGIT) || *at == '_' || *at == '-');
	     at++) {
		if (end - at > 3 && at[0] == '-' && at[1] >= '0' && at[1] <= '7' && at[2] == '-' &&
		    lt_is(at[3], LT_C_UPPER | LT_C_DIGIT))
			return at[1] - '0';
	}
	return LT_SEVERITY_NONE;
}

/* Redis: "31:M 21 Nov 2026 18:50:01.120 * Ready", up to 2.8 "[31] 21 Nov 18:50:01.120 * ". */
int lt_redis_severity(const unsigned char *at, const unsigned char *end)
{
	static const char symbols[] = { '.', '-', '*', '#' };
	static const int8_t severities[] = { LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING };
	bool bracketed = at < end && *at == '[';
	const unsigned char *pid = at += bracketed;
	unsigned blanks = 0;

	while (at < end && lt_is(*at, LT_C_DIGIT) && at - pid < PID_MAX)
		at++;
	if (at == pid || end - at < 3)
		return LT_SEVERITY_NONE;
	if (bracketed ? at[0] != ']'
		      : at[0] != ':' ||
				(at[1] != 'M' && at[1] != 'S' && at[1] != 'C' && at[1] != 'X') ||
				at[2] != ' ')
		return LT_SEVERITY_NONE;
	at += bracketed;
	if (end - at > DATE_MAX)
		end = at + DATE_MAX;
	for (; at < end && blanks <= 5; at++) {
		if (lt_is(*at, LT_C_WORD) || *at == ':' || *at == '.')
			continue;
		if (!lt_is(*at, LT_C_BLANK))
			break; /* no date of its: NATS, "[12] 2026/11/21 18:50:01 [ERR] a - b" */
		blanks++;
		for (size_t i = 0; blanks >= 4 && i < sizeof(symbols); i++) {
			if (end - at > 2 && at[1] == (unsigned char)symbols[i] && at[2] == ' ' &&
			    lt_is(at[-1], LT_C_DIGIT))
				return severities[i];
		}
	}
	return LT_SEVERITY_NONE;
}

/* ": Assertion `n > 0' failed.": what stands before the text is a function, in C++ a long one. */
static bool is_assertion(const unsigned char *at, const unsigned char *window,
			 const unsigned char *end)
{
	static const char assertion[] = ": Assertion `";
	static const char failed[] = " failed";
	const size_t before = sizeof(assertion) - 1;
	const size_t last = sizeof(failed); /* with a stop behind it */
	const unsigned char *quote;

	if ((size_t)(end - at) < before + last || (end[-1] != '.' && end[-1] != '!') ||
	    memcmp(end - last, failed, last - 1) != 0)
		return false;
	quote = lt_find(at, window, '`');
	return quote != window && (size_t)(quote - at) >= before - 1 &&
	       memcmp(quote - (before - 1), assertion, before) == 0;
}

/* "(core dumped)", in two words that overlap: a call of memcmp costs more than all of this. */
static bool is_dump_at(const unsigned char *at)
{
	static const char dumped[] = "(core dumped)";
	uint64_t text[2];
	uint64_t bytes[2];

	memcpy(&text[0], dumped, 8);
	memcpy(&text[1], dumped + 5, 8);
	memcpy(&bytes[0], at, 8);
	memcpy(&bytes[1], at + 5, 8);
	return ((text[0] ^ bytes[0]) | (text[1] ^ bytes[1])) == 0;
}

/* Whether it begins in one of sixteen places; each of them is looked at once. */
static bool has_dump16(const unsigned char *at, unsigned *candidates)
{
	lt_mask found =
		lt_mask16(lt_equal16(lt_load16(at), '(') & lt_equal16(lt_load16(at + 1), 'c') &
			  lt_equal16(lt_load16(at + 12), ')'));

	for (; found != 0 && *candidates < CANDIDATES_MAX; found &= found - 1) {
		if (is_dump_at(at + __builtin_ctz(found)))
			return true;
		++*candidates;
	}
	return false;
}

static bool is_dump(const unsigned char *at, const unsigned char *end)
{
	unsigned candidates = 0;

	for (; end - at >= 28; at += 16) {
		if (has_dump16(at, &candidates))
			return true;
	}
	for (; end - at >= 13; at++) {
		if (*at == '(' && is_dump_at(at))
			return true;
	}
	return false;
}

int lt_sentence_severity(const unsigned char *at, const unsigned char *window,
			 const unsigned char *end)
{
	if ((lt_has_byte(at, window, LT_SENTENCE_BYTE) && is_dump(at, window)) ||
	    is_assertion(at, window, end))
		return LOG_CRIT;
	return LT_SEVERITY_NONE;
}

/* Whether a name ends in a key without being one: "loglevel", "min_severity". */
static bool ends_in_key(const unsigned char *name, const unsigned char *end)
{
	static const struct {
		char text[9];
		uint8_t length;
	} keys[] = { { "level", 5 }, { "severity", 8 }, { "priority", 8 } };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		size_t left = keys[i].length;

		if ((size_t)(end - name) <= left)
			continue;
		for (const unsigned char *at = end; left > 0; left--) {
			if ((*--at | 0x20) != keys[i].text[left - 1])
				break;
		}
		if (left == 0)
			return true;
	}
	return false;
}

bool lt_is_setting(const unsigned char *name, const unsigned char *at, const unsigned char *end)
{
	if (!ends_in_key(name, at))
		return false;
	if (end - at > VALUE_MAX)
		return false;
	while (at < end && (lt_is(*at, LT_C_BLANK) || *at == ':' || *at == '='))
		at++;
	while (at < end && lt_is(*at, LT_C_LETTER))
		at++;
	while (at < end && lt_is(*at, LT_C_BLANK))
		at++;
	return at == end || *at == ',' || *at == ';' || *at == '(' || *at == '#';
}
