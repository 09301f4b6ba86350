/* SPDX-License-Identifier: MIT */
/*
 * What the transports of the core offer to tracepoint.c, which picks one of them by kind.
 * Inside the library only; nothing here may allocate, lock, or call an interposed libc function.
 */
#ifndef EVH_SRC_TRANSPORT_H
#define EVH_SRC_TRANSPORT_H

#include <evh/tracepoint.h>

/* open(2) with O_CLOEXEC; the descriptor is never 0, 1 or 2, which belong to the program. */
int evh_open_above_stdio(const char *path, int flags);

/* The same with O_CREAT, and the mode of a new file. */
int evh_create_above_stdio(const char *path, int flags, unsigned mode);

/* A socket for a collector, at such a number: SOCK_SEQPACKET, close-on-exec, never waiting. */
int evh_socket_above_stdio(void);

/* One of 0, 1 and 2 was not open when that was called: whoever wonders which needs to ask only
 * then. */
extern bool evh_stdio_had_room;

/* Finds and opens user_events_data; the descriptor or -errno. */
int evh_user_events_open(void);

/* Whether the kernel has user_events, wherever tracefs is mounted, if it is. In doubt it has. */
bool evh_user_events_known(void);
/* evh_tracepoint_register for a name that was checked, with other fields. The bit is 0. */
int evh_tracepoint_register_fields(struct evh_tracepoint *tracepoint,
				   struct evh_transport *transport, const char *name,
				   const char *fields, uint32_t *word);

/* user_events */
int evh_user_events_register(struct evh_tracepoint *tracepoint, const char *name,
			     const char *fields, unsigned bit, unsigned flags);
int evh_user_events_unregister(struct evh_tracepoint *tracepoint, unsigned bit);
int evh_user_events_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count);

/* memory; `size` must be within the transport's limit */
int evh_memory_send(struct evh_transport *transport, const void *event, size_t size);

/* file */

/* What a transport is told of a process that is confined before it opens it; see evh_transport. */
struct evh_file_confinement {
	unsigned calls;		/* enum evh_confined */
	uint32_t pid;		/* confined_pid */
	uint32_t (*tid)(void);	/* confined_tid */
	uint64_t file_size_max; /* RLIMIT_FSIZE, which EVH_CONFINED_LIMITS may not ask for */
};

/* As evh_transport_open_file. With EVH_CONFINED_ALL the calls are those that the
 * loader makes: openat, read, pread64, mmap, munmap, close; and write. */
int evh_file_open(struct evh_transport *transport, const char *path,
		  const struct evh_file_confinement *confinement);
/* This boot of the machine, 16 bytes, where the recording says which it is; else NULL. */
const uint8_t *evh_file_boot_id(const struct evh_transport *transport);
void evh_file_close(struct evh_transport *transport);
/* fields: of a plain tracepoint, which is listed with them, or NULL. */
int evh_file_find(struct evh_transport *transport, const char *name, const char *fields,
		  uint32_t *id);
int evh_file_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size);
int evh_file_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count,
		   size_t size);
void evh_file_report_lost(struct evh_transport *transport);
int evh_file_announce_thread(struct evh_transport *transport);
void evh_file_forked(struct evh_transport *transport);

/* unix */
void evh_unix_close(struct evh_transport *transport);
int evh_unix_register(struct evh_transport *transport, const char *name, uint32_t *number);
int evh_unix_announce(struct evh_transport *transport);
int evh_unix_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size);
int evh_unix_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count);
void evh_unix_report_lost(struct evh_transport *transport);
void evh_unix_forked(struct evh_transport *transport);

#endif
