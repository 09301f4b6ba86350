/* SPDX-License-Identifier: MIT */
/*
 * <evh/join.h>: collects the parts of messages per thread and event. Must never throw a byte of a
 * message away, and never hold more than its limit and one message's part.
 */
#include <evh/join.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT ((size_t)64 << 20)

static const char SUFFIX[] = ".part";
#define SUFFIX_SIZE (sizeof(SUFFIX) - 1)

/* A message whose parts are coming. One allocation per list entry, head and message. */
struct pending {
	struct pending *next;
	struct evh_joined out; /* its sample points to `head`, its message to `message` */
	char *head;	       /* the first part's bytes and names */
	size_t head_size;
	char *message;
	size_t capacity;
	uint32_t next_part;
	char event[64]; /* the name that its parts share; longer ones are told apart by these */
	size_t event_size;
};

struct evh_join {
	struct evh_schemas *schemas;
	size_t limit;
	size_t held; /* bytes of all that is pending */
	struct pending *pending;
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
};

int evh_join_create(struct evh_join **join, struct evh_schemas *schemas, size_t limit)
{
	*join = calloc(1, sizeof(**join));
	if (!*join)
		return -ENOMEM;
	(*join)->schemas = schemas;
	(*join)->limit = limit ? limit : LIMIT;
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

static void list_free(struct pending *pending)
{
	while (pending) {
		struct pending *next = pending->next;

		pending_free(pending);
		pending = next;
	}
}

void evh_join_destroy(struct evh_join *join)
{
	if (!join)
		return;
	list_free(join->pending);
	list_free(join->complete);
	pending_free(join->given);
	free(join);
}

static size_t cost(const struct pending *pending)
{
	return sizeof(*pending) + pending->head_size + pending->capacity;
}

static bool is_part_name(const struct evh_name *name)
{
	return name->size > SUFFIX_SIZE &&
	       memcmp(name->data + name->size - SUFFIX_SIZE, SUFFIX, SUFFIX_SIZE) == 0;
}

/* False when the event is none, or lacks what a part has: then it is shown as any other. */
static bool read_part(struct evh_join *join, const struct evh_sample *sample, struct part *part)
{
	const struct evh_schema *schema = evh_schemas_find(join->schemas, sample);
	struct evh_item item;
	uint64_t number;

	if (!schema || !is_part_name(&schema->event))
		return false;
	part->sample = sample;
	part->event = schema->event;
	if (evh_schemas_field(join->schemas, sample, "part", &item) != 1 ||
	    evh_item_u64(&item, &number) != 0 || number > UINT32_MAX)
		return false;
	part->number = (uint32_t)number;
	if (evh_schemas_field(join->schemas, sample, "last", &item) != 1 ||
	    evh_item_bool(&item, &part->last) != 0)
		return false;
	/* A message of wider units could not be put together byte by byte. */
	return evh_schemas_field(join->schemas, sample, "message", &part->message) == 1 &&
	       part->message.encoding == EVH_ENCODING_STRING_CHAR8;
}

static bool belongs(const struct pending *pending, const struct part *part)
{
	const struct evh_sample *first = &pending->out.sample;
	const struct evh_sample *sample = part->sample;
	size_t size = part->event.size;

	if (first->tid != sample->tid || first->pid != sample->pid ||
	    strcmp(first->tracepoint, sample->tracepoint ? sample->tracepoint : "") != 0)
		return false;
	if (size > sizeof(pending->event))
		size = sizeof(pending->event);
	return pending->event_size == size && memcmp(pending->event, part->event.data, size) == 0;
}

/* Takes it off the list of those that wait, and puts it behind those to be handed out. */
static void finish(struct evh_join *join, struct pending **place)
{
	struct pending *pending = *place;

	*place = pending->next;
	join->held -= cost(pending);
	pending->out.message = pending->message ? pending->message : "";
	pending->next = NULL;
	*join->complete_end = pending;
	join->complete_end = &pending->next;
}

/* Makes it incomplete: no last part came. */
static void finish_early(struct evh_join *join, struct pending **place)
{
	(*place)->out.end_missing = true;
	finish(join, place);
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

/* A message that begins with this part, in front of the list. */
static int begin(struct evh_join *join, const struct part *part)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending || keep_sample(pending, part->sample) != 0) {
		free(pending);
		return -ENOMEM;
	}
	pending->event_size = part->event.size;
	if (pending->event_size > sizeof(pending->event))
		pending->event_size = sizeof(pending->event);
	memcpy(pending->event, part->event.data, pending->event_size);
	pending->out.begin_missing = part->number != 0;
	pending->next_part = part->number;
	pending->next = join->pending;
	join->pending = pending;
	join->held += cost(pending);
	return 0;
}

static int append(struct evh_join *join, struct pending *pending, const struct part *part)
{
	size_t size = pending->out.size + part->message.size;

	if (size > pending->capacity) {
		size_t capacity = pending->capacity ? pending->capacity * 2 : 16384;
		char *larger;

		while (capacity < size)
			capacity *= 2;
		larger = realloc(pending->message, capacity);
		if (!larger)
			return -ENOMEM;
		join->held += capacity - pending->capacity;
		pending->message = larger;
		pending->capacity = capacity;
	}
	if (pending->message && part->message.size)
		memcpy(pending->message + pending->out.size, part->message.data,
		       part->message.size);
	pending->out.size = size;
	pending->out.parts++;
	pending->next_part++;
	return 0;
}

/* The longest message gives way: it is the one that a reader can do most with. */
static void enforce_limit(struct evh_join *join)
{
	while (join->held > join->limit && join->pending) {
		struct pending **longest = &join->pending;

		for (struct pending **at = longest; *at; at = &(*at)->next) {
			if (cost(*at) > cost(*longest))
				longest = at;
		}
		finish_early(join, longest);
	}
}

int evh_join_add(struct evh_join *join, const struct evh_sample *sample)
{
	struct pending **place = &join->pending;
	struct part part;
	int result = 0;

	if (!sample->event || !read_part(join, sample, &part))
		return 0;
	while (*place && !belongs(*place, &part))
		place = &(*place)->next;
	/* The thread began another message, or a part got lost. */
	if (*place && (*place)->next_part != part.number) {
		finish_early(join, place);
		place = NULL;
	}
	if (!place || !*place) {
		result = begin(join, &part);
		place = &join->pending;
	}
	if (result == 0)
		result = append(join, *place, &part);
	if (result < 0)
		return result;
	if (part.last)
		finish(join, place);
	else
		enforce_limit(join);
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

/* The list has the newest first; they go out in the order they began. */
void evh_join_flush(struct evh_join *join)
{
	while (join->pending) {
		struct pending **oldest = &join->pending;

		while ((*oldest)->next)
			oldest = &(*oldest)->next;
		finish_early(join, oldest);
	}
}
