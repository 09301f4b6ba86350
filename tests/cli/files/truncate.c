/* SPDX-License-Identifier: MIT */
/*
 * Cuts a trace off at every byte: each time the reader must say that something is missing, and
 * what it shows must be the beginning of what the whole file shows. Run with a file's name, and
 * with N behind it to cut at every Nth byte only.
 * Exit 0, 1 with what was wrong, 77 when the file isn't there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <evh/json.h>
#include <evh/trace.h>

/* What is the same of an event with and without the names and the clock, which stand at a seekable
 * file's end. */
struct seen {
	uint32_t tid;
	size_t size;
	uint64_t hash;
};

static struct seen *whole;
static size_t whole_count;

static uint64_t hash_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return hash;
}

static struct seen see(const struct evh_sample *sample)
{
	const void *bytes = sample->raw ? sample->raw : sample->event;
	size_t size = sample->raw ? sample->raw_size : sample->event_size;

	return (struct seen){ sample->tid, size, hash_bytes(bytes, size) };
}

static int fail(size_t cut, const char *what, size_t count)
{
	printf("cut at %zu: %s (event %zu)\n", cut, what, count);
	return 1;
}

/* What is there must come in the order in which the whole file shows it. */
static int compare(struct evh_trace *trace, size_t cut, size_t *count)
{
	struct evh_sample sample;
	size_t at = 0;
	int result;

	*count = 0;
	while ((result = evh_trace_next(trace, &sample)) > 0) {
		struct seen seen = see(&sample);

		while (at < whole_count &&
		       (whole[at].hash != seen.hash || whole[at].tid != seen.tid ||
			whole[at].size != seen.size))
			at++;
		if (at == whole_count)
			return fail(cut, "shows what the whole file doesn't", *count);
		at++;
		++*count;
	}
	return result < 0 ? fail(cut, "ends with an error instead of what is missing", *count) : 0;
}

static int check_cut(const uint8_t *bytes, size_t cut, size_t *last)
{
	struct evh_trace *trace;
	/* A copy of its own: a read beyond its end is one that the sanitizer sees. */
	uint8_t *copy = malloc(cut ? cut : 1);
	size_t count = 0;
	int failed = 0;
	int result;

	memcpy(copy, bytes, cut);
	result = evh_trace_open_buffer(&trace, copy, cut, NULL);
	if (result == 0) {
		const struct evh_trace_info *info = evh_trace_info(trace);

		failed = compare(trace, cut, &count);
		/* Cut between two records of a stream, nothing can be seen to be missing. */
		if (!failed && !info->truncated && !info->damaged && !info->unreadable &&
		    info->form == EVH_TRACE_PERF_FILE)
			failed = fail(cut, "nothing is said to be missing", count);
		if (!failed && count < *last)
			failed = fail(cut, "shows less than of a shorter file", count);
		*last = count;
		evh_trace_close(trace);
	}
	free(copy);
	return failed;
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 20);

	if (!file || !bytes) {
		printf("skipped: no %s here\n", path);
		exit(77);
	}
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	struct evh_trace *trace;
	struct evh_sample sample;
	size_t size;
	size_t last = 0;
	size_t step = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	uint8_t *bytes = read_file(argc > 1 ? argv[1] : "", &size);
	int failed = 0;

	whole = calloc(size, sizeof(*whole));
	if (evh_trace_open_buffer(&trace, bytes, size, NULL) != 0)
		return fail(size, "the whole file can't be opened", 0);
	while (evh_trace_next(trace, &sample) > 0)
		whole[whole_count++] = see(&sample);
	evh_trace_close(trace);
	for (size_t cut = (size - 1) % step; cut < size && !failed; cut += step)
		failed = check_cut(bytes, cut, &last);
	printf("%zu events, cut at each %zu of %zu bytes; at the last, %zu were shown\n",
	       whole_count, step, size, last);
	if (!failed && (whole_count == 0 || last + 1 < whole_count))
		failed = fail(size - 1, "hardly anything is shown", last);
	free(whole);
	free(bytes);
	return failed;
}
