/* SPDX-License-Identifier: MIT */
/*
 * <evh/perfdata.h>: the writer. What is described is kept until the head can be written: in a
 * stream in front of the first record, in a file behind the last. Must never write after an error.
 */
#include <evh/perfdata.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include <evh/format.h>
#include <evh/text.h>

#include "perf.h"

/* The first layout with all that is used here. */
#define ATTR_SIZE PERF_ATTR_SIZE_VER5
#define SAMPLES                                                                                    \
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU |           \
	 PERF_SAMPLE_RAW)

/* Records are collected up to this size. */
#define FLUSH_SIZE ((size_t)64 << 10)

/* attr, then u64 number of ids, then these; all in one list of bytes, one behind the other. */
struct entry {
	size_t at;
	size_t attr_size;
	size_t ids;
};

struct evh_perfdata_writer {
	int fd;
	int error;
	enum evh_perfdata_form form;
	bool headed; /* the stream's head is written */
	uint64_t written;
	struct evh_text buffer;	  /* records that are still to be written */
	struct evh_text attrs;	  /* each with its ids behind it */
	struct evh_text formats;  /* of tracing data: u64 size, text */
	struct evh_text desc;	  /* EVENT_DESC, from its events on */
	struct evh_text features; /* contents */
	struct {
		size_t at, size;
		bool there;
	} feature[FEATURE_COUNT];
	struct entry *entries;
	size_t entry_count;
	uint32_t events;
};

static int fail(struct evh_perfdata_writer *writer, int error)
{
	if (!writer->error)
		writer->error = error;
	return writer->error;
}

static void put_number(struct evh_text *text, uint64_t value, size_t size)
{
	uint8_t bytes[8];

	memcpy(bytes, &value, sizeof(bytes));
	evh_text_append(text, HOST_BIG_ENDIAN ? bytes + 8 - size : bytes, size);
}

static void pad(struct evh_text *text)
{
	static const char zeros[8];

	evh_text_append(text, zeros, -text->size & 7);
}

static int flush(struct evh_perfdata_writer *writer)
{
	struct evh_text *text = &writer->buffer;
	size_t done = 0;

	if (text->error)
		fail(writer, text->error);
	while (!writer->error && done < text->size) {
		ssize_t count = write(writer->fd, text->data + done, text->size - done);

		if (count >= 0)
			done += (size_t)count;
		else if (errno != EINTR)
			fail(writer, -errno);
	}
	writer->written += text->size;
	evh_text_clear(text);
	return writer->error;
}

int evh_perfdata_writer_create(struct evh_perfdata_writer **writer, int fd,
			       enum evh_perfdata_form form)
{
	static const char zeros[104];
	struct evh_perfdata_writer *fresh;

