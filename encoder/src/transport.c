/* SPDX-License-Identifier: MIT */
/*
 * What all transports share: descriptors, limits, closing; and the memory transport, which is
 * nothing but a limit.
 */
#include <fcntl.h>
#include <string.h>

#include "syscall.h"
#include "transport.h"

int evh_transport_use_memory(struct evh_transport *transport, void *memory, size_t size)
{
	memset(transport, 0, sizeof(*transport));
	transport->kind = EVH_TRANSPORT_MEMORY;
	transport->fd = -1;
	transport->memory = memory;
	transport->memory_size = size;
	transport->size_max = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
	return 0;
}

void evh_transport_close(struct evh_transport *transport)
{
	if (transport->kind != EVH_TRANSPORT_NONE && transport->fd >= 0 && !transport->fd_borrowed)
		EVH_SYSCALL1(SYS_close, transport->fd);
	if (transport->kind == EVH_TRANSPORT_FILE)
		evh_file_close(transport);
	if (transport->kind == EVH_TRANSPORT_UNIX)
		evh_unix_close(transport);
	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
}

static size_t hard_limit(const struct evh_transport *transport)
{
	switch (transport->kind) {
	case EVH_TRANSPORT_USER_EVENTS:
		return EVH_SIZE_MAX_PERF;
	case EVH_TRANSPORT_FILE:
	case EVH_TRANSPORT_UNIX:
		return EVH_SIZE_MAX_FILE;
	case EVH_TRANSPORT_MEMORY:
		return transport->memory_size > UINT32_MAX ? UINT32_MAX : transport->memory_size;
	case EVH_TRANSPORT_NONE:
		break;
	}
	return 0;
}

int evh_transport_set_size_max(struct evh_transport *transport, size_t size)
{
	if (size == 0 || size > hard_limit(transport))
		return -EINVAL;
	transport->size_max = (uint32_t)size;
	return 0;
}

int evh_transport_announce(struct evh_transport *transport)
{
	if (transport->kind == EVH_TRANSPORT_FILE)
		return evh_file_announce_thread(transport);
	return transport->kind == EVH_TRANSPORT_UNIX ? evh_unix_announce(transport) : 0;
}

void evh_transport_report_lost(struct evh_transport *transport)
{
	if (transport->kind == EVH_TRANSPORT_FILE)
		evh_file_report_lost(transport);
	else if (transport->kind == EVH_TRANSPORT_UNIX)
		evh_unix_report_lost(transport);
}

void evh_transport_forked(struct evh_transport *transport)
{
	if (transport->kind == EVH_TRANSPORT_FILE)
		evh_file_forked(transport);
	else if (transport->kind == EVH_TRANSPORT_UNIX)
		evh_unix_forked(transport);
}
