/* SPDX-License-Identifier: MIT */
/*
 * Sends one event whose name and fields come from the command line: what run-time events are for.
 *
 *	cc trace-event.c -o trace-event $(pkg-config --cflags --libs evh)
 *	./trace-event Deployed version=1.2.3 attempt=2
 *
 * Values that are whole numbers become 64-bit integers, others strings; all are fields of the
 *struct `arguments`. The tracepoint is ExampleTrace_L4K1. `--record FILE` sends the event into a
 * recording instead of the kernel. The exit status is 1 when nobody listens.
 */
#include <errno.h>
#include <evh/builder.h>
#include <evh/recording.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const tracepoints[] = { "ExampleTrace_L4K1" };

/* Adds the field that "name=value" describes; false when it describes none. */
static bool add_argument(struct evh_builder *builder, char *argument)
{
	char *value = strchr(argument, '=');
	char *end;
	long long number;

	if (!value || value == argument)
		return false;
	*value++ = 0;
	errno = 0;
	number = strtoll(value, &end, 10);
	if (*value && !*end && errno == 0)
		evh_builder_add_i64(builder, argument, number, EVH_FORMAT_DEFAULT, 0);
	else
		evh_builder_add_string(builder, argument, value, EVH_FORMAT_DEFAULT, 0);
	return true;
}

/* The event's name and its fields, however many there are. */
static int build(struct evh_builder *builder, int count, char **arguments)
{
	size_t bookmark;

	evh_builder_reset(builder, arguments[0], 0);
	if (count == 1)
		return 0;
	evh_builder_add_struct_with_bookmark(builder, "arguments", 0, 0, &bookmark);
	for (int i = 1; i < count; i++) {
		if (!add_argument(builder, arguments[i])) {
			fprintf(stderr, "trace-event: %s: is not NAME=VALUE\n", arguments[i]);
			return -EINVAL;
		}
	}
	evh_builder_set_struct_field_count(builder, bookmark, (unsigned)count - 1);
	return 0;
}

/* Registers the tracepoint and sends the event. */
static int send_event(struct evh_builder *builder, struct evh_transport *transport)
{
	struct evh_dynamic_provider *provider;
	struct evh_event_set *set;
	int error = evh_dynamic_provider_create(&provider, "ExampleTrace", NULL, transport);

	if (error)
		return error;
	set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_INFORMATION, 0x1);
	error = evh_builder_write(builder, set, NULL, NULL);
	if (error == -EBADF && set && evh_event_set_error(set))
		error = evh_event_set_error(set);
	evh_dynamic_provider_destroy(provider);
	return error;
}

int main(int argc, char **argv)
{
	struct evh_transport recording, *transport = NULL;
	struct evh_builder builder;
	const char *file = NULL;
	int first = 1, error = 0;

	if (argc > 2 && strcmp(argv[1], "--record") == 0) {
		file = argv[2];
		first = 3;
	}
	if (first >= argc) {
		fprintf(stderr, "usage: trace-event [--record FILE] EVENT [NAME=VALUE ...]\n");
		return 2;
	}
	if (file) {
		error = evh_recording_create(file, tracepoints, 1);
		if (!error)
			error = evh_transport_open_file(&recording, file);
		transport = &recording;
	}
	if (!error)
		error = evh_builder_init(&builder, NULL, 0);
	if (!error) {
		error = build(&builder, argc - first, argv + first);
		if (!error)
			error = send_event(&builder, transport);
		evh_builder_destroy(&builder);
	}
	if (error == -EBADF)
		return 1;
	if (error) {
		fprintf(stderr, "trace-event: can't send the event: %s\n", strerror(-error));
		return 2;
	}
	return 0;
}
