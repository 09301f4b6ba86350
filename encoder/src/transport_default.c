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
		evh_transport_open_user_events(&opened);
		transport = opened; /* failed: the reason, which registering will give */
	}
	pthread_mutex_unlock(&lock);
	return &transport;
}
