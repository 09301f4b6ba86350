/* SPDX-License-Identifier: MIT */
/*
 * The unix transport: events to the socket of a collector (evh/packet.h).
 *
 * Must never wait, never raise SIGPIPE, and never let an event that the socket refuses vanish
 * without being counted. A collector that is not there is looked for once a second at most, by the
 * sends themselves: nothing else of ours runs in the process, and one that sends nothing doesn't
 * even connect.
 *
 * A child of fork has a connection of its own, and with it its own room. Where it can get none (it
 * sees another root, or a filter forbids it) it sends through its parent's: the kernel says in each
 * packet who sent it, and the names of the tracepoints are the same.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "clock.h"
#include "file.h"
#include "lost_count.h"
#include "syscall.h"
#include "transport.h"
#include "unix.h"

/* How often a collector that is away is looked for, nanoseconds. */
#define RETRY_AFTER UINT64_C(1000000000)

#define FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)

static struct evh_packet make_packet(const struct evh_transport *transport, unsigned kind,
				     uint32_t tracepoint)
{
	bool confined = transport->confined & EVH_CONFINED_IDS;

	return (struct evh_packet){
		.version = EVH_PACKET_VERSION,
		.kind = (uint8_t)kind,
		.cpu = (uint16_t)evh_file_cpu(),
		.tracepoint = tracepoint,
		.tid = !confined		 ? (uint32_t)EVH_SYSCALL1(SYS_gettid, 0)
		       : transport->confined_tid ? transport->confined_tid()
						 : 0,
		.time = transport->confined & EVH_CONFINED_CLOCK ? evh_clock_read_coarse()
								 : evh_clock_read(CLOCK_MONOTONIC),
	};
}

/* 0 or a negative errno; what is not whole was not sent. */
static int send_packet(int fd, const void *packet, size_t size)
{
	long sent = EVH_SYSCALL6(SYS_sendto, fd, packet, size, FLAGS, NULL, 0);

	return sent < 0 ? (int)sent : 0;
}

static int send_name(const struct evh_transport *transport, int fd, uint32_t number,
		     const char *name, size_t size)
{
	struct {
		struct evh_packet packet;
		char name[EVH_TRACEPOINT_NAME_MAX];
	} packet = { .packet = make_packet(transport, EVH_PACKET_NAME, number) };

	memcpy(packet.name, name, size);
	return send_packet(fd, &packet, sizeof(packet.packet) + size);
}

/* What the collector must know before the first event. */
static int send_hello(const struct evh_transport *transport, int fd)
{
	const struct evh_socket *sock = transport->socket;
	struct {
		struct evh_packet packet;
		uint64_t wall;
	} hello = { .packet = make_packet(transport, EVH_PACKET_HELLO, 0) };
	const char *program = program_invocation_short_name;
	struct iovec iov[] = {
		{ &hello, sizeof(hello) },
		{ (void *)program, strnlen(program, EVH_PACKET_PROGRAM_MAX - 1) },
		{ "", 1 },
		{ (void *)sock->names, __atomic_load_n(&sock->names_size, __ATOMIC_ACQUIRE) },
	};
	const struct msghdr message = { .msg_iov = iov, .msg_iovlen = 4 };
	struct evh_clock_pair pair = evh_clock_read_pair(false);
	long sent;

	hello.packet.time = pair.clock;
	hello.wall = pair.wall;
	sent = EVH_SYSCALL3(SYS_sendmsg, fd, &message, FLAGS);
	return sent < 0 ? (int)sent : 0;
}

/* The most that a process may ask for without a right (net.core.wmem_max, as it usually is). */
#define ROOM 212992

/* So much of it is for events. What a packet may take beyond it is less than the rest. */
#define ROOM_FOR_EVENTS (ROOM / 4 * 3)

static void set_room(int fd, int room)
{
	EVH_SYSCALL6(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room), 0);
}

static int connect_socket(const struct evh_transport *transport, int fd)
{
	const struct evh_socket *sock = transport->socket;
	int error = (int)EVH_SYSCALL3(SYS_connect, fd, &sock->address, sock->address_size);

	/* For a collector that is busy for a moment; what is refused stays as it was. */
	set_room(fd, ROOM_FOR_EVENTS);
	return error ? error : send_hello(transport, fd);
}

/* A path, or with '@' in front a name in the abstract namespace. */
static int set_address(struct evh_socket *sock, const char *path)
{
	size_t size = strlen(path);

	if (!size)
		return -EINVAL;
	if (size >= sizeof(sock->address.sun_path))
		return -ENAMETOOLONG;
	sock->address.sun_family = AF_UNIX;
	memcpy(sock->address.sun_path, path, size);
	if (*path == '@')
		sock->address.sun_path[0] = '\0';
	sock->address_size =
		(uint32_t)(offsetof(struct sockaddr_un, sun_path) + size + (*path == '@' ? 0 : 1));
	return 0;
}

