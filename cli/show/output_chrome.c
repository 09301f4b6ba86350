/* SPDX-License-Identifier: MIT */
/*
 * The format `chrome`: Chrome's trace events in JSON, for Perfetto and chrome://tracing. A track
 * for each process and thread, a slice for each process's life, an instant for each line. Instants
 * are called by their severity, because Perfetto colours by name and chrome://tracing by `cname`;
 * the message is among their arguments.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <evh/json.h>

#include "event_value.h"
#include "output.h"
#include "process_table.h"

#define BUCKETS 16384u

/*
 * Of chrome://tracing's own names, by severity. Its importer refuses a whole trace for a name that
 * it doesn't know: these are in all versions (`grey` is not).
 */
#define PALE "cq_build_abandoned"
static const char *const COLORS[] = { "terrible", "terrible",	  "terrible", "terrible", "bad",
				      "good",	  "generic_work", PALE,	      PALE };

/* A thread that has said something, or a process of which it is known that it was there. */
struct track {
	struct track *next;
	uint32_t pid, tid;
	uint64_t first, last; /* nanoseconds; of a process: its life, as far as it is known */
	bool wanted;	      /* its life is shown */
	bool ended;
	int64_t status;
	char name[];
};

struct chrome {
	bool any; /* event was written */
	struct track *buckets[BUCKETS];
};

static void append_string(struct evh_text *text, const char *key, const char *data, size_t size)
{
	evh_text_puts(text, key);
	evh_json_string(text, data, size);
}

/* Microseconds with their fraction. */
static void append_time(struct evh_text *text, const char *key, uint64_t time)
{
	char buffer[48];

	snprintf(buffer, sizeof(buffer), "%llu.%03u", (unsigned long long)(time / 1000),
		 (unsigned int)(time % 1000));
	evh_text_puts(text, key);
	evh_text_puts(text, buffer);
}

static void append_ids(struct evh_text *text, uint32_t pid, uint32_t tid)
{
	evh_text_puts(text, ",\"pid\":");
	evh_text_u64(text, pid);
	evh_text_puts(text, ",\"tid\":");
	evh_text_u64(text, tid);
}

/* An event of this phase, up to behind that. */
static struct evh_text *begin_event(struct output *output, const char *phase)
{
	struct evh_text *text = &output->text;

	evh_text_puts(text, output->chrome->any ? ",\n{\"ph\":\"" : "\n{\"ph\":\"");
	evh_text_puts(text, phase);
	evh_text_puts(text, "\"");
	output->chrome->any = true;
	return text;
}

static void append_track_name(struct output *output, const char *kind, const struct track *track)
{
	struct evh_text *text = begin_event(output, "M");

	evh_text_puts(text, ",\"name\":\"");
	evh_text_puts(text, kind);
	evh_text_puts(text, "\"");
	append_ids(text, track->pid, track->tid);
	append_string(text, ",\"args\":{\"name\":", track->name, strlen(track->name));
	evh_text_puts(text, "}}");
}

/* The program's name: of a process as it was when it began, of a thread its own. */
static struct evh_name name_of(struct event *event)
{
	const struct process *process = event->process;

	if (process && process->text[PROCESS_EXE].size) {
		struct evh_name exe = process->text[PROCESS_EXE];
		const char *slash = memrchr(exe.data, '/', exe.size);

		return slash ? (struct evh_name){ slash + 1,
						  (size_t)(exe.data + exe.size - slash - 1) }
			     : exe;
	}
	return event_ident(event);
}

static struct track **place_of(struct chrome *chrome, uint32_t pid, uint32_t tid)
{
	struct track **place = &chrome->buckets[(pid * 31 + tid) % BUCKETS];

	while (*place && ((*place)->pid != pid || (*place)->tid != tid))
		place = &(*place)->next;
	return place;
}

static void append_life(struct output *output, const struct track *track)
{
	struct evh_text *text = begin_event(output, "X");

	evh_text_puts(text, ",\"cat\":\"process\"");
	append_string(text, ",\"name\":", track->name, strlen(track->name));
	append_time(text, ",\"ts\":", track->first);
	append_time(text, ",\"dur\":", track->last - track->first);
	append_ids(text, track->pid, track->pid);
	if (track->ended) {
		evh_text_puts(text, ",\"args\":{\"status\":");
		evh_text_i64(text, track->status);
		evh_text_puts(text, track->status ? "},\"cname\":\"bad\"" : "}");
	}
	evh_text_puts(text, "}");
}

