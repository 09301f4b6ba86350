/* SPDX-License-Identifier: MIT */
/*
 * What the files of the builder share. Inside the library only.
 *
 * The functions that take a field (evh_builder_put_...) come in two halves: the usual case, a leaf
 * that needs no stack, and a function of its own (..._slowly) for long names, names with the mark
 * EVH_BUILDER_ATTRIBUTES (which counts as length), missing room and errors.
 */
#ifndef EVH_SRC_BUILDER_H
#define EVH_SRC_BUILDER_H

#include <evh/builder.h>

#include "short_copy.h"

/* In front of the metadata: everything that is only known when the event is written. */
#define BUILDER_FRONT                                                                              \
	(EVH_HEADROOM + sizeof(struct evh_header) + sizeof(struct evh_extension) + 32 +            \
	 sizeof(struct evh_extension))

/* Why something was refused; builder_error.c has the errno and the words of each. */
enum refusal {
	REFUSED_NOTHING,
	REFUSED_NO_EVENT,
	REFUSED_SMALL_BUFFER,
	REFUSED_NO_MEMORY,
	REFUSED_NO_ROOM,
	REFUSED_LARGE,
	REFUSED_NO_NAME,
	REFUSED_FORMAT,
	REFUSED_VALUE_ENCODING,
	REFUSED_UNITS_ENCODING,
	REFUSED_RAW_ENCODING,
	REFUSED_UNITS,
	REFUSED_ELEMENTS,
	REFUSED_NO_ELEMENTS,
	REFUSED_FIELD_COUNT,
	REFUSED_BOOKMARK,
	REFUSED_RAW_DATA,
	/* what the walk through the finished event finds */
	REFUSED_ATTRIBUTES,
	REFUSED_METADATA,
	REFUSED_DEPTH,
	REFUSED_SHORT_DATA,
	REFUSED_LONG_DATA,
	REFUSED_STRUCT,
	REFUSED_REPEATED,
	/* by evh_builder_write */
	REFUSED_RELATED,
	REFUSED_LONG_METADATA,
	REFUSED_LIMIT,
	REFUSED_NOBODY,
	REFUSED_BY_TRANSPORT,
};

/* Remembers the first error, and leaves no room, so that every later call ends up here too. About
 * no field, or about the one whose metadata was put last. */
void evh_builder_fail(struct evh_builder *builder, enum refusal why);
void evh_builder_fail_last_field(struct evh_builder *builder, enum refusal why);

/* The same of a field that isn't there yet. Nothing may have been remembered before. */
void evh_builder_fail_field(struct evh_builder *builder, enum refusal why, const char *name,
			    size_t name_length);

/* Gives the field that `evh_builder_make_room` has just refused its name. */
void evh_builder_name_refused(struct evh_builder *builder, const char *name, size_t name_length);

int evh_refusal_error(enum refusal why);

/* Finds room for so many bytes more of each; false, with the error remembered, when there is none.
 */
bool evh_builder_make_room(struct evh_builder *builder, size_t meta, size_t data);

static inline bool has_room(const struct evh_builder *builder, size_t meta, size_t data)
{
	return __builtin_expect((size_t)(builder->data_start - builder->meta) >= meta &&
					(size_t)(builder->end - builder->data) >= data,
				1);
}

static inline bool take_room(struct evh_builder *builder, size_t meta, size_t data)
{
	return has_room(builder, meta, data) || evh_builder_make_room(builder, meta, data);
}

/* Names up to this long are copied in place; the others cost a call. */
#define SHORT_NAME 16

static inline void copy_name(uint8_t *to, const char *name, size_t length)
{
	if (length > SHORT_NAME)
		memcpy(to, name, length);
	else
		copy_up_to_16(to, (const uint8_t *)name, length);
	to[length] = 0;
}

/* Bytes of encoding, format and tag. */
static inline size_t type_size(uint32_t type)
{
	if (!(type & EVH_ENCODING_HAS_FORMAT))
		return 1;
	return type >> 8 & EVH_FORMAT_HAS_TAG ? 4 : 2;
}

/* Room for exactly these bytes must have been made: the payload may begin right behind them. */
static inline void put_name_and_type(struct evh_builder *builder, const char *name,
				     size_t name_length, uint32_t type)
{
	uint8_t *out = builder->meta;
	uint16_t tag = (uint16_t)(type >> 16);

	copy_name(out, name, name_length);
	out += name_length + 1;
	*out++ = (uint8_t)type;
	if (type & EVH_ENCODING_HAS_FORMAT) {
		*out++ = (uint8_t)(type >> 8);
		if (type >> 8 & EVH_FORMAT_HAS_TAG) {
			memcpy(out, &tag, sizeof(tag));
			out += sizeof(tag);
		}
	}
	builder->meta = out;
}

/* A name's length without the mark, which the builder notes instead. */
static inline size_t take_mark(struct evh_builder *builder, size_t name_length)
{
	if (name_length & EVH_BUILDER_ATTRIBUTES)
		builder->checked = true;
	return name_length & ~(size_t)EVH_BUILDER_ATTRIBUTES;
}

/*
 * Walks through an event as a decoder would: a name's attributes may be malformed, an encoding or a
 * count none, structs nested more than eight deep, the payload not exactly as long as the metadata
 * says; a struct may lack fields. That last thing decoders allow at the end of the metadata (the
 * struct then ends there too), and so does this unless it is `strict`. Or decoders would go through
 * more than EVH_METADATA_MAX.
 *
 * at: where the refused field's metadata begins; 0: it is the event's name, or no single field.
 */
enum refusal evh_event_check(const uint8_t *meta, size_t meta_size, const uint8_t *data,
			     size_t data_size, bool strict, size_t *at);

#endif