int evh_transport_open_unix(struct evh_transport *transport, const char *path)
{
	int fd;

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	transport->socket = evh_map_memory(sizeof(struct evh_socket));
	if (!transport->socket)
		return transport->open_error = -ENOMEM;
	evh_clock_init();
	fd = set_address(transport->socket, path);
	if (!fd)
		fd = evh_socket_above_stdio();
	if (fd < 0) {
		evh_unix_close(transport);
		transport->socket = NULL;
		return transport->open_error = fd;
	}
	transport->kind = EVH_TRANSPORT_UNIX;
	transport->fd = fd;
	transport->size_max = EVH_SIZE_MAX_FILE;
	transport->socket->state = EVH_SOCKET_NEW;
	transport->socket->connected = &transport->socket->never_cleared;
	return 0;
}

void evh_unix_close(struct evh_transport *transport)
{
	struct evh_socket *sock = transport->socket;

	if (sock->connected && sock->connected != &sock->never_cleared)
		evh_unmap_memory(sock->connected, sizeof(*sock->connected));
	evh_unmap_memory(sock, sizeof(*sock));
}

static bool is_connected(const struct evh_socket *sock)
{
	return __atomic_load_n(__atomic_load_n(&sock->connected, __ATOMIC_RELAXED),
			       __ATOMIC_RELAXED);
}

/* At the first connection only: before it nothing may be asked of the kernel for nothing. */
static uint32_t *map_cleared_by_fork(void)
{
	uint32_t *word = evh_map_memory(sizeof(*word));

	if (word && EVH_SYSCALL3(SYS_madvise, word, sizeof(*word), MADV_WIPEONFORK)) {
		evh_unmap_memory(word, sizeof(*word));
		word = NULL;
	}
	return word;
}

static void set_connected(struct evh_socket *sock)
{
	uint32_t *word = sock->connected;

	if (word == &sock->never_cleared) {
		word = map_cleared_by_fork();
		word = word ? word : sock->connected;
	}
	__atomic_store_n(&sock->state, EVH_SOCKET_CONNECTED, __ATOMIC_RELAXED);
	__atomic_store_n(word, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&sock->connected, word, __ATOMIC_RELEASE);
}

static void set_left(struct evh_socket *sock)
{
	__atomic_store_n(&sock->state, EVH_SOCKET_LEFT, __ATOMIC_RELAXED);
	__atomic_store_n(sock->connected, 0, __ATOMIC_RELAXED);
}

/* Whether the collector is gone, and not only busy. */
static bool is_gone(int error)
{
	return error == -EPIPE || error == -ECONNRESET || error == -ENOTCONN ||
	       error == -ECONNREFUSED;
}

/* The number of a name that was registered before, or of how many there are. */
static uint32_t number_of(const struct evh_socket *sock, const char *name)
{
	uint32_t number = 0;

	for (const char *known = sock->names; number < sock->name_count; number++) {
		if (strcmp(known, name) == 0)
			break;
		known += strlen(known) + 1;
	}
	return number;
}

int evh_unix_register(struct evh_transport *transport, const char *name, uint32_t *number)
{
	struct evh_socket *sock = transport->socket;
	size_t size = strlen(name) + 1;
	int error = 0;

	*number = number_of(sock, name);
	if (*number < sock->name_count)
		return 0;
	if (*number == EVH_PACKET_NAMES_MAX)
		return -EUSERS;
	memcpy(sock->names + sock->names_size, name, size);
	if (is_connected(sock))
		error = send_name(transport, transport->fd, *number, name, size - 1);
	/* Who is gone is told when it is back. */
	if (error && !is_gone(error))
		return error;
	sock->name_count++;
	__atomic_store_n(&sock->names_size, sock->names_size + (uint32_t)size, __ATOMIC_RELEASE);
	return 0;
}

/* Connects another socket and puts it behind the old one's number: that can't be used again. */
static int connect_anew(struct evh_transport *transport)
{
	int fd = evh_socket_above_stdio();
	int error = fd < 0 ? fd : connect_socket(transport, fd);
	bool taken = false;

	if (!error && transport->replace_fd) {
		error = transport->replace_fd(fd);
		taken = !error;
	} else if (!error) {
		long result = EVH_SYSCALL3(SYS_dup3, fd, transport->fd, O_CLOEXEC);

		error = result < 0 ? (int)result : 0;
	}
	if (fd >= 0 && !taken)
		EVH_SYSCALL1(SYS_close, fd);
	return error;
}

void evh_unix_forked(struct evh_transport *transport)
{
	struct evh_socket *sock = transport->socket;

	if (sock->state == EVH_SOCKET_NEW)
		sock->state = EVH_SOCKET_LEFT;
	if (sock->state == EVH_SOCKET_CONNECTED) {
		sock->state = EVH_SOCKET_INHERITED;
		sock->names_inherited = sock->name_count;
		sock->look_at = 0;
		__atomic_store_n(sock->connected, 0, __ATOMIC_RELAXED);
	}
	if (sock->lost)
		sock->lost = 0;
}

