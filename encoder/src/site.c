/* SPDX-License-Identifier: MIT */
/*
 * Putting a compile-time event's values behind its metadata, and sending it. Must never allocate on
 * the heap, lock, or touch errno.
 *
 * What is one write for the kernel is dearest in its number of pieces, so an event with values too
 * long for its site's buffer is copied together after all, up to a size, onto the stack of this
 * file, which short events never need.
 */
#include <alloca.h>
#include <errno.h>
#include <string.h>

#include <evh/detail/values.h>

#include "short_copy.h"
#include "transport.h"
#include "user_events_send.h"

/*
 * Up to this size of the whole event, copying is cheaper than more pieces: an event of 8 KiB took
 * 100 ns more than a bare write when copied and 160 ns more as three pieces (to /dev/null, medians
 * of 41 interleaved runs, AMD EPYC, 2026-11-21). What user_events takes is always below it.
 */
#define FLAT_MAX 8192

static inline void copy_16(uint8_t *to, const uint8_t *from)
{
	memcpy(to, from, 16);
}

/* Up to NEAR bytes without a call and without a loop, so that its callers need no stack; ends
 * overlap. */
#define NEAR 128

static inline void copy_near(uint8_t *to, const uint8_t *from, size_t size)
{
	if (size >= 16) {
		copy_16(to, from);
		if (size > 32) {
			copy_16(to + 16, from + 16);
			if (size > 64) {
				copy_16(to + 32, from + 32);
				copy_16(to + 48, from + 48);
				copy_16(to + size - 64, from + size - 64);
				copy_16(to + size - 48, from + size - 48);
			}
			copy_16(to + size - 32, from + size - 32);
		}
		copy_16(to + size - 16, from + size - 16);
	} else {
		copy_up_to_16(to, from, size);
	}
}

static inline void copy(uint8_t *to, const uint8_t *from, size_t size)
{
	if (size > NEAR)
		memcpy(to, from, size);
	else
		copy_near(to, from, size);
}

static void add(struct evhi_room *room, const void *bytes, size_t size)
{
	room->evhi_iov[room->evhi_pieces++] =
		(struct iovec){ .iov_base = (void *)(uintptr_t)bytes, .iov_len = size };
}

/* A value that doesn't fit becomes a piece; the buffer goes on at `p`. */
static __attribute__((noinline)) uint8_t *put_piece(struct evhi_room *room, uint8_t *p,
						    const void *value, size_t bytes)
{
	if (room->evhi_pieces < 0)
		return p;
	if (p != room->evhi_unsent)
		add(room, room->evhi_unsent, (size_t)(p - room->evhi_unsent));
	add(room, value, bytes);
	room->evhi_unsent = p;
	return p;
}

static uint8_t *refuse(struct evhi_room *room, uint8_t *p, int error)
{
	if (room->evhi_pieces >= 0)
		room->evhi_pieces = error;
	return p;
}

/* `value` is not NULL, and `bytes` is not too large for what it is. In each caller: a second call
 * per value would be dearer than the copy. */
static inline __attribute__((always_inline)) uint8_t *put(struct evhi_room *room, uint8_t *p,
							  const void *value, size_t bytes)
{
	if (__builtin_expect(bytes > room->evhi_left, 0))
		return put_piece(room, p, value, bytes);
	room->evhi_left -= (uint32_t)bytes;
	copy(p, value, bytes);
	return p + bytes;
}

uint8_t *evh_put_fixed(uint8_t *p, const void *value, size_t size)
{
	if (!value)
		memset(p, 0, size);
	else
		copy(p, value, size);
	return p + size;
}

static inline void put_count(uint8_t *p, size_t count)
{
	uint16_t number = (uint16_t)count;

	memcpy(p, &number, sizeof(number));
}

uint8_t *evh_put_units(struct evhi_room *room, uint8_t *p, const void *value, size_t count,
		       unsigned shift)
{
	if (!value)
		count = 0;
	if (count > UINT16_MAX)
		return refuse(room, p + 2, -E2BIG);
	put_count(p, count);
	return count ? put(room, p + 2, value, count << shift) : p + 2;
}

/* What is long, or too much, goes the longer way. */
uint8_t *evh_put_bytes(struct evhi_room *room, uint8_t *p, const void *value, size_t count)
{
	if (count > NEAR || count > room->evhi_left || !value)
		return evh_put_units(room, p, value, count, 0);
	put_count(p, count);
	room->evhi_left -= (uint32_t)count;
	copy_near(p + 2, value, count);
	return p + 2 + count;
}

