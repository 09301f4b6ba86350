/* SPDX-License-Identifier: MIT */
/*
 * <evh/trace.h> and <evh/join.h> as a program uses them, on recordings that the encoder wrote.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <zstd.h>

#include <evh/builder.h>
#include <evh/join.h>
#include <evh/recording.h>
#include <evh/trace.h>

/* A recording that is being written. */
struct recording {
	char path[64];
	struct evh_transport transport;
	struct evh_dynamic_provider *provider;
	struct evh_event_set *set;
	struct evh_builder builder;
};

static void record(struct recording *recording)
{
	static const char *const NAMES[] = { "Test_L4K1" };
	int fd;

	strcpy(recording->path, "/tmp/logtap-trace-XXXXXX");
	fd = mkstemp(recording->path);
	cr_assert_geq(fd, 0);
	close(fd);
	unlink(recording->path);
	cr_assert_eq(evh_recording_create(recording->path, NAMES, 1), 0);
	cr_assert_eq(evh_transport_open_file(&recording->transport, recording->path), 0);
	cr_assert_eq(evh_dynamic_provider_create(&recording->provider, "Test", NULL,
						 &recording->transport),
		     0);
	recording->set =
		evh_dynamic_provider_register_set(recording->provider, EVH_LEVEL_INFORMATION, 1);
	cr_assert_not_null(recording->set);
	cr_assert(evh_event_set_enabled(recording->set));
	cr_assert_eq(evh_builder_init(&recording->builder, NULL, 0), 0);
}

static void record_end(struct recording *recording)
{
	evh_builder_destroy(&recording->builder);
	evh_dynamic_provider_destroy(recording->provider);
	evh_transport_close(&recording->transport);
	unlink(recording->path);
}

static void write_number(struct recording *recording, uint32_t number)
{
	evh_builder_reset(&recording->builder, "Number", 0);
	evh_builder_set_id(&recording->builder, 77, 3);
	evh_builder_add_u32(&recording->builder, "number", number, EVH_FORMAT_DEFAULT, 0);
	cr_assert_eq(evh_builder_write(&recording->builder, recording->set, NULL, NULL), 0);
}

