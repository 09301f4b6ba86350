/* SPDX-License-Identifier: MIT */
/*
 * What a collector forwards to a recording: the same bytes whether each event is written at once or
 * many together, and the same counts where the file can't take them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <evh/recording.h>
#include <evh/tracepoint.h>

#define EVENTS	   3000
#define LARGE	   (EVH_SIZE_MAX_FILE - 200)
#define EVENT_SIZE 100

static char folder[] = "/tmp/logtap-forward-XXXXXX";
static uint64_t room[EVH_FORWARD_ROOM_MIN / sizeof(uint64_t)];
static char event[EVH_SIZE_MAX_FILE];

struct content {
	uint8_t *bytes;
	size_t size;
};

static void begin(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	memset(event, 'e', sizeof(event));
}

static void end(void)
{
	unlink("at-once");
	unlink("gathered");
	rmdir(folder);
}

static void open_recording(const char *path, bool gather, struct evh_transport *transport,
			   struct evh_tracepoint *tracepoint)
{
	static const char *const names[] = { "P_L4K2" };
	static uint32_t word;

	cr_assert_eq(evh_recording_create(path, names, 1), 0);
	cr_assert_eq(evh_transport_open_file(transport, path), 0);
	cr_assert_eq(evh_tracepoint_register(tracepoint, transport, names[0], &word, 0), 0);
	if (gather)
		cr_assert_eq(evh_transport_forward_gather(transport, room, sizeof(room)), 0);
}

static struct content read_records(const char *path, size_t head)
{
	struct content content = { 0 };
	int fd = open(path, O_RDONLY);
	struct stat status;

	cr_assert_geq(fd, 0);
	fstat(fd, &status);
	content.size = (size_t)status.st_size - head;
	content.bytes = malloc(content.size + 1);
	cr_assert_eq(pread(fd, content.bytes, content.size, (off_t)head), (ssize_t)content.size);
	close(fd);
	return content;
}

/* Names, losses and events of many sizes, in an order of chance that is the same each time. */
static struct content forward(const char *path, bool gather)
{
	struct evh_transport transport;
	struct evh_tracepoint tracepoint;
	struct stat head;
	uint32_t refused = 1;

	open_recording(path, gather, &transport, &tracepoint);
	stat(path, &head);
	srandom(7);
	for (uint32_t i = 0; i < EVENTS; i++) {
		const struct evh_origin origin = { 100 + i % 7, 200 + i, (uint16_t)(i % 2), i };
		size_t size = (size_t)random() % (i % 100 ? 400 : LARGE);

		if (i % 50 == 0)
			cr_assert_eq(evh_transport_forward_name(&transport, &origin, "program"), 0);
		if (i % 70 == 0)
			cr_assert_eq(evh_transport_forward_lost(&transport, &origin, i), 0);
		cr_assert_eq(evh_tracepoint_forward(&tracepoint, &origin, event, size), 0);
		if (i % 500 == 0)
			cr_assert_eq(evh_transport_forward_flush(&transport, &refused), 0);
	}
	cr_assert_eq(evh_transport_forward_flush(&transport, &refused), 0);
	cr_assert_eq(refused, 0);
	evh_transport_close(&transport);
	return read_records(path, (size_t)head.st_size);
}

Test(forward, the_same_bytes, .init = begin, .fini = end)
{
	struct content at_once = forward("at-once", false);
	struct content gathered = forward("gathered", true);

	cr_assert_gt(at_once.size, 4 * sizeof(room));
	cr_assert_eq(at_once.size, gathered.size);
	cr_assert_arr_eq(at_once.bytes, gathered.bytes, at_once.size);
	free(at_once.bytes);
	free(gathered.bytes);
}

/* A file that may become `more` bytes larger: how many events were kept. */
static unsigned fill(const char *path, bool gather, rlim_t more)
{
	const struct evh_origin origin = { 1, 1, 0, 1 };
	struct evh_transport transport;
	struct evh_tracepoint tracepoint;
	unsigned refused = 0;
	uint32_t late = 0;
	struct stat head, full;

	open_recording(path, gather, &transport, &tracepoint);
	stat(path, &head);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ (rlim_t)head.st_size + more, RLIM_INFINITY });
	evh_transport_refresh_limits(&transport);
	for (int i = 0; i < 1000; i++)
		refused += evh_tracepoint_forward(&tracepoint, &origin, event, EVENT_SIZE) != 0;
	evh_transport_forward_flush(&transport, &late);
	stat(path, &full);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	evh_transport_close(&transport);
	cr_expect_leq((rlim_t)full.st_size, (rlim_t)head.st_size + more);
	return 1000 - refused - late;
}

Test(forward, a_file_that_is_full, .init = begin, .fini = end)
{
	static const rlim_t more[] = { 0, 50, 1000, 50000, 100000 };

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		unsigned kept = fill("at-once", false, more[i]);

		cr_expect_eq(fill("gathered", true, more[i]), kept, "%lu bytes", more[i]);
		cr_expect_leq(kept, more[i] / EVENT_SIZE);
		cr_expect_geq(kept, more[i] / (2 * EVENT_SIZE));
		unlink("at-once");
		unlink("gathered");
	}
}

Test(forward, refuses, .init = begin, .fini = end)
{
	struct evh_transport transport;
	struct evh_tracepoint tracepoint;
	uint32_t refused = 1;

	open_recording("at-once", false, &transport, &tracepoint);
	cr_expect_eq(evh_transport_forward_gather(&transport, room, sizeof(room) - 1), -EINVAL);
	cr_expect_eq(evh_transport_forward_flush(&transport, &refused), 0);
	cr_expect_eq(refused, 0);
	evh_transport_close(&transport);
	evh_transport_open_unix(&transport, "/nonexistent");
	cr_expect_eq(evh_transport_forward_gather(&transport, room, sizeof(room)), -EOPNOTSUPP);
	cr_expect_eq(evh_transport_forward_flush(&transport, &refused), -EOPNOTSUPP);
	evh_transport_close(&transport);
}
