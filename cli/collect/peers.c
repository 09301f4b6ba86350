/* SPDX-License-Identifier: MIT */
/*
 * Connections of programs. Must never believe a packet: who sent it the kernel says, and every
 * number and size in it is checked before it is used. One peer has a bounded number of names and of
 * packets in a turn, so that it costs the others no more than that.
 */
#include "peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <evh/packet.h>

#include "clock.h"
#include "process_name.h"

/* Packets that are received by one call, and of one peer in a turn. */
#define BATCH 64

/* Turns until whoever waits is looked at again. */
#define READY 64

/* Descriptors that are left for the collector itself. */
#define CONNECTIONS_MAX 4096

struct peer {
	int fd;
	bool greeted;
	char program[EVH_PACKET_PROGRAM_MAX];
	int64_t shift; /* from the sender's CLOCK_MONOTONIC to ours, nanoseconds */
	uint32_t name_count;
	char *names[EVH_PACKET_NAMES_MAX];
	struct peer *previous, *next;
};

struct peers {
	int listener;
	int epoll;
	struct peers_sink sink;
	struct peer *first;
	unsigned count;
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	union {
		char room[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr header;
	} control[BATCH];
	uint8_t packets[BATCH][EVH_PACKET_SIZE_MAX + 1]; /* one more: so that a larger one shows */
};

struct peers *peers_create(int listener, const struct peers_sink *sink)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct peers *peers = calloc(1, sizeof(*peers));

	if (!peers)
		return NULL;
	peers->listener = listener;
	peers->sink = *sink;
	peers->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (peers->epoll < 0 || epoll_ctl(peers->epoll, EPOLL_CTL_ADD, listener, &event) != 0) {
		peers_destroy(peers);
		return NULL;
	}
	return peers;
}

static void drop(struct peers *peers, struct peer *peer)
{
	if (peer->previous)
		peer->previous->next = peer->next;
	else
		peers->first = peer->next;
	if (peer->next)
		peer->next->previous = peer->previous;
	for (uint32_t i = 0; i < peer->name_count; i++)
		free(peer->names[i]);
	close(peer->fd);
	free(peer);
	peers->count--;
}

void peers_destroy(struct peers *peers)
{
	if (!peers)
		return;
	while (peers->first)
		drop(peers, peers->first);
	if (peers->epoll >= 0)
		close(peers->epoll);
	free(peers);
}

int peers_descriptor(const struct peers *peers)
{
	return peers->epoll;
}

static void welcome(struct peers *peers, int fd)
{
	struct peer *peer = peers->count < CONNECTIONS_MAX ? calloc(1, sizeof(*peer)) : NULL;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };

	if (!peer || epoll_ctl(peers->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		close(fd);
		free(peer);
		return;
	}
	peer->fd = fd;
	peer->next = peers->first;
	if (peers->first)
		peers->first->previous = peer;
	peers->first = peer;
	peers->count++;
}

