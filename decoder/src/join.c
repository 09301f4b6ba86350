/* SPDX-License-Identifier: MIT */
/*
 * <evh/join.h>: collects the parts of messages, by the id of the message or, where parts have none,
 * by thread. Must never throw a byte of a message away, never hold more than its limit and one
 * message's part, and never say that parts are missing when it is only the limit that was reached.
 */
#include <evh/join.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

#define LIMIT ((size_t)256 << 20)

/*
 * So many messages are under way at most: more threads than that don't log long lines at the same
 * moment, and what was left unfinished long ago gains nothing by waiting.
 */
#define PENDING_MAX 16384
#define BUCKETS	    4096

/* What may wait for its next part however small the limit is, bytes. */
#define WAITING_LEAST ((size_t)256 << 10)

/* A message whose parts are coming. One allocation per list entry, head and message. */
struct pending {
	struct pending *next; /* in its bucket; then among those to be handed out */
	struct pending *older, *newer;
	struct evh_joined out; /* its sample points to `head`, its message to `message` */
	char *head;	       /* the first part's bytes and names */
	size_t head_size;
	char *message;
	size_t capacity;
	uint32_t next_part;
	bool has_id;
	uint64_t id;	/* of the message */
	char event[64]; /* the name that its parts share; longer ones are told apart by these */
	size_t event_size;
};

struct evh_join {
	struct evh_schemas *schemas;
	size_t limit;
	size_t held;	/* bytes of all that is pending and has some of its message */
	size_t waiting; /* and of what was handed out in part, and has nothing since */
	size_t count;
	struct hash_key key;
	struct pending *buckets[BUCKETS]; /* by the message's id, or by thread */
	struct pending *oldest, *newest;
	struct pending *complete; /* to be handed out, in order */
	struct pending **complete_end;
	struct pending *given; /* handed out last: freed by the next call */
};

/* What a part says. */
struct part {
	const struct evh_sample *sample;
	struct evh_name event;
	struct evh_item message;
	uint32_t number;
	bool last;
	bool has_id; /* recordings of older writers have parts without one */
	uint64_t id;
};

int evh_join_create(struct evh_join **join, struct evh_schemas *schemas, size_t limit)
{
	*join = calloc(1, sizeof(**join));
	if (!*join)
		return -ENOMEM;
	(*join)->schemas = schemas;
	(*join)->limit = limit ? limit : LIMIT;
	hash_key_init(&(*join)->key);
	(*join)->complete_end = &(*join)->complete;
	return 0;
}

static void pending_free(struct pending *pending)
{
	if (!pending)
		return;
	free(pending->head);
	free(pending->message);
	free(pending);
}

void evh_join_destroy(struct evh_join *join)
{
	if (!join)
		return;
	evh_join_flush(join);
	while (join->complete) {
		struct pending *next = join->complete->next;

		pending_free(join->complete);
		join->complete = next;
	}
	pending_free(join->given);
	free(join);
}

static size_t cost(const struct pending *pending)
{
	return sizeof(*pending) + pending->head_size + pending->capacity;
}

static size_t *account_of(struct evh_join *join, const struct pending *pending)
{
	return pending->capacity ? &join->held : &join->waiting;
}

static bool is_common_log(const struct evh_schema *schema)
{
	return schema->event.size == 3 && memcmp(schema->event.data, "Log", 3) == 0;
}

/* "00000000000004d2" */
static bool read_hex(const struct evh_item *item, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < item->size; i++) {
		uint8_t c = item->data[i];
		bool digit = c >= '0' && c <= '9';

		if (!digit && (c < 'a' || c > 'f'))
			return false;
		*number = *number << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
	}
	return item->size == 16;
}

