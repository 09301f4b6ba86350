/* SPDX-License-Identifier: MIT */
/*
 * Finds the entries of a program's events. In C they have a section; in C++ they lie among the
 * other data, and a stripped program may have no sections at all. So an entry is known by what it
 * points at: a site that points twice at its provider and has not been registered, a provider with
 * a name that can be one, and metadata that says the same level as the site. Must never trust a
 * pointer.
 */
#include "program_events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <evh/metadata.h>
#include <evh/provider.h>

/* Where members are, by the size of a pointer; the compiler compares them with its own. */
#define SITE_PROVIDER(p)  (p)
#define SITE_KEYWORD(p)	  (2 * (p))
#define SITE_NEXT(p)	  (2 * (p) + 8)
#define SITE_MASK(p)	  (3 * (p) + 8)
#define SITE_LEVEL(p)	  (3 * (p) + 20)
#define SITE_END(p)	  (3 * (p) + 24)
#define PROVIDER_NAME(p)  8
#define PROVIDER_GROUP(p) (8 + (p))
#define PROVIDER_END(p)	  (8 + 2 * (p))
#define OFFSET(type, member, place)                                                                \
	_Static_assert(offsetof(struct type, member) == (place(sizeof(void *))), "see provider.h")

OFFSET(evh_site, provider, SITE_PROVIDER);
OFFSET(evh_site, keyword, SITE_KEYWORD);
OFFSET(evh_site, next, SITE_NEXT);
OFFSET(evh_site, mask, SITE_MASK);
OFFSET(evh_site, level, SITE_LEVEL);
OFFSET(evh_provider, name, PROVIDER_NAME);
OFFSET(evh_provider, group, PROVIDER_GROUP);

/* An event's header and extension. */
#define FRONT (sizeof(struct evh_header) + sizeof(struct evh_extension))

static uint64_t pointer_at(const struct elf_image *image, const uint8_t *bytes)
{
	return elf_image_number(image, bytes, image->pointer_size);
}

/* A terminated text at an address; NULL: there is none. */
static const char *text_at(const struct elf_image *image, uint64_t address)
{
	size_t available;
	const uint8_t *text = elf_image_at(image, address, &available);

	return text && memchr(text, 0, available) ? (const char *)text : NULL;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* The site's bytes, if that is what stands there. */
static const uint8_t *site_at(const struct elf_image *image, uint64_t address)
{
	const size_t p = image->pointer_size;
	size_t available;
	const uint8_t *site = elf_image_at(image, address, &available);

	if (!site || address % p || available < SITE_END(p) ||
	    pointer_at(image, site) != pointer_at(image, site + SITE_PROVIDER(p)) ||
	    !pointer_at(image, site) || !site[SITE_LEVEL(p)] ||
	    !is_zero(site + SITE_NEXT(p), p + 12) || !is_zero(site + SITE_LEVEL(p) + 1, 3))
		return NULL;
	return site;
}

/* Fills the event's names by its site's provider. */
static bool take_provider(const struct elf_image *image, const uint8_t *site,
			  struct program_event *event)
{
	const size_t p = image->pointer_size;
	size_t available;
	const uint8_t *provider =
		elf_image_at(image, pointer_at(image, site + SITE_PROVIDER(p)), &available);
	const char *name, *group;

	if (!provider || available < PROVIDER_END(p) || !is_zero(provider, PROVIDER_NAME(p)))
		return false;
	name = text_at(image, pointer_at(image, provider + PROVIDER_NAME(p)));
	group = text_at(image, pointer_at(image, provider + PROVIDER_GROUP(p)));
	if (!name || !group || strlen(group) >= sizeof(event->group))
		return false;
	event->level = site[SITE_LEVEL(p)];
	event->keyword = elf_image_number(image, site + SITE_KEYWORD(p), 8);
	event->provider_length = strlen(name);
	strcpy(event->group, group);
	return evh_tracepoint_name_format(event->tracepoint, sizeof(event->tracepoint), name,
					  event->level, event->keyword, group) > 0;
}

static bool take_metadata(const struct elf_image *image, uint64_t address,
			  struct program_event *event)
{
	struct evh_metadata metadata;
	struct evh_item item;
	int result;

	event->bytes = elf_image_at(image, address, &event->size);
	if (!address)
		return true;
	if (!event->bytes)
		return false;
	if (event->size > FRONT + UINT16_MAX)
		event->size = FRONT + UINT16_MAX;
	result = evh_metadata_open(&metadata, event->bytes, event->size);
	while (result >= 0 && (result = evh_metadata_next(&metadata, &item)) > 0)
		;
	return result == 0 && metadata.event.level == event->level && metadata.event.name.size;
}

static int append(struct program_events *events, const struct program_event *event)
{
	struct program_event *list;

	if ((events->count & (events->count - 1)) == 0) {
		list = realloc(events->list,
			       (events->count ? 2 * events->count : 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		events->list = list;
	}
	events->list[events->count++] = *event;
	return 0;
}

static int scan(struct program_events *events, const struct elf_segment *segment)
{
	const struct elf_image *image = &events->image;
	const size_t p = image->pointer_size;
	int error = 0;

	for (uint64_t at = (p - segment->address % p) % p; !error && at + 2 * p <= segment->size;
	     at += p) {
		const uint8_t *entry = segment->bytes + at;
		const uint8_t *site = site_at(image, pointer_at(image, entry));
		struct program_event event = { 0 };

		if (site && take_provider(image, site, &event) &&
		    take_metadata(image, pointer_at(image, entry + p), &event))
			error = append(events, &event);
	}
	return error;
}

static const char *event_name(const struct program_event *event)
{
	/* Behind the front, and terminated: it has been walked through. */
	return event->bytes ? (const char *)event->bytes + FRONT : "";
}

static int by_tracepoint(const void *a, const void *b)
{
	const struct program_event *x = a, *y = b;
	int order = strcmp(x->tracepoint, y->tracepoint);

	if (!order)
		order = strcmp(event_name(x), event_name(y));
	return order ? order : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* EVH_ENABLED's own entries say nothing where events have the tracepoint. */
static void drop_mere_questions(struct program_events *events)
{
	size_t kept = 0;

	for (size_t i = 0; i < events->count; i++) {
		struct program_event *event = &events->list[i];
		bool more = i + 1 < events->count &&
			    strcmp(event->tracepoint, event[1].tracepoint) == 0;

		if (event->bytes || !more)
			events->list[kept++] = *event;
	}
	events->count = kept;
}

int program_events_read(struct program_events *events, const char *path)
{
	int error;

	memset(events, 0, sizeof(*events));
	error = elf_image_open(&events->image, path);
	for (size_t i = 0; !error && i < events->image.count; i++)
		if (events->image.segments[i].writable)
			error = scan(events, &events->image.segments[i]);
	if (error)
		program_events_free(events);
	else if (events->count)
		qsort(events->list, events->count, sizeof(events->list[0]), by_tracepoint);
	drop_mere_questions(events);
	return error;
}

void program_events_free(struct program_events *events)
{
	free(events->list);
	elf_image_close(&events->image);
	memset(events, 0, sizeof(*events));
}
