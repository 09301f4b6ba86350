/* SPDX-License-Identifier: MIT */
/*
 * A whole file through everything that `logtap view` does with one: reading, joining, JSON, text,
 * and the copy for perf. What comes out is valid; reading with system calls, in chunks, gives the
 * same as reading from memory; and the copy is a trace with the same samples.
 *
 * One program per form (FORM: the bytes a file of that form begins with), so that the fuzzer need
 * not find the magic.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <evh/join.h>
#include <evh/tep.h>
#include <evh/trace.h>

#include "check.h"

/* libtraceevent 1.7 leaks some bytes of a format that it refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent.so";
}

/* What one reading gave. */
struct result {
	int opened;
	uint64_t samples;
	uint64_t hash; /* of all that was printed */
	struct evh_trace_info info;
};

static struct evh_schemas *schemas;

static uint64_t add_hash(uint64_t hash, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * 0x100000001b3u;
	return hash;
}

static int copy_bytes(void *argument, const void *bytes, size_t size)
{
	struct evh_text *copy = argument;

	/* A compressed file of a few bytes can be gigabytes. */
	if (copy->size + size > 8 << 20)
		return -EFBIG;
	evh_text_append(copy, bytes, size);
	return copy->error;
}

static void print(const struct evh_sample *sample, struct evh_text *text)
{
	evh_text_clear(text);
	if (sample->event)
		evh_schemas_json(schemas, text, sample);
	else
		evh_tep_json(text, sample);
	check(text->error == 0, "there is memory");
	check(is_utf8(text->data, text->size) && !has_control(text->data, text->size) &&
		      is_json(text->data, text->size),
	      "JSON is JSON, UTF-8, without control characters");
}

static void check_text(const struct evh_sample *sample)
{
	struct evh_text text = { 0 };

	evh_tep_text(&text, sample);
	check(is_utf8(text.data, text.size) && !has_control(text.data, text.size),
	      "text is UTF-8 without control characters");
	evh_text_free(&text);
}

static void take_joined(struct evh_join *join)
{
	struct evh_joined joined;

	while (evh_join_take(join, &joined)) {
		struct evh_text text = { 0 };

		evh_json_joined(&text, &joined.sample, joined.message, joined.size);
		check(is_json(text.data, text.size), "a joined message is JSON");
		evh_text_free(&text);
	}
}

static void read_all(struct evh_trace *trace, struct result *result, struct evh_text *copy)
{
	struct evh_text text = { 0 };
	struct evh_join *join;
	struct evh_sample sample;
	int state;

	check(evh_join_create(&join, schemas, 1 << 16) == 0, "there is memory");
	while ((state = evh_trace_next(trace, &sample)) > 0 && result->samples < 20000) {
		size_t size;
		const void *record = evh_trace_record(trace, &size);

		result->samples++;
		print(&sample, &text);
		result->hash = add_hash(result->hash, text.data, text.size);
		if (sample.format)
			check_text(&sample);
		if (evh_join_add(join, &sample) == 1)
			take_joined(join);
		if (copy && record && copy_bytes(copy, record, size) < 0)
			break;
	}
	check(state != -EAGAIN, "a file that nobody follows has an end");
	evh_join_flush(join);
	take_joined(join);
	evh_join_destroy(join);
	evh_text_free(&text);
}

static struct result read_buffer(const void *bytes, size_t size, struct evh_text *copy)
{
	const struct evh_trace_options options = { .copy = copy ? copy_bytes : NULL,
						   .copy_argument = copy };
	struct result result = { 0 };
	struct evh_trace *trace;

	result.opened = evh_trace_open_buffer(&trace, bytes, size, &options);
	if (result.opened == 0) {
		read_all(trace, &result, copy);
		result.info = *evh_trace_info(trace);
		evh_trace_close(trace);
	}
	return result;
}

static struct result read_descriptor(int fd)
{
	struct result result = { 0 };
	struct evh_trace *trace;

	result.opened = evh_trace_open(&trace, fd, NULL);
	if (result.opened == 0) {
		read_all(trace, &result, NULL);
		result.info = *evh_trace_info(trace);
		evh_trace_close(trace);
	}
	return result;
}

/* trace-cmd's form is read by its own library, which crashes on files that were tampered with. */
static bool is_trace_cmd(const void *bytes, size_t size)
{
	static const char MAGIC[] = "\x17\x08"
				    "Dtracing";

	return size >= sizeof(MAGIC) - 1 && memcmp(bytes, MAGIC, sizeof(MAGIC) - 1) == 0;
}

static void check_descriptor(const void *bytes, size_t size, const struct result *expected)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct result result;

	check(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0,
	      "there is room for a file");
	result = read_descriptor(fd);
	close(fd);
	check(result.opened == expected->opened, "opened alike");
	check(result.samples == expected->samples && result.hash == expected->hash,
	      "in chunks the same as from memory");
	check(result.info.cut == expected->info.cut &&
		      result.info.damaged == expected->info.damaged &&
		      result.info.truncated == expected->info.truncated,
	      "in chunks the same damage");
}

static void check_copy(const struct evh_text *copy, const struct result *original)
{
	struct result result = read_buffer(copy->data, copy->size, NULL);

	check(result.opened == 0, "the copy is a trace");
	check(result.info.form == EVH_TRACE_PERF_PIPE, "the copy is a stream");
	check(!result.info.truncated && !result.info.damaged, "the copy has no damage");
	check(result.samples == original->samples, "the copy has the same samples");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		char bytes[24];
		size_t size;
	} BEGIN = { FORM, sizeof(FORM) - 1 };
	struct evh_text copy = { 0 };
	struct result plain;
	struct result copied;
	/* Of the exact size, so that a read behind it is seen. */
	uint8_t *bytes = malloc(size ? size : 1);

	if (!schemas)
		check(evh_schemas_create(&schemas) == 0, "there is memory");
	if (size)
		memcpy(bytes, data, size);
	if (size >= BEGIN.size)
		memcpy(bytes, BEGIN.bytes, BEGIN.size);
	if (is_trace_cmd(bytes, size)) {
		free(bytes);
		return 0;
	}
	plain = read_buffer(bytes, size, NULL);
	check_descriptor(bytes, size, &plain);
	if (plain.opened == 0 && plain.info.form != EVH_TRACE_DAT && plain.samples < 1000) {
		copied = read_buffer(bytes, size, &copy);
		if (copied.opened == 0 && copied.samples == plain.samples)
			check_copy(&copy, &plain);
	}
	evh_text_free(&copy);
	free(bytes);
	return 0;
}
