/* SPDX-License-Identifier: MIT */
/* Opening the sinks that lead to the kernel. Shared with `logtap cat`. */
#ifndef LT_KERNEL_SINK_H
#define LT_KERNEL_SINK_H

#include <errno.h>

#include <evh/tracepoint.h>

#include "settings.h"

/* 0, or a negative errno; -EBADF: the settings' sink is none of these. */
static inline int lt_open_kernel_sink(struct evh_transport *transport,
				      const struct lt_settings *settings)
{
	switch (settings->sink) {
	case LT_SINK_USER_EVENTS:
		return evh_transport_open_user_events(transport);
	case LT_SINK_USER_EVENTS_FD:
		return evh_transport_use_user_events(transport, settings->sink_fd);
	case LT_SINK_USER_EVENTS_AT:
		return evh_transport_open_user_events_at(transport, settings->sink_path);
	case LT_SINK_FILE:
	case LT_SINK_NONE:
		break;
	}
	return -EBADF;
}

#endif
