/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints and transports: registering tracepoint names, asking whether anybody listens, and
 * sending finished events. What builder.h and provider.h (and the preload library) stand on.
 *
 * The hot path is: one load of the enable word, one test; when somebody listens, one system call
 * over one contiguous buffer. So callers build an event behind EVH_HEADROOM spare bytes and leave
 * EVH_TAILROOM spare bytes behind it, and the transport puts its own prefix and padding there.
 *
 * What holds for every function here: it allocates nothing, takes no lock, leaves errno alone and
 * returns 0 or a negative errno. Sending is async-signal-safe and may be done by any number of
 * threads at once, also in a child after fork. Opening, registering and closing are
 * async-signal-safe too, but a transport or tracepoint must not be changed while others use it.
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

#define EVH_HEADROOM   64 /* spare bytes that the caller leaves in front of an event */
#define EVH_TAILROOM   8  /* and behind it */
#define EVH_PIECES_MAX 16 /* pieces that evh_tracepoint_sendv takes */

/* The largest event that a recording can hold: a perf record's size is 16 bits wide. */
#define EVH_SIZE_MAX_FILE 65476

enum evh_transport_kind {
	EVH_TRANSPORT_NONE,	   /* nothing is ever enabled; the state of a zeroed struct */
	EVH_TRANSPORT_USER_EVENTS, /* the kernel */
	EVH_TRANSPORT_FILE,	   /* a perf.data stream that several processes append to */
	EVH_TRANSPORT_MEMORY,	   /* a caller's buffer, for tests and benchmarks */
	EVH_TRANSPORT_UNIX,	   /* a collector's socket */
};

/* Groups of system calls that a transport can do without. */
enum evh_confined {
	/* writev: no sending in pieces. */
	EVH_CONFINED_PIECES = 1,
	/* gettid, getpid, getppid, prctl: the thread's id is what confined_tid says, and it has no
	   name. */
	EVH_CONFINED_IDS = 2,
	/* clock_gettime and getcpu where they are system calls, and the processor's time stamp
	 * counter: times are the last tick's, 1 to 10 ms old. */
	EVH_CONFINED_CLOCK = 4,
	/* prlimit64: RLIMIT_FSIZE is what file_size_max says, or said when it was last known. */
	EVH_CONFINED_LIMITS = 8,
	/* rt_sigprocmask, rt_sigpending, rt_sigtimedwait, lseek: nothing is sent under an
	 * RLIMIT_FSIZE. */
	EVH_CONFINED_SIGNALS = 16,
	/* newfstatat, fstat, readlinkat, mmap, munmap: nobody sees that the file was truncated, and
	 * a child's ids and clock are its parent's. */
	EVH_CONFINED_LOOK = 32,
	/* openat, read, pread64, close, behind evh_transport_open_file: the same. */
	EVH_CONFINED_OPEN = 64,
	EVH_CONFINED_ALL = 127,
};

/*
 * A place events go to. Public so that it can live in static storage; the functions below fill it.
 * A zeroed struct is a closed transport.
 */
