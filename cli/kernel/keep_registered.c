/* SPDX-License-Identifier: MIT */
/*
 * Holds tracepoints: registers them through the encoder core and never looks at their enable bits.
 * Must not move a word that the kernel knows the address of.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "keep_registered.h"

#define WORD_BITS 32

/* Tracepoints that share one enable word. */
struct batch {
	struct batch *next;
	struct evh_tracepoint tracepoints[WORD_BITS];
	unsigned used;
	uint32_t word;
};

struct keep_registered {
	struct evh_transport transport;
	struct batch *batches;
};

int keep_registered_open(struct keep_registered **hold)
{
	struct keep_registered *made = calloc(1, sizeof(*made));
	int result;

	*hold = NULL;
	if (!made)
		return -ENOMEM;
	result = evh_transport_open_user_events(&made->transport);
	if (result < 0) {
		free(made);
		return result;
	}
	*hold = made;
	return 0;
}

int keep_registered_tracepoint(struct keep_registered *hold, const char *name)
{
	struct batch *batch = hold->batches;
	int result;

	if (!batch || batch->used == WORD_BITS) {
		batch = calloc(1, sizeof(*batch));
		if (!batch)
			return -ENOMEM;
		batch->next = hold->batches;
		hold->batches = batch;
	}
	result = evh_tracepoint_register(&batch->tracepoints[batch->used], &hold->transport, name,
					 &batch->word, batch->used);
	if (result == 0)
		batch->used++;
	return result;
}

void keep_registered_close(struct keep_registered *hold)
{
	if (!hold)
		return;
	while (hold->batches) {
		struct batch *batch = hold->batches;

		hold->batches = batch->next;
		while (batch->used > 0)
			evh_tracepoint_unregister(&batch->tracepoints[--batch->used]);
		free(batch);
	}
	evh_transport_close(&hold->transport);
	free(hold);
}
