/* SPDX-License-Identifier: MIT */
/*
 * Reading a recording's head: which tracepoints it lists, under which ids.
 *
 * Must never map the file (who truncates it would kill the program with SIGBUS) and never trust
 * what it finds there: it may be any file.
 */
#include <string.h>
#include <time.h>

#include "perf_format.h"
#include "syscall.h"
#include "transport.h"

/* Attributes and the features in front of the list stay far below this. */
#define HEAD_MAX (1 << 20)

/* A window on the file: the walk below goes forward in small steps, over about 4 KiB. */
struct head {
	int fd;
	uint64_t offset;
	size_t size;
	uint8_t window[512];
};

/* The bytes at a place of the file, good until the next call; NULL when they are not there. */
static const uint8_t *head_view(struct head *head, uint64_t offset, size_t size)
{
	if (offset < head->offset || offset + size > head->offset + head->size) {
		long got = EVH_SYSCALL4(SYS_pread64, head->fd, head->window, sizeof(head->window),
					offset);

		if (got < (long)size)
			return NULL;
		head->offset = offset;
		head->size = (size_t)got;
	}
	return head->window + (offset - head->offset);
}

static int head_read(struct head *head, uint64_t offset, void *out, size_t size)
{
	const uint8_t *bytes = head_view(head, offset, size);

	if (!bytes)
		return -EINVAL;
	memcpy(out, bytes, size);
	return 0;
}

/* A file that perf itself wrote could be appended to as little as a picture. */
static bool is_ours(const struct perf_attr_record *record)
{
	return record->header.type == PERF_RECORD_HEADER_ATTR &&
	       record->header.size == sizeof(*record) &&
	       record->attr.type == PERF_TYPE_TRACEPOINT &&
	       record->attr.size == sizeof(record->attr) &&
	       record->attr.sample_type == RECORDING_SAMPLE_TYPE &&
	       record->attr.clockid == CLOCK_MONOTONIC && record->id == RECORDING_FIRST_ID;
}

/* Takes the entry at `at`, and moves on to the one behind it. 1 when it is the name's, else 0. */
static int read_entry(struct head *head, uint32_t *at, const char *name, uint32_t *id)
{
	uint32_t sizes[2]; /* ids, bytes of the name */
	const char *text;
	uint64_t sample_id;
	bool same;

	*at += sizeof(struct perf_attr);
	if (head_read(head, *at, sizes, sizeof(sizes)) || sizes[0] != 1 || sizes[1] == 0 ||
	    sizes[1] > sizeof(RECORDING_SYSTEM) + EVH_TRACEPOINT_NAME_MAX + 8)
		return -EINVAL;
	*at += sizeof(sizes);
	text = (const char *)head_view(head, *at, sizes[1]);
	if (!text || text[sizes[1] - 1])
		return -EINVAL;
	same = strncmp(text, RECORDING_SYSTEM, sizeof(RECORDING_SYSTEM) - 1) == 0 &&
	       strcmp(text + sizeof(RECORDING_SYSTEM) - 1, name) == 0;
	*at += sizes[1];
	if (head_read(head, *at, &sample_id, sizeof(sample_id)) || sample_id > UINT16_MAX)
		return -EINVAL;
	*at += sizeof(sample_id);
	if (same)
		*id = (uint32_t)sample_id;
	return same;
}

/*
 * Names are mostly asked for in the order in which they stand there: so the search goes on behind
 * the last one found, and begins again once.
 */
int evh_file_find(struct evh_transport *transport, const char *name, uint32_t *id)
{
	struct head head = { .fd = transport->fd };
	uint32_t at = transport->head_next;
	uint32_t entry = transport->head_next_entry;

	for (uint32_t i = 0; i < transport->head_count; i++, entry++) {
		int result;

		if (entry >= transport->head_count) {
			entry = 0;
			at = transport->head_entries;
		}
		result = read_entry(&head, &at, name, id);
		if (result < 0)
			return result;
		if (result) {
			transport->head_next = at;
			transport->head_next_entry = entry + 1;
			return 0;
		}
	}
	return -ENOENT;
}

/* Finds the list of tracepoints: the EVENT_DESC feature, behind the attributes. */
int evh_file_read_head(struct evh_transport *transport)
{
	struct head head = { .fd = transport->fd };
	struct perf_file_header file;
	struct perf_attr_record first;
	struct {
		struct perf_record_header header;
		uint64_t feature;
		uint32_t count, attr_size;
	} record;
	uint32_t at = sizeof(file);

	if (head_read(&head, 0, &file, sizeof(file)) || file.magic != PERF_MAGIC ||
	    file.size != sizeof(file) || head_read(&head, at, &first, sizeof(first)) ||
	    !is_ours(&first))
		return -EINVAL;
	do {
		/* Every head has longer records than this one behind it. */
		if (head_read(&head, at, &record, sizeof(record)) ||
		    record.header.size < sizeof(record) || at > HEAD_MAX)
			return -EINVAL;
		if (record.header.type != PERF_RECORD_HEADER_ATTR &&
		    record.header.type != PERF_RECORD_HEADER_FEATURE)
			return -EINVAL;
		at += record.header.size;
	} while (record.header.type != PERF_RECORD_HEADER_FEATURE ||
		 record.feature != PERF_FEATURE_EVENT_DESC);
	if (record.attr_size != sizeof(struct perf_attr) || record.count > UINT16_MAX)
		return -EINVAL;
	transport->head_count = record.count;
	transport->head_entries = at - record.header.size + (uint32_t)sizeof(record);
	transport->head_next = transport->head_entries;
	return 0;
}