static void write_part(struct recording *recording, uint32_t number, bool last, const char *message)
{
	evh_builder_reset(&recording->builder, "stderr.part", 0);
	evh_builder_add_u32(&recording->builder, "part", number, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_bool8(&recording->builder, "last", last, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string(&recording->builder, "message", message, EVH_FORMAT_DEFAULT, 0);
	cr_assert_eq(evh_builder_write(&recording->builder, recording->set, NULL, NULL), 0);
}

static uint64_t number_of(const struct evh_sample *sample)
{
	struct evh_reader reader;
	struct evh_item item;
	uint64_t number = 0;

	cr_assert_eq(evh_reader_open(&reader, sample->event, sample->event_size), 0);
	cr_assert_eq(reader.event.id, 77);
	cr_assert_eq(reader.event.version, 3);
	do {
		cr_assert_eq(evh_reader_next(&reader, &item), 1);
	} while (item.kind != EVH_ITEM_FIELD);
	cr_assert_eq(evh_item_u64(&item, &number), 0);
	return number;
}

Test(trace, reads_what_the_encoder_wrote)
{
	struct recording recording;
	struct evh_trace *trace;
	struct evh_sample sample;
	uint64_t before = 0;
	char name[16];

	prctl(PR_GET_NAME, name);
	record(&recording);
	for (uint32_t i = 0; i < 1000; i++)
		write_number(&recording, i);

	int fd = open(recording.path, O_RDONLY | O_CLOEXEC);

	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(number_of(&sample), i);
		cr_assert_eq(sample.has,
			     EVH_SAMPLE_TIME | EVH_SAMPLE_PID | EVH_SAMPLE_TID | EVH_SAMPLE_CPU);
		cr_assert_eq(sample.pid, (uint32_t)getpid());
		cr_assert_eq(sample.tid, (uint32_t)gettid());
		cr_assert_geq(sample.time, before);
		cr_assert_str_eq(sample.system, "user_events");
		cr_assert_str_eq(sample.tracepoint, "Test_L4K1");
		cr_assert_not_null(sample.comm);
		cr_assert_str_eq(sample.comm, name);
		before = sample.time;
	}
	cr_assert_eq(evh_trace_next(trace, &sample), 0);
	cr_assert_eq(evh_trace_next(trace, &sample), 0);

	const struct evh_trace_info *info = evh_trace_info(trace);

	cr_assert_eq(info->form, EVH_TRACE_PERF_PIPE);
	cr_assert(info->wall_clock);
	cr_assert_eq(info->offset, info->size);
	cr_assert_eq(info->lost + info->unreadable + info->cut + info->damaged, 0);
	cr_assert_not(info->truncated);
	evh_trace_close(trace);
	close(fd);
	record_end(&recording);
}

Test(trace, follows)
{
	struct recording recording;
	struct evh_trace *trace;
	struct evh_sample sample;
	const struct evh_trace_options options = { .follow = true };

	record(&recording);

	int fd = open(recording.path, O_RDONLY | O_CLOEXEC);

	cr_assert_eq(evh_trace_open(&trace, fd, &options), 0);
	cr_assert_eq(evh_trace_next(trace, &sample), -EAGAIN);
	cr_assert_eq(evh_trace_wait(trace, 0), 0);
	for (uint32_t i = 0; i < 3; i++) {
		write_number(&recording, i);
		write_number(&recording, i + 100);
		cr_assert_eq(evh_trace_wait(trace, 10000), 1);
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(number_of(&sample), i);
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(number_of(&sample), i + 100);
		cr_assert_eq(evh_trace_next(trace, &sample), -EAGAIN);
	}
	evh_trace_close(trace);
	close(fd);
	record_end(&recording);
}

struct copy {
	size_t size;
	size_t limit;
	uint8_t bytes[65536];
};

/* By a collector: the later it was written, the older it is. */
static void forward_backwards(struct recording *recording, uint32_t count)
{
	static const uint8_t EVENT[] = "\x07\0\0\0\0\0\0\x04\x02\0\x01\0n";

	for (uint32_t i = 0; i < count; i++) {
		const struct evh_origin origin = { .pid = 7, .tid = i, .time = 1000000 - i };

		cr_assert_eq(evh_tracepoint_forward(&recording->set->tracepoint, &origin, EVENT,
						    sizeof(EVENT)),
			     0);
	}
}

Test(trace, keeps_the_order_of_the_file)
{
	const struct evh_trace_options options = { .follow = true, .file_order = true };
	uint64_t places[100] = { 0 };
	struct recording recording;
	struct evh_trace *trace;
	struct evh_sample sample;

	record(&recording);
	forward_backwards(&recording, 100);
	for (int turn = 0; turn < 2; turn++) {
		int fd = open(recording.path, O_RDONLY | O_CLOEXEC);

		cr_assert_eq(evh_trace_open(&trace, fd, &options), 0);
		for (uint32_t i = 0; i < 100; i++) {
			cr_assert_eq(evh_trace_next(trace, &sample), 1);
			cr_assert_eq(sample.tid, i);
			if (turn == 0)
				places[i] = evh_trace_info(trace)->offset;
			cr_assert_eq(evh_trace_info(trace)->offset, places[i]);
			cr_assert(i == 0 || places[i] > places[i - 1]);
		}
		cr_assert_eq(evh_trace_next(trace, &sample), -EAGAIN);
		cr_assert_eq(evh_trace_info(trace)->offset, evh_trace_info(trace)->size);
		evh_trace_close(trace);
		close(fd);
	}

	int fd = open(recording.path, O_RDONLY | O_CLOEXEC);

	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	cr_assert_eq(evh_trace_next(trace, &sample), 1);
	cr_assert_eq(sample.tid, 99);
	evh_trace_close(trace);
	close(fd);
	record_end(&recording);
}

static int take_copy(void *argument, const void *bytes, size_t size)
{
	struct copy *copy = argument;

	if (copy->size + size > copy->limit)
		return -ENOSPC;
	memcpy(copy->bytes + copy->size, bytes, size);
	copy->size += size;
	return 0;
}

/* Samples read, or the negative result that ended it. */
static int copy_all(const char *path, struct copy *copy)
{
	const struct evh_trace_options options = { .copy = take_copy, .copy_argument = copy };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct evh_trace *trace;
	struct evh_sample sample;
	int count = 0;
	int result = evh_trace_open(&trace, fd, &options);

	while (result >= 0 && (result = evh_trace_next(trace, &sample)) > 0) {
		size_t size;
		const void *bytes = evh_trace_record(trace, &size);

		count++;
		result = take_copy(copy, bytes, size);
	}
	evh_trace_close(trace);
	close(fd);
	return result < 0 ? result : count;
}

Test(trace, copies)
{
	static struct copy copy = { .limit = sizeof(copy.bytes) };
	struct recording recording;
	struct evh_trace *trace;
	struct evh_sample sample;

	record(&recording);
	for (uint32_t i = 0; i < 50; i++)
		write_number(&recording, i);
	cr_assert_eq(copy_all(recording.path, &copy), 50);
	cr_assert_eq(evh_trace_open_buffer(&trace, copy.bytes, copy.size, NULL), 0);
	for (uint32_t i = 0; i < 50; i++) {
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(number_of(&sample), i);
	}
	cr_assert_eq(evh_trace_next(trace, &sample), 0);
	evh_trace_close(trace);

	/* Who takes the copy can stop it at any place. */
	for (size_t limit = 0; limit < copy.size; limit += 40) {
		static struct copy full;

		full.size = 0;
		full.limit = limit;
		cr_assert_eq(copy_all(recording.path, &full), -ENOSPC);
	}
	record_end(&recording);
}

/* What can't be read where it lies is read from memory as from a file. */
Test(trace, reads_packed_memory)
{
	static struct copy copy = { .limit = sizeof(copy.bytes) };
	static uint8_t packed[sizeof(copy.bytes)];
	struct recording recording;
	struct evh_trace *trace;
	struct evh_sample sample;
	size_t size;

	record(&recording);
	for (uint32_t i = 0; i < 50; i++)
		write_number(&recording, i);
	cr_assert_eq(copy_all(recording.path, &copy), 50);
	size = ZSTD_compress(packed, sizeof(packed), copy.bytes, copy.size, 1);
	cr_assert_not(ZSTD_isError(size));
	cr_assert_eq(evh_trace_open_buffer(&trace, packed, size, NULL), 0);
	for (uint32_t i = 0; i < 50; i++) {
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(number_of(&sample), i);
	}
	cr_assert_eq(evh_trace_next(trace, &sample), 0);
	evh_trace_close(trace);
	record_end(&recording);
}

Test(trace, refuses)
{
	static const struct {
		const char *bytes;
		size_t size;
		int result;
	} CASES[] = {
		{ "", 0, -ENODATA },
		{ "PERF", 4, -ENODATA },
		{ "PERFILE2\x68", 9, -ENODATA },
		{ "hello\n", 6, -EMEDIUMTYPE },
		{ "just some text, and more of it", 30, -EMEDIUMTYPE },
		{ "PERFILE2\x11\0\0\0\0\0\0\0", 16, -EBADMSG },
		{ "PERFILE2\x68\0\0\0\0\0\0\0", 16, -ENODATA },
		{ "PERFFILE\x68\0\0\0\0\0\0\0", 16, -EMEDIUMTYPE },
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct evh_trace *trace = (struct evh_trace *)8;

		cr_assert_eq(evh_trace_open_buffer(&trace, CASES[i].bytes, CASES[i].size, NULL),
			     CASES[i].result, "case %zu", i);
		cr_assert_null(trace);
		cr_assert_gt(strlen(evh_trace_strerror(CASES[i].result)), 5);
		cr_assert_gt(strlen(evh_trace_kind_of(CASES[i].bytes, CASES[i].size)), 3);
	}
	evh_trace_close(NULL);
}

/* Reads the recording's samples into the join; what it gives goes to `seen` with its marks. */
static void join_all(const char *path, size_t limit, char *seen)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct evh_schemas *schemas;
	struct evh_trace *trace;
	struct evh_sample sample;
	struct evh_joined joined;
	struct evh_join *join;

	cr_assert_eq(evh_schemas_create(&schemas), 0);
	cr_assert_eq(evh_join_create(&join, schemas, limit), 0);
	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	for (bool more = true; more;) {
		more = evh_trace_next(trace, &sample) > 0;
		if (!more)
			evh_join_flush(join);
		else if (evh_join_add(join, &sample) == 0)
			strcat(seen, "other;");
		while (evh_join_take(join, &joined)) {
			strcat(seen, joined.begin_elsewhere ? "~" : "");
			strcat(seen, joined.begin_missing ? ">" : "");
			strncat(seen, joined.message, joined.size);
			strcat(seen, joined.end_missing ? ">" : "");
			strcat(seen, joined.end_elsewhere ? "~;" : ";");
		}
	}
	cr_assert_eq(evh_join_take(join, &joined), 0);
	evh_trace_close(trace);
	evh_join_destroy(join);
	evh_schemas_destroy(schemas);
	close(fd);
}

