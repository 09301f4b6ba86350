/* SPDX-License-Identifier: MIT */
/*
 * Compile-time events with values too long to be copied: they go to the transport in pieces. The
 * cold half of evh/detail/put.h; must never allocate on the heap, lock, or touch errno.
 */
#include <alloca.h>
#include <errno.h>
#include <string.h>

#include <evh/detail/put.h>

uint8_t *evh_event_add_piece(struct evhi_long *l, uint8_t *p, const void *value, size_t bytes,
			     size_t count)
{
	if (count > UINT16_MAX)
		l->pieces = -E2BIG;
	if (l->pieces < 0)
		return p;
	if (p != l->start)
		l->iov[l->pieces++] =
			(struct iovec){ .iov_base = l->start, .iov_len = (size_t)(p - l->start) };
	l->iov[l->pieces++] = (struct iovec){ .iov_base = (void *)value, .iov_len = bytes };
	l->start = p;
	return p;
}

/* More pieces than the transport takes: copied into one. */
static __attribute__((noinline)) int send_flat(const struct evh_tracepoint *tracepoint,
					       const struct iovec *iov, int count)
{
	size_t limit = tracepoint->transport->size_max;
	size_t size = 0;
	uint8_t *buffer, *p;

	for (int i = 0; i < count; i++) {
		if (iov[i].iov_len > limit - size)
			return -E2BIG;
		size += iov[i].iov_len;
	}
	/* At most 64 KiB: the largest limit of a transport that is no test. */
	if (size > EVH_SIZE_MAX_FILE)
		return -E2BIG;
	buffer = alloca(EVH_HEADROOM + size + EVH_TAILROOM);
	p = buffer + EVH_HEADROOM;
	for (int i = 0; i < count; i++)
		p = evhi_put_fixed(p, iov[i].iov_base, iov[i].iov_len);
	return evh_tracepoint_send(tracepoint, buffer + EVH_HEADROOM, size);
}

int evh_event_send_pieces(const struct evh_tracepoint *tracepoint, struct evhi_long *l,
			  uint8_t *end)
{
	if (l->pieces < 0)
		return l->pieces;
	if (end != l->start)
		l->iov[l->pieces++] =
			(struct iovec){ .iov_base = l->start, .iov_len = (size_t)(end - l->start) };
	if (l->pieces > EVH_PIECES_MAX)
		return send_flat(tracepoint, l->iov, l->pieces);
	return evh_tracepoint_sendv(tracepoint, l->iov, l->pieces);
}
