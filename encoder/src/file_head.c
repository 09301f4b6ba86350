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

/* A window on the file: the walk below goes forward in small steps, over about 4 KiB. */
struct head {
	int fd;
	uint64_t offset;
	size_t size;
	uint8_t window[512];
};

static int head_read(struct head *head, uint64_t offset, void *out, size_t size)
{
	if (offset < head->offset || offset + size > head->offset + head->size) {
		long got = EVH_SYSCALL4(SYS_pread64, head->fd, head->window, sizeof(head->window),
					offset);

		if (got < (long)size)
			return -EINVAL;
		head->offset = offset;
		head->size = (size_t)got;
	}
	memcpy(out, head->window + (offset - head->offset), size);
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

/* Walks the EVENT_DESC feature's entries between `at` and `end`. */
static int find_entry(struct head *head, uint64_t at, uint64_t end, const char *name, uint32_t *id)
{
	char entry_name[sizeof(RECORDING_SYSTEM) + EVH_TRACEPOINT_NAME_MAX + 8];
	uint32_t counts[2]; /* entries, bytes of an attr */

	if (head_read(head, at, counts, sizeof(counts)) || counts[1] != sizeof(struct perf_attr))
		return -EINVAL;
	at += sizeof(counts);
	for (uint32_t i = 0; i < counts[0]; i++) {
		struct perf_event_desc desc;
		uint64_t sample_id;

		if (head_read(head, at, &desc, sizeof(desc)) || desc.id_count != 1 ||
		    desc.name_size == 0 || desc.name_size > sizeof(entry_name))
			return -EINVAL;
		at += sizeof(desc);
		if (head_read(head, at, entry_name, desc.name_size))
			return -EINVAL;
		at += desc.name_size;
		if (head_read(head, at, &sample_id, sizeof(sample_id)))
			return -EINVAL;
		at += sizeof(sample_id);
		if (at > end || sample_id > UINT16_MAX)
			return -EINVAL;
		entry_name[desc.name_size - 1] = 0;
		if (strncmp(entry_name, RECORDING_SYSTEM, sizeof(RECORDING_SYSTEM) - 1) == 0 &&
		    strcmp(entry_name + sizeof(RECORDING_SYSTEM) - 1, name) == 0) {
			*id = (uint32_t)sample_id;
			return 0;
		}
	}
	return -ENOENT;
}

int evh_file_find(const struct evh_transport *transport, const char *name, uint32_t *id)
{
	struct head head = { .fd = transport->fd };
	struct perf_file_header file;
	struct perf_attr_record first;
	uint64_t at = sizeof(file);

	if (head_read(&head, 0, &file, sizeof(file)) ||
	    memcmp(file.magic, PERF_MAGIC, sizeof(file.magic)) != 0 || file.size != sizeof(file) ||
	    head_read(&head, at, &first, sizeof(first)) || !is_ours(&first))
		return -EINVAL;
	for (;;) {
		struct {
			struct perf_record_header header;
			uint64_t feature;
		} record;

		if (head_read(&head, at, &record, sizeof(record)) ||
		    record.header.size < sizeof(record))
			return -EINVAL;
		if (record.header.type == PERF_RECORD_HEADER_FEATURE &&
		    record.feature == PERF_FEATURE_EVENT_DESC)
			return find_entry(&head, at + sizeof(record), at + record.header.size, name,
					  id);
		if (record.header.type != PERF_RECORD_HEADER_ATTR &&
		    record.header.type != PERF_RECORD_HEADER_FEATURE)
			return -EINVAL;
		at += record.header.size;
	}
}
