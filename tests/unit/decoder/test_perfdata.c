/* SPDX-License-Identifier: MIT */
/* <evh/perfdata.h>: what is written is read again, in both forms, by the trace reader too. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include <evh/perfdata.h>
#include <evh/trace.h>

#include "event_bytes.h"

static const enum evh_perfdata_form forms[] = { EVH_PERFDATA_SEEKABLE, EVH_PERFDATA_STREAM };

static const char plain_format[] =
	"name: plain\nID: 7\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:u32 n;\toffset:8;\tsize:4;\tsigned:0;\n\nprint fmt: \"n=%u\", REC->n\n";

static struct maker m;

/* Two tracepoints, a host's name, a clock, a thread's name, two events. */
static int write_all(enum evh_perfdata_form form)
{
	struct evh_perfdata_writer *writer;
	struct evh_sample sample = { .pid = 5, .tid = 6, .cpu = 3, .time = 1000000001 };
	uint8_t raw[12] = { 7, 0, 0, 0, 6, 0, 0, 0, 42, 0, 0, 0 };
	int fd = memfd_create("perfdata", MFD_CLOEXEC);

	start(&m, "Hello", false);
	text_field(&m, "who", "world");
	finish(&m);
	cr_assert_eq(evh_perfdata_writer_create(&writer, fd, form), 0);
	cr_assert_eq(evh_perfdata_writer_event(writer, 1000, "user_events", "Test_L4K1", NULL), 0);
	cr_assert_eq(evh_perfdata_writer_event(writer, 7, "other", "plain", plain_format), 0);
	cr_assert_eq(evh_perfdata_writer_feature(writer, 3, "\4\0\0\0host", 8), 0);
	cr_assert_eq(evh_perfdata_writer_clock(writer, 1, 2000000000, 1000000000), 0);
	cr_assert_eq(evh_perfdata_writer_comm(writer, 5, 6, "a thread", 1), 0);
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	cr_assert_eq(evh_perfdata_writer_sample(writer, 1000, &sample), 0);
	sample.raw = raw;
	sample.raw_size = sizeof(raw);
	sample.time++;
	cr_assert_eq(evh_perfdata_writer_sample(writer, 7, &sample), 0);
	cr_assert_eq(evh_perfdata_writer_finish(writer), 0);
	return fd;
}

static const uint8_t *map(int fd, size_t *size)
{
	struct stat status;
	void *bytes;

	cr_assert_eq(fstat(fd, &status), 0);
	*size = (size_t)status.st_size;
	bytes = mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
	cr_assert_neq(bytes, MAP_FAILED);
	return bytes;
}

Test(perfdata, events)
{
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		cr_skip_test("the record is written down for a little-endian machine");
	for (int i = 0; i < 2; i++) {
		struct evh_trace *trace;
		struct evh_sample sample;
		int fd = write_all(forms[i]);

		lseek(fd, 0, SEEK_SET);
		cr_assert_eq(evh_trace_open(&trace, fd, NULL), 0);
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_str_eq(sample.tracepoint, "Test_L4K1");
		cr_assert_str_eq(sample.comm, "a thread");
		cr_assert_eq(sample.time, 2000000001);
		cr_assert(sample.pid == 5 && sample.tid == 6 && sample.cpu == 3);
		cr_assert_arr_eq(sample.event, m.event.data, m.event.size);
		cr_assert_eq(evh_trace_next(trace, &sample), 1);
		cr_assert_str_eq(sample.tracepoint, "plain");
		cr_assert_str_eq(sample.system, "other");
		cr_assert_not_null(sample.format);
		cr_assert_eq(evh_trace_next(trace, &sample), 0);
		cr_assert_eq(evh_trace_info(trace)->form,
			     i ? EVH_TRACE_PERF_PIPE : EVH_TRACE_PERF_FILE);
		cr_assert_eq(evh_trace_info(trace)->unreadable, 0);
		evh_trace_close(trace);
		close(fd);
	}
}

