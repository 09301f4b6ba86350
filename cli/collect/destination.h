/* SPDX-License-Identifier: MIT */
/* Where events are handed on to: what --to names, and what each kind of destination can do. */
#ifndef LOGTAP_DESTINATION_H
#define LOGTAP_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "host.h"

/* What the options say that are not of one destination alone. */
struct destination_options {
	bool ecs;		    /* json: Elastic's names */
	uint64_t rotate_size;	    /* json, file: bytes; 0: never */
	unsigned rotate_keep;	    /* older files that stay */
	const char *const *headers; /* http: "Name: value" */
	size_t header_count;
	const char *tls_ca, *tls_cert, *tls_key; /* files; NULL: libcurl's own choice */
	bool no_gzip;
	unsigned timeout; /* seconds for one delivery */
};

/* What became of a batch. */
enum delivery {
	DELIVERY_DONE,	    /* it is the destination's now */
	DELIVERY_AGAIN,	    /* it is away, or busy: the same batch once more, later */
	DELIVERY_REBUILD,   /* the connection broke: all that is unacknowledged once more */
	DELIVERY_TOO_LARGE, /* a smaller one */
	DELIVERY_REFUSED,   /* it will never take this batch: without what is wrong in it */
};

/* Told to whoever delivers. */
enum order {
	ORDER_GO_ON,
	ORDER_FINISH, /* nothing more will come: what is there, as far as it goes at once */
	ORDER_LEAVE,  /* at once */
};

struct destination;

struct destination_kind {
	const char *scheme;
	const char *missing; /* what this build was made without; NULL: nothing */
	/* Seconds for which what was delivered may still be lost, because nothing acknowledges it;
	 * the cursor stays so far behind. 0: DELIVERY_DONE is an acknowledgement. */
	unsigned unsure;
	/* Looks at the target before anything begins. NULL: it is good; else what is expected. */
	const char *(*check)(const char *target);
	/* Prepares what is needed; never waits. 0, or a negative errno. */
	int (*open)(struct destination *destination);
	/* One event more for the batch; how many bytes it has by now. */
	size_t (*add)(struct destination *destination, struct event *event);
	/* Delivers the batch; where it is not DELIVERY_DONE, `problem` says why. */
	enum delivery (*deliver)(struct destination *destination);
	/* Empties the batch. */
	void (*clear)(struct destination *destination);
	/* Of kinds that are unsure: whether what was delivered lately may still arrive; how many
	 * bytes were delivered so far, and how many of those the other side is known to have got.
	 */
	bool (*alive)(struct destination *destination);
	uint64_t (*written)(const struct destination *destination);
	uint64_t (*reached)(const struct destination *destination);
	/* Everything was delivered, and nothing will come: whether it has all arrived for sure.
	 * NULL: yes. */
	bool (*finish)(struct destination *destination);
	void (*close)(struct destination *destination);
};

struct destination {
	const struct destination_kind *kind;
	const char *name;   /* as --to has it */
	char *shown;	    /* the same without what may be secret in it */
	const char *target; /* behind the scheme */
	const struct destination_options *options;
	const struct host *host;
	char problem[256];
	uint64_t retry_after; /* ms that it asked for; 0: it did not */
	uint64_t left_out;    /* events that it said it did not take, since that was last asked */
	/* What to do now; asked while something takes long. */
	enum order (*order)(void *argument);
	void *order_argument;
	void *state; /* the kind's own */
};

/* Takes --to's argument, which must stay. 0, or CLI_USAGE after a line on stderr. */
int destination_parse(struct destination *destination, const char *text);
void destination_free(struct destination *destination);

#endif