Test(join, joins)
{
	struct recording recording;
	char seen[256] = "";

	record(&recording);
	write_part(&recording, 0, false, "one ");
	write_number(&recording, 1);
	write_part(&recording, 1, false, "");
	write_part(&recording, 2, true, "two");
	write_part(&recording, 0, true, "alone");
	write_part(&recording, 0, false, "begin");
	write_part(&recording, 2, true, "end");
	write_part(&recording, 0, false, "last");
	join_all(recording.path, 0, seen);
	cr_assert_str_eq(seen, "other;one two;alone;begin>;>end;last>;");
	record_end(&recording);
}

Test(join, says_that_it_waits)
{
	struct recording recording;
	struct evh_schemas *schemas;
	struct evh_joined joined;
	struct evh_sample sample;
	struct evh_trace *trace;
	struct evh_join *join;
	int fd;

	record(&recording);
	write_part(&recording, 0, false, "a");
	write_part(&recording, 1, true, "b");
	fd = open(recording.path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(evh_schemas_create(&schemas), 0);
	cr_assert_eq(evh_join_create(&join, schemas, 0), 0);
	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	cr_assert_not(evh_join_waits(join));
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_eq(evh_join_add(join, &sample), 1);
		cr_assert(evh_join_waits(join));
	}
	cr_assert_eq(evh_join_take(join, &joined), 1);
	cr_assert_not(evh_join_waits(join));
	evh_trace_close(trace);
	evh_join_destroy(join);
	evh_schemas_destroy(schemas);
	close(fd);
	record_end(&recording);
}

