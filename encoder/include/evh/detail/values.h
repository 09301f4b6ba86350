/* SPDX-License-Identifier: MIT */
/*
 * Putting values behind an event's metadata: what provider.h's macros turn into when somebody
 * listens. What is of fixed size is stored by the event's site; for the rest there are functions,
 * which must never allocate, lock or touch errno.
 *
 * The buffer of a site holds every value of fixed size, the counts, and EVHI_ROOM bytes for all
 * values of unknown size. One that doesn't fit any more becomes a piece of its own, which is sent
 * from where it lies; there is no end to be checked.
 */
#ifndef EVH_DETAIL_VALUES_H
#define EVH_DETAIL_VALUES_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <evh/detail/provider.h>

/* The price is stack in the function that has the event. */
#define EVHI_ROOM 512

/*
 * What is left of a site's room, and the pieces of an event with values too long for it. A site has
 * room for two more pieces behind `evhi_iov` for each value of unknown size.
 */
struct evhi_room {
	uint32_t evhi_left;   /* of EVHI_ROOM */
	int32_t evhi_pieces;  /* -errno when the event can't be sent */
	uint8_t *evhi_unsent; /* the bytes of the buffer from here on are in no piece yet */
	struct iovec evhi_iov[1];
};

/* A number wherever it lies. */
#define EVHI_AT(type) typedef type __attribute__((__aligned__(1), __may_alias__)) evhi_at_##type;
EVHI_AT(uint8_t)
EVHI_AT(uint16_t)
EVHI_AT(uint32_t)
EVHI_AT(uint64_t)
EVHI_AT(int8_t)
EVHI_AT(int16_t)
EVHI_AT(int32_t)
EVHI_AT(int64_t)
EVHI_AT(size_t)
EVHI_AT(ssize_t)
EVHI_AT(uintptr_t)
EVHI_AT(float)
EVHI_AT(double)
#undef EVHI_AT

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Each puts a value at `p` and returns where the next one goes. `value` may be NULL: then there are
 * zeros, an empty value, or for raw bytes -EINVAL.
 */

/* `size` bytes that the buffer has room for. */
EVH_API uint8_t *evh_put_fixed(uint8_t *p, const void *value, size_t size)
	__attribute__((__nothrow__));

/* `count` bytes, or units of 1 << `shift` bytes, behind a u16 that says how many. */
EVH_API uint8_t *evh_put_bytes(struct evhi_room *room, uint8_t *p, const void *value, size_t count)
	__attribute__((__nothrow__));
EVH_API uint8_t *evh_put_units(struct evhi_room *room, uint8_t *p, const void *value, size_t count,
			       unsigned shift) __attribute__((__nothrow__));

/* Units of 1 << `shift` bytes, up to the zero that travels too. */
EVH_API uint8_t *evh_put_zero(struct evhi_room *room, uint8_t *p, const void *value, unsigned shift)
	__attribute__((__nothrow__));

/* Bytes as they are. */
EVH_API uint8_t *evh_put_raw(struct evhi_room *room, uint8_t *p, const void *value, size_t size)
	__attribute__((__nothrow__));

/* Sends the event between `event` and `end`; `room` is NULL where all values are of fixed size.
 * 0 or -errno as evh_tracepoint_send. */
EVH_API int evh_site_send(struct evh_site *site, struct evhi_room *room, uint8_t *event,
			  uint8_t *end) __attribute__((__nothrow__));

#ifdef __cplusplus
}
#endif

/* Puts the metadata, and the header of the activity ids, into a site's buffer. `ids` is a constant.
 */
static inline __attribute__((__always_inline__)) uint8_t *
evhi_begin(struct evhi_room *room, uint8_t *buffer, const void *metadata, size_t size, unsigned ids)
{
	uint8_t *event = buffer + EVH_HEADROOM;
	struct evh_extension extension = { (uint16_t)(16 * ids),
					   EVH_EXTENSION_ACTIVITY_ID | EVH_EXTENSION_CHAIN };
	size_t more = ids ? sizeof(extension) + 16 * ids : 0;

	if (room) {
		room->evhi_left = EVHI_ROOM;
		room->evhi_pieces = 0;
		room->evhi_unsent = event;
	}
	if (ids) {
		memcpy(event, metadata, sizeof(struct evh_header));
		memcpy(event + sizeof(struct evh_header), &extension, sizeof(extension));
		memcpy(event + sizeof(struct evh_header) + more,
		       (const uint8_t *)metadata + sizeof(struct evh_header),
		       size - sizeof(struct evh_header));
	} else {
		memcpy(event, metadata, size);
	}
	return event + more + size;
}

#endif
