/* SPDX-License-Identifier: MIT */
/*
 * The dialects' tables prove themselves: every example they carry has the severity that stands
 * before it, every word is found, and the orders that lookups rely on hold.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "examples.h"
#include "severity/json.h"
#include "severity/severity.h"
#include "severity/vocabulary.h"

Test(dialects, examples)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *e = &examples[i];
		size_t skip;
		int severity = lt_severity_of_line(e->line, strlen(e->line), LT_DETECT_ON, &skip);

		cr_expect_str_eq(lt_severity_name(severity), e->severity, "%s: %s", e->source,
				 e->line);
		cr_expect_eq(skip, 0);
	}
}

/* The lookup goes by letter and length: a word that stands out of order would not be found. */
Test(dialects, every_word_is_found)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const struct lt_word *word =
			lt_word_find((const unsigned char *)words[i], strlen(words[i]));

		cr_assert(word != NULL, "%s is out of order", words[i]);
		cr_expect_eq((char)(word->head & 0xff), words[i][0]);
		cr_expect(strlen(words[i]) <= LT_WORD_MAX, "%s is too long", words[i]);
	}
	cr_expect(lt_word_find((const unsigned char *)"errors", 6) == NULL);
	cr_expect(lt_word_find((const unsigned char *)"erro1", 5) == NULL);
}

/* With whatever may stand behind its letters: their hash says whether a blank does. */
static void find_phrase(const char *format, const char *text, int length)
{
	char line[100];
	const unsigned char *at = (const unsigned char *)line;
	const unsigned char *end = at + snprintf(line, sizeof(line), format, text);
	struct lt_lead lead = lt_lead_read(at, end);
	uint32_t hash = lt_phrase_hash(&lead);
	const struct lt_phrase *phrase;

	cr_assert(lt_may_begin_phrase(hash), "%s", line);
	phrase = lt_phrase_find(hash, at, end, LT_P_TAGGED | LT_P_OPENING);
	cr_assert(phrase != NULL, "%s is in the wrong bucket", line);
	cr_expect_geq(phrase->length, length, "%s", line);
}

Test(dialects, every_phrase_is_found)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
		find_phrase("%s: x", phrases[i], (int)strlen(phrases[i]));
		find_phrase("%s : and more of a line", phrases[i], (int)strlen(phrases[i]));
	}
}

/* Sixteen bytes of a place, or fewer, are read alike. */
Test(dialects, leads)
{
	static const char text[] = "ErrorAndMore than letters";
	const unsigned char *at = (const unsigned char *)text;

	for (size_t from = 0; from < 12; from++) {
		struct lt_lead whole = lt_lead_read(at + from, at + sizeof(text) - 1);

		for (size_t room = 1; room < 16 && from + room < sizeof(text); room++) {
			struct lt_lead lead = lt_lead_read(at + from, at + from + room);
			uint64_t mask = room < 8 ? (UINT64_C(1) << (room * 8)) - 1 : UINT64_MAX;

			cr_expect_eq(lead.head, whole.head & mask, "%zu %zu", from, room);
			cr_expect_eq(lead.letters,
				     whole.letters < room ? whole.letters : (unsigned)room,
				     "%zu %zu", from, room);
			cr_expect_not(lead.whole);
		}
	}
}

Test(dialects, every_json_key_counts)
{
	for (size_t i = 0; i < sizeof(json_keys) / sizeof(*json_keys); i++) {
		const char *value = json_keys[i].values & LT_V_WORDS	? "\"error\""
				    : json_keys[i].values & LT_V_PYTHON ? "40"
				    : json_keys[i].values & LT_V_SYSLOG ? "\"3\""
				    : json_keys[i].values & LT_V_OTEL	? "17"
									: "\"E\"";
		char line[100];
		size_t skip;
		int length = snprintf(line, sizeof(line), "{\"a\":1, \"%s\": %s}", json_keys[i].key,
				      value);
		int severity = lt_severity_of_line(line, (size_t)length, LT_DETECT_ON, &skip);

		cr_expect_eq(severity, LOG_ERR, "%s", line);
	}
}
