/* SPDX-License-Identifier: MIT */
/*
 * <evh/perfdata.h>: the records of a perf.data as they stand. Must never read a byte that it has
 * not compared with the end before, and never allocate.
 */
#include <evh/perfdata.h>

#include <errno.h>

#include "perf.h"

enum phase { IN_ATTRS, IN_FEATURES, IN_RECORDS };

/* struct perf_file_header: magic, size, attr_size, sections of attrs, data and types, a bitmap. */
enum {
	HEAD_ATTR_SIZE = 16,
	HEAD_ATTRS = 24,
	HEAD_DATA = 40,
	HEAD_FEATURES = 72,
	HEAD_SIZE = 104,
};

static int fail(struct evh_perfdata *file, int error)
{
	file->error = error;
	return error;
}

/* Whether [place, place + size) lies in the file. */
static bool is_there(const struct evh_perfdata *file, uint64_t place, uint64_t size)
{
	return place <= file->size && size <= file->size - place;
}

static bool take_section(const struct evh_perfdata *file, uint64_t at, uint64_t *place,
			 uint64_t *size)
{
	if (!is_there(file, at, 16))
		return false;
	*place = get64(file->bytes + at, file->swap);
	*size = get64(file->bytes + at + 8, file->swap);
	return is_there(file, *place, *size);
}

static int open_file(struct evh_perfdata *file)
{
	uint64_t attrs, attrs_size, data, data_size;

	if (file->size < HEAD_SIZE)
		return -ENODATA;
	file->attr_size = get64(file->bytes + HEAD_ATTR_SIZE, file->swap);
	if (!take_section(file, HEAD_ATTRS, &attrs, &attrs_size) || file->attr_size < 64 + 16)
		return -EBADMSG;
	data = get64(file->bytes + HEAD_DATA, file->swap);
	data_size = get64(file->bytes + HEAD_DATA + 8, file->swap);
	if (data > file->size)
		return -EBADMSG;
	file->form = EVH_PERFDATA_SEEKABLE;
	file->attr = attrs;
	file->attr_end = attrs + attrs_size;
	file->next = data;
	/* Of one that was cut, or that perf didn't come to finish (0). */
	file->end = data_size && data_size <= file->size - data ? data + data_size : file->size;
	file->feature_place = data_size <= file->size - data ? data + data_size : file->size;
	file->phase = IN_ATTRS;
	return 0;
}

int evh_perfdata_open(struct evh_perfdata *file, const void *bytes, size_t size)
{
	uint64_t head_size;

	*file = (struct evh_perfdata){ .bytes = bytes, .size = size };
	if (size < PIPE_HEAD_SIZE)
		return fail(file, size < 8 || get64(bytes, false) == PERF_MAGIC ? -ENODATA
										: -EMEDIUMTYPE);
	if (get64(bytes, false) != PERF_MAGIC && get64(bytes, true) != PERF_MAGIC)
		return fail(file, -EMEDIUMTYPE);
	file->swap = get64(bytes, false) != PERF_MAGIC;
	file->big_endian = file->swap != HOST_BIG_ENDIAN;
	head_size = get64((const uint8_t *)bytes + 8, file->swap);
	if (head_size == HEAD_SIZE)
		return fail(file, open_file(file));
	if (head_size != PIPE_HEAD_SIZE)
		return fail(file, -EBADMSG);
	file->form = EVH_PERFDATA_STREAM;
	file->phase = IN_RECORDS;
	file->next = PIPE_HEAD_SIZE;
	file->end = size;
	return 0;
}

static void set_data(const struct evh_perfdata *file, struct evh_perfdata_record *record,
		     uint64_t place, uint64_t size)
{
	record->data = file->bytes + place;
	record->size = (size_t)size;
	record->offset = place;
}

/* 1, or 0: there is no further one. */
static int next_attr(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	uint64_t ids, ids_size, at = file->attr;

	if (file->attr_size > file->attr_end - at)
		return 0;
	file->attr += file->attr_size;
	record->type = EVH_PERFDATA_ATTR;
	set_data(file, record, at, file->attr_size - 16);
	if (take_section(file, file->attr - 16, &ids, &ids_size)) {
		record->extra = file->bytes + ids;
		record->extra_size = (size_t)ids_size;
	}
	return 1;
}

static int next_feature(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	while (file->feature < FEATURE_COUNT) {
		unsigned feature = file->feature++;
		uint64_t place, size, at = file->feature_place;
		uint64_t bits =
			get64(file->bytes + HEAD_FEATURES + (size_t)feature / 64 * 8, file->swap);

		if (!(bits >> feature % 64 & 1))
			continue;
		file->feature_place += 16;
		if (!take_section(file, at, &place, &size))
			continue;
		record->type = feature == FEATURE_TRACING_DATA ? EVH_PERFDATA_TRACING_DATA
							       : EVH_PERFDATA_FEATURE;
		record->feature = (uint16_t)feature;
		set_data(file, record, place, size);
		return 1;
	}
	return 0;
}

