/* SPDX-License-Identifier: MIT */
/*
 * Shows each event of a trace with its fields, one per line: perf.data in either form, or .dat,
 * from a file or from stdin.
 *
 *	show-fields [FILE]
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <evh/decode.h>
#include <evh/text.h>
#include <evh/trace.h>

/* "    name  value", indented by the structs around it. */
static void show_field(const struct evh_item *item)
{
	struct evh_text text = { 0 };
	uint64_t number;

	evh_text_visible(&text, item->name.data, item->name.size);
	evh_text_puts(&text, "  ");
	evh_text_value(&text, item);
	printf("%*s%.*s", 4 + 2 * item->depth, "", (int)text.size, text.data);
	/* Values are there for programs too, not only as text. */
	if (item->value == EVH_VALUE_UNSIGNED && evh_item_u64(item, &number) == 0)
		printf("  (0x%" PRIx64 ")", number);
	putchar('\n');
	evh_text_free(&text);
}

/* Names come from the trace as well: they are not for a terminal as they stand. */
static void show_names(const struct evh_sample *sample, const struct evh_event *event)
{
	struct evh_text text = { 0 };

	evh_text_visible(&text, sample->tracepoint, strlen(sample->tracepoint));
	evh_text_puts(&text, "  ");
	evh_text_visible(&text, event->name.data, event->name.size);
	printf("%.*s  level %u\n", (int)text.size, text.data, event->level);
	evh_text_free(&text);
}

/* 0, or the error that ended the event: what stood before it is shown. */
static int show_event(const struct evh_sample *sample)
{
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, sample->event, sample->event_size);

	if (result < 0)
		return result;
	show_names(sample, &reader.event);
	while ((result = evh_reader_next(&reader, &item)) > 0) {
		if (item.kind == EVH_ITEM_FIELD)
			show_field(&item);
		else if (item.kind == EVH_ITEM_ARRAY_BEGIN && item.count > 100)
			result = evh_reader_skip(&reader);
		if (result < 0)
			break;
	}
	return result;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct evh_sample sample;
	struct evh_trace *trace;
	int status = 0;
	int result;

	if (fd < 0) {
		fprintf(stderr, "show-fields: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	result = evh_trace_open(&trace, fd, NULL);
	if (result < 0) {
		fprintf(stderr, "show-fields: %s\n", strerror(-result));
		return 1;
	}
	for (;;) {
		result = evh_trace_next(trace, &sample);
		if (result == -EAGAIN && evh_trace_wait(trace, -1) >= 0)
			continue; /* a pipe that has nothing more yet */
		if (result <= 0)
			break;
		if (!sample.event) /* a tracepoint of another kind */
			continue;
		result = show_event(&sample);
		if (result < 0) {
			printf("    %s\n", evh_reader_strerror(result));
			status = 1;
		}
	}
	if (result < 0) {
		fprintf(stderr, "show-fields: %s\n", strerror(-result));
		status = 1;
	}
	evh_trace_close(trace);
	return status;
}
