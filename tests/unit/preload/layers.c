/* SPDX-License-Identifier: MIT */
#include "layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters.h"
#include "emit.h"
#include "emit_internal.h"
#include "lines.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "process.h"
#include "real.h"
#include "registry.h"
#include "stderr_copies.h"
#include "thread_key.h"

static void fail(const char *what)
{
	fprintf(stderr, "layers: %s\n", what);
	abort();
}

/* As the library's own in interpose: the last line of a thread is sent when it ends. */
static void end_thread(void *thread)
{
	lt_lines_flush();
	lt_registry_remove(thread);
}

void layers_begin(void)
{
	lt_real.pthread_getcpuclockid = pthread_getcpuclockid;
	lt_real.pthread_key_create = pthread_key_create;
	lt_real.pthread_key_delete = pthread_key_delete;
	lt_real.pthread_setspecific = pthread_setspecific;
	lt_refused = 0; /* as no filter stands */
	lt_settings_init(&lt_settings);
	strcpy(lt_program, "tested");
	lt_process_init();
	lt_process_notice_children();
	lt_thread_key_init(end_thread);
	lt_readable_init();
	lt_debug_on = true; /* counts; there is no file for its lines */
}

uint32_t layers_index(int level, unsigned keyword)
{
	return 100 + (uint32_t)level * 4 + keyword;
}

void layers_listen(void)
{
	int events_fd = memfd_create("events", MFD_CLOEXEC);

	/* Registering is the kernel's part. Where it can't be had, memory answers as it would. */
	evh_transport_use_memory(&lt_transport, NULL, 0);
	lt_emit_syslog_init();
	if (lt_emit_init() <= 0)
		fail("no tracepoint");
	for (int level = 1; level <= 5; level++) {
		lt_tracepoints[level - 1][0].index = layers_index(level, LT_CAPTURE_SYSLOG);
		lt_tracepoints[level - 1][1].index = layers_index(level, LT_CAPTURE_STDERR);
	}
	if (events_fd < 0 || fcntl(events_fd, F_SETFL, O_APPEND) < 0)
		fail("no file in memory");
	lt_transport.kind = EVH_TRANSPORT_USER_EVENTS;
	lt_transport.size_max = LT_EVENT_MAX;
	lt_transport.fd = events_fd;
}

void layers_start(void)
{
	layers_begin();
	layers_listen();
}

/* What is left of the file. */
struct rest {
	const uint8_t *at, *end;
};

static void take(struct rest *rest, void *out, size_t size)
{
	if ((size_t)(rest->end - rest->at) < size)
		fail("an event is cut off");
	memcpy(out, rest->at, size);
	rest->at += size;
}

static void take_text(struct rest *rest, char *out, size_t room)
{
	uint16_t size;

	take(rest, &size, sizeof(size));
	if (size >= room)
		fail("a text is too long");
	take(rest, out, size);
	out[size] = '\0';
}

/* The fields must be those that the metadata names, in that order. */
static const struct shape {
	bool facility, fields, part;
	const char *metadata;
	size_t size;
} shapes[] = {
#define SHAPE(facility, part, text)                                                                \
	{                                                                                          \
		facility, false, part, text, sizeof(text) - 1                                      \
	}
#define JOURNAL_SHAPE(part, text)                                                                  \
	{                                                                                          \
		false, true, part, text, sizeof(text) - 1                                          \
	}
#define PARTS                                                                                      \
	"message_id\0\x05"                                                                         \
	"part\0\x04"                                                                               \
	"last\0\x82\x07"
	SHAPE(false, false,
	      "stderr\0level\0\x0a"
	      "ident\0\x0a"
	      "message\0\x0a"),
	SHAPE(false, true,
	      "stderr.part\0level\0\x0a"
	      "ident\0\x0a" PARTS "message\0\x0a"),
	SHAPE(true, false,
	      "syslog\0level\0\x0a"
	      "facility\0\x0a"
	      "ident\0\x0a"
	      "message\0\x0a"),
	SHAPE(true, true,
	      "syslog.part\0level\0\x0a"
	      "facility\0\x0a"
	      "ident\0\x0a" PARTS "message\0\x0a"),
	JOURNAL_SHAPE(false, "journal\0level\0\x0a"
			     "ident\0\x0a"
			     "fields\0\x0a"
			     "message\0\x0a"),
	JOURNAL_SHAPE(true, "journal.part\0level\0\x0a"
			    "ident\0\x0a"
			    "fields\0\x0a" PARTS "message\0\x0a"),
};

