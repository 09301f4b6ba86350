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
static __attribute__((noinline)) int refuse(const struct evh_event_set *set, int error)
{
	if (error != -EBADF && set && evh_event_set_enabled(set))
		__atomic_fetch_add(&((struct evh_event_set *)set)->lost, 1, __ATOMIC_RELAXED);
	return error;
}

/* The rare work before sending: the walk, where it is needed, and closing the gap. */
static __attribute__((noinline)) int prepare(struct evh_builder *builder)
{
	size_t meta_size = (size_t)(builder->meta - builder->start);
	size_t data_size = (size_t)(builder->data - builder->data_start);

	if (builder->checked) {
		int error = evh_event_check(builder->start, meta_size, builder->data_start,
					    data_size, builder->strict);

		if (error)
			return error;
	}
	if (builder->data_start != builder->meta) {
		memmove(builder->meta, builder->data_start, data_size);
		builder->data_start = builder->meta;
		builder->data = builder->meta + data_size;
	}
	return 0;
}

int evh_builder_write(struct evh_builder *builder, const struct evh_event_set *set,
		      const uint8_t activity[16], const uint8_t related[16])
{
	uint8_t *event;
	int error;

	error = builder->error;
	if (__builtin_expect(error || (related && !activity), 0))
		return refuse(set, error ? error : -EINVAL);
	if ((size_t)(builder->meta - builder->start) > UINT16_MAX)
		return refuse(set, -E2BIG);
	if (builder->checked || builder->data_start != builder->meta) {
		error = prepare(builder);
		if (error)
			return refuse(set, error);
	}
	if (!set || !evh_event_set_enabled(set))
		return -EBADF;
	event = put_front(builder, set->level, activity, related);
	error = evh_tracepoint_send(&set->tracepoint, event, (size_t)(builder->data - event));
	return __builtin_expect(error, 0) ? refuse(set, error) : 0;
}
