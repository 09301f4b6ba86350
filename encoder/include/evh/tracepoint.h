/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints and transports: registering tracepoint names, asking whether anybody listens, and
 * sending finished events. What builder.h and provider.h (and the preload library) stand on.
 *
 * The hot path is: one load of the enable word, one test; when somebody listens, one system call
 * over one contiguous buffer. So callers build an event behind EVH_HEADROOM spare bytes and leave
 * EVH_TAILROOM spare bytes behind it, and the transport puts its own prefix and padding there.
 *
 * Rule source: Documentation/trace/user_events.rst of Linux 6.12.
 */
#ifndef EVH_TRACEPOINT_H
#define EVH_TRACEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <evh/format.h>

#ifndef EVH_API
#	define EVH_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_HEADROOM 64 /* spare bytes that the caller leaves in front of an event */
#define EVH_TAILROOM 8	/* and behind it */

enum evh_transport_kind {
	EVH_TRANSPORT_NONE,	   /* nothing is ever enabled; the state of a zeroed struct */
	EVH_TRANSPORT_USER_EVENTS, /* the kernel */
	EVH_TRANSPORT_FILE,	   /* a perf.data stream that several processes append to */
	EVH_TRANSPORT_MEMORY,	   /* a caller's buffer, for tests and benchmarks */
};

/*
 * A place events go to. Public so that it can live in static storage; the functions below fill it.
 * A zeroed struct is a closed transport.
 */
struct evh_transport {
	enum evh_transport_kind kind;
	int fd; /* -1 when the kind has none; its owner may move it to another number */
	/* memory: each send overwrites the last event */
	uint8_t *memory;
	size_t memory_size;
	size_t memory_used; /* bytes of the last event sent */
	uint64_t memory_sent;
};

/*
 * One registered tracepoint. `word` points at the enable word, which tracepoints may share; `mask`
 * is this one's bit. The kernel writes the word (or registration does, for the transports that
 * always listen); everybody else only reads it, with a relaxed load.
 */
struct evh_tracepoint {
	struct evh_transport *transport;
	uint32_t *word;
	uint32_t mask;
	uint32_t index; /* user_events: the write index; file: the tracepoint's id in the file's
			   head */
};

/* Opens user_events_data in the tracefs mount. 0, or -ENOENT (no tracefs, or no user_events),
 * -EACCES ... */
EVH_API int evh_transport_open_user_events(struct evh_transport *transport);

/* Uses an inherited descriptor of user_events_data, which stays the caller's. */
EVH_API int evh_transport_use_user_events(struct evh_transport *transport, int fd);

/* Opens an existing recording (evh/recording.h) to append to; -EINVAL when it is none. */
EVH_API int evh_transport_open_file(struct evh_transport *transport, const char *path);

EVH_API int evh_transport_use_memory(struct evh_transport *transport, void *memory, size_t size);
EVH_API void evh_transport_close(struct evh_transport *transport);

/* `name` is the whole tracepoint name, `<provider>_L<level>K<keyword>[options]`; `bit` is 0 to 31.
 */
EVH_API int evh_tracepoint_register(struct evh_tracepoint *tracepoint,
				    struct evh_transport *transport, const char *name,
				    uint32_t *word, unsigned bit);
EVH_API int evh_tracepoint_unregister(struct evh_tracepoint *tracepoint);

static inline bool evh_tracepoint_enabled(const struct evh_tracepoint *tracepoint)
{
	return (__atomic_load_n(tracepoint->word, __ATOMIC_RELAXED) & tracepoint->mask) != 0;
}

/*
 * Sends one finished event of `size` bytes at `event`, with EVH_HEADROOM writable bytes in front
 * of it and EVH_TAILROOM behind. One system call. 0 or a negative errno (-EBADF: nobody listens);
 * errno itself is untouched. Async-signal-safe, no cancellation point.
 */
EVH_API int evh_tracepoint_send(const struct evh_tracepoint *tracepoint, void *event, size_t size);

/* The same from pieces: iov[0] has the headroom in front; the pieces are not written to otherwise.
 */
EVH_API int evh_tracepoint_sendv(const struct evh_tracepoint *tracepoint, const struct iovec *iov,
				 int count);

#ifdef __cplusplus
}
#endif
#endif
