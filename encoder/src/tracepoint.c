/* SPDX-License-Identifier: MIT */
/*
 * Registering tracepoints and sending events through whichever transport they belong to.
 *
 * Sending must never allocate, lock, touch errno or use more than 1 KiB of stack: the preload
 * library calls it from any place of a program that doesn't know.
 */
#include <string.h>

#include "syscall.h"
#include "transport.h"
#include "user_events_send.h"

/* fields: of a plain tracepoint, or NULL. */
static int register_any(struct evh_tracepoint *tracepoint, const char *name, const char *fields,
			unsigned bit, unsigned flags)
{
	struct evh_transport *transport = tracepoint->transport;
	int error = 0;

	switch (transport->kind) {
	case EVH_TRANSPORT_USER_EVENTS:
		error = evh_user_events_register(
			tracepoint, name, fields ? fields : EVH_TRACEPOINT_FIELDS, bit, flags);
		break;
	case EVH_TRANSPORT_FILE:
		error = evh_file_find(transport, name, fields, &tracepoint->index);
		break;
	case EVH_TRANSPORT_UNIX:
		/* Collectors know EventHeader's fields alone. */
		error = fields ? -EOPNOTSUPP
			       : evh_unix_register(transport, name, &tracepoint->index);
		break;
	case EVH_TRANSPORT_MEMORY:
		break;
	case EVH_TRANSPORT_NONE:
		error = transport->open_error ? transport->open_error : -EBADF;
		break;
	}
	if (error < 0)
		return error;
	tracepoint->mask = UINT32_C(1) << bit;
	if (transport->kind != EVH_TRANSPORT_USER_EVENTS)
		__atomic_fetch_or(tracepoint->word, UINT32_C(1) << bit, __ATOMIC_RELAXED);
	return error;
}

int evh_tracepoint_register_flags(struct evh_tracepoint *tracepoint,
				  struct evh_transport *transport, const char *name, uint32_t *word,
				  unsigned bit, unsigned flags)
{
	int error = evh_tracepoint_name_check(name);

	*tracepoint = (struct evh_tracepoint){ .transport = transport, .word = word };
	if (error)
		return error;
	if (bit > 31 || (flags & ~(unsigned)EVH_REGISTER_PERSIST))
		return -EINVAL;
	return register_any(tracepoint, name, NULL, bit, flags);
}

int evh_tracepoint_register_fields(struct evh_tracepoint *tracepoint,
				   struct evh_transport *transport, const char *name,
				   const char *fields, uint32_t *word)
{
	*tracepoint = (struct evh_tracepoint){ .transport = transport, .word = word };
	return register_any(tracepoint, name, fields, 0, 0);
}

int evh_tracepoint_register(struct evh_tracepoint *tracepoint, struct evh_transport *transport,
			    const char *name, uint32_t *word, unsigned bit)
{
	return evh_tracepoint_register_flags(tracepoint, transport, name, word, bit, 0);
}

int evh_tracepoint_unregister(struct evh_tracepoint *tracepoint)
{
	uint32_t mask = tracepoint->mask;
	int error = 0;

	if (!mask)
		return 0;
	if (tracepoint->transport->kind == EVH_TRANSPORT_USER_EVENTS)
		error = evh_user_events_unregister(tracepoint, (unsigned)__builtin_ctz(mask));
	/* The kernel clears its bit only while it has the registration; the last word is ours. */
	__atomic_fetch_and(tracepoint->word, ~mask, __ATOMIC_RELAXED);
	__atomic_store_n(&tracepoint->mask, 0, __ATOMIC_RELAXED);
	return error;
}

static int memory_sendv(struct evh_transport *transport, const struct iovec *iov, int count)
{
	uint8_t *out = transport->memory;

	for (int i = 0; i < count; i++) {
		memcpy(out, iov[i].iov_base, iov[i].iov_len);
		out += iov[i].iov_len;
	}
	transport->memory_used = (size_t)(out - transport->memory);
	transport->memory_sent++;
	return 0;
}

/* Apart from evh_tracepoint_send, which needs no stack of its own without this call of memcpy. */
__attribute__((noinline)) int evh_memory_send(struct evh_transport *transport, const void *event,
					      size_t size)
{
	transport->memory_used = size;
	transport->memory_sent++;
	memcpy(transport->memory, event, size);
	return 0;
}

/* Why an event of this size can't go out. */
static int too_large(const struct evh_transport *transport)
{
	return transport->kind == EVH_TRANSPORT_NONE ? -EBADF : -E2BIG;
}

int evh_tracepoint_send(const struct evh_tracepoint *tracepoint, void *event, size_t size)
{
	struct evh_transport *transport = tracepoint->transport;

	if (__builtin_expect(size > transport->size_max, 0))
		return too_large(transport);
	/* Not a switch: the kernel comes first, and the others may take the longer way. */
	if (__builtin_expect(transport->kind == EVH_TRANSPORT_USER_EVENTS, 1))
		return evh_user_events_send(transport, tracepoint, event, size);
	if (transport->kind == EVH_TRANSPORT_FILE)
		return evh_file_send(tracepoint, event, size);
	if (transport->kind == EVH_TRANSPORT_MEMORY)
		return evh_memory_send(transport, event, size);
	if (transport->kind == EVH_TRANSPORT_UNIX)
		return evh_unix_send(tracepoint, event, size);
	return -EBADF;
}

int evh_tracepoint_sendv(const struct evh_tracepoint *tracepoint, const struct iovec *iov,
			 int count)
{
	/* One more than the caller may give: the file transport's padding. */
	struct iovec pieces[EVH_PIECES_MAX + 1];
	struct evh_transport *transport = tracepoint->transport;
	uint64_t size = 0;

	if (count < 1 || count > EVH_PIECES_MAX)
		return -EINVAL;
	for (int i = 0; i < count; i++) {
		pieces[i] = iov[i];
		/* A length that overflows the sum is too large by itself. */
		if (iov[i].iov_len > transport->size_max)
			size = UINT32_MAX;
		else
			size += iov[i].iov_len;
	}
	if (size > transport->size_max)
		return too_large(transport);
	if (transport->confined & EVH_CONFINED_PIECES)
		return -EOPNOTSUPP;
	switch (transport->kind) {
	case EVH_TRANSPORT_USER_EVENTS:
		return evh_user_events_sendv(tracepoint, pieces, count);
	case EVH_TRANSPORT_FILE:
		return evh_file_sendv(tracepoint, pieces, count, size);
	case EVH_TRANSPORT_UNIX:
		return evh_unix_sendv(tracepoint, pieces, count);
	case EVH_TRANSPORT_MEMORY:
		return memory_sendv(transport, pieces, count);
	case EVH_TRANSPORT_NONE:
		break;
	}
	return -EBADF;
}
