/* SPDX-License-Identifier: MIT */
/*
 * A plugin of libtraceevent: perf script and trace-cmd report print what an EventHeader event says
 * ("stderr level=err ident=ls message=...") in the place of its header's numbers. It runs inside of
 * these programs, of any version: must use of their library only what plugins are given, and must
 * never end them, whatever an event holds.
 *
 * Handlers are found by the tracepoint's name, so those of the provider `logtap` are known, and
 * those named in LOGTAP_PROVIDERS (names with commas between them). Where the program's library
 * lets it, the first event shows all others.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>
#include <trace-seq.h>

#include <evh/text.h>

/* The names under which the library and its relatives log. */
#define LEVELS	  5
#define NAME_SIZE 256
#define TEXT_SIZE 8192
#define SYSTEM	  "user_events"

static const unsigned int KEYWORDS[] = { 1, 2, 4 };

/* perf keeps these two to itself. */
#pragma weak tep_get_events_count
#pragma weak tep_get_event

/* By their names the program finds them. */
EVH_API int tep_plugin_loader(struct tep_handle *tep);
EVH_API void tep_plugin_unloader(struct tep_handle *tep);

static void print_text(struct trace_seq *out, struct evh_text *text)
{
	/* Not as a format; with a NUL at its end. */
	text->data[text->size < TEXT_SIZE ? text->size : TEXT_SIZE - 1] = '\0';
	trace_seq_puts(out, text->data);
}

/* 0, or another number for what the program is to print itself. */
static int print_event(struct trace_seq *out, struct tep_record *record, struct tep_event *event,
		       void *context)
{
	struct tep_format_field *first = tep_find_field(event, "eventheader_flags");
	static char buffer[TEXT_SIZE];
	struct evh_reader reader;
	struct evh_text text;
	int result;

	(void)context;
	if (!first || first->offset < 0 || record->size < first->offset)
		return 1;
	if (evh_reader_open(&reader, (const char *)record->data + first->offset,
			    (size_t)(record->size - first->offset)) != 0)
		return 1;
	evh_text_use(&text, buffer, sizeof(buffer) - 1);
	evh_text_visible(&text, reader.event.name.data, reader.event.name.size);
	evh_text_puts(&text, " ");
	result = evh_text_fields(&text, &reader);
	if (text.error || result < 0) {
		/* What has no room here is shown by `logtap view`. */
		text.error = 0;
		evh_text_puts(&text, text.size ? " ..." : "...");
	}
	print_text(out, &text);
	return 0;
}

static int print_first(struct trace_seq *out, struct tep_record *record, struct tep_event *event,
		       void *context);

static void each_name(struct tep_handle *tep, const char *provider, size_t size)
{
	char name[NAME_SIZE];

	for (int level = 1; level <= LEVELS; level++) {
		for (size_t i = 0; i < sizeof(KEYWORDS) / sizeof(KEYWORDS[0]); i++) {
			int length = snprintf(name, sizeof(name), "%.*s_L%dK%x", (int)size,
					      provider, level, KEYWORDS[i]);

			if (length > 0 && (size_t)length < sizeof(name))
				tep_register_event_handler(tep, -1, SYSTEM, name, print_first, tep);
		}
	}
}

/* The first event of all that were named: the others are known by then. */
static void find_others(struct tep_handle *tep)
{
	static struct tep_handle *done;

	if (done == tep || !tep_get_events_count || !tep_get_event)
		return;
	done = tep;
	for (int i = 0; i < tep_get_events_count(tep); i++) {
		struct tep_event *event = tep_get_event(tep, i);

		if (event && tep_find_field(event, "eventheader_flags"))
			tep_register_event_handler(tep, event->id, event->system, event->name,
						   print_event, NULL);
	}
}

static int print_first(struct trace_seq *out, struct tep_record *record, struct tep_event *event,
		       void *context)
{
	find_others(context);
	return print_event(out, record, event, NULL);
}

int tep_plugin_loader(struct tep_handle *tep)
{
	const char *more = getenv("LOGTAP_PROVIDERS");

	each_name(tep, "logtap", strlen("logtap"));
	while (more && *more) {
		size_t size = strcspn(more, ",");

		if (size > 0 && size < NAME_SIZE - 16)
			each_name(tep, more, size);
		more += size + (more[size] == ',');
	}
	return 0;
}

/* The program frees its handlers with the rest. */
void tep_plugin_unloader(struct tep_handle *tep)
{
	(void)tep;
}