/* A part as OpenTelemetry's Common Schema has room for it. */
static bool read_common_part(struct evh_schemas *schemas, struct part *part)
{
	const struct evh_sample *sample = part->sample;
	struct evh_item item;
	uint64_t number;

	if (evh_schemas_field_in(schemas, sample, "PartC", "logtap.part", &item) != 1 ||
	    evh_item_u64(&item, &number) != 0 || number > UINT32_MAX)
		return false;
	part->number = (uint32_t)number;
	if (evh_schemas_field_in(schemas, sample, "PartC", "logtap.last", &item) != 1 ||
	    evh_item_bool(&item, &part->last) != 0 ||
	    evh_schemas_field_in(schemas, sample, "PartC", "log.record.uid", &item) != 1 ||
	    item.encoding != EVH_ENCODING_STRING_CHAR8 || !read_hex(&item, &part->id))
		return false;
	part->has_id = true;
	return evh_schemas_field_in(schemas, sample, "PartB", "body", &part->message) == 1 &&
	       part->message.encoding == EVH_ENCODING_STRING_CHAR8;
}

static bool read_own_part(struct evh_schemas *schemas, struct part *part)
{
	const struct evh_sample *sample = part->sample;
	struct evh_item item;
	uint64_t number;

	if (evh_schemas_field(schemas, sample, "part", &item) != 1 ||
	    evh_item_u64(&item, &number) != 0 || number > UINT32_MAX)
		return false;
	part->number = (uint32_t)number;
	if (evh_schemas_field(schemas, sample, "last", &item) != 1 ||
	    evh_item_bool(&item, &part->last) != 0)
		return false;
	part->has_id = evh_schemas_field(schemas, sample, "message_id", &item) == 1 &&
		       evh_item_u64(&item, &part->id) == 0;
	/* A message of wider units could not be put together byte by byte. */
	return evh_schemas_field(schemas, sample, "message", &part->message) == 1 &&
	       part->message.encoding == EVH_ENCODING_STRING_CHAR8;
}

/* False when the event is none, or lacks what a part has: then it is shown as any other. */
static bool read_part(struct evh_schemas *schemas, const struct evh_sample *sample,
		      struct part *part)
{
	const struct evh_schema *schema = sample->event ? evh_schemas_find(schemas, sample) : NULL;
	struct evh_name whole = schema ? schema->event : (struct evh_name){ NULL, 0 };

	/* A part's fields are few and plain: looking for them must not cost more than it has bytes.
	 */
	if (!schema || schema->repeats)
		return false;
	part->sample = sample;
	part->event = schema->event;
	if (evh_join_whole_name(&whole))
		return read_own_part(schemas, part);
	return is_common_log(schema) && read_common_part(schemas, part);
}

bool evh_join_is_part(struct evh_schemas *schemas, const struct evh_sample *sample)
{
	struct part part;

	return read_part(schemas, sample, &part);
}

/* Of one provider: its tracepoints differ in what stands behind the last underscore. */
static bool same_provider(const char *one, const char *other)
{
	const char *end = strrchr(one, '_'), *other_end = strrchr(other, '_');

	if (!end || !other_end)
		return strcmp(one, other) == 0;
	return end - one == other_end - other && memcmp(one, other, (size_t)(end - one)) == 0;
}

/* Whose message it is, where the parts themselves don't say. */
static bool same_thread(const struct evh_sample *first, const struct evh_sample *sample)
{
	return first->tid == sample->tid && first->pid == sample->pid &&
	       strcmp(first->tracepoint, sample->tracepoint ? sample->tracepoint : "") == 0;
}

/*
 * The id decides alone where there is one. Process and thread must not: in PID namespaces of their
 * own several are 1 and 1, and a signal's handler logs in the midst of its thread's message.
 */
static bool belongs(const struct pending *pending, const struct part *part)
{
	const char *tracepoint = part->sample->tracepoint ? part->sample->tracepoint : "";
	size_t size = part->event.size;

	if (pending->has_id != part->has_id)
		return false;
	if (part->has_id ? pending->id != part->id ||
				   !same_provider(pending->out.sample.tracepoint, tracepoint)
			 : !same_thread(&pending->out.sample, part->sample))
		return false;
	if (size > sizeof(pending->event))
		size = sizeof(pending->event);
	return pending->event_size == size && memcmp(pending->event, part->event.data, size) == 0;
}

