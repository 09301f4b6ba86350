/* SPDX-License-Identifier: MIT */
/*
 * Compile-time events with values too long for the buffer of their site. The cold half of
 * evh/detail/put.h; must never allocate on the heap, lock, or touch errno.
 *
 * What is one write for the kernel is dearest in its number of pieces, so up to a size the pieces
 * are copied together after all, onto the stack of this file, which short events never need.
 */
#include <alloca.h>
#include <errno.h>
#include <string.h>

#include <evh/detail/put.h>

/*
 * Up to this size of the whole event, copying is cheaper than more pieces: an event of 8 KiB took
 * 100 ns more than a bare write when copied and 160 ns more as three pieces (to /dev/null, medians
 * of 41 interleaved runs, AMD EPYC, 2026-11-21). What user_events takes is always below it.
 */
#define FLAT_MAX 8192

static void add(struct evhi_long *l, const void *bytes, size_t size)
{
	l->iov[l->pieces++] = (struct iovec){ .iov_base = (void *)bytes, .iov_len = size };
}

uint8_t *evh_site_add_piece(struct evhi_long *l, uint8_t *event, uint8_t *p, const void *value,
			    size_t bytes, size_t count)
{
	if (count > UINT16_MAX)
		l->pieces = -E2BIG;
	if (l->pieces < 0 || bytes == 0)
		return p;
	if (l->pieces == 0)
		l->unsent = event;
	if (p != l->unsent)
		add(l, l->unsent, (size_t)(p - l->unsent));
	add(l, value, bytes);
	l->unsent = p;
	return p;
}

static __attribute__((noinline)) int send_flat(const struct evh_tracepoint *tracepoint,
					       const struct evhi_long *l, size_t size)
{
	uint8_t *buffer = alloca(EVH_HEADROOM + size + EVH_TAILROOM);
	uint8_t *p = buffer + EVH_HEADROOM;

	for (int i = 0; i < l->pieces; i++) {
		memcpy(p, l->iov[i].iov_base, l->iov[i].iov_len);
		p += l->iov[i].iov_len;
	}
	return evh_tracepoint_send(tracepoint, buffer + EVH_HEADROOM, size);
}

int evh_site_send_pieces(const struct evh_tracepoint *tracepoint, struct evhi_long *l, uint8_t *end)
{
	size_t limit = tracepoint->transport->size_max;
	size_t size = 0;

	if (l->pieces < 0)
		return l->pieces;
	if (end != l->unsent)
		add(l, l->unsent, (size_t)(end - l->unsent));
	for (int i = 0; i < l->pieces; i++) {
		if (l->iov[i].iov_len > limit - size)
			return -E2BIG;
		size += l->iov[i].iov_len;
	}
	/* The last resort when there are too many pieces: no real transport takes more than 64 KiB.
	 */
	if (size <= FLAT_MAX || (l->pieces > EVH_PIECES_MAX && size <= EVH_SIZE_MAX_FILE))
		return send_flat(tracepoint, l, size);
	if (l->pieces > EVH_PIECES_MAX)
		return -E2BIG;
	return evh_tracepoint_sendv(tracepoint, l->iov, l->pieces);
}