uint8_t *evh_put_zero(struct evhi_room *room, uint8_t *p, const void *value, unsigned shift)
{
	static const uint8_t zero[4];
	const uint8_t *text = value ? value : zero;
	size_t unit = (size_t)1 << shift, size = 0;

	if (shift == 0)
		return put(room, p, text, strlen((const char *)text) + 1);
	while (memcmp(text + size, zero, unit) != 0)
		size += unit;
	return put(room, p, text, size + unit);
}

uint8_t *evh_put_raw(struct evhi_room *room, uint8_t *p, const void *value, size_t size)
{
	if (!size)
		return p;
	return value ? put(room, p, value, size) : refuse(room, p, -EINVAL);
}

static __attribute__((noinline)) int lose(struct evh_site *site, int error)
{
	if (error < 0 && error != -EBADF)
		__atomic_fetch_add(&site->provider->lost, 1, __ATOMIC_RELAXED);
	return error;
}

static struct evh_tracepoint tracepoint_of(const struct evh_site *site)
{
	return (struct evh_tracepoint){ .transport = site->provider->transport,
					.word = site->word,
					.mask = site->mask,
					.index = site->index };
}

/* Apart, because most events need no tracepoint on the stack. */
static __attribute__((noinline)) int send_elsewhere(struct evh_site *site, uint8_t *event,
						    size_t size)
{
	const struct evh_tracepoint tracepoint = tracepoint_of(site);

	return lose(site, evh_tracepoint_send(&tracepoint, event, size));
}

static inline int send_flat(struct evh_site *site, uint8_t *event, size_t size)
{
	struct evh_transport *transport = site->provider->transport;
	int error;

	if (__builtin_expect(size > transport->size_max, 0))
		return send_elsewhere(site, event, size);
	if (__builtin_expect(transport->kind == EVH_TRANSPORT_USER_EVENTS, 1)) {
		error = evh_user_events_send_to(transport, site->index, event, size);
		return __builtin_expect(error != 0, 0) ? lose(site, error) : 0;
	}
	if (transport->kind == EVH_TRANSPORT_MEMORY)
		return evh_memory_send(transport, event, size);
	return send_elsewhere(site, event, size);
}

static __attribute__((noinline)) int send_copied(struct evh_site *site,
						 const struct evhi_room *room, size_t size)
{
	uint8_t *buffer = alloca(EVH_HEADROOM + size + EVH_TAILROOM);
	uint8_t *p = buffer + EVH_HEADROOM;

	for (int i = 0; i < room->evhi_pieces; i++) {
		memcpy(p, room->evhi_iov[i].iov_base, room->evhi_iov[i].iov_len);
		p += room->evhi_iov[i].iov_len;
	}
	return send_flat(site, buffer + EVH_HEADROOM, size);
}

static __attribute__((noinline)) int send_pieces(struct evh_site *site, struct evhi_room *room,
						 const uint8_t *end)
{
	const struct evh_tracepoint tracepoint = tracepoint_of(site);
	size_t limit = tracepoint.transport->size_max;
	size_t size = 0;

	if (room->evhi_pieces < 0)
		return lose(site, room->evhi_pieces);
	if (end != room->evhi_unsent)
		add(room, room->evhi_unsent, (size_t)(end - room->evhi_unsent));
	for (int i = 0; i < room->evhi_pieces; i++) {
		if (room->evhi_iov[i].iov_len > limit - size)
			return lose(site, -E2BIG);
		size += room->evhi_iov[i].iov_len;
	}
	/* The last resort when there are too many pieces: no real transport takes more than 64 KiB.
	 */
	if (size <= FLAT_MAX || (room->evhi_pieces > EVH_PIECES_MAX && size <= EVH_SIZE_MAX_FILE))
		return send_copied(site, room, size);
	if (room->evhi_pieces > EVH_PIECES_MAX)
		return lose(site, -E2BIG);
	return lose(site, evh_tracepoint_sendv(&tracepoint, room->evhi_iov, room->evhi_pieces));
}

int evh_site_send(struct evh_site *site, struct evhi_room *room, uint8_t *event, uint8_t *end)
{
	if (room && __builtin_expect(room->evhi_pieces != 0, 0))
		return send_pieces(site, room, end);
	return send_flat(site, event, (size_t)(end - event));
}
