/* SPDX-License-Identifier: MIT */
/*
 * Writing a compile-time event: the slow path, of any event for any transport. First it is found
 * out how large the event will be, then it is put together in a frame of that size, or in pieces
 * where that would be too large.
 *
 * Must never allocate on the heap, lock, or touch errno.
 */
#include <alloca.h>
#include <errno.h>
#include <sys/uio.h>

#include "site.h"
#include "transport.h"
#include "user_events_send.h"

/* Beyond that size of the event, what has so many bytes is a piece of its own. */
#define PIECE_MIN 512

/* Units of a value; larger than any event. Whatever has 8 KiB of metadata has no more values than
 * fit into 4 GiB together. */
#define UNITS_MAX ((size_t)1 << 18)

__attribute__((noinline)) int evh_site_lose(struct evh_site *site, int error)
{
	if (error < 0 && error != -EBADF)
		__atomic_fetch_add(&site->provider->lost, 1, __ATOMIC_RELAXED);
	return error;
}

/* ---- How large it will be ---- */

/* Sizes that are none: -errno. */
static bool is_error(size_t size)
{
	return size > (size_t)-4096;
}

static size_t units_to_zero(struct evhi_place *place, unsigned shift)
{
	static const uint8_t zero[4];
	const uint8_t *text = place->evhi_at ? place->evhi_at : zero;
	size_t unit = (size_t)1 << shift, size = 0;

	place->evhi_at = text;
	if (shift == 0)
		return strlen((const char *)text) + 1;
	while (memcmp(text + size, zero, unit) != 0)
		size += unit;
	return (size >> shift) + 1;
}

/* Completes the place; how many units there are beyond the fixed size of the event, or -errno. */
static size_t measure(struct evhi_place *place, const struct evhi_step *step)
{
	size_t max = UNITS_MAX;

	switch ((enum evhi_step_kind)step->evhi_kind) {
	case EVHI_COUNTED:
		max = UINT16_MAX;
		if (!place->evhi_at)
			place->evhi_count = 0;
		break;
	case EVHI_MEASURED:
		max = UINT16_MAX;
		place->evhi_count = place->evhi_at ? strlen(place->evhi_at) : 0;
		break;
	case EVHI_ZERO:
		place->evhi_count = units_to_zero(place, step->evhi_shift);
		break;
	case EVHI_RAW:
		if (place->evhi_count && !place->evhi_at)
			return (size_t)-EINVAL;
		break;
	case EVHI_FIXED:
	case EVHI_STORED:
	case EVHI_DONE:
		return 0;
	}
	return place->evhi_count > max ? (size_t)-E2BIG : place->evhi_count;
}

/* The size of the event, after which all places have their count; or -errno. */
static size_t size_of_event(const struct evhi_plan *plan, void *values)
{
	size_t size = plan->evhi_fixed;

	for (const struct evhi_step *step = steps_of(plan); step->evhi_kind != EVHI_DONE; step++) {
		size_t units = measure(place_of(values, step), step);

		if (is_error(units))
			return units;
		size += units << step->evhi_shift;
	}
	return size;
}

/* ---- The event ---- */

/* What is long is sent from where it lies. */
struct pieces {
	struct iovec iov[EVH_PIECES_MAX];
	int count;
	uint8_t *unsent; /* what was put from here on is in no piece yet */
};

static bool is_piece(const struct pieces *pieces, const struct evhi_place *place, size_t bytes)
{
	return place->evhi_at && bytes >= PIECE_MIN && pieces->count <= EVH_PIECES_MAX - 3;
}

static void add(struct pieces *pieces, const void *bytes, size_t size)
{
	pieces->iov[pieces->count++] =
		(struct iovec){ .iov_base = (void *)(uintptr_t)bytes, .iov_len = size };
}

static void add_piece(struct pieces *pieces, uint8_t *p, const void *value, size_t bytes)
{
	if (p != pieces->unsent)
		add(pieces, pieces->unsent, (size_t)(p - pieces->unsent));
	add(pieces, value, bytes);
	pieces->unsent = p;
}

static uint8_t *put(uint8_t *p, const void *bytes, size_t size)
{
	memcpy(p, bytes, size);
	return p + size;
}

/* Behind the header come the ids, if there are any. */
static uint8_t *put_ids(uint8_t *p, unsigned ids, const void *values)
{
	const struct evh_extension extension = { (uint16_t)(16 * ids),
						 EVH_EXTENSION_ACTIVITY_ID | EVH_EXTENSION_CHAIN };

	p = put(p, &extension, sizeof(extension));
	for (unsigned i = 0; i < ids; i++) {
		static const uint8_t none[16];
		const uint8_t *id;

		memcpy(&id, (const uint8_t *)values + i * sizeof(id), sizeof(id));
		p = put(p, id ? id : none, sizeof(none));
	}
	return p;
}