static const struct shape *find_shape(const char *metadata, size_t size)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (shapes[i].size == size && !memcmp(shapes[i].metadata, metadata, size))
			return &shapes[i];
	fail("unknown metadata");
	return NULL;
}

static void take_event(struct rest *rest, struct seen *event)
{
	const uint8_t *start;
	struct evh_header header;
	struct evh_extension extension;
	const struct shape *shape;
	char metadata[128];
	uint16_t size;
	uint8_t last = 0;

	take(rest, &event->index, sizeof(event->index));
	start = rest->at;
	take(rest, &header, sizeof(header));
	take(rest, &extension, sizeof(extension));
	if (header.flags != EVH_FLAGS_NATIVE || extension.kind != EVH_EXTENSION_METADATA ||
	    extension.size > sizeof(metadata))
		fail("not the head of an event");
	take(rest, metadata, extension.size);
	shape = find_shape(metadata, extension.size);
	event->level = header.level;
	memcpy(event->name, metadata, strnlen(metadata, sizeof(event->name) - 1));
	take_text(rest, event->severity, sizeof(event->severity));
	if (shape->facility)
		take_text(rest, event->facility, sizeof(event->facility));
	take_text(rest, event->ident, sizeof(event->ident));
	if (shape->fields)
		take_text(rest, event->fields, sizeof(event->fields));
	event->is_part = shape->part;
	if (shape->part) {
		take(rest, &event->message_id, sizeof(event->message_id));
		take(rest, &event->part, sizeof(event->part));
		take(rest, &last, sizeof(last));
		if (last > 1)
			fail("neither the last part nor another");
	}
	event->last = last;
	take(rest, &size, sizeof(size));
	event->size = size;
	event->message = calloc(1, event->size + 1);
	take(rest, event->message, event->size);
	event->event_size = (size_t)(rest->at - start);
	if (event->event_size > LT_EVENT_MAX)
		fail("an event is larger than collectors take");
}

struct seen_list layers_events(void)
{
	struct seen_list list = { 0 };
	size_t size = (size_t)lseek(lt_transport.fd, 0, SEEK_END), room = 0;
	uint8_t *bytes = malloc(size + 1);
	struct rest rest = { bytes, bytes + size };

	if (!bytes || pread(lt_transport.fd, bytes, size, 0) != (ssize_t)size)
		fail("the events can't be read");
	while (rest.at < rest.end) {
		if (list.count == room) {
			room = room * 2 + 16;
			list.events = realloc(list.events, room * sizeof(*list.events));
		}
		memset(&list.events[list.count], 0, sizeof(*list.events));
		take_event(&rest, &list.events[list.count++]);
	}
	free(bytes);
	return list;
}

void layers_free(struct seen_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->events[i].message);
	free(list->events);
	list->events = NULL;
	list->count = 0;
}

void layers_forget(void)
{
	if (ftruncate(lt_transport.fd, 0))
		fail("the events can't be forgotten");
}

uint64_t layers_count(const char *counter)
{
	for (int i = 0; i < LT_COUNTERS; i++)
		if (!strcmp(lt_counter_name((enum lt_counter)i), counter))
			return lt_counter_sum((enum lt_counter)i);
	fail("no such counter");
	return 0;
}

/* xorshift64* */
uint32_t layers_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)(*state * UINT64_C(2685821657736338717) >> 32);
}

/* What a test lists ends with its process; what is tested never allocates. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
