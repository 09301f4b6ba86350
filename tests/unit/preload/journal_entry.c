/* SPDX-License-Identifier: MIT */
/* Entries of the journal's native protocol, taken apart. */
#include "journal_entry.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* \x03 and seven \0 are the size of a value with any bytes. */
#define SIZE3	     "\x03\0\0\0\0\0\0\0"
#define ROW(written) written, sizeof(written) - 1

static const struct {
	const char *written;
	size_t size;
	size_t taken; /* of them: an entry and what ends it */
	int severity;
	const char *ident, *fields, *message;
} rows[] = {
	{ ROW("MESSAGE=hi\nPRIORITY=3\n"), 22, 3, NULL, "", "hi" },
	{ ROW("MESSAGE\n" SIZE3 "a\nb\nPRIORITY=4\n"), 31, 4, NULL, "", "a\nb" },
	/* Others keep their order, wherever the message stands. */
	{ ROW("A=1\nMESSAGE=m\nB=2\nSYSLOG_IDENTIFIER=me\nPRIORITY=7\nC=3"), 53, 7, "me",
	  "A=1\nB=2\nC=3", "m" },
	{ ROW("SYSLOG_IDENTIFIER=me\nMESSAGE=m\nA\n" SIZE3 "\0\n=\nB=\n"), 48, 6, "me",
	  "A\n" SIZE3 "\0\n=\nB=\n", "m" },
	{ ROW("A=1\n"), 4, 6, NULL, "A=1\n", NULL },
	/* What isn't a severity, a second message and an empty name are others. */
	{ ROW("PRIORITY=9\nMESSAGE=1\nMESSAGE=2\nPRIORITY=33\n"), 43, 6, NULL,
	  "PRIORITY=9\nMESSAGE=2\nPRIORITY=33\n", "1" },
	{ ROW("MESSAGE=\nSYSLOG_IDENTIFIER=\n"), 28, 6, NULL, "SYSLOG_IDENTIFIER=\n", "" },
	/* An empty line ends the entry. */
	{ ROW("MESSAGE=one\n\nMESSAGE=two\n"), 13, 6, NULL, "", "one" },
	{ ROW("\nMESSAGE=one\n"), 1, 6, NULL, "", NULL },
	/* What is no field ends it. */
	{ ROW("MESSAGE=m\nnonsense"), 10, 6, NULL, "", "m" },
	{ ROW("MESSAGE=m\n=x\n"), 10, 6, NULL, "", "m" },
	{ ROW("MESSAGE=m\nB\n\xff\xff\xff\xff\xff\xff\xff\xff"), 10, 6, NULL, "", "m" },
	{ ROW("nonsense\n"), 0, 6, NULL, "", NULL },
	{ ROW("SYSLOG_IDENTIFIER=last"), 22, 6, "last", "", NULL },
};

static size_t fields_size(size_t row)
{
	return row == 3 ? 17 : strlen(rows[row].fields);
}

Test(journal_entry, rows)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *bytes = malloc(rows[i].size + 1);
		struct lt_journal_entry entry;

		memcpy(bytes, rows[i].written, rows[i].size);
		cr_expect_eq(lt_journal_entry_read(&entry, bytes, rows[i].size), rows[i].taken,
			     "row %zu", i);
		cr_expect_eq(entry.severity, rows[i].severity, "row %zu", i);
		cr_expect(rows[i].ident ? entry.ident && !strcmp(entry.ident, rows[i].ident)
					: !entry.ident,
			  "row %zu", i);
		cr_expect(entry.fields_size == fields_size(i) &&
				  !memcmp(entry.fields, rows[i].fields, entry.fields_size),
			  "row %zu: %.*s", i, (int)entry.fields_size, entry.fields);
		cr_expect_eq(!entry.message, !rows[i].message, "row %zu", i);
		if (entry.message)
			cr_expect(
				entry.message_size == strlen(rows[i].message) &&
					!memcmp(entry.message, rows[i].message, entry.message_size),
				"row %zu", i);
		free(bytes);
	}
}