	*writer = NULL;
	if (form != EVH_PERFDATA_SEEKABLE && form != EVH_PERFDATA_STREAM)
		return -EINVAL;
	if (form == EVH_PERFDATA_SEEKABLE && lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return -ENOMEM;
	fresh->fd = fd;
	fresh->form = form;
	if (form == EVH_PERFDATA_SEEKABLE) {
		evh_text_append(&fresh->buffer, zeros, sizeof(zeros)); /* the head, at the end */
	} else {
		put_number(&fresh->buffer, PERF_MAGIC, 8);
		put_number(&fresh->buffer, PIPE_HEAD_SIZE, 8);
	}
	*writer = fresh;
	return 0;
}

/* Whether something may still be described. */
static int may_describe(struct evh_perfdata_writer *writer)
{
	return writer->error ? writer->error : writer->headed ? fail(writer, -EBUSY) : 0;
}

int evh_perfdata_writer_attr(struct evh_perfdata_writer *writer, const void *attr, size_t size,
			     const uint64_t *ids, size_t count)
{
	struct entry *entries;

	if (may_describe(writer))
		return writer->error;
	if (size < 64 || size % 8 || RECORD_HEADER + size + 8 * count > UINT16_MAX)
		return fail(writer, -EINVAL);
	/* In a file all have one size. */
	if (writer->entry_count && writer->entries[0].attr_size != size)
		return fail(writer, -EINVAL);
	entries = realloc(writer->entries, (writer->entry_count + 1) * sizeof(*entries));
	if (!entries)
		return fail(writer, -ENOMEM);
	writer->entries = entries;
	entries[writer->entry_count++] = (struct entry){ writer->attrs.size, size, count };
	evh_text_append(&writer->attrs, attr, size);
	/* A stream's reader finds the ids behind the size that the attr says of itself. */
	if (!writer->attrs.error)
		put32(writer->attrs.data + writer->attrs.size - size + 4, (uint32_t)size, false);
	if (count)
		evh_text_append(&writer->attrs, ids, 8 * count);
	return writer->attrs.error ? fail(writer, writer->attrs.error) : 0;
}

/* The format file that the kernel has for an EventHeader tracepoint. */
static void put_eventheader_format(struct evh_text *text, const char *name, uint16_t id)
{
	static const struct {
		const char *declaration;
		unsigned offset, size, is_signed;
	} fields[] = {
		{ "unsigned short common_type", 0, 2, 0 },
		{ "unsigned char common_flags", 2, 1, 0 },
		{ "unsigned char common_preempt_count", 3, 1, 0 },
		{ "int common_pid", 4, 4, 1 },
		{ "u8 eventheader_flags", 8, 1, 0 },
		{ "u8 version", 9, 1, 0 },
		{ "u16 id", 10, 2, 0 },
		{ "u16 tag", 12, 2, 0 },
		{ "u8 opcode", 14, 1, 0 },
		{ "u8 level", 15, 1, 0 },
	};

	evh_text_puts(text, "name: ");
	evh_text_puts(text, name);
	evh_text_puts(text, "\nID: ");
	evh_text_u64(text, id);
	evh_text_puts(text, "\nformat:\n");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		evh_text_puts(text, "\tfield:");
		evh_text_puts(text, fields[i].declaration);
		evh_text_puts(text, ";\toffset:");
		evh_text_u64(text, fields[i].offset);
		evh_text_puts(text, ";\tsize:");
		evh_text_u64(text, fields[i].size);
		evh_text_puts(text, fields[i].is_signed ? ";\tsigned:1;\n" : ";\tsigned:0;\n");
		evh_text_puts(text, i == 3 ? "\n" : "");
	}
	evh_text_puts(text, "\nprint fmt: \"eventheader_flags=%u version=%u id=%u tag=%u opcode=%u "
			    "level=%u\", REC->eventheader_flags, REC->version, REC->id, REC->tag, "
			    "REC->opcode, REC->level\n");
}

/* u32 system's number of formats is 1: each has a system of its own, which may come again. */
static void put_format(struct evh_text *text, uint16_t id, const char *system, const char *name,
		       const char *format)
{
	struct evh_text made = { 0 };

	if (!format) {
		put_eventheader_format(&made, name, id);
		evh_text_append(&made, "", 1);
		format = made.data;
	}
	if (!format || made.error) {
		text->error = -ENOMEM;
	} else {
		evh_text_append(text, system, strlen(system) + 1);
		put_number(text, 1, 4);
		put_number(text, strlen(format), 8);
		evh_text_puts(text, format);
	}
	evh_text_free(&made);
}

int evh_perfdata_writer_event(struct evh_perfdata_writer *writer, uint16_t id, const char *system,
			      const char *name, const char *format)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = ATTR_SIZE,
		.config = id,
		.sample_period = 1,
		.sample_type = SAMPLES,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
	const uint64_t ids[] = { id };
	size_t length = strlen(system) + strlen(name) + 2;

	if (may_describe(writer))
		return writer->error;
	if (!id || length > 1024 || evh_perfdata_writer_attr(writer, &attr, ATTR_SIZE, ids, 1))
		return fail(writer, -EINVAL);
	writer->events++;
	put_format(&writer->formats, id, system, name, format);
	/* The attr, u32 number of ids, u32 size of the name, itself, the ids. */
	evh_text_append(&writer->desc, &attr, ATTR_SIZE);
	put_number(&writer->desc, 1, 4);
	put_number(&writer->desc, (length + 7) & ~(size_t)7, 4);
	evh_text_puts(&writer->desc, system);
	evh_text_puts(&writer->desc, ":");
	evh_text_append(&writer->desc, name, strlen(name) + 1);
	pad(&writer->desc);
	put_number(&writer->desc, id, 8);
	if (writer->formats.error || writer->desc.error)
		return fail(writer, -ENOMEM);
	return 0;
}