/* Whether the parent's connection does as well: it knows the same names. */
static bool may_share(const struct evh_socket *sock)
{
	return sock->state == EVH_SOCKET_INHERITED && sock->names_inherited == sock->name_count;
}

/*
 * Looks for a collector, once a second at most, and by one thread at a time. A child of vfork may
 * come here, too: the connection is then the parent's as well. 0: there is one.
 */
static __attribute__((cold)) int find_collector(struct evh_transport *transport)
{
	struct evh_socket *sock = transport->socket;
	uint64_t due, time = evh_clock_read(CLOCK_MONOTONIC);
	int error;

	/* It was forked, and nobody told us. */
	if (__atomic_load_n(&sock->state, __ATOMIC_RELAXED) == EVH_SOCKET_CONNECTED)
		evh_unix_forked(transport);
	due = __atomic_load_n(&sock->look_at, __ATOMIC_RELAXED);
	if (time < due || transport->confined ||
	    !__atomic_compare_exchange_n(&sock->look_at, &due, time + RETRY_AFTER, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return may_share(sock) ? 0 : -ENOTCONN;
	error = sock->state == EVH_SOCKET_NEW ? connect_socket(transport, transport->fd) : -EISCONN;
	/* By another process, that has the same socket. */
	if (error == -EISCONN)
		error = connect_anew(transport);
	if (error && !may_share(sock))
		return error;
	set_connected(sock);
	if (due && transport->segment_changed)
		transport->segment_changed(0);
	return 0;
}

static uint32_t own_pid(const struct evh_transport *transport)
{
	return transport->confined & EVH_CONFINED_IDS ? transport->confined_pid
						      : (uint32_t)EVH_SYSCALL1(SYS_getpid, 0);
}

/* Nearly always nothing, which is found out without asking for the process. */
static uint32_t take_lost(struct evh_transport *transport)
{
	uint64_t *lost = &transport->socket->lost;

	return __builtin_expect(!__atomic_load_n(lost, __ATOMIC_RELAXED), 1)
		       ? 0
		       : evh_lost_take(lost, own_pid(transport));
}

/* What becomes of an event that was not sent: it is counted, with what its packet told. */
static __attribute__((cold)) int count_lost(struct evh_transport *transport, uint32_t lost,
					    int error)
{
	if (error == -EBADF)
		return error;
	if (is_gone(error) && is_connected(transport->socket))
		set_left(transport->socket);
	evh_lost_add(&transport->socket->lost, own_pid(transport), UINT64_C(1) + lost);
	return error;
}

static int send_iov(const struct evh_transport *transport, const struct iovec *iov, int count)
{
	const struct msghdr message = { .msg_iov = (struct iovec *)iov,
					.msg_iovlen = (size_t)count };
	int fd = __atomic_load_n(&transport->fd, __ATOMIC_RELAXED);
	long sent;

	if (count == 1)
		return send_packet(fd, iov->iov_base, iov->iov_len);
	sent = EVH_SYSCALL3(SYS_sendmsg, fd, &message, FLAGS);
	return sent < 0 ? (int)sent : 0;
}

/* iov[0] begins with room for the head. */
static int send_pieces(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count)
{
	struct evh_transport *transport = tracepoint->transport;
	struct evh_packet head;
	int error = 0;

	if (__builtin_expect(!is_connected(transport->socket), 0))
		error = find_collector(transport);
	if (__builtin_expect(error, 0))
		return count_lost(transport, 0, error);
	head = make_packet(transport, EVH_PACKET_EVENT, tracepoint->index);
	head.lost = take_lost(transport);
	memcpy(iov[0].iov_base, &head, sizeof(head));
	error = send_iov(transport, iov, count);
	return __builtin_expect(error, 0) ? count_lost(transport, head.lost, error) : 0;
}

int evh_unix_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size)
{
	struct iovec iov = { .iov_base = event - sizeof(struct evh_packet),
			     .iov_len = sizeof(struct evh_packet) + size };

	return send_pieces(tracepoint, &iov, 1);
}

int evh_unix_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count)
{
	iov[0].iov_base = (uint8_t *)iov[0].iov_base - sizeof(struct evh_packet);
	iov[0].iov_len += sizeof(struct evh_packet);
	return send_pieces(tracepoint, iov, count);
}

int evh_unix_announce(struct evh_transport *transport)
{
	return is_connected(transport->socket) ? 0 : find_collector(transport);
}

void evh_unix_report_lost(struct evh_transport *transport)
{
	struct evh_packet packet;
	uint32_t lost = take_lost(transport);

	if (!lost)
		return;
	packet = make_packet(transport, EVH_PACKET_LOST, 0);
	packet.lost = lost;
	/* What filled the socket may still be there, and nothing more will come to tell it. */
	if (!transport->confined)
		set_room(transport->fd, ROOM);
	if (send_packet(transport->fd, &packet, sizeof(packet)))
		evh_lost_add(&transport->socket->lost, own_pid(transport), lost);
	if (!transport->confined)
		set_room(transport->fd, ROOM_FOR_EVENTS);
}
