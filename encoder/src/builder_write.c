/* SPDX-License-Identifier: MIT */
/*
 * Sending what a builder holds: header and extensions are put in front of the metadata, the gap
 * between metadata and payload is closed if there is one, and one write takes it all.
 *
 * Must never send an event that a decoder would reject.
 */
#include <errno.h>
#include <string.h>

#include "builder.h"

/* Fills the bytes in front of the metadata; where the event begins. */
static uint8_t *put_front(const struct evh_builder *builder, uint8_t level, const uint8_t *activity,
			  const uint8_t *related)
{
	struct evh_header header = builder->header;
	struct evh_extension extension = {
		.size = (uint16_t)(builder->meta - builder->start),
		.kind = EVH_EXTENSION_METADATA,
	};
	uint8_t *out = builder->start - sizeof(extension);

	memcpy(out, &extension, sizeof(extension));
	if (activity) {
		extension.size = related ? 32 : 16;
		extension.kind = EVH_EXTENSION_ACTIVITY_ID | EVH_EXTENSION_CHAIN;
		if (related)
			memcpy(out -= 16, related, 16);
		memcpy(out -= 16, activity, 16);
		out -= sizeof(extension);
		memcpy(out, &extension, sizeof(extension));
	}
	header.level = level;
	out -= sizeof(header);
	memcpy(out, &header, sizeof(header));
	return out;
}

/* An event that was wanted and can't go out is counted. */
static int lose(const struct evh_event_set *set, int error)
{
	if (error != -EBADF && set && evh_event_set_enabled(set))
		__atomic_fetch_add(&((struct evh_event_set *)set)->lost, 1, __ATOMIC_RELAXED);
	return error;
}

/* Notes why for evh_builder_error_text. `at` as of evh_event_check. */
static __attribute__((noinline)) int
refuse(struct evh_builder *builder, const struct evh_event_set *set, enum refusal why, size_t at)
{
	builder->write_refusal = (uint8_t)why;
	builder->refused_at = (uint32_t)at;
	builder->write_error = evh_refusal_error(why);
	return lose(set, builder->write_error);
}

/* What the transport said. */
static __attribute__((noinline)) int refused(struct evh_builder *builder,
					     const struct evh_event_set *set, int error)
{
	refuse(builder, NULL,
	       error == -E2BIG	 ? REFUSED_LIMIT
	       : error == -EBADF ? REFUSED_NOBODY
				 : REFUSED_BY_TRANSPORT,
	       0);
	builder->write_error = error;
	return lose(set, error);
}

/* The rare work before sending: the walk, where it is needed, and closing the gap. */
static __attribute__((noinline)) enum refusal prepare(struct evh_builder *builder, size_t *at)
{
	size_t meta_size = (size_t)(builder->meta - builder->start);
	size_t data_size = (size_t)(builder->data - builder->data_start);

	if (builder->checked) {
		enum refusal why = evh_event_check(builder->start, meta_size, builder->data_start,
						   data_size, builder->strict, at);

		if (why)
			return why;
	}
	if (builder->data_start != builder->meta) {
		memmove(builder->meta, builder->data_start, data_size);
		builder->data_start = builder->meta;
		builder->data = builder->meta + data_size;
	}
	return REFUSED_NOTHING;
}

int evh_builder_write(struct evh_builder *builder, const struct evh_event_set *set,
		      const uint8_t activity[16], const uint8_t related[16])
{
	uint8_t *event;
	int error;

	if (__builtin_expect(builder->error, 0))
		return lose(set, builder->error);
	if (related && !activity)
		return refuse(builder, set, REFUSED_RELATED, 0);
	if ((size_t)(builder->meta - builder->start) > UINT16_MAX)
		return refuse(builder, set, REFUSED_LONG_METADATA, 0);
	if (builder->checked || builder->data_start != builder->meta) {
		size_t at = 0;
		enum refusal why = prepare(builder, &at);

		if (why)
			return refuse(builder, set, why, at);
	}
	if (!set || !evh_event_set_enabled(set))
		return refuse(builder, NULL, REFUSED_NOBODY, 0);
	event = put_front(builder, set->level, activity, related);
	error = evh_tracepoint_send(&set->tracepoint, event, (size_t)(builder->data - event));
	return __builtin_expect(error, 0) ? refused(builder, set, error) : 0;
}
