/* SPDX-License-Identifier: MIT */
/*
 * Forms that are no words in places: each the severity that it shows, or LT_SEVERITY_NONE; or where
 * it ends. Each function reads only the bytes between its two pointers.
 */
#ifndef LOGTAP_SEVERITY_FORMS_H
#define LOGTAP_SEVERITY_FORMS_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

int lt_marker_severity(const unsigned char *at, const unsigned char *close);
const unsigned char *lt_quoted_file_end(const unsigned char *at, const unsigned char *end);
bool lt_is_ruby_exception(const unsigned char *at, const unsigned char *end);
int lt_sssd_severity(const unsigned char *at, const unsigned char *close);
int lt_esxi_severity(const unsigned char *at, const unsigned char *end);
int lt_cisco_severity(const unsigned char *at, const unsigned char *end);
bool lt_is_access_time(const unsigned char *start, const unsigned char *close);
int lt_redis_severity(const unsigned char *at, const unsigned char *end);

/* What the walk saw of a line's head. */
struct lt_head {
	bool dated;		      /* a time */
	bool tagged;		      /* a name and a colon */
	bool program;		      /* they began the line: the tag of a program or a place */
	const unsigned char *message; /* behind the last of them, or NULL */
};

/*
 * Whether a line reports a failure by its end: in a colon and one of the texts of strerror(3) or of
 * the rows of "end", or behind a program's tag in one of "tail"; or says that "x is not a ...".
 * Without a tag, a time or a bracket around the text makes it something else.
 */
bool lt_reports_failure(const unsigned char *line, const unsigned char *end,
			const struct lt_head *head);

/*
 * Whether a message behind the tag of a program holds one of the rows of "sign", at the beginning
 * of a word. What is under way ("x is missing...") or in brackets has not failed.
 */
bool lt_holds_failure(const unsigned char *message, const unsigned char *end);

/*
 * Two phrases that stand behind a sentence: a shell's "(core dumped)" in the window, and the
 * assertion of a C++ function, behind whose text nothing but "failed." stands up to the line's end.
 */
int lt_sentence_severity(const unsigned char *at, const unsigned char *window,
			 const unsigned char *end);
#define LT_SENTENCE_BYTE '(' /* of the first one */

/*
 * Whether the name [name, at) ends in a key without being one, and nothing but a value follows it
 * up to end: "log_level: WARNING", "loglevel = ERROR" in a dump of settings.
 */
bool lt_is_setting(const unsigned char *name, const unsigned char *at, const unsigned char *end);

#pragma GCC visibility pop

#endif