static void end_life(struct output *output, struct track *track)
{
	if (track->wanted && track->tid == 0)
		append_life(output, track);
}

/* What stands for a thread (tid 0: its process), new where it must be. NULL: no memory. */
static struct track *find(struct output *output, struct event *event, uint32_t tid, bool anew)
{
	uint32_t pid = event->sample->pid;
	struct track **place = place_of(output->chrome, pid, tid);
	struct evh_name name = tid ? event_ident(event) : name_of(event);
	struct track *track = *place;

	if (track && !anew)
		return track;
	if (track) {
		/* Another program in the same process, or another process of the same number. */
		if (!track->ended)
			track->last = event->sample->time;
		end_life(output, track);
		*place = track->next;
		free(track);
	}
	track = calloc(1, sizeof(*track) + name.size + 1);
	if (!track) {
		output->text.error = -ENOMEM;
		return NULL;
	}
	track->pid = pid;
	track->tid = tid;
	track->first = event->sample->time;
	track->last = event->sample->time;
	memcpy(track->name, name.data ? name.data : "", name.size);
	track->next = *place;
	*place = track;
	append_track_name(output, tid ? "thread_name" : "process_name", track);
	return track;
}

void output_chrome_begin(struct output *output)
{
	output->chrome = calloc(1, sizeof(*output->chrome));
	if (!output->chrome)
		output->text.error = -ENOMEM;
	evh_text_puts(&output->text,
		      "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"by\":\"logtap\"},"
		      "\"traceEvents\":[");
}

void output_chrome_news(struct output *output, struct event *event, bool wanted)
{
	enum process_news news = process_news_of(event);
	struct evh_item item;
	struct track *track;

	if (!output->chrome || !(event->sample->has & EVH_SAMPLE_PID))
		return;
	track = find(output, event, 0, news == PROCESS_STARTED);
	if (!track)
		return;
	track->wanted = track->wanted || wanted;
	track->last = event->sample->time;
	if (news != PROCESS_ENDED)
		return;
	track->ended = true;
	if (evh_schemas_field(event->schemas, event->sample, "status", &item) == 1)
		evh_item_i64(&item, &track->status);
}

static void append_arguments(struct evh_text *text, struct event *event)
{
	struct evh_name ident = event_ident(event);
	struct evh_text line = { 0 };

	event_append_line(event, VALUE_BYTES, &line);
	append_string(text, ",\"args\":{\"message\":", line.data, line.size);
	append_string(text, ",\"ident\":", ident.data, ident.size);
	append_string(text, ",\"event\":", event->name.data, event->name.size);
	if (event->process && event->process->text[PROCESS_UNIT].size)
		append_string(text, ",\"unit\":", event->process->text[PROCESS_UNIT].data,
			      event->process->text[PROCESS_UNIT].size);
	evh_text_puts(text, "}");
	evh_text_free(&line);
}

void output_chrome(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	const struct evh_sample *sample = event->sample;
	enum severity severity = event_severity(event);
	const char *name = severity < SEVERITY_NONE ? severity_name(severity) : "event";
	struct track *process;

	if (!output->chrome)
		return;
	process = find(output, event, 0, false);
	if (process) {
		process->wanted = true;
		if (!process->ended)
			process->last = sample->time;
	}
	find(output, event, sample->tid ? sample->tid : sample->pid, false);
	begin_event(output, "i");
	append_string(text, ",\"s\":\"t\",\"name\":", name, strlen(name));
	append_string(text, ",\"cat\":", name, strlen(name));
	append_time(text, ",\"ts\":", sample->time);
	append_ids(text, sample->pid, sample->tid ? sample->tid : sample->pid);
	append_string(text, ",\"cname\":", COLORS[severity], strlen(COLORS[severity]));
	append_arguments(text, event);
	evh_text_puts(text, "}");
}

void output_chrome_end(struct output *output)
{
	for (size_t i = 0; output->chrome && i < BUCKETS; i++) {
		for (struct track *track = output->chrome->buckets[i]; track; track = track->next)
			end_life(output, track);
	}
	evh_text_puts(&output->text, "\n]}\n");
}

void output_chrome_free(struct output *output)
{
	for (size_t i = 0; output->chrome && i < BUCKETS; i++) {
		while (output->chrome->buckets[i]) {
			struct track *track = output->chrome->buckets[i];

			output->chrome->buckets[i] = track->next;
			free(track);
		}
	}
	free(output->chrome);
	output->chrome = NULL;
}
