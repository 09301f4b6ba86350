/* SPDX-License-Identifier: MIT */
/*
 * What a builder refused, and the words for it.
 *
 * The name of a refused field is kept in the builder's own buffer, behind the event's name: the
 * caller's may be gone when somebody asks, and the event is void. Must never allocate, and never
 * write beyond the buffer.
 */
#include <errno.h>
#include <string.h>

#include "builder.h"
#include "put_decimal.h"

/* Bytes of a name that are shown. */
#define SHOWN 64

static const struct {
	int error;
	const char *words;
} refusals[] = {
	[REFUSED_NOTHING] = { 0, "" },
	[REFUSED_NO_EVENT] = { -EINVAL, "no event was begun (evh_builder_reset)" },
	[REFUSED_SMALL_BUFFER] = { -ENOBUFS, "the buffer is not larger than EVH_BUILDER_OVERHEAD" },
	[REFUSED_NO_MEMORY] = { -ENOMEM, "there is no memory to grow" },
	[REFUSED_NO_ROOM] = { -ENOBUFS, "the caller's buffer is full" },
	[REFUSED_LARGE] = { -E2BIG, "the event would exceed 65536 bytes" },
	[REFUSED_NO_NAME] = { -EINVAL, "an event must have a name" },
	[REFUSED_FORMAT] = { -EINVAL, "the format is not one of enum evh_format" },
	[REFUSED_VALUE_ENCODING] = { -EINVAL, "the encoding is not one of a value of fixed size" },
	[REFUSED_UNITS_ENCODING] = { -EINVAL, "the encoding is not one of a string or binary" },
	[REFUSED_RAW_ENCODING] = { -EINVAL,
				   "encoding, format and constant count don't belong together" },
	[REFUSED_UNITS] = { -E2BIG, "a string or binary of more than 65535 units" },
	[REFUSED_ELEMENTS] = { -E2BIG, "an array of more than 65535 elements" },
	[REFUSED_NO_ELEMENTS] = { -EINVAL, "an array of constant length can't be empty" },
	[REFUSED_FIELD_COUNT] = { -EINVAL, "a struct has 1 to 127 fields" },
	[REFUSED_BOOKMARK] = { -EINVAL, "the bookmark is not one of this event" },
	[REFUSED_RAW_DATA] = { -EINVAL, "raw data can't be missing" },
	[REFUSED_ATTRIBUTES] = { -EINVAL,
				 "attributes of a name are not `;name=value` with `;` doubled" },
	[REFUSED_METADATA] = { -EINVAL, "the metadata means nothing" },
	[REFUSED_DEPTH] = { -EINVAL, "structs are nested more than 8 deep" },
	[REFUSED_SHORT_DATA] = { -EINVAL, "the payload ends before this field's value" },
	[REFUSED_LONG_DATA] = { -EINVAL, "the payload is longer than its fields" },
	[REFUSED_STRUCT] = { -EINVAL, "a struct lacks fields" },
	[REFUSED_REPEATED] = { -E2BIG, "arrays of structs repeat more than 4 MiB of metadata" },
	[REFUSED_RELATED] = { -EINVAL, "a related activity needs an activity" },
	[REFUSED_LONG_METADATA] = { -E2BIG, "names and types exceed 65535 bytes" },
	[REFUSED_LIMIT] = { -E2BIG, "it is larger than the transport takes" },
	[REFUSED_NOBODY] = { -EBADF, "nobody listens" },
	[REFUSED_BY_TRANSPORT] = { -EIO, "the transport can't take it: error " },
};

int evh_refusal_error(enum refusal why)
{
	return refusals[why].error;
}

static const uint8_t *skip_name(const uint8_t *meta, const uint8_t *end)
{
	const uint8_t *zero = memchr(meta, 0, (size_t)(end - meta));

	return zero ? zero + 1 : end;
}

static const uint8_t *skip_field(const uint8_t *meta, const uint8_t *end)
{
	size_t size = 1;

	meta = skip_name(meta, end);
	if (meta == end)
		return end;
	if (*meta & EVH_ENCODING_HAS_FORMAT)
		size += end - meta > 1 && meta[1] & EVH_FORMAT_HAS_TAG ? 3 : 1;
	if ((*meta & EVH_ENCODING_ARRAY_MASK) == EVH_ENCODING_CARRAY)
		size += 2;
	return (size_t)(end - meta) > size ? meta + size : end;
}

/* The field that begins at `at`, or the last one before; its number from 1, 0: there is none. */
static unsigned find_field(const struct evh_builder *builder, const uint8_t *at,
			   const uint8_t **field)
{
	const uint8_t *meta = skip_name(builder->start, builder->meta);
	unsigned number = 0;

	*field = meta;
	while (meta < builder->meta && meta <= at) {
		*field = meta;
		number++;
		meta = skip_field(meta, builder->meta);
	}
	return number;
}

