/* SPDX-License-Identifier: MIT */
/*
 * Field lines of format files: "\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;". A line
 * that isn't exactly of that shape is left out: its field isn't shown. Must never let anything
 * through to libtraceevent that was not checked here character by character.
 */
#include "format_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record is no larger, nor has more fields. */
#define PLACE_MAX  65535
#define FIELDS_MAX 512

/* The kernel's names have some 30 letters. Every event repeats them. */
#define NAME_LETTERS_MAX 64

/* Fields without bytes of their own ("char buf[]" at the end): a name for nothing. */
#define EMPTY_MAX 4

/* One checked line: its declaration, and its numbers. */
struct field {
	const char *declaration;
	size_t size;
	unsigned int offset, length, is_signed;
};

static bool is_word(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

/* The identifier at `text`: its bytes, 0 when there is none. */
static size_t identifier(const char *text, size_t size)
{
	size_t length = 0;

	if (!size || isdigit((unsigned char)text[0]))
		return 0;
	while (length < size && is_word(text[length]))
		length++;
	return length <= NAME_LETTERS_MAX ? length : 0;
}

/* "[]", "[16]", "[TASK_COMM_LEN]": its bytes, 0 when there is none. */
static size_t brackets(const char *text, size_t size)
{
	size_t length = 1;

	if (!size || text[0] != '[')
		return 0;
	while (length < size && is_word(text[length]))
		length++;
	return length < size && text[length] == ']' ? length + 1 : 0;
}

/*
 * "unsigned long args[6]", "const char * name", "__data_loc char[] name": at least two words, the
 * last of which is the name. Brackets may stand behind the name, or behind the type of what is
 * somewhere else in the record.
 */
static bool check_declaration(const char *text, size_t size)
{
	bool dynamic = size > 11 && (memcmp(text, "__data_loc ", 11) == 0 ||
				     memcmp(text, "__rel_loc ", 10) == 0);
	bool ends_in_name = false;
	unsigned int words = 0;
	unsigned int arrays = 0;

	while (size) {
		size_t length = identifier(text, size);

		ends_in_name = length != 0;
		if (length) {
			size_t array = brackets(text + length, size - length);

			words++;
			arrays += array != 0;
			/* Only the name's own may be the end. */
			if (array && !dynamic && length + array != size)
				return false;
			length += array;
			text += length;
			size -= length;
			if (size && *text != ' ' && *text != '*')
				return false;
		} else if (*text == '*') {
			text++;
			size--;
		} else {
			return false;
		}
		while (size && *text == ' ') {
			text++;
			size--;
			if (!size)
				return false;
		}
	}
	return ends_in_name && words >= 2 && words <= 16 && arrays <= 1;
}

/* "label:NUMBER;" at *text, which is moved behind it. */
static bool take_number(const char **text, const char *end, const char *label, unsigned int *number)
{
	size_t size = strlen(label);
	unsigned int value = 0;
	const char *at = *text;

	while (at < end && (*at == '\t' || *at == ' '))
		at++;
	if ((size_t)(end - at) <= size || memcmp(at, label, size) != 0)
		return false;
	at += size;
	if (!isdigit((unsigned char)*at))
		return false;
	for (; at < end && isdigit((unsigned char)*at) && value <= PLACE_MAX; at++)
		value = value * 10 + (unsigned int)(*at - '0');
	if (at == end || *at != ';' || value > PLACE_MAX)
		return false;
	*text = at + 1;
	*number = value;
	return true;
}

static bool parse_line(const char *line, const char *end, struct field *field)
{
	static const char LABEL[] = "\tfield:";
	size_t label = sizeof(LABEL) - 1;
	const char *semicolon;

	if ((size_t)(end - line) <= label || memcmp(line, LABEL, label) != 0)
		return false;
	line += label;
	semicolon = memchr(line, ';', (size_t)(end - line));
	if (!semicolon)
		return false;
	field->declaration = line;
	field->size = (size_t)(semicolon - line);
	line = semicolon + 1;
	return check_declaration(field->declaration, field->size) &&
	       take_number(&line, end, "offset:", &field->offset) &&
	       take_number(&line, end, "size:", &field->length) &&
	       take_number(&line, end, "signed:", &field->is_signed) && field->is_signed <= 1;
}

static bool is_common(const struct field *field)
{
	return memmem(field->declaration, field->size, " common_", 8) != NULL;
}

/* Where the fields are that were taken. */
struct taken {
	struct {
		unsigned int begin, end;
	} places[FIELDS_MAX];
	unsigned int count, empty;
};

/* No byte is shown twice: that would make much of a short record. */
static bool take_place(struct taken *taken, const struct field *field)
{
	unsigned int begin = field->offset;
	unsigned int end = field->offset + field->length;

	if (begin == end && taken->empty++ == EMPTY_MAX)
		return false;
	for (unsigned int i = 0; i < taken->count; i++) {
		if (begin < taken->places[i].end && end > taken->places[i].begin)
			return false;
	}
	taken->places[taken->count].begin = begin;
	taken->places[taken->count++].end = end;
	return true;
}

/* The lines of one kind: first the common fields', then the others'. */
static unsigned int write_fields(FILE *file, const char *text, size_t size, bool common)
{
	const char *end = text + size;
	struct taken taken;
	unsigned int count = 0;

	taken.count = 0;
	taken.empty = 0;

	while (text < end && count < FIELDS_MAX) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;
		struct field field;

		if (parse_line(text, line_end, &field) && is_common(&field) == common &&
		    take_place(&taken, &field)) {
			fprintf(file, "\tfield:%.*s;\toffset:%u;\tsize:%u;\tsigned:%u;\n",
				(int)field.size, field.declaration, field.offset, field.length,
				field.is_signed);
			count++;
		}
		text = newline ? newline + 1 : end;
	}
	return count;
}

char *format_text_clean(const char *text, size_t size, uint32_t id, size_t *clean_size)
{
	char *clean = NULL;
	unsigned int count;
	FILE *file = open_memstream(&clean, clean_size);

	if (!file)
		return NULL;
	fprintf(file, "name: event\nID: %u\nformat:\n", id);
	write_fields(file, text, size, true);
	fputc('\n', file);
	count = write_fields(file, text, size, false);
	fputs("\nprint fmt: \"\"\n", file);
	if (fclose(file) != 0 || !count) {
		free(clean);
		return NULL;
	}
	return clean;
}
