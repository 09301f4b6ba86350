// SPDX-License-Identifier: MIT
/*
 * What a file costs: its whole way through reading, joining, filtering and every output format,
 * with the basic blocks counted that run and the bytes that are allocated. Both depend on the input
 * alone, so that a busy machine finds nothing and an idle one misses nothing. The counts are
 * libFuzzer's aim, too: an input that costs more for each of its bytes than all before is kept.
 *
 * The sources that are measured are compiled into this program, with -fsanitize-coverage=trace-pc.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <evh/join.h>
#include <evh/tep.h>
#include <evh/trace.h>

#include "check.h"

/*
 * What a file may cost: so many blocks for each byte of it and of the samples in it, for each byte
 * of metadata that arrays repeat, and, where something in it is compressed, for what that may
 * unpack to without being a sample. A megabyte of any of them takes a second at most.
 */
#define BLOCKS_FREE	  UINT64_C(100000)
#define BLOCKS_PER_BYTE	  100
#define BLOCKS_PER_WEIGHT 60
#define BLOCKS_UNPACKED	  UINT64_C(300000000)
#define BYTES_MAX	  ((size_t)192 << 20)

/* As `logtap view` has them. */
#define WEIGHT_FREE	((uint64_t)8 << 20)
#define WEIGHT_PER_BYTE 24
#define JOIN_LIMIT	((size_t)4 << 20)

static uint64_t blocks;
static size_t allocated, most_allocated;

/* Counted by libFuzzer like edges: one for each doubling of the cost of a byte. */
static uint8_t reached[128] __attribute__((section("__libfuzzer_extra_counters")));

void __wrap___sanitizer_cov_trace_pc(void);
void __wrap___sanitizer_cov_trace_pc(void)
{
	blocks++;
}

/* ---- Memory: the linker sends the measured sources' calls here (--wrap) -------------------------
 */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);

static void *count_memory(void *memory)
{
	allocated += memory ? malloc_usable_size(memory) : 0;
	if (allocated > most_allocated)
		most_allocated = allocated;
	return memory;
}

static void uncount_memory(void *memory)
{
	size_t size = memory ? malloc_usable_size(memory) : 0;

	/* What others allocated for us (strdup, open_memstream) wasn't counted. */
	allocated -= size < allocated ? size : allocated;
}

void *__wrap_malloc(size_t size)
{
	return count_memory(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return count_memory(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
	void *memory;

	uncount_memory(old);
	memory = __real_realloc(old, size);
	return count_memory(memory ? memory : size ? old : NULL);
}

void __wrap_free(void *memory)
{
	uncount_memory(memory);
	__real_free(memory);
}

/* ---- The way of a file --------------------------------------------------------------------------
 */

struct way {
	struct evh_schemas *schemas;
	struct evh_join *join;
	struct evh_text text;
	uint64_t weight;
	uint64_t bytes; /* of samples */
};

static void show(struct way *way, const struct evh_sample *sample)
{
	const struct evh_schema *schema;
	struct evh_reader reader;
	struct evh_item item;

	evh_text_clear(&way->text);
	if (!sample->event) {
		evh_tep_json(&way->text, sample);
		evh_tep_text(&way->text, sample);
		return;
	}
	schema = evh_schemas_find(way->schemas, sample);
	if (!schema || schema->repeats)
		way->weight += evh_event_weight(sample->event, sample->event_size);
	evh_schemas_field(way->schemas, sample, "level", &item);
	evh_schemas_field(way->schemas, sample, "message", &item);
	evh_schemas_json(way->schemas, &way->text, sample);
	evh_text_clear(&way->text);
	if (evh_reader_open(&reader, sample->event, sample->event_size) == 0)
		evh_text_fields(&way->text, &reader);
}

static void show_joined(struct way *way)
{
	struct evh_joined joined;

	while (evh_join_take(way->join, &joined)) {
		evh_text_clear(&way->text);
		evh_json_joined(&way->text, &joined.sample, joined.message, joined.size);
		evh_text_clear(&way->text);
		evh_text_visible(&way->text, joined.message, joined.size);
	}
}

static void read_all(struct evh_trace *trace, struct way *way)
{
	struct evh_sample sample;

	while (evh_trace_next(trace, &sample) > 0) {
		uint64_t offset = evh_trace_info(trace)->offset;
		size_t size;

		evh_trace_record(trace, &size);
		way->bytes += size;

		if (way->weight > WEIGHT_FREE + WEIGHT_PER_BYTE * offset)
			break;
		evh_join_set_limit(way->join, JOIN_LIMIT + 8 * offset);
		if (evh_join_add(way->join, &sample) == 0)
			show(way, &sample);
		else
			show_joined(way);
	}
	evh_join_flush(way->join);
	show_joined(way);
}

/* The blocks that it may take. */
static uint64_t read_file(int fd)
{
	struct evh_trace *trace;
	struct way way = { 0 };

	if (evh_trace_open(&trace, fd, NULL) != 0)
		return 0;
	if (evh_schemas_create(&way.schemas) == 0 &&
	    evh_join_create(&way.join, way.schemas, JOIN_LIMIT) == 0)
		read_all(trace, &way);
	evh_join_destroy(way.join);
	evh_schemas_destroy(way.schemas);
	evh_text_free(&way.text);
	evh_trace_close(trace);
	return BLOCKS_PER_WEIGHT * way.weight + BLOCKS_PER_BYTE * way.bytes;
}

/* The aim: 4 marks for each doubling of the blocks for a byte, and of the memory. */
static void mark(size_t size)
{
	unsigned cost = 0;
	unsigned memory = 0;

	for (uint64_t at = blocks / (size + 64); at && cost < 63; at = at * 4 / 5)
		cost++;
	for (size_t at = most_allocated >> 18; at && memory < 63; at = at * 4 / 5)
		memory++;
	reached[cost] = 1;
	reached[64 + memory] = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t ZSTD[] = { 0x28, 0xb5, 0x2f, 0xfd };
	int fd = memfd_create("trace", MFD_CLOEXEC);
	uint64_t allowed = BLOCKS_FREE + BLOCKS_PER_BYTE * size;

	check(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0,
	      "there is room for a file");
	blocks = 0;
	allocated = 0;
	most_allocated = 0;
	allowed += read_file(fd);
	if (memmem(data, size, ZSTD, sizeof(ZSTD)))
		allowed += BLOCKS_UNPACKED;
	close(fd);
	mark(size);
	check(blocks <= allowed, "it costs no more than its size allows");
	check(most_allocated <= BYTES_MAX, "it takes no more memory than any file may");
	return 0;
}
