/* SPDX-License-Identifier: MIT */
/* Opening the sinks that lead to a collector: to the kernel, or to a socket. Shared with `logtap
 * cat`. */
#ifndef LT_LIVE_SINK_H
#define LT_LIVE_SINK_H

#include <errno.h>

#include <evh/tracepoint.h>

#include "settings.h"

/* 0, or a negative errno; -EBADF: the settings' sink is none of these. */
static inline int lt_open_live_sink(struct evh_transport *transport,
				    const struct lt_settings *settings)
{
	switch (settings->sink) {
	case LT_SINK_USER_EVENTS:
		return evh_transport_open_user_events(transport);
	case LT_SINK_USER_EVENTS_FD:
		return evh_transport_use_user_events(transport, settings->sink_fd);
	case LT_SINK_USER_EVENTS_AT:
		return evh_transport_open_user_events_at(transport, settings->sink_path);
	case LT_SINK_UNIX:
		return evh_transport_open_unix(transport, settings->sink_path);
	case LT_SINK_FILE:
	case LT_SINK_NONE:
		break;
	}
	return -EBADF;
}

#endif