int evh_perfdata_writer_feature(struct evh_perfdata_writer *writer, unsigned feature,
				const void *bytes, size_t size)
{
	if (may_describe(writer))
		return writer->error;
	/* A recording's head has several, a seekable file room for one. */
	if (feature == FEATURE_STAT && writer->feature[feature].there)
		return 0;
	if (feature >= FEATURE_COUNT || writer->feature[feature].there ||
	    (writer->form == EVH_PERFDATA_STREAM && feature != FEATURE_TRACING_DATA &&
	     size > UINT16_MAX - RECORD_HEADER - 8))
		return fail(writer, -EINVAL);
	writer->feature[feature].there = true;
	writer->feature[feature].at = writer->features.size;
	writer->feature[feature].size = size;
	if (size)
		evh_text_append(&writer->features, bytes, size);
	pad(&writer->features);
	return writer->features.error ? fail(writer, writer->features.error) : 0;
}

int evh_perfdata_writer_clock(struct evh_perfdata_writer *writer, uint32_t clockid, uint64_t wall,
			      uint64_t clock)
{
	struct {
		uint32_t version, clockid;
		uint64_t wall, clock;
	} data = { 1, clockid, wall, clock };
	const uint64_t resolution = 1;

	evh_perfdata_writer_feature(writer, FEATURE_CLOCKID, &resolution, sizeof(resolution));
	return evh_perfdata_writer_feature(writer, FEATURE_CLOCK_DATA, &data, sizeof(data));
}

/* TRACING_DATA and EVENT_DESC, of the events that were named. Sizes of 0: readers have defaults. */
static int make_descriptions(struct evh_perfdata_writer *writer)
{
	struct evh_text text = { 0 };

	if (!writer->events)
		return writer->error;
	if (!writer->feature[FEATURE_TRACING_DATA].there) {
		evh_text_append(&text,
				"\027\010\104tracing"
				"0.6",
				14);
		put_number(&text, HOST_BIG_ENDIAN, 1);
		put_number(&text, sizeof(long), 1);
		put_number(&text, (uint64_t)sysconf(_SC_PAGESIZE), 4);
		evh_text_append(&text, "header_page", sizeof("header_page"));
		put_number(&text, 0, 8);
		evh_text_append(&text, "header_event", sizeof("header_event"));
		put_number(&text, 0, 8);
		put_number(&text, 0, 4); /* ftrace's own */
		put_number(&text, writer->events, 4);
		evh_text_append(&text, writer->formats.data, writer->formats.size);
		put_number(&text, 0, 4); /* kallsyms */
		put_number(&text, 0, 4); /* printk formats */
		put_number(&text, 0, 8); /* saved command lines */
		evh_perfdata_writer_feature(writer, FEATURE_TRACING_DATA, text.data, text.size);
		evh_text_clear(&text);
	}
	if (!writer->feature[FEATURE_EVENT_DESC].there) {
		put_number(&text, writer->events, 4);
		put_number(&text, ATTR_SIZE, 4);
		evh_text_append(&text, writer->desc.data, writer->desc.size);
		if (writer->form == EVH_PERFDATA_SEEKABLE ||
		    text.size <= UINT16_MAX - RECORD_HEADER - 8)
			evh_perfdata_writer_feature(writer, FEATURE_EVENT_DESC, text.data,
						    text.size);
	}
	if (text.error)
		fail(writer, text.error);
	evh_text_free(&text);
	return writer->error;
}

