/* SPDX-License-Identifier: MIT */
/*
 * evh/tracepoint.h, evh/recording.h, evh/plain.h and evh/uuid.h, each function once, as it is
 * called. Compiled by the tests.
 */
#include <evh/plain.h>
#include <evh/recording.h>
#include <evh/tracepoint.h>
#include <evh/uuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A recording that other processes find by its identity, whatever stands at its path by then. */
int record(struct evh_transport *transport, const char *path, char *for_children, size_t size)
{
	static const char *const names[] = { "MyCo_App_L2K1", "myco_opened u32 attempt" };
	char identity[EVH_RECORDING_IDENTITY_SIZE], later[EVH_RECORDING_IDENTITY_SIZE];
	int error = evh_recording_create_identified(path, names, 2, identity);

	if (!error)
		error = evh_recording_identify(path, later); /* of one that is there already */
	if (error)
		return error;
	snprintf(for_children, size, "%s%s", path, identity);
	return evh_transport_open_file(transport, for_children);
}

int record_for_oneself(struct evh_transport *transport)
{
	static const char *const names[] = { "MyCo_App_L2K1" };
	int error = evh_recording_create("/tmp/app.data", names, 1);

	return error ? error : evh_transport_open_file(transport, "/tmp/app.data");
}

/* One that goes on in a new file after 64 MiB, of which ten stay. */
int record_in_segments(const char *path, char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	static const char *const names[] = { "MyCo_App_L2K1" };
	const struct evh_recording_rules rules = { .size_max = 64 << 20, .keep = 10 };

	return evh_recording_create_segmented(path, names, 1, &rules, identity);
}

int list_segments(const char *path)
{
	char head[EVH_RECORDING_PACKED_HEAD]; /* what a compressed segment begins with */
	struct evh_recording_rules rules;
	char **segments;
	int count = evh_recording_segments(path, &segments);

	for (int i = 0; i < count; i++)
		printf("%s %d\n", segments[i], evh_recording_packed_head(segments[i], head));
	if (count >= 0)
		free(segments);
	return evh_recording_get_rules(path, &rules);
}

/* With all its segments. */
int put_away(const char *path, const char *to)
{
	int error = evh_recording_remove(to);

	return error ? error : evh_recording_rename(path, to);
}

/* In a container that has the one file alone. */
int kernel_of_the_host(struct evh_transport *transport)
{
	return evh_transport_open_user_events_at(transport, "/run/user_events_data");
}

int kernel(struct evh_transport *transport, int inherited)
{
	int error = inherited >= 0 ? evh_transport_use_user_events(transport, inherited)
				   : evh_transport_open_user_events(transport);

	/* perf is the only collector. */
	return error ? error : evh_transport_set_size_max(transport, EVH_SIZE_MAX_PERF);
}

struct evh_transport *for_all(void)
{
	return evh_transport_default();
}

int in_memory(struct evh_transport *transport, void *memory, size_t size)
{
	return evh_transport_use_memory(transport, memory, size);
}

/* In a recording's life. */
void meanwhile(struct evh_transport *transport)
{
	evh_transport_forked(transport);	 /* in a child that has its parent's number */
	evh_transport_announce(transport);	 /* this thread, before a filter forbids it */
	evh_transport_refresh_limits(transport); /* behind setrlimit(RLIMIT_FSIZE) */
	evh_transport_report_lost(transport);	 /* before the end */
	evh_transport_close(transport);
}

static struct evh_tracepoint tracepoint;
static uint32_t word;

int register_tracepoint(struct evh_transport *transport, const char *provider, bool keep)
{
	char name[EVH_TRACEPOINT_NAME_MAX];

	if (evh_provider_name_check(provider) ||
	    evh_tracepoint_name_format(name, sizeof(name), provider, 2, 0x1, "mygroup") < 0 ||
	    evh_tracepoint_name_check(name))
		return -1;
	return keep ? evh_tracepoint_register_flags(&tracepoint, transport, name, &word, 0,
						    EVH_REGISTER_PERSIST)
		    : evh_tracepoint_register(&tracepoint, transport, name, &word, 0);
}

