/* SPDX-License-Identifier: MIT */
/*
 * syslog:HOST:PORT: RFC 5424 over TCP, each message behind its length (RFC 6587). Nothing is ever
 * acknowledged there: what the other side's kernel has taken may be lost with its daemon. So what
 * was delivered counts for delivered some seconds later, and when the connection breaks, what does
 * not count yet is sent once more.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "kinds.h"
#include "syslog_line.h"

/* How long a broken connection may have swallowed lines before that is seen, seconds. */
#define UNSURE 5

/* Between two looks at the orders, ms. */
#define LOOK_TIME 100

struct syslog {
	char host[256], port[16];
	int fd; /* -1: not connected */
	struct evh_text batch, line;
	uint64_t written;
};

/* "host:514", "[::1]:514". */
static bool split(const char *target, char host[256], char port[16])
{
	const char *colon = strrchr(target, ':');
	size_t size = colon ? (size_t)(colon - target) : 0;

	if (size > 2 && target[0] == '[' && target[size - 1] == ']') {
		target++;
		size -= 2;
	} else if (memchr(target, ':', size)) {
		return false;
	}
	if (!size || size >= 256 || !colon[1] || strlen(colon + 1) >= 16)
		return false;
	memcpy(host, target, size);
	host[size] = '\0';
	strcpy(port, colon + 1);
	return true;
}

static const char *check_target(const char *target)
{
	char host[256], port[16];

	return split(target, host, port) ? NULL
					 : "HOST:PORT behind the colon, as log.example.com:601 or "
					   "[::1]:601";
}

static int open_syslog(struct destination *destination)
{
	struct syslog *syslog = calloc(1, sizeof(*syslog));

	destination->state = syslog;
	if (!syslog)
		return -ENOMEM;
	syslog->fd = -1;
	split(destination->target, syslog->host, syslog->port);
	return 0;
}

static size_t add(struct destination *destination, struct event *event)
{
	struct syslog *syslog = destination->state;
	char length[16];

	evh_text_clear(&syslog->line);
	syslog_line_append(&syslog->line, event, destination->host);
	snprintf(length, sizeof(length), "%zu ", syslog->line.size);
	evh_text_puts(&syslog->batch, length);
	evh_text_append(&syslog->batch, syslog->line.data, syslog->line.size);
	return syslog->batch.size;
}

static void disconnect(struct syslog *syslog)
{
	if (syslog->fd >= 0)
		close(syslog->fd);
	syslog->fd = -1;
}

static enum delivery fail(struct destination *destination, const char *why, enum delivery delivery)
{
	disconnect(destination->state);
	snprintf(destination->problem, sizeof(destination->problem), "%s", why);
	return delivery;
}

/* Until it takes bytes (or has connected). 0, or a negative errno. */
static int wait_to_write(const struct destination *destination, int fd)
{
	uint64_t until = clock_ms() + (uint64_t)destination->options->timeout * 1000;

	while (clock_ms() < until) {
		struct pollfd ready = { .fd = fd, .events = POLLOUT };

		if (poll(&ready, 1, LOOK_TIME) > 0)
			return 0;
		if (destination->order(destination->order_argument) == ORDER_LEAVE)
			return -EINTR;
	}
	return -ETIMEDOUT;
}