static struct pending **bucket_of(struct evh_join *join, bool has_id, uint64_t id,
				  const struct evh_sample *sample)
{
	uint64_t value = has_id ? id : (uint64_t)sample->pid << 32 | sample->tid;

	return &join->buckets[hash_u64(&join->key, value) % BUCKETS];
}

static struct pending **bucket_of_pending(struct evh_join *join, const struct pending *pending)
{
	return bucket_of(join, pending->has_id, pending->id, &pending->out.sample);
}

static void add_newest(struct evh_join *join, struct pending *pending)
{
	struct pending **bucket = bucket_of_pending(join, pending);

	pending->next = *bucket;
	*bucket = pending;
	pending->older = join->newest;
	*(join->newest ? &join->newest->newer : &join->oldest) = pending;
	join->newest = pending;
	*account_of(join, pending) += cost(pending);
	join->count++;
}

static void take_off(struct evh_join *join, struct pending *pending)
{
	struct pending **place = bucket_of_pending(join, pending);

	while (*place != pending)
		place = &(*place)->next;
	*place = pending->next;
	*(pending->older ? &pending->older->newer : &join->oldest) = pending->newer;
	*(pending->newer ? &pending->newer->older : &join->newest) = pending->older;
	*account_of(join, pending) -= cost(pending);
	join->count--;
}

/* Takes it off those that wait, and puts it behind those to be handed out. */
static void finish(struct evh_join *join, struct pending *pending)
{
	take_off(join, pending);
	pending->out.message = pending->message ? pending->message : "";
	pending->next = NULL;
	*join->complete_end = pending;
	join->complete_end = &pending->next;
}

/* Makes it incomplete: no last part came. */
static void finish_early(struct evh_join *join, struct pending *pending)
{
	pending->out.end_missing = true;
	finish(join, pending);
}

static const char *keep_string(char **place, const char *string)
{
	char *copy = *place;
	size_t size;

	if (!string)
		return NULL;
	size = strlen(string) + 1;
	memcpy(copy, string, size);
	*place += size;
	return copy;
}

static size_t string_size(const char *string)
{
	return string ? strlen(string) + 1 : 0;
}

/* The first part's sample with everything it points to; its raw record isn't kept. */
static int keep_sample(struct pending *pending, const struct evh_sample *sample)
{
	struct evh_sample *kept = &pending->out.sample;
	const char *name = sample->tracepoint ? sample->tracepoint : "";
	size_t size = sample->event_size + string_size(name) + string_size(sample->system) +
		      string_size(sample->comm);
	char *place = malloc(size ? size : 1);

	if (!place)
		return -ENOMEM;
	pending->head = place;
	pending->head_size = size;
	*kept = *sample;
	kept->raw = NULL;
	kept->raw_size = 0;
	kept->format = NULL;
	kept->event = memcpy(place, sample->event, sample->event_size);
	place += sample->event_size;
	kept->tracepoint = keep_string(&place, name);
	kept->system = keep_string(&place, sample->system);
	kept->comm = keep_string(&place, sample->comm);
	return 0;
}

/* A message that begins with this part. NULL: no memory. */
static struct pending *begin(struct evh_join *join, const struct part *part)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending || keep_sample(pending, part->sample) != 0) {
		free(pending);
		return NULL;
	}
	pending->event_size = part->event.size;
	if (pending->event_size > sizeof(pending->event))
		pending->event_size = sizeof(pending->event);
	memcpy(pending->event, part->event.data, pending->event_size);
	pending->out.begin_missing = part->number != 0;
	pending->has_id = part->has_id;
	pending->id = part->id;
	pending->next_part = part->number;
	add_newest(join, pending);
	return pending;
}

/* Whether it has text behind a carriage return: a terminal then shows that, and nothing before. */
static bool overwrites(const struct part *part)
{
	const uint8_t *text = part->message.data;
	size_t size = part->message.size;

	while (size && text[size - 1] == '\r')
		size--;
	return size && memrchr(text, '\r', size);
}

/* The message's level and time are those of what was shown last. */
static void overwrite(struct evh_join *join, struct pending *pending, const struct part *part)
{
	struct evh_sample before = pending->out.sample;
	char *head = pending->head;

	*account_of(join, pending) -= cost(pending);
	if (keep_sample(pending, part->sample) == 0)
		free(head);
	else
		pending->out.sample = before;
	*account_of(join, pending) += cost(pending);
}

