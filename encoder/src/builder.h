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

/* Remembers the first error, and leaves no room, so that every later call ends up here too. */
void evh_builder_fail(struct evh_builder *builder, int error);

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
	return name_length & ~EVH_BUILDER_ATTRIBUTES;
}

/*
 * Walks through an event as a decoder would. 0, or -EINVAL: a name's attributes are malformed, an
 * encoding or a count is none, structs nest more than eight deep, the payload is not exactly as
 * long as the metadata says, or a struct lacks fields. That last thing decoders allow at the end of
 * the metadata (the struct then ends there too), and so does this unless it is `strict`. -E2BIG:
 * decoders would go through more than EVH_METADATA_MAX.
 */
int evh_event_check(const uint8_t *meta, size_t meta_size, const uint8_t *data, size_t data_size,
		    bool strict);

#endif