Test(join, limit_loses_nothing)
{
	struct recording recording;
	char seen[256] = "";

	record(&recording);
	for (uint32_t i = 0; i < 4; i++)
		write_part(&recording, i, i == 3, "piece ");
	/* Less than the room that any message takes. */
	join_all(recording.path, 1, seen);
	cr_assert_str_eq(seen, "piece ~;~piece ~;~piece ~;~piece ;");
	record_end(&recording);
}

/* What ends within a piece is incomplete, and so is one whose next part is not the next. */
Test(join, limit_hides_nothing)
{
	struct recording recording;
	char seen[256] = "";

	record(&recording);
	write_part(&recording, 0, false, "a");
	write_part(&recording, 1, false, "b");
	write_part(&recording, 3, false, "d");
	write_part(&recording, 4, false, "e");
	join_all(recording.path, 1, seen);
	cr_assert_str_eq(seen, "a~;~b~;~>;>d~;~e~;~>;");
	record_end(&recording);
}

/* Threads that never finish don't pile up; what is finished among them is whole. */
Test(join, many_unfinished_go_out_in_order)
{
	struct recording recording;
	struct evh_schemas *schemas;
	struct evh_trace *trace;
	struct evh_sample first, second;
	struct evh_joined joined;
	struct evh_join *join;
	uint32_t seen = 0;
	int fd;

	record(&recording);
	write_part(&recording, 0, false, "be");
	fd = open(recording.path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(evh_schemas_create(&schemas), 0);
	cr_assert_eq(evh_join_create(&join, schemas, 0), 0);
	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	cr_assert_eq(evh_trace_next(trace, &first), 1);
	for (uint32_t i = 1; i <= 20000; i++) {
		first.pid = first.tid = i;
		cr_assert_eq(evh_join_add(join, &first), 1);
		while (evh_join_take(join, &joined)) {
			cr_assert_eq(joined.sample.tid, ++seen);
			cr_assert(joined.end_missing && joined.size == 2);
		}
		cr_assert_leq(i - seen, 16384);
	}
	cr_assert_gt(seen, 0);
	evh_trace_close(trace);
	close(fd);

	write_part(&recording, 1, true, "gun");
	fd = open(recording.path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
	cr_assert_eq(evh_trace_next(trace, &second), 1);
	cr_assert_eq(evh_trace_next(trace, &second), 1);
	second.pid = second.tid = 19000;
	cr_assert_eq(evh_join_add(join, &second), 1);
	cr_assert_eq(evh_join_take(join, &joined), 1);
	cr_assert(joined.size == 5 && memcmp(joined.message, "begun", 5) == 0);
	cr_assert(!joined.end_missing && joined.parts == 2);
	evh_join_flush(join);
	while (evh_join_take(join, &joined)) {
		seen += seen + 1 == 19000 ? 2 : 1; /* that one was whole */
		cr_assert_eq(joined.sample.tid, seen);
	}
	cr_assert_eq(seen, 20000);
	evh_join_destroy(join);
	evh_trace_close(trace);
	evh_schemas_destroy(schemas);
	close(fd);
	record_end(&recording);
}
