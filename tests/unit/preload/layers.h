/* SPDX-License-Identifier: MIT */
/*
 * The layers below interpose, started without it: what they need from above, and a place for their
 * events that keeps all of them, in order, whichever thread sent them.
 *
 * That place is a file in memory behind the transport for user_events: the very bytes that the
 * kernel would be given, a tracepoint's number in front of each event.
 */
#ifndef TESTS_PRELOAD_LAYERS_H
#define TESTS_PRELOAD_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One event, taken apart. The texts are copies with a NUL behind them. */
struct seen {
	uint32_t index; /* of the tracepoint: layers_index() */
	uint8_t level;
	char name[16]; /* of the event */
	char severity[16];
	char facility[16]; /* "": the event has none */
	char ident[256];
	char fields[2304]; /* a journal event's; "" in others */
	bool is_part;
	uint64_t message_id;
	uint32_t part;
	bool last;
	size_t size; /* of the message */
	char *message;
	size_t event_size; /* of all of it, without the tracepoint's number */
};

struct seen_list {
	size_t count;
	struct seen *events;
};

/* Fills lt_settings, lt_program ("tested") and lt_real; starts the process and the thread's end. */
void layers_begin(void);

/* layers_begin, then events to a file in memory. Settings may be changed in between the two. */
void layers_start(void);

/* The second half of layers_start. */
void layers_listen(void);

/* The number that the tracepoint of a level (1 to 5) and a keyword has there. */
uint32_t layers_index(int level, unsigned keyword);

/* All events so far; layers_forget makes it none. */
struct seen_list layers_events(void);
void layers_free(struct seen_list *list);
void layers_forget(void);

/* What LOGTAP_DEBUG counts, since layers_begin. */
uint64_t layers_count(const char *counter);

/* A random number of a sequence that begins with *state, which is not 0. */
uint32_t layers_random(uint64_t *state);

#endif