/* A finished event, with room in front and behind; and one in two pieces. */
int send_finished(const void *event, size_t size)
{
	uint8_t room[EVH_HEADROOM + 256 + EVH_TAILROOM];
	struct iovec pieces[2] = { { room + EVH_HEADROOM, size },
				   { (void *)(uintptr_t)event, size } };

	if (!evh_tracepoint_enabled(&tracepoint) || size > 256)
		return 0;
	memcpy(room + EVH_HEADROOM, event, size);
	if (evh_tracepoint_send(&tracepoint, room + EVH_HEADROOM, size))
		return -1;
	return evh_tracepoint_sendv(&tracepoint, pieces, 2);
}

/* To a collector's socket; whether it is there doesn't matter before the first event. */
int to_a_collector(struct evh_transport *transport)
{
	int error = evh_transport_open_unix(transport, "/run/logtap/socket");

	if (!error && evh_transport_announce(transport))
		fputs("nobody listens yet\n", stderr);
	return error;
}

/* What another process sent, as a collector keeps it in a recording. */
int keep(struct evh_transport *recording, const struct evh_origin *origin, const void *event,
	 size_t size)
{
	int error = evh_transport_forward_name(recording, origin, "program");

	if (!error)
		error = evh_tracepoint_forward(&tracepoint, origin, event, size);
	return error ? evh_transport_forward_lost(recording, origin, 1) : 0;
}

/* The same for all that came together, by one write. */
int keep_all(struct evh_transport *recording, const struct evh_origin *origins,
	     const struct iovec *events, size_t count)
{
	static uint64_t room[EVH_FORWARD_ROOM_MIN / sizeof(uint64_t)];
	uint32_t refused;
	int error = evh_transport_forward_gather(recording, room, sizeof(room));

	for (size_t i = 0; !error && i < count; i++)
		error = evh_tracepoint_forward(&tracepoint, &origins[i], events[i].iov_base,
					       events[i].iov_len);
	if (evh_transport_forward_flush(recording, &refused))
		fprintf(stderr, "%u events could not be kept\n", refused);
	return error;
}

int stop_sending(void)
{
	return evh_tracepoint_unregister(&tracepoint);
}

int plain(uint32_t attempt, const char *path, const void *id)
{
	struct evh_plain *opened;
	int error = evh_plain_open(&opened, "myco_opened",
				   "u32 attempt; s64 offset; unsigned char[16] id; "
				   "__rel_loc char[] path",
				   NULL);
	const struct evh_plain_value values[] = { evh_plain_uint(attempt), evh_plain_int(-1),
						  evh_plain_bytes(id, 16), evh_plain_text(path) };

	if (evh_plain_enabled(opened)) {
		error = evh_plain_write(opened, values, 4);
		error |= EVH_PLAIN_WRITE(opened, evh_plain_uint(attempt), evh_plain_int(0),
					 evh_plain_bytes(NULL, 0), evh_plain_text(path));
	}
	evh_plain_close(opened);
	return error;
}

void uuids(const uint8_t guid_in_memory[16])
{
	uint8_t uuid[16], little_endian[16], data4[8];
	uint32_t data1;
	uint16_t data2, data3;
	char text[EVH_UUID_TEXT_SIZE];

	evh_uuid_random(uuid);
	evh_uuid_from_name(uuid, "MyCo_App");
	evh_uuid_from_guid_le(uuid, guid_in_memory);
	evh_uuid_to_guid_le(little_endian, uuid);
	evh_uuid_to_fields(uuid, &data1, &data2, &data3, data4);
	evh_uuid_from_fields(uuid, data1, data2, data3, data4);
	evh_uuid_format(text, uuid);
	if (!evh_uuid_parse(uuid, text))
		puts(text);
}
