/* SPDX-License-Identifier: MIT */
/* What the files of the builder share. Inside the library only. */
#ifndef EVH_SRC_BUILDER_H
#define EVH_SRC_BUILDER_H

#include <evh/builder.h>

/* In front of the metadata: everything that is only known when the event is written. */
#define BUILDER_FRONT                                                                              \
	(EVH_HEADROOM + sizeof(struct evh_header) + sizeof(struct evh_extension) + 32 +            \
	 sizeof(struct evh_extension))

/* Remembers the first error, and leaves no room, so that every later call ends up here too. */
void evh_builder_fail(struct evh_builder *builder, int error);

/* Finds room for so many bytes more of each; false, with the error remembered, when there is none.
 */
bool evh_builder_make_room(struct evh_builder *builder, size_t meta, size_t data);

/*
 * Walks through an event as a decoder would. 0, or -EINVAL: a name's attributes are malformed, an
 * encoding or a count is none, a struct lacks fields, structs nest more than eight deep,
 * or the payload is not exactly as long as the metadata says.
 */
int evh_event_check(const uint8_t *meta, size_t meta_size, const uint8_t *data, size_t data_size);

#endif