Test(perfdata, records)
{
	static const char *const expected[] = { "ATTR",	      "ATTR",	 "HOSTNAME",
						"EVENT_DESC", "CLOCKID", "CLOCK_DATA",
						"COMM",	      "SAMPLE",	 "SAMPLE" };

	for (int i = 0; i < 2; i++) {
		struct evh_perfdata file;
		struct evh_perfdata_record record;
		size_t size, found = 0, tracing = 0;
		int fd = write_all(forms[i]), result;
		const uint8_t *bytes = map(fd, &size);

		cr_assert_eq(evh_perfdata_open(&file, bytes, size), 0);
		cr_assert_eq(file.form, forms[i]);
		while ((result = evh_perfdata_next(&file, &record)) > 0) {
			const char *name = record.type == EVH_PERFDATA_FEATURE
						   ? evh_perfdata_feature_name(record.feature)
						   : evh_perfdata_type_name(record.type);

			cr_assert(record.data == bytes + record.offset);
			if (record.type == EVH_PERFDATA_TRACING_DATA) {
				tracing++; /* its place differs between the forms */
				continue;
			}
			cr_assert_str_eq(name, expected[found++]);
			if (record.type == EVH_PERFDATA_ATTR)
				cr_assert_eq(record.extra_size, 8);
		}
		cr_assert_eq(result, 0);
		cr_assert_eq(found, sizeof(expected) / sizeof(expected[0]));
		cr_assert_eq(tracing, 1);
		close(fd);
	}
}

/* Every beginning, and damage at every byte of the head: an answer, and nothing outside is read. */
Test(perfdata, damaged)
{
	for (int i = 0; i < 2; i++) {
		size_t size;
		const uint8_t *bytes = map(write_all(forms[i]), &size);

		for (size_t cut = 0; cut < size; cut += cut < 400 ? 1 : 97) {
			for (int damage = 0; damage < 2; damage++) {
				size_t length = damage ? size : cut;
				uint8_t *exact = malloc(length ? length : 1);
				struct evh_perfdata file;
				struct evh_perfdata_record record;
				unsigned steps = 0;

				memcpy(exact, bytes, length);
				if (damage)
					exact[cut] ^= 0xff;
				if (evh_perfdata_open(&file, exact, length) == 0)
					while (evh_perfdata_next(&file, &record) > 0) {
						cr_assert_lt(steps++, size);
						cr_assert(record.offset + record.size <= length);
					}
				free(exact);
			}
		}
	}
}

Test(perfdata, mistakes)
{
	struct evh_perfdata_writer *writer;
	int fd = memfd_create("perfdata", MFD_CLOEXEC), pipes[2];
	uint8_t attr[64] = { 0 };

	cr_assert_eq(pipe(pipes), 0);
	cr_assert_eq(evh_perfdata_writer_create(&writer, pipes[1], EVH_PERFDATA_SEEKABLE), -ESPIPE);
	cr_assert_eq(evh_perfdata_writer_create(&writer, fd, (enum evh_perfdata_form)3), -EINVAL);
	cr_assert_null(writer);
	cr_assert_eq(evh_perfdata_writer_create(&writer, fd, EVH_PERFDATA_STREAM), 0);
	cr_assert_eq(evh_perfdata_writer_record(writer, 65, 0, attr, 64), 0);
	cr_assert_eq(evh_perfdata_writer_attr(writer, attr, 64, NULL, 0), -EBUSY);
	cr_assert_eq(evh_perfdata_writer_record(writer, 65, 0, attr, 64), -EBUSY);
	cr_assert_eq(evh_perfdata_writer_finish(writer), -EBUSY);
	cr_assert_eq(evh_perfdata_writer_create(&writer, fd, EVH_PERFDATA_SEEKABLE), 0);
	cr_assert_eq(evh_perfdata_writer_feature(writer, 3, "x", 1), 0);
	cr_assert_eq(evh_perfdata_writer_feature(writer, 3, "x", 1), -EINVAL);
	cr_assert_eq(evh_perfdata_writer_finish(writer), -EINVAL);
	cr_assert_eq(evh_perfdata_writer_create(&writer, pipes[0], EVH_PERFDATA_STREAM), 0);
	cr_assert_eq(evh_perfdata_writer_finish(writer), -EBADF); /* can't be written */
	cr_assert_eq(evh_perfdata_writer_finish(NULL), -EINVAL);
}