static int append(struct evh_join *join, struct pending *pending, const struct part *part)
{
	size_t size = pending->out.size + part->message.size;

	if (pending->out.parts && overwrites(part))
		overwrite(join, pending, part);
	/* With a NUL behind it, for who hands it on as a string. */
	if (size >= pending->capacity) {
		size_t capacity = pending->capacity ? pending->capacity * 2 : size + 1;
		char *larger;

		while (capacity <= size)
			capacity *= 2;
		larger = realloc(pending->message, capacity);
		if (!larger)
			return -ENOMEM;
		*account_of(join, pending) -= cost(pending);
		pending->message = larger;
		pending->capacity = capacity;
		*account_of(join, pending) += cost(pending);
	}
	if (part->message.size)
		memcpy(pending->message + pending->out.size, part->message.data,
		       part->message.size);
	pending->message[size] = '\0';
	pending->out.size = size;
	pending->out.parts++;
	pending->next_part++;
	return 0;
}

/* The same message once more, with nothing of it yet: NULL without memory. */
static struct pending *copy_empty(const struct pending *pending)
{
	struct pending *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *pending;
	if (keep_sample(copy, &pending->out.sample) != 0) {
		free(copy);
		return NULL;
	}
	copy->message = NULL;
	copy->capacity = 0;
	copy->out.message = NULL;
	copy->out.size = 0;
	copy->out.parts = 0;
	return copy;
}

/* Hands out what is there of a message, and waits for its rest. */
static void split(struct evh_join *join, struct pending *pending)
{
	struct pending *rest = copy_empty(pending);

	if (!rest) {
		finish_early(join, pending);
		return;
	}
	pending->out.end_elsewhere = true;
	finish(join, pending);
	rest->out.begin_missing = false;
	rest->out.begin_elsewhere = true;
	add_newest(join, rest);
}

/* Of many messages the first gives way, of large ones the longest: a reader can do most with it. */
static void enforce_limits(struct evh_join *join)
{
	while (join->oldest && join->count > PENDING_MAX)
		finish_early(join, join->oldest);
	while (join->oldest && join->held > join->limit) {
		struct pending *longest = join->oldest;

		for (struct pending *at = longest; at; at = at->newer) {
			if (at->capacity > longest->capacity)
				longest = at;
		}
		split(join, longest);
	}
	while (join->oldest && join->waiting > join->limit + WAITING_LEAST)
		finish_early(join, join->oldest);
}

void evh_join_set_limit(struct evh_join *join, size_t limit)
{
	join->limit = limit ? limit : LIMIT;
}

int evh_join_add(struct evh_join *join, const struct evh_sample *sample)
{
	struct pending *pending;
	struct part part;
	int result;

	if (!read_part(join->schemas, sample, &part))
		return 0;
	pending = *bucket_of(join, part.has_id, part.id, sample);
	while (pending && !belongs(pending, &part))
		pending = pending->next;
	/* The thread began another message, or a part got lost. */
	if (pending && pending->next_part != part.number) {
		finish_early(join, pending);
		pending = NULL;
	}
	if (!pending)
		pending = begin(join, &part);
	result = pending ? append(join, pending, &part) : -ENOMEM;
	if (result < 0)
		return result;
	if (part.last)
		finish(join, pending);
	else
		enforce_limits(join);
	return 1;
}

int evh_join_take(struct evh_join *join, struct evh_joined *joined)
{
	struct pending *pending = join->complete;

	pending_free(join->given);
	join->given = pending;
	if (!pending)
		return 0;
	join->complete = pending->next;
	if (!join->complete)
		join->complete_end = &join->complete;
	*joined = pending->out;
	return 1;
}

bool evh_join_waits(const struct evh_join *join)
{
	return join->oldest || join->complete;
}

void evh_join_flush(struct evh_join *join)
{
	while (join->oldest)
		finish_early(join, join->oldest);
}
