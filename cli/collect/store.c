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
#include "clock.h"
#include "process_name.h"
#include "spool_index.h"

#define NAMES_MAX 32
#define KNOWN_MAX 8192 /* a power of two */

/* Names of tracepoints that were asked for. */
struct names {
	unsigned count;
	struct point {
		char name[EVH_TRACEPOINT_NAME_MAX];
		struct evh_tracepoint tracepoint;
	} points[NAMES_MAX];
};

struct store {
	struct evh_transport transport;
	uint64_t gathered[EVH_FORWARD_ROOM_MIN / sizeof(uint64_t)];
	unsigned long long refused, missed;
	int error;
	uint32_t word;
	/* Those that the recording lists; and some of the others, which were said. Apart, so that
	 * nobody's names leave no room for those. */
	struct names listed, strangers;
	uint32_t known[KNOWN_MAX]; /* pids whose name stands in the present segment */
	const char *path;	   /* of the recording, where its segments are counted */
	struct spool_count here;   /* the present segment */
	uint64_t wall;		   /* added to CLOCK_MONOTONIC gives the time of the day, ns */
};

/* The names stand in each segment. */
static struct store *present;

/* The present segment has been closed. */
static void count_next(struct store *store)
{
	if (!store->path)
		return;
	if (store->here.segment)
		spool_index_add(store->path, &store->here);
	store->here = (struct spool_count){ .segment = spool_index_newest(store->path) };
	store->wall = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
}

static void begin_segment(int error)
{
	if (error)
		return;
	memset(present->known, 0, sizeof(present->known));
	count_next(present);
}

void store_count_segments(struct store *store, const char *path)
{
	spool_index_count(path, &store->here);
	store->path = path;
	store->wall = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
}

static void count(struct store *store, uint64_t time)
{
	time += store->wall;
	if (!store->here.events++)
		store->here.first = time;
	store->here.last = time;
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
	store->transport.segment_changed = begin_segment;
	evh_transport_forward_gather(&store->transport, store->gathered, sizeof(store->gathered));
	return store;
}

void store_close(struct store *store)
{
	store_flush(store);
	evh_transport_report_lost(&store->transport);
	evh_transport_close(&store->transport);
	free(store);
}

static struct point *find_name(struct names *names, const char *name)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strcmp(names->points[i].name, name) == 0)
			return &names->points[i];
	return NULL;
}

/* NULL: there is no room. */
static struct point *add_name(struct names *names, const char *name)
{
	struct point *point = &names->points[names->count];

	if (names->count == NAMES_MAX)
		return NULL;
	names->count++;
	strcpy(point->name, name);
	return point;
}

static void say_stranger(struct store *store, const char *name)
{
	if (!find_name(&store->strangers, name) && add_name(&store->strangers, name))
		cli_error("the recording has no place for %s: its provider is another "
			  "(--provider names it)",
			  name);
}

/* NULL: the recording's head doesn't list it. */
static struct evh_tracepoint *find_point(struct store *store, const char *name)
{
	struct point *point = find_name(&store->listed, name);
	struct evh_tracepoint found;

	if (point)
		return &point->tracepoint;
	if (evh_tracepoint_register(&found, &store->transport, name, &store->word, 0) == 0)
		point = add_name(&store->listed, name);
	if (point)
		point->tracepoint = found;
	else
		say_stranger(store, name);
	return point ? &point->tracepoint : NULL;
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

static void refuse(struct store *store, int error, uint32_t events)
{
	store->refused += events;
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
		refuse(store, error, 1);
	else
		count(store, origin->time);
}

void store_flush(struct store *store)
{
	uint32_t refused;
	int error = evh_transport_forward_flush(&store->transport, &refused);

	if (error == 0)
		return;
	refuse(store, error, refused);
	store->here.events -= refused < store->here.events ? refused : store->here.events;
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
