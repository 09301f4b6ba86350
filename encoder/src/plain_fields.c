/* SPDX-License-Identifier: MIT */
/*
 * The fields of a tracepoint that is not EventHeader; see plain_fields.h. The rules are those of
 * user_event_parse_fields in kernel/trace/trace_events_user.c of Linux 6.12. Also run within other
 * programs, to write a recording's head again: must never allocate.
 */
#include "plain_fields.h"
#include "put_decimal.h"

#include <errno.h>
#include <string.h>

#include <evh/tracepoint.h>

#define DATA_LOC "__data_loc "
#define REL_LOC	 "__rel_loc "

static const struct {
	const char *name;
	uint8_t size;
	bool is_signed;
} integers[] = {
	{ "u8", 1, false },   { "s8", 1, true },
	{ "u16", 2, false },  { "s16", 2, true },
	{ "u32", 4, false },  { "s32", 4, true },
	{ "u64", 8, false },  { "s64", 8, true },
	{ "char", 1, true },  { "unsigned char", 1, false },
	{ "short", 2, true }, { "unsigned short", 2, false },
	{ "int", 4, true },   { "unsigned int", 4, false },
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static size_t word_length(const char *text, const char *end)
{
	size_t length = 0;

	while (text + length < end && is_word(text[length]))
		length++;
	return length;
}

static const char *skip_spaces(const char *text, const char *end)
{
	while (text < end && *text == ' ')
		text++;
	return text;
}

static bool starts_with(const char *text, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - text) > length && memcmp(text, word, length) == 0;
}

/* A number of at most PLAIN_ARRAY_MAX in front of `close`; 0: it is none. */
static uint16_t take_size(const char **text, const char *end, char close)
{
	unsigned value = 0;

	while (*text < end && **text >= '0' && **text <= '9' && value <= PLAIN_ARRAY_MAX)
		value = value * 10 + (unsigned)(*(*text)++ - '0');
	if (value > PLAIN_ARRAY_MAX || (close && (*text == end || *(*text)++ != close)))
		return 0;
	return (uint16_t)value;
}

/* The basic type at `text`, of one or two words. Its length; 0: there is none. */
static size_t take_basic(const char *text, const char *end, struct plain_field *field)
{
	for (size_t i = sizeof(integers) / sizeof(integers[0]); i-- > 0;) {
		size_t length = strlen(integers[i].name);

		if ((size_t)(end - text) < length || memcmp(text, integers[i].name, length) != 0 ||
		    (text + length < end && is_word(text[length])))
			continue;
		field->size = integers[i].size;
		field->is_signed = integers[i].is_signed;
		field->text = integers[i].size == 1 && strstr(integers[i].name, "char");
		return length;
	}
	return 0;
}

static const char *take_name(const char *text, const char *end, struct plain_field *field)
{
	field->name = text = skip_spaces(text, end);
	field->name_length = word_length(text, end);
	if (field->name_length && *text >= '0' && *text <= '9')
		field->name_length = 0;
	return text + field->name_length;
}

/* `[N]` or `[]`, behind the type or, as in C, behind the name. */
static const char *take_brackets(const char *text, const char *end, struct plain_field *field,
				 bool *bad)
{
	if (text == end || *text != '[' || *bad)
		return text;
	text++;
	if (field->kind == PLAIN_INTEGER) {
		*bad |= field->size != 1 || !field->text;
		field->kind = PLAIN_ARRAY;
		field->size = take_size(&text, end, ']');
		*bad |= !field->size;
	} else if (field->kind != PLAIN_ARRAY && field->size == 0 && text < end && *text == ']') {
		text++;
		field->size = 4;
	} else {
		*bad = true;
	}
	return text;
}

static const char *take_struct(const char *text, const char *end, struct plain_field *field)
{
	size_t length = word_length(text + sizeof("struct ") - 1, end);

	field->kind = PLAIN_STRUCT;
	field->type_length = length ? sizeof("struct ") - 1 + length : 0;
	field->is_signed = true;
	text = skip_spaces(take_name(text + sizeof("struct ") - 1 + length, end, field), end);
	field->size = take_size(&text, end, 0);
	return text;
}

