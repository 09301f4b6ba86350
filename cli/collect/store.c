/* SPDX-License-Identifier: MIT */
/*
 * Keeps what arrives in a recording, in the name of whoever sent it. Must never let one program's
 * events stop another's: what can't be kept is counted.
 */
#include "store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "process_name.h"

#define POINTS_MAX 64
#define KNOWN_MAX  8192 /* a power of two */

struct store {
	struct evh_transport transport;
	unsigned long long refused, missed;
	int error;
	unsigned count;
	uint32_t word;
	struct point {
		char name[EVH_TRACEPOINT_NAME_MAX];
		struct evh_tracepoint tracepoint;
	} points[POINTS_MAX];
	uint32_t known[KNOWN_MAX]; /* pids whose name stands in the present segment */
};

/* The names stand in each segment. */
static struct store *present;

static void forget_names(int error)
{
	if (!error)
		memset(present->known, 0, sizeof(present->known));
}

struct store *store_open(const char *sink)
{
	struct store *store = calloc(1, sizeof(*store));
	int error = store ? evh_transport_open_file(&store->transport, sink + strlen("file:"))
			  : -ENOMEM;

	if (error != 0) {
		cli_error("cannot write to the recording: %s", strerror(-error));
		free(store);
		return NULL;
	}
	present = store;
	store->transport.segment_changed = forget_names;
	return store;
}

void store_close(struct store *store)
{
	evh_transport_close(&store->transport);
	free(store);
}

/* NULL: the recording's head doesn't list it. */
static struct evh_tracepoint *find_point(struct store *store, const char *name)
{
	struct point *point;
	unsigned i = 0;

	while (i < store->count && strcmp(store->points[i].name, name) != 0)
		i++;
	point = &store->points[i];
	if (i == POINTS_MAX)
		return NULL;
	if (i == store->count) {
		int error = evh_tracepoint_register(&point->tracepoint, &store->transport, name,
						    &store->word, 0);

		if (error != 0)
			cli_error("the recording has no place for %s: its provider is another "
				  "(--provider names it)",
				  name);
		strcpy(point->name, name);
		store->count++;
	}
	return point->tracepoint.mask ? &point->tracepoint : NULL;
}

/*
 * What the kernel calls the process, once in each segment. program: of one that is gone already,
 * which a child of fork has from its parent.
 */
static void tell_name(struct store *store, const char *program, const struct evh_origin *origin)
{
	uint32_t *known = &store->known[origin->pid % KNOWN_MAX];
	const struct evh_origin process = { origin->pid, origin->pid, origin->cpu, origin->time };
	char name[32];

	if (*known == origin->pid)
		return;
	*known = origin->pid;
	if (process_name(origin->pid, name, sizeof(name)))
		program = name;
	evh_transport_forward_name(&store->transport, &process, program);
}

static void refuse(struct store *store, int error)
{
	store->refused++;
	store->error = error;
}

void store_event(void *argument, const char *name, const char *program,
		 const struct evh_origin *origin, const void *event, size_t size)
{
	struct store *store = argument;
	struct evh_tracepoint *point = find_point(store, name);
	int error = -ENOENT;

	if (point) {
		tell_name(store, program, origin);
		error = evh_tracepoint_forward(point, origin, event, size);
	}
	if (error != 0)
		refuse(store, error);
}

void store_lost(void *argument, const struct evh_origin *origin, uint32_t count)
{
	struct store *store = argument;

	store->missed += count;
	evh_transport_forward_lost(&store->transport, origin, count);
}

unsigned long long store_refused(const struct store *store, int *error)
{
	*error = store->error;
	return store->refused;
}

unsigned long long store_missed(const struct store *store)
{
	return store->missed;
}