static void welcome_all(struct peers *peers)
{
	for (int turn = 0; turn < BATCH; turn++) {
		int fd = accept4(peers->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return;
		welcome(peers, fd);
	}
}

/* In the same time namespace the clocks are the same, and what is measured is noise. */
#define SAME_CLOCK INT64_C(100000000) /* ns */

static int64_t shift_of(uint64_t clock, uint64_t wall)
{
	uint64_t same_moment = clock_now(CLOCK_MONOTONIC) - (clock_now(CLOCK_REALTIME) - wall);
	int64_t shift = (int64_t)(same_moment - clock);

	return shift > -SAME_CLOCK && shift < SAME_CLOCK ? 0 : shift;
}

/* false: too many, or no name. */
static bool add_name(struct peer *peer, const char *name, size_t size)
{
	char *copy;

	if (peer->name_count == EVH_PACKET_NAMES_MAX || size >= EVH_TRACEPOINT_NAME_MAX)
		return false;
	copy = strndup(name, size);
	if (!copy || strlen(copy) != size || evh_tracepoint_name_check(copy) != 0) {
		free(copy);
		return false;
	}
	peer->names[peer->name_count++] = copy;
	return true;
}

/* What the kernel calls it, else its own word. Where the text ends; NULL: it doesn't, or too late.
 */
static const char *take_program(struct peer *peer, uint32_t pid, const char *text, const char *end)
{
	const char *nul = memchr(text, '\0', (size_t)(end - text));

	if (!nul || nul - text >= EVH_PACKET_PROGRAM_MAX)
		return NULL;
	if (!process_name(pid, peer->program, sizeof(peer->program)))
		strcpy(peer->program, text);
	return nul + 1;
}

static bool take_hello(struct peer *peer, const struct evh_packet *packet, uint32_t pid,
		       const char *content, size_t size)
{
	const char *name = content + sizeof(uint64_t), *end = content + size;
	uint64_t wall;

	if (peer->greeted || size < sizeof(wall))
		return false;
	memcpy(&wall, content, sizeof(wall));
	peer->shift = shift_of(packet->time, wall);
	peer->greeted = true;
	name = take_program(peer, pid, name, end);
	if (!name)
		return false;
	while (name < end) {
		const char *nul = memchr(name, '\0', (size_t)(end - name));

		if (!nul || !add_name(peer, name, (size_t)(nul - name)))
			return false;
		name = nul + 1;
	}
	return true;
}

static bool take_packet(struct peers *peers, struct peer *peer, const struct ucred *who,
			const uint8_t *bytes, size_t size)
{
	const char *content = (const char *)bytes + sizeof(struct evh_packet);
	struct evh_origin origin;
	struct evh_packet packet;

	if (size < sizeof(packet) || size > EVH_PACKET_SIZE_MAX)
		return false;
	memcpy(&packet, bytes, sizeof(packet));
	size -= sizeof(packet);
	if (packet.version != EVH_PACKET_VERSION ||
	    (packet.kind != EVH_PACKET_HELLO && !peer->greeted))
		return false;
	origin = (struct evh_origin){ .pid = (uint32_t)who->pid,
				      .tid = packet.tid ? packet.tid : (uint32_t)who->pid,
				      .cpu = packet.cpu,
				      .time = packet.time + (uint64_t)peer->shift };
	if (packet.lost)
		peers->sink.lost(peers->sink.argument, &origin, packet.lost);
	switch (packet.kind) {
	case EVH_PACKET_HELLO:
		return take_hello(peer, &packet, origin.pid, content, size);
	case EVH_PACKET_NAME:
		return packet.tracepoint == peer->name_count && add_name(peer, content, size);
	case EVH_PACKET_EVENT:
		if (packet.tracepoint >= peer->name_count)
			return false;
		peers->sink.event(peers->sink.argument, peer->names[packet.tracepoint],
				  peer->program, &origin, content, size);
		return true;
	default:
		return true;
	}
}

/* Who sent it; false: the kernel did not say. */
static bool find_sender(struct msghdr *message, struct ucred *who)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
			memcpy(who, CMSG_DATA(header), sizeof(*who));
			return true;
		}
	}
	return false;
}

static int receive(struct peers *peers, int fd)
{
	for (int i = 0; i < BATCH; i++) {
		peers->iov[i] = (struct iovec){ peers->packets[i], sizeof(peers->packets[i]) };
		peers->messages[i].msg_hdr =
			(struct msghdr){ .msg_iov = &peers->iov[i],
					 .msg_iovlen = 1,
					 .msg_control = &peers->control[i],
					 .msg_controllen = sizeof(peers->control[i]) };
	}
	return recvmmsg(fd, peers->messages, BATCH, MSG_DONTWAIT, NULL);
}

/* false: the peer left, or is to leave. */
static bool serve(struct peers *peers, struct peer *peer)
{
	int count = receive(peers, peer->fd);

	if (count < 0)
		return errno == EAGAIN || errno == EINTR;
	for (int i = 0; i < count; i++) {
		struct mmsghdr *message = &peers->messages[i];
		struct ucred who;

		/* Of no bytes: its end. */
		if (!message->msg_len || !find_sender(&message->msg_hdr, &who) ||
		    !take_packet(peers, peer, &who, peers->packets[i], message->msg_len))
			return false;
	}
	return count > 0;
}

int peers_take(struct peers *peers)
{
	struct epoll_event events[READY];
	int count = epoll_wait(peers->epoll, events, READY, 0);

	for (int i = 0; i < count; i++) {
		struct peer *peer = events[i].data.ptr;

		if (!peer)
			welcome_all(peers);
		else if (!serve(peers, peer))
			drop(peers, peer);
	}
	return count > 0;
}