static void put_header(struct evh_text *text, uint32_t type, uint16_t misc, size_t size)
{
	put_number(text, type, 4);
	put_number(text, misc, 2);
	put_number(text, RECORD_HEADER + size, 2);
}

static void put_stream_feature(struct evh_perfdata_writer *writer, unsigned feature)
{
	struct evh_text *out = &writer->buffer;
	const char *bytes = writer->features.data + writer->feature[feature].at;
	size_t size = writer->feature[feature].size;

	if (feature == FEATURE_TRACING_DATA) {
		put_header(out, RECORD_TRACING_DATA, 0, 4);
		put_number(out, (size + 7) & ~(size_t)7, 4);
		evh_text_append(out, bytes, (size + 7) & ~(size_t)7); /* padded there */
	} else {
		put_header(out, RECORD_FEATURE, 0, 8 + size);
		put_number(out, feature, 8);
		if (size)
			evh_text_append(out, bytes, size);
	}
}

/* In a stream, all that is described stands in front of the records. */
static int put_stream_head(struct evh_perfdata_writer *writer)
{
	struct evh_text *out = &writer->buffer;

	if (writer->form == EVH_PERFDATA_SEEKABLE || writer->headed || make_descriptions(writer))
		return writer->error;
	for (size_t i = 0; i < writer->entry_count; i++) {
		const struct entry *entry = &writer->entries[i];
		size_t size = entry->attr_size + 8 * entry->ids;

		put_header(out, RECORD_ATTR, 0, size);
		evh_text_append(out, writer->attrs.data + entry->at, size);
	}
	for (unsigned i = 0; i < FEATURE_COUNT; i++)
		if (writer->feature[i].there && i != FEATURE_TRACING_DATA)
			put_stream_feature(writer, i);
	if (writer->feature[FEATURE_TRACING_DATA].there)
		put_stream_feature(writer, FEATURE_TRACING_DATA);
	writer->headed = true;
	return writer->error;
}

int evh_perfdata_writer_record(struct evh_perfdata_writer *writer, uint32_t type, uint16_t misc,
			       const void *data, size_t size)
{
	static const char zeros[8];
	size_t padding = -size & 7;

	if (put_stream_head(writer))
		return writer->error;
	if (size > UINT16_MAX - RECORD_HEADER - padding)
		return fail(writer, -E2BIG);
	put_header(&writer->buffer, type, misc, size + padding);
	if (size)
		evh_text_append(&writer->buffer, data, size);
	evh_text_append(&writer->buffer, zeros, padding);
	return writer->buffer.size >= FLUSH_SIZE || writer->buffer.error ? flush(writer) : 0;
}

int evh_perfdata_writer_sample(struct evh_perfdata_writer *writer, uint16_t id,
			       const struct evh_sample *sample)
{
	bool whole = sample->raw != NULL;
	size_t raw_size = whole ? sample->raw_size : 8 + sample->event_size;
	struct evh_text text = { 0 };
	int result;

	if (raw_size > UINT16_MAX)
		return fail(writer, -E2BIG);
	put_number(&text, id, 8);
	put_number(&text, sample->pid, 4);
	put_number(&text, sample->tid, 4);
	put_number(&text, sample->time, 8);
	put_number(&text, sample->cpu, 4);
	put_number(&text, 0, 4);
	/* The size counts the padding behind it. */
	put_number(&text, ((raw_size + 4 + 7) & ~(size_t)7) - 4, 4);
	if (!whole) {
		put_number(&text, id, 2);
		put_number(&text, 0, 2);
		put_number(&text, sample->tid, 4);
	}
	evh_text_append(&text, whole ? sample->raw : sample->event,
			whole ? sample->raw_size : sample->event_size);
	result = text.error ? fail(writer, text.error)
			    : evh_perfdata_writer_record(writer, RECORD_SAMPLE, 0, text.data,
							 text.size);
	evh_text_free(&text);
	return result;
}

