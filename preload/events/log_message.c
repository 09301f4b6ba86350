/* SPDX-License-Identifier: MIT */
/*
 * Heads of log messages. Where a word could be a host or the beginning of the text, only this
 * machine's own name is taken for one; a tag is what journald takes for one: the first word, if it
 * ends in a colon. Pure, and never reads a byte that it wasn't given.
 */
#include "log_message.h"

#include <string.h>
#include <syslog.h>

/* What is still to be read. */
struct rest {
	char *at, *end;
};

static size_t left(const struct rest *rest)
{
	return (size_t)(rest->end - rest->at);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of the word at the front: up to a space or the end. */
static size_t word(const struct rest *rest)
{
	const char *space = memchr(rest->at, ' ', left(rest));

	return space ? (size_t)(space - rest->at) : left(rest);
}

static void skip(struct rest *rest, size_t size)
{
	rest->at += size;
	if (left(rest) && *rest->at == ' ')
		rest->at++;
}

/* How many bytes follow, where messages go through TCP: "57 <". */
static void skip_count(struct rest *rest)
{
	size_t size = 0;

	while (size < left(rest) && is_digit(rest->at[size]))
		size++;
	if (size && left(rest) - size >= 2 && rest->at[size] == ' ' && rest->at[size + 1] == '<')
		rest->at += size + 1;
}

/* "<PRI>": up to three digits. */
static bool take_priority(struct rest *rest, int *priority)
{
	size_t size = 1;
	int value = 0;

	if (!left(rest) || *rest->at != '<')
		return false;
	for (; size < left(rest) && size <= 3 && is_digit(rest->at[size]); size++)
		value = value * 10 + (rest->at[size] - '0');
	if (size == 1 || size == left(rest) || rest->at[size] != '>')
		return false;
	rest->at += size + 1;
	*priority = value;
	return true;
}

/* Whether the bytes at the front are as in the pattern, where 0 stands for a digit or a space. */
static bool looks_like(const struct rest *rest, const char *pattern)
{
	size_t size = strlen(pattern);

	if (left(rest) < size)
		return false;
	for (size_t i = 0; i < size; i++) {
		char c = rest->at[i];

		if (pattern[i] == '0' ? !is_digit(c) && c != ' ' : c != pattern[i])
			return false;
	}
	return true;
}

/* "Nov 28 22:50:29 " or "2026-11-28T22:50:29.5+01:00 ". */
static bool take_time(struct rest *rest)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const struct rest behind_month = { rest->at + 3, rest->end };

	if (looks_like(rest, "0000-00-00T00:00:00")) {
		skip(rest, word(rest));
		return true;
	}
	if (left(rest) < 4 || !looks_like(&behind_month, " 00 00:00:00 "))
		return false;
	for (const char *month = months; *month; month += 3) {
		if (!memcmp(rest->at, month, 3)) {
			rest->at += 16;
			return true;
		}
	}
	return false;
}

/* An empty host stands between two spaces. */
static void take_host(struct rest *rest, const struct lt_log_sender *sender)
{
	size_t size = word(rest);

	if (!size || (size < left(rest) && rest->at[size - 1] != ':' && rest->at[size - 1] != ']' &&
		      sender->is_host(rest->at, size)))
		skip(rest, size);
}

/* Whether the digits in `size` bytes are that number. */
static bool is_number(const char *digits, size_t size, long number)
{
	long value = 0;

	if (!size || size > 10)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!is_digit(digits[i]))
			return false;
		value = value * 10 + (digits[i] - '0');
	}
	return value == number;
}

/* "tag: " or "tag[pid]: ", and nothing else that ends in a colon. */
static void take_tag(struct lt_log_message *message, struct rest *rest, long pid)
{
	size_t size = word(rest), end = size - 1;
	char *ident = rest->at, *bracket;

	if (size < 2 || size > 128 || ident[end] != ':')
		return;
	bracket = memchr(ident, '[', end);
	if (bracket == ident)
		return;
	if (bracket && ident[end - 1] == ']' &&
	    is_number(bracket + 1, (size_t)(ident + end - bracket) - 2, pid))
		*bracket = '\0';
	ident[end] = '\0';
	message->ident = ident;
	skip(rest, size);
}

static void take_rfc3164(struct lt_log_message *message, struct rest *rest,
			 const struct lt_log_sender *sender)
{
	if (take_time(rest))
		take_host(rest, sender);
	take_tag(message, rest, sender->pid);
}

struct field {
	char *at;
	size_t size; /* 0: "-", it says nothing */
};

static bool take_field(struct rest *rest, struct field *field)
{
	*field = (struct field){ rest->at, word(rest) };
	if (!field->size || field->size == left(rest))
		return false;
	skip(rest, field->size);
	if (field->size == 1 && *field->at == '-')
		field->size = 0;
	return true;
}

/* The length of the structured data at the front: elements in brackets, with quoted values. */
static size_t structured_size(const struct rest *rest)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < left(rest); i++) {
		char c = rest->at[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == ' ' && i && rest->at[i - 1] == ']')
			return i;
	}
	return left(rest);
}

/* The pid behind the name, where it is another one, and a NUL: all of it moves left by a byte. */
static char *join_pid(char *name, size_t size, const struct field *pid)
{
	char *ident = name - 1;

	memmove(ident, name, size);
	ident[size] = '[';
	memmove(ident + size + 1, pid->at, pid->size);
	ident[size + 1 + pid->size] = ']';
	ident[size + 2 + pid->size] = '\0';
	return ident;
}

/* "1 TIME HOST NAME PID ID DATA TEXT". An id and data that say something stay with the text. */
static bool take_rfc5424(struct lt_log_message *message, struct rest *rest, long pid)
{
	struct rest at = { rest->at + 2, rest->end };
	struct field time, host, name, process, id;
	const char *mark = "\xef\xbb\xbf";
	char *data;

	if (!looks_like(rest, "1 ") || !take_field(&at, &time) ||
	    (time.size && !is_digit(*time.at)) || !take_field(&at, &host) ||
	    !take_field(&at, &name) || !take_field(&at, &process) || !take_field(&at, &id))
		return false;
	data = at.at;
	if (!left(&at) || (*data != '-' && *data != '['))
		return false;
	skip(&at, *data == '-' ? 1 : structured_size(&at));
	if (left(&at) >= 3 && !memcmp(at.at, mark, 3))
		at.at += 3;
	if (name.size && process.size && !is_number(process.at, process.size, pid))
		message->ident = join_pid(name.at, name.size, &process);
	else if (name.size)
		message->ident = name.at;
	if (name.size && message->ident == name.at)
		name.at[name.size] = '\0';
	rest->at = id.size ? id.at : *data == '[' ? data : at.at;
	return true;
}

void lt_log_message_read(struct lt_log_message *message, char *bytes, size_t size,
			 const struct lt_log_sender *sender)
{
	struct rest rest = { bytes, bytes + size };
	int priority = LOG_USER | LOG_NOTICE;
	bool has_priority;

	skip_count(&rest);
	has_priority = take_priority(&rest, &priority);

	message->severity = LOG_PRI(priority);
	message->facility = priority >> 3;
	message->ident = NULL;
	if (!has_priority || !take_rfc5424(message, &rest, sender->pid))
		take_rfc3164(message, &rest, sender);
	message->text = rest.at;
	message->size = left(&rest);
}
