/* SPDX-License-Identifier: MIT */
/*
 * What a collector receives from evh_transport_open_unix(): packets on a SOCK_SEQPACKET socket,
 * each a head and what follows it. docs/WIRE.md has the whole protocol.
 *
 * Who reads them must believe nothing that stands in them: any program may connect. Who the sender
 * is the kernel says (SCM_CREDENTIALS), and not the packet.
 */
#ifndef EVH_PACKET_H
#define EVH_PACKET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_PACKET_VERSION 1

/* The most that a packet holds: its head and an event of EVH_SIZE_MAX_FILE, or less. */
#define EVH_PACKET_SIZE_MAX 65536

/* Names that one connection can have; the next is refused with -EUSERS. */
#define EVH_PACKET_NAMES_MAX 32

/* Bytes of a program's name with its NUL, as in the kernel (TASK_COMM_LEN). */
#define EVH_PACKET_PROGRAM_MAX 16

enum evh_packet_kind {
	/*
	 * First of a connection: what CLOCK_REALTIME shows at `time`, u64, in nanoseconds; what the
	 * program calls itself, for a process that is gone before the kernel can be asked; then the
	 * whole names of the tracepoints 0, 1, ...; each text with a NUL behind it.
	 */
	EVH_PACKET_HELLO = 1,
	/* The name of one that was registered later, `tracepoint`, without a NUL. */
	EVH_PACKET_NAME,
	/* An event of that tracepoint: eventheader, extensions, payload. */
	EVH_PACKET_EVENT,
	/* Nothing but a head, for its `lost`. */
	EVH_PACKET_LOST,
};

/* In the byte order of the machine. */
struct evh_packet {
	uint8_t version; /* EVH_PACKET_VERSION; a reader refuses a connection with another */
	uint8_t kind;	 /* enum evh_packet_kind; a reader leaves out what it doesn't know */
	uint16_t cpu;
	uint32_t tracepoint; /* its number in this connection, from 0 */
	uint32_t tid;	     /* of the thread, in its own PID namespace; 0: not known */
	uint32_t lost;	     /* events of this process that were refused since its last packet */
	uint64_t time;	     /* CLOCK_MONOTONIC of the sender, nanoseconds */
};

#ifdef __cplusplus
}
#endif
#endif