static int connect_one(const struct destination *destination, const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = fd < 0 ? errno : 0, on = 1;
	socklen_t size = sizeof(error);

	if (!error && connect(fd, address->ai_addr, address->ai_addrlen) != 0)
		error = errno;
	if (error == EINPROGRESS) {
		error = -wait_to_write(destination, fd);
		if (!error && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
			error = errno;
	}
	if (!error) {
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -error;
}

/* 0; else why not, as text in `problem`. */
static bool connect_all(struct destination *destination)
{
	struct syslog *syslog = destination->state;
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
	struct addrinfo *found = NULL;
	int result = getaddrinfo(syslog->host, syslog->port, &hints, &found), fd = -ENOENT;

	for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next)
		fd = connect_one(destination, one);
	if (found)
		freeaddrinfo(found);
	if (fd >= 0) {
		syslog->fd = fd;
		return true;
	}
	snprintf(destination->problem, sizeof(destination->problem), "cannot connect: %s",
		 result != 0 ? gai_strerror(result) : strerror(-fd));
	return false;
}

/* A daemon that closes its end, or is gone, shows as something to be read. */
static bool is_connected(const struct syslog *syslog)
{
	char bytes[256];
	ssize_t got;

	do {
		got = recv(syslog->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	} while (got > 0);
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

/* 0 or a negative errno. */
static int send_all(const struct destination *destination, struct syslog *syslog)
{
	const char *data = syslog->batch.data;
	size_t left = syslog->batch.size;

	while (left) {
		ssize_t sent = send(syslog->fd, data, left, MSG_NOSIGNAL | MSG_DONTWAIT);
		int error = sent < 0 ? -errno : 0;

		if (error == -EAGAIN)
			error = wait_to_write(destination, syslog->fd);
		if (error && error != -EINTR)
			return error;
		if (error && destination->order(destination->order_argument) == ORDER_LEAVE)
			return error;
		if (sent > 0) {
			data += sent;
			left -= (size_t)sent;
			syslog->written += (uint64_t)sent;
		}
	}
	return 0;
}

static enum delivery deliver(struct destination *destination)
{
	struct syslog *syslog = destination->state;
	int error;

	if (syslog->batch.error || syslog->line.error)
		return fail(destination, "no memory for it", DELIVERY_REBUILD);
	if (syslog->fd >= 0 && !is_connected(syslog))
		return fail(destination, "the connection was closed", DELIVERY_REBUILD);
	if (syslog->fd < 0 && !connect_all(destination))
		return DELIVERY_AGAIN;
	error = send_all(destination, syslog);
	return error ? fail(destination, strerror(-error), DELIVERY_REBUILD) : DELIVERY_DONE;
}

static void clear(struct destination *destination)
{
	struct syslog *syslog = destination->state;

	evh_text_clear(&syslog->batch);
}

static bool alive(struct destination *destination)
{
	struct syslog *syslog = destination->state;

	if (syslog->fd < 0 || is_connected(syslog))
		return true;
	disconnect(syslog);
	return false;
}

static uint64_t written(const struct destination *destination)
{
	const struct syslog *syslog = destination->state;

	return syslog->written;
}

static uint64_t reached(const struct destination *destination)
{
	const struct syslog *syslog = destination->state;
	int waiting = 0;

	if (syslog->fd < 0 || ioctl(syslog->fd, SIOCOUTQ, &waiting) != 0)
		return 0;
	return syslog->written - (uint64_t)waiting;
}

/* Whoever closes its end behind the last byte has read all. */
static bool finish(struct destination *destination)
{
	struct syslog *syslog = destination->state;
	char bytes[256];

	if (syslog->fd < 0)
		return true;
	shutdown(syslog->fd, SHUT_WR);
	for (;;) {
		struct pollfd ready = { .fd = syslog->fd, .events = POLLIN };
		ssize_t got = poll(&ready, 1, LOOK_TIME) > 0
				      ? recv(syslog->fd, bytes, sizeof(bytes), MSG_DONTWAIT)
				      : 1;

		if (got == 0)
			return true;
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (destination->order(destination->order_argument) == ORDER_LEAVE)
			return false;
	}
}

static void close_syslog(struct destination *destination)
{
	struct syslog *syslog = destination->state;

	disconnect(syslog);
	evh_text_free(&syslog->batch);
	evh_text_free(&syslog->line);
	free(syslog);
}

const struct destination_kind destination_syslog = {
	.scheme = "syslog",
	.unsure = UNSURE,
	.check = check_target,
	.open = open_syslog,
	.add = add,
	.deliver = deliver,
	.clear = clear,
	.alive = alive,
	.written = written,
	.reached = reached,
	.finish = finish,
	.close = close_syslog,
};
