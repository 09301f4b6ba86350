/* SPDX-License-Identifier: MIT */
/*
 * Writing a compile-time event: the fast path, of events whose values are of fixed
 * size or counted bytes. What is one write for the kernel is dearest in its number of pieces, so
 * the event is put together in a frame that is as large as it is. All else is left to site_slow.c.
 *
 * Must never allocate on the heap, lock, or touch errno.
 */
#include <errno.h>

#include "short_copy.h"
#include "site.h"
#include "transport.h"
#include "user_events_send.h"

/* Behind an event: what is copied in blocks may end here. */
#define BLOCK_ROOM EVHI_METADATA_SIZE

static inline void copy_16(uint8_t *to, const uint8_t *from)
{
	memcpy(to, from, 16);
}

/* An event's metadata, whose last block goes beyond its end; where the payload begins. */
static inline __attribute__((always_inline)) uint8_t *put_metadata(uint8_t *p,
								   const struct evhi_plan *plan)
{
	const uint8_t *metadata = metadata_of(plan);
	size_t done = 0;

	do {
		copy_16(p + done, metadata + done);
		copy_16(p + done + 16, metadata + done + 16);
		done += EVHI_METADATA_SIZE;
	} while (done < plan->evhi_metadata);
	return p + plan->evhi_metadata;
}

/* The values that a site stored between two places, the last block beyond their end, too. */
static inline __attribute__((always_inline)) uint8_t *put_stored(uint8_t *p, const void *from,
								 const void *end)
{
	const uint8_t *stored = from;
	size_t size = (size_t)((const uint8_t *)end - stored);

	copy_16(p, stored);
	for (size_t done = 16; __builtin_expect(done < size, 0); done += 16)
		copy_16(p + done, stored + done);
	return p + size;
}

/* Without a call, so that registers need no saving; ends overlap. */
static inline __attribute__((always_inline)) void copy_bytes(uint8_t *to, const uint8_t *from,
							     size_t size)
{
	size_t done = 0;

	if (size < 16) {
		copy_up_to_16(to, from, size);
		return;
	}
	if (size > 32) {
		do {
			copy_16(to + done, from + done);
			copy_16(to + done + 16, from + done + 16);
			done += 32;
		} while (done < size - 32);
		copy_16(to + size - 32, from + size - 32);
	} else {
		copy_16(to, from);
	}
	copy_16(to + size - 16, from + size - 16);
}

/* `left`: what all counted bytes together are; the event's end, or NULL when they are more. */
static inline __attribute__((always_inline)) uint8_t *
put_values(uint8_t *p, const struct evhi_plan *plan, void *values, size_t left)
{
	const void *from = values;

	for (const struct evhi_step *step = steps_of(plan);; step++) {
		const struct evhi_place *place = place_of(values, step);
		size_t count;

		p = put_stored(p, from, place);
		if (step->evhi_kind == EVHI_DONE)
			return p;
		count = place->evhi_count;
		if (__builtin_expect(count > left, 0))
			return NULL;
		left -= count;
		if (__builtin_expect(!place->evhi_at, 0))
			count = 0;
		p = put_count(p, count);
		copy_bytes(p, place->evhi_at, count);
		p += count;
		from = place + 1;
	}
}

/* Each apart from what calls it, which then needs no frame. */

static __attribute__((noinline)) int
write_to_kernel(struct evh_site *site, const struct evhi_plan *plan, void *values, size_t bytes)
{
	size_t size = plan->evhi_quick + bytes;
	uint8_t *event = (uint8_t *)__builtin_alloca_with_align(INDEX_ROOM + size + BLOCK_ROOM, 8) +
			 INDEX_ROOM;
	uint8_t *end = put_values(put_metadata(event, plan), plan, values, bytes);
	int error = -E2BIG;

	if (__builtin_expect(end != NULL, 1))
		error = evh_user_events_send_short(site->provider->transport, site->index, event,
						   (size_t)(end - event));
	return __builtin_expect(error != 0, 0) ? evh_site_lose(site, error) : 0;
}

static __attribute__((noinline)) int
write_elsewhere(struct evh_site *site, const struct evhi_plan *plan, void *values, size_t bytes)
{
	const struct evh_tracepoint tracepoint = tracepoint_of(site);
	size_t size = plan->evhi_quick + bytes;
	uint8_t *event = (uint8_t *)__builtin_alloca_with_align(
				 EVH_HEADROOM + size + EVH_TAILROOM + BLOCK_ROOM, 8) +
			 EVH_HEADROOM;
	uint8_t *end = put_values(put_metadata(event, plan), plan, values, bytes);

	return evh_site_lose(site,
			     end ? evh_tracepoint_send(&tracepoint, event, (size_t)(end - event))
				 : -E2BIG);
}

int evh_site_write(struct evh_site *site, const struct evhi_plan *plan, void *values, size_t bytes)
{
	const struct evh_transport *transport = site->provider->transport;

	if (__builtin_expect(bytes > UINT16_MAX || plan->evhi_quick + bytes > transport->size_max,
			     0))
		return evh_site_write_slowly(site, plan, values);
	if (__builtin_expect(transport->kind == EVH_TRANSPORT_USER_EVENTS, 1))
		return write_to_kernel(site, plan, values, bytes);
	if (plan->evhi_quick + bytes > FLAT_MAX)
		return evh_site_write_slowly(site, plan, values);
	return write_elsewhere(site, plan, values, bytes);
}