struct evh_transport {
	enum evh_transport_kind kind;
	int fd;		/* -1 when the kind has none; its owner may move it to another number */
	int open_error; /* none: why it could not be opened, a negative errno; else 0 */
	/* memory: each send overwrites the last event */
	uint8_t *memory;
	size_t memory_size;
	size_t memory_used; /* bytes of the last event sent */
	uint64_t memory_sent;
	uint32_t size_max; /* larger events are refused; see evh_transport_set_size_max */
	uint32_t serial; /* file: tells this recording from others that the process has had open */
	uint64_t file_size_max;	   /* file: the process's RLIMIT_FSIZE, UINT64_MAX = none */
	uint64_t unlimited_until;  /* file: the time up to which that is known to be none */
	struct evh_file *file;	   /* file: what only the library looks at */
	struct evh_socket *socket; /* unix: the same */
	int64_t clock_shift;	   /* file: added to CLOCK_MONOTONIC gives the recording's time */
	/*
	 * enum evh_confined, set by the owner: what a seccomp filter leaves no way to. write(2) is
	 * always used: the owner sets `kind` to none where that is refused.
	 */
	unsigned confined;
	/* The process, for the records of one that may not ask (EVH_CONFINED_IDS); 0: the one that
	 * evh_transport_announce last noted. The owner's as well. */
	uint32_t confined_pid;
	/* The calling thread by libc's own note, 0: it doesn't say. NULL: as confined_pid 0. Called
	 * by each send, and under its rules. The owner's. */
	uint32_t (*confined_tid)(void);
	/*
	 * file, unix: puts the open file `fd` behind the number that the transport has, in one
	 * step, and closes `fd`; with -1 it tells whether it could. 0 or a negative errno, where
	 * `fd` stays open. NULL: dup3. The owner's, who may have a number that dup3 doesn't reach.
	 */
	int (*replace_fd)(int fd);
	/*
	 * unix: a collector is there that wasn't when something was sent before (0).
	 * file: the recording goes on in another segment from now on (0), or should and can't (a
	 * negative errno): what is sent stays in the present one. Called by a send, and under its
	 * rules; it may send. NULL: nobody wants to know. The owner's.
	 */
	void (*segment_changed)(int error);
	bool fd_borrowed; /* the descriptor belongs to somebody else: closing leaves it open */
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

/*
 * Opens user_events_data: in /sys/kernel/tracing, else in a tracefs named by /proc/mounts, else in
 * "tracing" of a debugfs. The descriptor is close-on-exec and never 0, 1 or 2.
 * 0, or -ENOENT (no tracefs, or a kernel without user_events), -EACCES, -EMFILE ...
 */
EVH_API int evh_transport_open_user_events(struct evh_transport *transport);

/*
 * Opens user_events_data at this path: where a container has that one file alone, as a bind mount.
 * As evh_transport_open_user_events; what else stands there refuses to register tracepoints
 * (-ENOTTY).
 */
EVH_API int evh_transport_open_user_events_at(struct evh_transport *transport, const char *path);

/*
 * Uses an inherited descriptor of user_events_data, which stays the caller's: evh_transport_close
 * leaves it open. 0 or -EBADF.
 */
EVH_API int evh_transport_use_user_events(struct evh_transport *transport, int fd);

/*
 * Opens an existing recording (evh/recording.h) to append to, and notes the process's name there.
 * `path` should be absolute: a program may change its folder before a child opens it again. With an
 * identity behind the path (evh_recording_identify) it is that recording or none, also when it
 * became `path`.old since; without one, whatever recording stands there. The descriptor can append
 * and nothing else.
 *
 * A symbolic link is not followed, and the file must belong to the effective user, to root or to
 * the identity's owner: else anybody who can write into the folder could collect others' events.
 *
 * 0, or -EINVAL when the file is no recording of ours, -ESTALE when it is another than the identity
 * says, -EPERM (another owner), -ELOOP (a symbolic link), -ENOENT, -EACCES ...
 */
EVH_API int evh_transport_open_file(struct evh_transport *transport, const char *path);

/*
 * Sends to a collector's socket (SOCK_SEQPACKET; evh/packet.h has what it gets). path: absolute, or
 * with '@' in front a name in the abstract namespace. Nobody needs to listen yet: the first event
 * connects.
 *
 * Sending never waits: what the socket has no room for is refused with -EAGAIN, counted, and told
 * with the next event that it takes. When the collector goes away, events are refused with -EPIPE,
 * -ECONNRESET or -ENOTCONN, and counted as well; sending looks for it again, at most once a second.
 * At most EVH_PACKET_NAMES_MAX tracepoints; they must be registered by one thread at a time.
 *
 * 0, or -EINVAL (an empty path), -ENAMETOOLONG (107 bytes are the most), -EMFILE ... Whether a
 * collector is there evh_transport_announce tells: -ENOENT or -ECONNREFUSED (nobody listens),
 * -EACCES, -EAGAIN (it has too many connections to take), -EPROTOTYPE (another kind of socket).
 */
EVH_API int evh_transport_open_unix(struct evh_transport *transport, const char *path);

/* Keeps the last event in `memory`; `size` bytes there are the limit of an event. Always 0. What is
 * sent must come from one thread at a time. */
EVH_API int evh_transport_use_memory(struct evh_transport *transport, void *memory, size_t size);

/*
 * Forgets the transport, and closes a descriptor of its own. Unregister its tracepoints first: in
 * user_events, only the file that registered a tracepoint can send to it, but the kernel would go
 * on writing the enable word.
 */
EVH_API void evh_transport_close(struct evh_transport *transport);

/*
 * Sets the size in bytes (header, extensions, payload) above which events are refused with -E2BIG.
 *
 * user_events: the default is EVH_SIZE_MAX_FTRACE_ABSOLUTE, because the kernel reports success for
 * what its collectors then drop; with perf as the only collector it may be raised to
 * EVH_SIZE_MAX_PERF, never beyond, since perf answers that with a warning in the kernel log.
 * file, unix: the default and maximum is EVH_SIZE_MAX_FILE. memory: the buffer's size.
 * 0, or -EINVAL when `size` is 0 or more than the transport can carry.
 */
EVH_API int evh_transport_set_size_max(struct evh_transport *transport, size_t size);

/*
 * Reads the process's RLIMIT_FSIZE again. To be called after the limit changed: a write beyond it
 * must be refused before it is tried, because the kernel would kill the program with SIGXFSZ. A
 * limit that another process sets (prlimit) is noticed by the sends themselves, within 1 ms.
 */
EVH_API void evh_transport_refresh_limits(struct evh_transport *transport);

/*
 * Notes the calling thread in the recording if that was not done yet, and for the events of threads
 * that nothing is known about, when the transport is confined. Connects to a collector that is not
 * connected, unless that was tried within the last second (-ENOTCONN). For other kinds it does
 * nothing.
 * 0 or -errno.
 */
EVH_API int evh_transport_announce(struct evh_transport *transport);

/*
 * Notes in the recording, or tells the collector, how many events of this process could not be
 * written (a full disk, a limit of file sizes, a full socket), where there is room by now. Sending
 * does the same, at most ten times a second; so this is for the end of a process. For other kinds
 * it does nothing.
 */
EVH_API void evh_transport_report_lost(struct evh_transport *transport);

/*
 * To be called by a new process's only thread, after fork and before it sends; not in a child of
 * vfork, which shares its parent's memory. Needed only where a child can have its parent's number
 * (each is 1 in a PID namespace of its own): all other children are noticed. Async-signal-safe.
 */
EVH_API void evh_transport_forked(struct evh_transport *transport);

/*
 * Registers a tracepoint with the fields that every EventHeader tracepoint has.
 *
 * tracepoint: filled. It, and `word`, must stay where they are until it is unregistered: the kernel
 *	writes the word whenever a collector comes or goes.
 * name: the whole name, `<provider>_L<level>K<keyword>[options]`.
 * word: the enable word, shared by up to 32 tracepoints; bit: 0 to 31, this one's own.
 *
 * 0, or -EINVAL (not such a name; evh_tracepoint_name_check), -EADDRINUSE (the name exists with
 * other fields, or this bit is taken), -ENOENT (the recording's head does not list the name),
 * -EMFILE/-ENOSPC/-EUSERS (the system's limit of user events), -EBADF (a closed transport), or why
 * the transport could not be opened. On error the tracepoint is valid and never enabled.
 *
 * Threads: the kernel tracks registrations by the thread that first registered, and only threads
 * created later inherit that; so register once, from the first thread, before there are others.
 * fork: the child has the same registrations. exec drops them. vfork shares them.
 */
EVH_API int evh_tracepoint_register(struct evh_tracepoint *tracepoint,
				    struct evh_transport *transport, const char *name,
				    uint32_t *word, unsigned bit);

enum evh_register_flags {
	/* The name stays after the last user closed it; needs CAP_PERFMON (else -EPERM). */
	EVH_REGISTER_PERSIST = 1,
};

/*
 * The same with flags. A kernel that doesn't know a flag gets the registration without it; the
 * result is then 1.
 */
EVH_API int evh_tracepoint_register_flags(struct evh_tracepoint *tracepoint,
					  struct evh_transport *transport, const char *name,
					  uint32_t *word, unsigned bit, unsigned flags);

/*
 * Ends the registration; the bit is clear afterwards. Other threads may be sending: they get
 * -EBADF or their event still goes out. Idempotent. 0 or -errno.
 */
EVH_API int evh_tracepoint_unregister(struct evh_tracepoint *tracepoint);

/* Whether anybody listens. `tracepoint` must have been registered, successfully or not. */
static inline bool evh_tracepoint_enabled(const struct evh_tracepoint *tracepoint)
{
	return (__atomic_load_n(tracepoint->word, __ATOMIC_RELAXED) &
		__atomic_load_n(&tracepoint->mask, __ATOMIC_RELAXED)) != 0;
}

/*
 * Sends one finished event of `size` bytes at `event`, with EVH_HEADROOM writable bytes in front
 * of it and EVH_TAILROOM behind. One system call (file: another one that asks for the thread).
 *
 * 0, or -EBADF: nobody listens; -E2BIG: above the transport's limit; -ENOSPC, -EFBIG, -EIO ...: the
 * file can't take it. A refused event is not sent later. At most 1 KiB of stack; async-signal-safe;
 * no cancellation point; after fork, the child's events carry the child's pid.
 */
EVH_API int evh_tracepoint_send(const struct evh_tracepoint *tracepoint, void *event, size_t size);

/*
 * The same from pieces that make one event. iov[0] has the headroom in front; apart from that no
 * piece is written to, and none needs tailroom. -EINVAL for no piece or more than EVH_PIECES_MAX,
 * -EFAULT for one that can't be read, -EOPNOTSUPP when the transport is confined.
 */
EVH_API int evh_tracepoint_sendv(const struct evh_tracepoint *tracepoint, const struct iovec *iov,
				 int count);

/* Whom an event comes from that another process hands on. */
struct evh_origin {
	uint32_t pid, tid; /* in this process's PID namespace */
	uint16_t cpu;
	uint64_t time; /* CLOCK_MONOTONIC of this process, nanoseconds */
};

/*
 * For collectors: appends another process's event to a recording, as if that process had sent it.
 * The transport must be a file; pieces, results and rules as evh_tracepoint_sendv, but one thread
 * at a time. -EOPNOTSUPP: another kind of transport.
 */
EVH_API int evh_tracepoint_forward(const struct evh_tracepoint *tracepoint,
				   const struct evh_origin *origin, const void *event, size_t size);

/* The same for the name that a process has from then on, at most 15 bytes of it. */
EVH_API int evh_transport_forward_name(struct evh_transport *transport,
				       const struct evh_origin *origin, const char *name);

/* The same for a number of events that did not arrive. */
EVH_API int evh_transport_forward_lost(struct evh_transport *transport,
				       const struct evh_origin *origin, uint32_t count);

/* Holds a record of the largest event. */
#define EVH_FORWARD_ROOM_MIN 65536

/*
 * For collectors that receive many events at a time: from now on what is forwarded gathers in
 * `room`, and is appended by one write when that is full or by evh_transport_forward_flush. What is
 * in it when the process is killed is lost. `size` bytes, at least EVH_FORWARD_ROOM_MIN; the room
 * is the transport's until it is closed, which flushes nothing, or until the next call, which does.
 * NULL: no longer. 0, -EINVAL, or -EOPNOTSUPP as above.
 */
EVH_API int evh_transport_forward_gather(struct evh_transport *transport, void *room, size_t size);

/*
 * Appends what gathered. 0, or why events could not be written since the last call, with how many
 * they were in `*refused`; each of them is counted as lost in the recording.
 */
EVH_API int evh_transport_forward_flush(struct evh_transport *transport, uint32_t *refused);

/*
 * Whether `name` can be a provider's: not empty, below EVH_PROVIDER_NAME_MAX, and without control
 * characters, space, ':', ';' and '/' (which the kernel would accept, and then put into a folder's
 * name). Portable names are [A-Za-z_][A-Za-z0-9_]*. 0 or -EINVAL, -ENAMETOOLONG.
 */
EVH_API int evh_provider_name_check(const char *name);

/* Whether `name` is a whole tracepoint name that can be registered. 0 or -EINVAL, -ENAMETOOLONG. */
EVH_API int evh_tracepoint_name_check(const char *name);

/*
 * Writes `<provider>_L<level>K<keyword>`, and `G<group>` when group is neither NULL nor empty, into
 * `name`. group: [a-z0-9]*. The length, or -EINVAL (bad provider, group or level 0),
 * -ENAMETOOLONG (`size` is too small; EVH_TRACEPOINT_NAME_MAX is always enough).
 */
EVH_API int evh_tracepoint_name_format(char *name, size_t size, const char *provider, uint8_t level,
				       uint64_t keyword, const char *group);

/*
 * The process's own user_events transport, opened at the first call and never closed: what
 * provider.h and builder.h use unless told otherwise. When it can't be opened the result is a
 * transport where registering gives the reason (-ENOENT, -EACCES ...) and nothing is ever enabled;
 * a later call tries again.
 * Safe from several threads; not from a signal handler.
 */
EVH_API struct evh_transport *evh_transport_default(void);

#ifdef __cplusplus
}
#endif
#endif
