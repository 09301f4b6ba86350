/* SPDX-License-Identifier: MIT */
/*
 * The journal's native protocol: "NAME=value\n", or for a value with any bytes "NAME\n", its size
 * in 64 bits, little-endian, the value and "\n". An empty line ends an entry. Pure.
 */
#include "journal_entry.h"

#include <stdint.h>
#include <string.h>

static uint64_t little_endian(const unsigned char *bytes)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | bytes[i];
	return value;
}

static bool read_field(struct lt_journal_field *field, char *bytes, size_t size)
{
	char *newline = memchr(bytes, '\n', size);
	size_t line = newline ? (size_t)(newline - bytes) : size, left;
	char *equals = memchr(bytes, '=', line);
	uint64_t value_size;

	field->name = bytes;
	if (equals) {
		field->name_size = (size_t)(equals - bytes);
		field->value = equals + 1;
		field->value_size = line - field->name_size - 1;
		field->size = line + (newline != NULL);
		return field->name_size != 0;
	}
	left = size - line;
	if (!newline || !line || left < 1 + 8)
		return false;
	value_size = little_endian((const unsigned char *)newline + 1);
	if (value_size > left - 9)
		return false;
	field->name_size = line;
	field->value = newline + 9;
	field->value_size = (size_t)value_size;
	field->size = line + 9 + field->value_size;
	/* The newline behind it, which the last field may lack; journald, too, reads no further. */
	if (field->size == size)
		return true;
	return bytes[field->size++] == '\n';
}

static bool is_named(const struct lt_journal_field *field, const char *name)
{
	return field->name_size == strlen(name) && !memcmp(field->name, name, field->name_size);
}

static void reverse(char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		char byte = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = byte;
	}
}

/* Exchanges two neighbours, where the first has `first` bytes and the second `second`. */
static void exchange(char *bytes, size_t first, size_t second)
{
	if (!first)
		return;
	reverse(bytes, first);
	reverse(bytes + first, second);
	reverse(bytes, first + second);
}

/* Whether the field is said by the event's own; then it is none of the others. */
static bool keep(struct lt_journal_entry *entry, const struct lt_journal_field *field,
		 size_t *ident_size)
{
	if (is_named(field, "MESSAGE") && !entry->message) {
		entry->message = field->value;
		entry->message_size = field->value_size;
		return true;
	}
	if (is_named(field, "PRIORITY") && field->value_size == 1 && *field->value >= '0' &&
	    *field->value <= '7') {
		entry->severity = *field->value - '0';
		return true;
	}
	if (is_named(field, "SYSLOG_IDENTIFIER") && field->value_size && !entry->ident) {
		entry->ident = field->value;
		*ident_size = field->value_size;
		return true;
	}
	return false;
}

/* The others are moved to the front of the entry, and what is kept behind them, field by field. */
size_t lt_journal_entry_read(struct lt_journal_entry *entry, char *bytes, size_t size)
{
	size_t at = 0, kept = 0; /* kept: bytes before `at` that are none of the others */
	size_t ident_size = 0;
	struct lt_journal_field field;

	memset(entry, 0, sizeof(*entry));
	entry->severity = 6;
	entry->fields = bytes;
	while (at < size && bytes[at] != '\n') {
		if (!read_field(&field, bytes + at, size - at))
			break;
		if (keep(entry, &field, &ident_size)) {
			kept += field.size;
		} else {
			exchange(bytes + at - kept, kept, field.size);
			if (entry->message)
				entry->message += field.size;
			if (entry->ident)
				entry->ident += field.size;
			entry->fields_size += field.size;
		}
		at += field.size;
	}
	if (entry->ident)
		entry->ident[ident_size] = '\0';
	return at + (at < size && bytes[at] == '\n');
}

bool lt_journal_field(struct lt_journal_field *field, const char *fields, size_t size)
{
	return size && read_field(field, (char *)fields, size);
}
