/* SPDX-License-Identifier: MIT */
/*
 * The process's own user_events transport, shared by all providers that name no other.
 * It is never closed: registrations belong to the open file, and programs unload in any order.
 */
#include <pthread.h>

#include <evh/tracepoint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct evh_transport transport;

struct evh_transport *evh_transport_default(void)
{
	struct evh_transport opened;

	pthread_mutex_lock(&lock);
	if (transport.kind == EVH_TRANSPORT_NONE) {
		/* When that fails, the reason is what registering will give. */
		transport.open_error = evh_transport_open_user_events(&opened);
		transport.fd = opened.fd;
		transport.size_max = opened.size_max;
		/* Other threads may be registering with it: the kind makes it valid. */
		__atomic_store_n(&transport.kind, opened.kind, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
	return &transport;
}