/* Everything but the name's and the whole's own faults. */
static const char *take_typed(const char *text, const char *end, struct plain_field *field,
			      bool *bad)
{
	const char *basic = text;
	size_t length;

	if (starts_with(text, end, DATA_LOC)) {
		field->kind = PLAIN_DATA_LOC;
		basic += sizeof(DATA_LOC) - 1;
	} else if (starts_with(text, end, REL_LOC)) {
		field->kind = PLAIN_REL_LOC;
		basic += sizeof(REL_LOC) - 1;
	}
	length = take_basic(basic, end, field);
	field->type_length = length ? (size_t)(basic - text) + length : 0;
	if (field->kind != PLAIN_INTEGER) {
		field->size = 0; /* until the brackets that belong to it */
		field->is_signed = true;
	}
	text = take_brackets(basic + length, end, field, bad);
	text = take_name(text, end, field);
	return take_brackets(text, end, field, bad);
}

int evh_plain_next(struct plain_list *list, struct plain_field *field)
{
	const char *text = skip_spaces(list->text, list->text + strlen(list->text));
	const char *end = strchr(text, ';');
	bool bad = false;

	*field = (struct plain_field){ .type = text };
	if (!*text)
		return 0;
	if (!end)
		end = text + strlen(text);
	if (starts_with(text, end, "struct "))
		text = take_struct(text, end, field);
	else
		text = take_typed(text, end, field, &bad);
	if (bad || !field->type_length || !field->name_length || !field->size ||
	    skip_spaces(text, end) != end || list->offset + field->size > EVH_SIZE_MAX_PERF)
		return -EINVAL;
	field->offset = (uint16_t)(PLAIN_COMMON_SIZE + list->offset);
	list->offset += field->size;
	list->text = *end ? end + 1 : end;
	return 1;
}

int evh_plain_check(const char *name, size_t name_length, const char *fields)
{
	struct plain_list list = { .text = fields ? fields : "" };
	struct plain_field field;
	size_t length = name_length;
	int result;

	if (!name_length || name_length != word_length(name, name + name_length))
		return -EINVAL;
	while ((result = evh_plain_next(&list, &field)) > 0)
		length += field.type_length + field.name_length + sizeof("[1024]  1024;");
	if (result < 0)
		return result;
	return name_length < EVH_TRACEPOINT_NAME_MAX && length < PLAIN_DEFINITION_MAX
		       ? 0
		       : -ENAMETOOLONG;
}

struct out {
	char *at, *end;
};

static void put(struct out *out, const char *text, size_t length)
{
	if ((size_t)(out->end - out->at) > length)
		memcpy(out->at, text, length);
	else
		length = (size_t)(out->end - out->at);
	out->at += length;
}

static void put_number(struct out *out, unsigned number)
{
	char digits[EVH_DECIMAL_MAX];

	put(out, digits, (size_t)(evh_put_decimal(digits, number) - digits));
}

static void put_field(struct out *out, const struct plain_field *field)
{
	put(out, field->type, field->type_length);
	if (field->kind == PLAIN_ARRAY) {
		put(out, "[", 1);
		put_number(out, field->size);
		put(out, "]", 1);
	} else if (field->kind == PLAIN_DATA_LOC || field->kind == PLAIN_REL_LOC) {
		put(out, "[]", 2);
	}
	put(out, " ", 1);
	put(out, field->name, field->name_length);
	if (field->kind == PLAIN_STRUCT) {
		put(out, " ", 1);
		put_number(out, field->size);
	}
}

int evh_plain_definition(char definition[PLAIN_DEFINITION_MAX], const char *name,
			 const char *fields)
{
	struct out out = { definition, definition + PLAIN_DEFINITION_MAX };
	struct plain_list list = { .text = fields ? fields : "" };
	struct plain_field field;

	put(&out, name, strlen(name));
	while (evh_plain_next(&list, &field) > 0) {
		put(&out, field.offset == PLAIN_COMMON_SIZE ? " " : "; ",
		    field.offset == PLAIN_COMMON_SIZE ? 1 : 2);
		put_field(&out, &field);
	}
	if (out.at == out.end)
		return -ENAMETOOLONG;
	*out.at = '\0';
	return (int)(out.at - definition);
}
