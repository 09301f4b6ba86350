/* SPDX-License-Identifier: MIT */
/* What the unix transport keeps, in memory of its own; see transport_unix.c. */
#ifndef EVH_SRC_UNIX_H
#define EVH_SRC_UNIX_H

#include <stdint.h>
#include <sys/un.h>

#include <evh/packet.h>
#include <evh/tracepoint.h>

enum evh_socket_state {
	EVH_SOCKET_NEW, /* never connected */
	EVH_SOCKET_CONNECTED,
	EVH_SOCKET_INHERITED, /* connected by a parent: used where no other can be had */
	EVH_SOCKET_LEFT,      /* by the collector, or what a parent has may be connected by it */
};

struct evh_socket {
	uint64_t look_at; /* for a collector that is away; CLOCK_MONOTONIC */
	uint64_t lost; /* events that the next packet tells of: whose, the pid, in the upper half */
	enum evh_socket_state state;
	/* Whether events can be sent: a word that a child of fork finds 0, whoever made it. */
	uint32_t *connected;
	uint32_t never_cleared; /* where the kernel can't do that */
	uint32_t address_size;
	struct sockaddr_un address;
	uint32_t name_count;
	uint32_t names_inherited; /* that the parent's connection knows */
	uint32_t names_size;
	char names[EVH_PACKET_NAMES_MAX * EVH_TRACEPOINT_NAME_MAX]; /* each with its NUL */
};

#endif