int evh_perfdata_writer_comm(struct evh_perfdata_writer *writer, uint32_t pid, uint32_t tid,
			     const char *name, uint64_t time)
{
	char buffer[128];
	struct evh_text text;
	char padded[16] = "";

	memcpy(padded, name, strnlen(name, sizeof(padded) - 1));
	evh_text_use(&text, buffer, sizeof(buffer));
	put_number(&text, pid, 4);
	put_number(&text, tid, 4);
	evh_text_append(&text, padded, sizeof(padded));
	/* What sample_id_all asks for: pid and tid, time, cpu, the id. */
	put_number(&text, pid, 4);
	put_number(&text, tid, 4);
	put_number(&text, time, 8);
	put_number(&text, 0, 8);
	put_number(&text,
		   writer->entry_count
			   ? get64(writer->attrs.data + writer->entries[0].at + 8, false)
			   : 0,
		   8);
	return evh_perfdata_writer_record(writer, RECORD_COMM, 0, text.data, text.size);
}

/* The table of features right behind the records, their contents, ids and attributes; last the
 * head. */
static int finish_file(struct evh_perfdata_writer *writer)
{
	uint64_t bits[FEATURE_COUNT / 64] = { 0 }, place, data_end, ids_at, attrs_at;
	struct evh_text *out = &writer->buffer;
	struct evh_text head = { 0 };
	size_t attr_size = writer->entry_count ? writer->entries[0].attr_size : ATTR_SIZE;
	size_t count = 0;

	if (make_descriptions(writer) || flush(writer))
		return writer->error;
	data_end = writer->written;
	for (unsigned i = 0; i < FEATURE_COUNT; i++)
		count += writer->feature[i].there;
	place = data_end + 16 * count;
	for (unsigned i = 0; i < FEATURE_COUNT; i++) {
		if (!writer->feature[i].there)
			continue;
		bits[i / 64] |= UINT64_C(1) << i % 64;
		put_number(out, place + writer->feature[i].at, 8);
		put_number(out, writer->feature[i].size, 8);
	}
	evh_text_append(out, writer->features.data, writer->features.size);
	ids_at = place + writer->features.size;
	for (size_t i = 0; i < writer->entry_count; i++)
		evh_text_append(out, writer->attrs.data + writer->entries[i].at + attr_size,
				8 * writer->entries[i].ids);
	attrs_at = data_end + out->size;
	for (size_t i = 0; i < writer->entry_count; i++) {
		evh_text_append(out, writer->attrs.data + writer->entries[i].at, attr_size);
		put_number(out, ids_at, 8);
		put_number(out, 8 * writer->entries[i].ids, 8);
		ids_at += 8 * writer->entries[i].ids;
	}
	put_number(&head, PERF_MAGIC, 8);
	put_number(&head, 104, 8);
	put_number(&head, attr_size + 16, 8);
	put_number(&head, attrs_at, 8);
	put_number(&head, writer->entry_count * (attr_size + 16), 8);
	put_number(&head, 104, 8);
	put_number(&head, data_end - 104, 8);
	put_number(&head, 0, 8);
	put_number(&head, 0, 8);
	evh_text_append(&head, bits, sizeof(bits));
	if (head.error)
		fail(writer, head.error);
	if (!flush(writer) && pwrite(writer->fd, head.data, head.size, 0) != (ssize_t)head.size)
		fail(writer, errno ? -errno : -EIO);
	evh_text_free(&head);
	return writer->error;
}

int evh_perfdata_writer_finish(struct evh_perfdata_writer *writer)
{
	int error;

	if (!writer)
		return -EINVAL;
	if (writer->form == EVH_PERFDATA_SEEKABLE)
		finish_file(writer);
	else if (!put_stream_head(writer))
		flush(writer);
	error = writer->error;
	evh_text_free(&writer->buffer);
	evh_text_free(&writer->attrs);
	evh_text_free(&writer->formats);
	evh_text_free(&writer->desc);
	evh_text_free(&writer->features);
	free(writer->entries);
	free(writer);
	return error;
}