/* Keeps what fits of a name. Where the event has none yet, it is the event's. */
static void keep_name(struct evh_builder *builder, const char *name, size_t length)
{
	const uint8_t *end = builder->buffer + builder->buffer_size;
	uint8_t *to = (uint8_t *)(uintptr_t)skip_name(builder->start, builder->meta);

	if (length > SHOWN)
		length = SHOWN;
	if (length > (size_t)(end - to))
		length = (size_t)(end - to);
	memmove(to, name, length);
	builder->refused_name = (uint16_t)length;
}

void evh_builder_fail(struct evh_builder *builder, enum refusal why)
{
	if (!builder->error) {
		builder->error = refusals[why].error;
		builder->refusal = (uint8_t)why;
		builder->refused_field = builder->refused_name = 0;
	}
	builder->data_start = builder->meta;
	builder->end = builder->data;
}

void evh_builder_fail_last_field(struct evh_builder *builder, enum refusal why)
{
	const uint8_t *field;
	unsigned number;

	if (builder->error)
		return;
	number = find_field(builder, builder->meta, &field);
	evh_builder_fail(builder, why);
	builder->refused_field = (uint16_t)number;
	if (number)
		keep_name(builder, (const char *)field,
			  strnlen((const char *)field, (size_t)(builder->meta - field)));
}

void evh_builder_name_refused(struct evh_builder *builder, const char *name, size_t name_length)
{
	if (builder->meta != builder->start)
		builder->refused_field++;
	keep_name(builder, name, name_length);
}

void evh_builder_fail_field(struct evh_builder *builder, enum refusal why, const char *name,
			    size_t name_length)
{
	const uint8_t *field;
	unsigned number = find_field(builder, builder->meta, &field);

	evh_builder_fail(builder, why);
	builder->refused_field = (uint16_t)number;
	evh_builder_name_refused(builder, name, name_length);
}

/* ---- The text ---- */

struct out {
	char *at, *end;
};

static void put(struct out *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length && out->at < out->end; i++) {
		unsigned char c = (unsigned char)text[i];

		*out->at++ = c < ' ' || c == 0x7f ? '?' : text[i];
	}
}

static void put_words(struct out *out, const char *words)
{
	put(out, words, strlen(words));
}

static void put_name(struct out *out, const uint8_t *name, size_t length)
{
	put_words(out, " \"");
	put(out, (const char *)name, length < SHOWN ? length : SHOWN);
	put_words(out, length < SHOWN ? "\"" : "...\"");
}

static void put_number(struct out *out, unsigned number)
{
	char digits[EVH_DECIMAL_MAX];

	put(out, digits, (size_t)(evh_put_decimal(digits, number) - digits));
}

static size_t name_length(const struct evh_builder *builder, const uint8_t *name)
{
	return strnlen((const char *)name, (size_t)(builder->meta - name));
}

static void put_field(struct out *out, unsigned number, const uint8_t *name, size_t length)
{
	put_words(out, ", field ");
	put_number(out, number);
	put_name(out, name, length);
}

/* What `error` is about. */
static void put_remembered(struct out *out, const struct evh_builder *builder)
{
	const uint8_t *kept = skip_name(builder->start, builder->meta);

	if (builder->meta != builder->start)
		put_name(out, builder->start, name_length(builder, builder->start));
	else if (builder->refused_name)
		put_name(out, kept, builder->refused_name);
	if (builder->refused_field)
		put_field(out, builder->refused_field, kept, builder->refused_name);
}

/* What the last write refused: the event is as it was. */
static void put_written(struct out *out, const struct evh_builder *builder)
{
	const uint8_t *field;
	unsigned number;

	put_name(out, builder->start, name_length(builder, builder->start));
	number = find_field(builder, builder->start + builder->refused_at, &field);
	if (builder->refused_at && number)
		put_field(out, number, field, name_length(builder, field));
}

char *evh_builder_error_text(const struct evh_builder *builder, char *text, size_t size)
{
	unsigned why = builder->error ? builder->refusal : builder->write_refusal;
	struct out out = { text, text + (size ? size - 1 : 0) };

	if (why != REFUSED_NOTHING) {
		put_words(&out, "event");
		if (builder->error && builder->buffer)
			put_remembered(&out, builder);
		else if (builder->buffer)
			put_written(&out, builder);
		put_words(&out, ": ");
		put_words(&out, refusals[why].words);
		if (why == REFUSED_BY_TRANSPORT)
			put_number(&out, (unsigned)-builder->write_error);
	}
	if (size)
		*out.at = 0;
	return text;
}
