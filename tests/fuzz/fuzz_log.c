/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a program writes to a log socket, and as a note behind LD_PRELOAD: nothing is
 * read that wasn't given, what is shown is a part of what was written, and an entry's fields and
 * message are all of its bytes, each once, which a second, plain way of reading it confirms.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "exec_note.h"
#include "journal_entry.h"
#include "log_message.h"

/* The spare byte behind the bytes may be written, and nothing else. */
static char *copy(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1);

	if (!bytes)
		abort();
	if (size)
		memcpy(bytes, data, size);
	return bytes;
}

static bool is_host(const char *name, size_t size)
{
	return size > 1 && name[0] == 'h' && name[size - 1] == 't';
}

static bool is_end_of(const uint8_t *data, size_t size, const char *end, size_t end_size)
{
	return end_size <= size && !memcmp(data + size - end_size, end, end_size);
}

static void check_message(const uint8_t *data, size_t size)
{
	const struct lt_log_sender sender = { .pid = 42, .is_host = is_host };
	char *bytes = copy(data, size);
	struct lt_log_message message;

	lt_log_message_read(&message, bytes, size, &sender);
	check(message.severity >= 0 && message.severity < 8, "a severity");
	check(message.facility >= 0 && message.facility < 125, "a facility");
	check(is_end_of(data, size, message.text, message.size), "the text is the message's end");
	if (message.ident)
		check(message.ident >= bytes &&
			      message.ident + strlen(message.ident) <= bytes + size,
		      "the ident is of the message, and ends");
	free(bytes);
}

/* The plain way: one field after the other, nothing moved. */
static size_t plain_field(const uint8_t *data, size_t size, size_t *name, size_t *value,
			  size_t *value_size)
{
	const uint8_t *newline = memchr(data, '\n', size);
	size_t line = newline ? (size_t)(newline - data) : size;
	const uint8_t *equals = memchr(data, '=', line);
	uint64_t count = 0;

	if (equals) {
		*name = (size_t)(equals - data);
		*value = *name + 1;
		*value_size = line - *value;
		return *name ? line + (newline != NULL) : 0;
	}
	if (!newline || !line || size - line < 9)
		return 0;
	for (int i = 0; i < 8; i++)
		count |= (uint64_t)newline[1 + i] << (8 * i);
	if (count > size - line - 9)
		return 0;
	*name = line;
	*value = line + 9;
	*value_size = count;
	line += 9 + count;
	if (line == size)
		return line;
	return data[line] == '\n' ? line + 1 : 0;
}

static bool is_named(const uint8_t *name, size_t size, const char *wanted)
{
	return size == strlen(wanted) && !memcmp(name, wanted, size);
}

static void check_entry(const uint8_t *data, size_t size)
{
	char *bytes = copy(data, size), *fields = malloc(size + 1);
	size_t at = 0, kept = 0, name, value, value_size, field, taken;
	struct lt_journal_entry entry;
	bool has_message = false, has_ident = false;

	taken = lt_journal_entry_read(&entry, bytes, size);
	while (at < size && data[at] != '\n' &&
	       (field = plain_field(data + at, size - at, &name, &value, &value_size))) {
		const uint8_t *text = data + at + value;

		if (is_named(data + at, name, "MESSAGE") && !has_message) {
			has_message = true;
			check(entry.message && entry.message_size == value_size &&
				      !memcmp(entry.message, text, value_size),
			      "the message is as it was written");
		} else if (is_named(data + at, name, "SYSLOG_IDENTIFIER") && value_size &&
			   !has_ident) {
			has_ident = true;
			check(entry.ident && !memcmp(entry.ident, text, value_size) &&
				      !entry.ident[value_size],
			      "the ident is as it was written");
		} else if (!is_named(data + at, name, "PRIORITY") || value_size != 1 ||
			   *text < '0' || *text > '7') {
			memcpy(fields + kept, data + at, field);
			kept += field;
		}
		at += field;
	}
	check(taken == at + (at < size && data[at] == '\n'), "how much was taken");
	check(has_message == (entry.message != NULL), "whether there is a message");
	check(has_ident == (entry.ident != NULL), "whether there is an ident");
	check(entry.fields_size == kept && !memcmp(entry.fields, fields, kept),
	      "the others are all there, as they were written");
	free(fields);
	free(bytes);
}

static void check_note(const uint8_t *data, size_t size)
{
	char *value = copy(data, size);
	struct lt_note_entry entry;
	struct lt_note note;
	size_t entries = 0;

	value[size] = '\0';
	/* Most bytes of the input are separators, or there would hardly be a note. */
	for (size_t i = 0; i < size; i++)
		value[i] = data[i] < 2 ? (char)data[i] : ": "[data[i] & 1];
	if (lt_note_find(&note, value)) {
		check(note.text >= value && note.text + note.size == value + strlen(value),
		      "a note is the value's end");
		while (lt_note_next(&note, &entry))
			check(entry.fd >= 0 && ++entries <= size &&
				      (!entry.has_head ||
				       strlen(entry.head.ident) <= LT_STREAM_IDENT_MAX),
			      "an entry");
	}
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_message(data, size);
	check_entry(data, size);
	check_note(data, size);
	return 0;
}