/* What stands behind a record: tracing data, an AUX trace. */
static int take_extra(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	uint64_t size = 0;

	if (record->type == EVH_PERFDATA_TRACING_DATA && record->size >= 4)
		size = get32(record->data, file->swap);
	else if (record->type == EVH_PERFDATA_AUXTRACE && record->size >= 8)
		size = get64(record->data, file->swap);
	if (!size)
		return 1;
	if (size > file->end - file->next)
		return -ENODATA;
	record->extra = file->bytes + file->next;
	record->extra_size = (size_t)size;
	if (record->type == EVH_PERFDATA_TRACING_DATA) {
		set_data(file, record, file->next, size);
		record->extra = NULL;
		record->extra_size = 0;
	}
	file->next += size;
	return 1;
}

/* In a stream attributes and headers are records: as the other form has them. */
static int take_apart(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	if (record->type == EVH_PERFDATA_ATTR) {
		size_t size = record->size >= 64 ? get32(record->data + 4, file->swap) : 0;

		if (size < 64 || size > record->size)
			return -EBADMSG;
		record->extra = record->data + size;
		record->extra_size = record->size - size;
		record->size = size;
	} else if (record->type == EVH_PERFDATA_FEATURE && record->size >= 8) {
		record->feature = (uint16_t)get64(record->data, file->swap);
		set_data(file, record, record->offset + 8, record->size - 8);
	}
	return take_extra(file, record);
}

static int next_record(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	const uint8_t *header = file->bytes + file->next;
	uint16_t size;

	if (file->next == file->end)
		return 0;
	if (file->end - file->next < RECORD_HEADER)
		return -ENODATA;
	size = get16(header + 6, file->swap);
	if (size < RECORD_HEADER)
		return -EBADMSG;
	if (size > file->end - file->next)
		return -ENODATA;
	record->type = get32(header, file->swap);
	record->misc = get16(header + 4, file->swap);
	set_data(file, record, file->next + RECORD_HEADER, size - RECORD_HEADER);
	file->next += size;
	return take_apart(file, record);
}

int evh_perfdata_next(struct evh_perfdata *file, struct evh_perfdata_record *record)
{
	int result = 0;

	if (file->error)
		return file->error;
	*record = (struct evh_perfdata_record){ 0 };
	if (file->phase == IN_ATTRS) {
		result = next_attr(file, record);
		file->phase = result ? IN_ATTRS : IN_FEATURES;
	}
	if (file->phase == IN_FEATURES) {
		result = next_feature(file, record);
		file->phase = result ? IN_FEATURES : IN_RECORDS;
	}
	if (!result)
		result = next_record(file, record);
	return result < 0 ? fail(file, result) : result;
}

static const char *const types[] = {
	[1] = "MMAP",
	"LOST",
	"COMM",
	"EXIT",
	"THROTTLE",
	"UNTHROTTLE",
	"FORK",
	"READ",
	"SAMPLE",
	"MMAP2",
	"AUX",
	"ITRACE_START",
	"LOST_SAMPLES",
	"SWITCH",
	"SWITCH_CPU_WIDE",
	"NAMESPACES",
	"KSYMBOL",
	"BPF_EVENT",
	"CGROUP",
	"TEXT_POKE",
	"AUX_OUTPUT_HW_ID",
	[64] = "ATTR",
	"EVENT_TYPE",
	"TRACING_DATA",
	"BUILD_ID",
	"FINISHED_ROUND",
	"ID_INDEX",
	"AUXTRACE_INFO",
	"AUXTRACE",
	"AUXTRACE_ERROR",
	"THREAD_MAP",
	"CPU_MAP",
	"STAT_CONFIG",
	"STAT",
	"STAT_ROUND",
	"EVENT_UPDATE",
	"TIME_CONV",
	"FEATURE",
	"COMPRESSED",
	"FINISHED_INIT",
};

static const char *const features[] = {
	[1] = "TRACING_DATA",
	"BUILD_ID",
	"HOSTNAME",
	"OSRELEASE",
	"VERSION",
	"ARCH",
	"NRCPUS",
	"CPUDESC",
	"CPUID",
	"TOTAL_MEM",
	"CMDLINE",
	"EVENT_DESC",
	"CPU_TOPOLOGY",
	"NUMA_TOPOLOGY",
	"BRANCH_STACK",
	"PMU_MAPPINGS",
	"GROUP_DESC",
	"AUXTRACE",
	"STAT",
	"CACHE",
	"SAMPLE_TIME",
	"MEM_TOPOLOGY",
	"CLOCKID",
	"DIR_FORMAT",
	"BPF_PROG_INFO",
	"BPF_BTF",
	"COMPRESSED",
	"CPU_PMU_CAPS",
	"CLOCK_DATA",
	"HYBRID_TOPOLOGY",
	"PMU_CAPS",
};

const char *evh_perfdata_type_name(uint32_t type)
{
	bool known = type < sizeof(types) / sizeof(types[0]) && types[type];

	return known ? types[type] : "TYPE";
}

const char *evh_perfdata_feature_name(unsigned feature)
{
	bool known = feature < sizeof(features) / sizeof(features[0]) && features[feature];

	return known ? features[feature] : "FEATURE";
}
