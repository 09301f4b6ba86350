/* SPDX-License-Identifier: MIT */
/*
 * The events of a perf.data: each one's layout of samples, computed once, and the table from
 * sample ids to them. Must never take an offset from a file: they follow from sample_type alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/perf_event.h>

#include "perf.h"

/* One attr per tracepoint; ids are one per CPU and event. */
#define ATTRS_MAX 65536
#define IDS_MAX	  ((size_t)1 << 22)

/* Offsets in struct perf_event_attr. */
enum {
	ATTR_TYPE = 0,
	ATTR_CONFIG = 8,
	ATTR_SAMPLE_TYPE = 24,
	ATTR_READ_FORMAT = 32,
	ATTR_BITS = 40,
};

enum { BIT_SAMPLE_ID_ALL = 18 };

void perf_attrs_free(struct perf_attrs *attrs)
{
	for (size_t i = 0; i < attrs->count; i++)
		free(attrs->list[i]);
	free(attrs->list);
	free(attrs->ids);
}

/* Bit fields fill a byte from its other end on big-endian machines. */
static bool attr_bit(const uint8_t *bits, unsigned int number, bool big_endian)
{
	unsigned int bit = number % 8;

	return bits[number / 8] >> (big_endian ? 7 - bit : bit) & 1;
}

/* In the order in which the kernel writes them (PERF_RECORD_SAMPLE in <linux/perf_event.h>). */
static void lay_out_sample(struct perf_attr *attr)
{
	const struct {
		uint64_t bit;
		uint16_t *place;
	} FIELDS[] = {
		{ PERF_SAMPLE_IDENTIFIER, &attr->identifier },
		{ PERF_SAMPLE_IP, NULL },
		{ PERF_SAMPLE_TID, &attr->tid },
		{ PERF_SAMPLE_TIME, &attr->time },
		{ PERF_SAMPLE_ADDR, NULL },
		{ PERF_SAMPLE_ID, &attr->id },
		{ PERF_SAMPLE_STREAM_ID, NULL },
		{ PERF_SAMPLE_CPU, &attr->cpu },
		{ PERF_SAMPLE_PERIOD, NULL },
	};
	uint16_t place = RECORD_HEADER;

	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++) {
		if (!(attr->sample_type & FIELDS[i].bit))
			continue;
		if (FIELDS[i].place)
			*FIELDS[i].place = place;
		place += 8;
	}
	attr->variable = place;
}

/* What sample_id_all puts at the end of each other record, last first. */
static void lay_out_tail(struct perf_attr *attr)
{
	const struct {
		uint64_t bit;
		uint16_t *place;
	} FIELDS[] = {
		{ PERF_SAMPLE_IDENTIFIER, &attr->tail_id },
		{ PERF_SAMPLE_CPU, NULL },
		{ PERF_SAMPLE_STREAM_ID, NULL },
		{ PERF_SAMPLE_ID, &attr->tail_id },
		{ PERF_SAMPLE_TIME, &attr->tail_time },
		{ PERF_SAMPLE_TID, NULL },
	};
	uint16_t distance = 0;

	if (!attr->sample_id_all)
		return;
	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++) {
		if (!(attr->sample_type & FIELDS[i].bit))
			continue;
		distance += 8;
		if (FIELDS[i].place && !*FIELDS[i].place)
			*FIELDS[i].place = distance;
	}
	attr->tail_size = distance;
}

int perf_attrs_add(struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	struct perf_attrs *attrs = &trace->attrs;
	struct perf_attr *attr;

	if (size < PERF_ATTR_SIZE_VER0)
		return -EBADMSG;
	if (attrs->count == ATTRS_MAX)
		return -E2BIG;
	/* Doubles at each power of two. */
	if ((attrs->count & (attrs->count - 1)) == 0) {
		size_t capacity = attrs->count ? attrs->count * 2 : 1;
		struct perf_attr **larger =
			realloc(attrs->list, capacity * sizeof(struct perf_attr *));

		if (!larger)
			return -ENOMEM;
		attrs->list = larger;
	}
	attr = calloc(1, sizeof(*attr));
	if (!attr)
		return -ENOMEM;
	attr->type = get32(bytes + ATTR_TYPE, trace->swap);
	attr->config = get64(bytes + ATTR_CONFIG, trace->swap);
	attr->sample_type = get64(bytes + ATTR_SAMPLE_TYPE, trace->swap);
	attr->read_format = get64(bytes + ATTR_READ_FORMAT, trace->swap);
	attr->sample_id_all =
		attr_bit(bytes + ATTR_BITS, BIT_SAMPLE_ID_ALL, trace->info.big_endian);
	lay_out_sample(attr);
	lay_out_tail(attr);
	attrs->list[attrs->count] = attr;
	return (int)attrs->count++;
}

static struct perf_id *find_id(const struct hash_key *key, struct perf_id *ids, size_t capacity,
			       uint64_t id)
{
	size_t place = hash_u64(key, id) & (capacity - 1);

	while (ids[place].used && ids[place].id != id)
		place = (place + 1) & (capacity - 1);
	return &ids[place];
}

static int grow_ids(struct perf_attrs *attrs)
{
	size_t capacity = attrs->id_capacity ? attrs->id_capacity * 2 : 64;
	struct perf_id *larger;

	if (capacity > IDS_MAX)
		return -E2BIG;
	larger = calloc(capacity, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	for (size_t i = 0; i < attrs->id_capacity; i++) {
		if (attrs->ids[i].used)
			*find_id(&attrs->key, larger, capacity, attrs->ids[i].id) = attrs->ids[i];
	}
	free(attrs->ids);
	attrs->ids = larger;
	attrs->id_capacity = capacity;
	return 0;
}

int perf_attrs_add_id(struct perf_attrs *attrs, uint64_t id, uint32_t attr)
{
	struct perf_id *entry;

	if (attrs->id_count >= attrs->id_capacity / 2) {
		int result = grow_ids(attrs);

		if (result < 0)
			return result;
	}
	entry = find_id(&attrs->key, attrs->ids, attrs->id_capacity, id);
	if (!entry->used)
		attrs->id_count++;
	*entry = (struct perf_id){ id, attr, true };
	attrs->last = NULL;
	return 0;
}

const struct perf_attr *perf_attrs_find(struct perf_attrs *attrs, uint64_t id)
{
	const struct perf_id *entry;

	if (attrs->last && attrs->last_id == id)
		return attrs->last;
	if (!attrs->id_capacity)
		return NULL;
	entry = find_id(&attrs->key, attrs->ids, attrs->id_capacity, id);
	if (!entry->used || entry->attr >= attrs->count)
		return NULL;
	attrs->last_id = id;
	attrs->last = attrs->list[entry->attr];
	return attrs->last;
}