/* `pieces` is NULL where all is copied. */
static uint8_t *put_place(uint8_t *p, const struct evhi_place *place, const struct evhi_step *step,
			  struct pieces *pieces)
{
	size_t bytes = place->evhi_count << step->evhi_shift;

	if (step->evhi_kind == EVHI_COUNTED || step->evhi_kind == EVHI_MEASURED)
		p = put_count(p, place->evhi_count);
	if (pieces && is_piece(pieces, place, bytes)) {
		add_piece(pieces, p, place->evhi_at, bytes);
		return p;
	}
	if (place->evhi_at)
		return put(p, place->evhi_at, bytes);
	memset(p, 0, bytes);
	return p + bytes;
}

/* Where its end is. */
static uint8_t *put_event(uint8_t *p, const struct evhi_plan *plan, void *values,
			  struct pieces *pieces)
{
	const size_t header = sizeof(struct evh_header);
	const uint8_t *from = (uint8_t *)values + plan->evhi_ids * sizeof(void *);

	p = put(p, metadata_of(plan), header);
	if (plan->evhi_ids)
		p = put_ids(p, plan->evhi_ids, values);
	p = put(p, metadata_of(plan) + header, plan->evhi_metadata - header);
	for (const struct evhi_step *step = steps_of(plan);; step++) {
		const struct evhi_place *place = place_of(values, step);

		if (step->evhi_kind == EVHI_STORED)
			continue;
		p = put(p, from, (size_t)((const uint8_t *)place - from));
		if (step->evhi_kind == EVHI_DONE)
			return p;
		p = put_place(p, place, step, pieces);
		from = (const uint8_t *)(place + 1);
	}
}

/* ---- To where it goes ---- */

/* How much of an event is not copied. */
static size_t size_of_pieces(const struct evhi_plan *plan, void *values)
{
	struct pieces pieces = { .count = 0 };
	size_t size = 0;

	for (const struct evhi_step *step = steps_of(plan); step->evhi_kind != EVHI_DONE; step++) {
		const struct evhi_place *place = place_of(values, step);
		size_t bytes;

		if (step->evhi_kind == EVHI_STORED)
			continue;
		bytes = place->evhi_count << step->evhi_shift;
		if (is_piece(&pieces, place, bytes)) {
			size += bytes;
			pieces.count += 2;
		}
	}
	return size;
}

static __attribute__((noinline)) int write_pieces(const struct evh_tracepoint *tracepoint,
						  const struct evhi_plan *plan, void *values,
						  size_t size)
{
	size_t copied = size - size_of_pieces(plan, values);
	struct pieces pieces;
	uint8_t *event, *end;

	/* No real transport takes more. */
	if (copied > EVH_SIZE_MAX_FILE)
		return -E2BIG;
	event = (uint8_t *)alloca(EVH_HEADROOM + copied) + EVH_HEADROOM;
	pieces.count = 0;
	pieces.unsent = event;
	end = put_event(event, plan, values, &pieces);
	if (end != pieces.unsent)
		add(&pieces, pieces.unsent, (size_t)(end - pieces.unsent));
	return evh_tracepoint_sendv(tracepoint, pieces.iov, pieces.count);
}

/* Recordings and memory. */
static __attribute__((noinline)) int
write_elsewhere(struct evh_site *site, const struct evhi_plan *plan, void *values, size_t size)
{
	const struct evh_tracepoint tracepoint = tracepoint_of(site);
	uint8_t *event;

	if (size > FLAT_MAX)
		return evh_site_lose(site, write_pieces(&tracepoint, plan, values, size));
	event = (uint8_t *)alloca(EVH_HEADROOM + size + EVH_TAILROOM) + EVH_HEADROOM;
	put_event(event, plan, values, NULL);
	return evh_site_lose(site, evh_tracepoint_send(&tracepoint, event, size));
}

static __attribute__((noinline)) int
write_to_kernel(struct evh_site *site, const struct evhi_plan *plan, void *values, size_t size)
{
	uint8_t *event = (uint8_t *)alloca(INDEX_ROOM + size) + INDEX_ROOM;
	int error;

	put_event(event, plan, values, NULL);
	error = evh_user_events_send_to(site->provider->transport, site->index, event, size);
	return evh_site_lose(site, error);
}

/* Calls at its end alone, so that its frame is gone by then. */
__attribute__((noinline)) int evh_site_write_slowly(struct evh_site *site,
						    const struct evhi_plan *plan, void *values)
{
	const struct evh_transport *transport = site->provider->transport;
	size_t size = size_of_event(plan, values);

	if (is_error(size))
		return evh_site_lose(site, (int)size);
	if (size > transport->size_max)
		return evh_site_lose(site, transport->kind == EVH_TRANSPORT_NONE ? -EBADF : -E2BIG);
	if (transport->kind == EVH_TRANSPORT_USER_EVENTS)
		return write_to_kernel(site, plan, values, size);
	return write_elsewhere(site, plan, values, size);
}
