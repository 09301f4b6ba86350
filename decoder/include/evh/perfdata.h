/* SPDX-License-Identifier: MIT */
/*
 * perf.data as a file: every record and every header of one, as they stand, and a writer of new
 * ones. (Whoever wants events reads them by evh/trace.h: in the order of time, unpacked, with
 * names.)
 *
 *	struct evh_perfdata file;
 *	struct evh_perfdata_record record;
 *	int result = evh_perfdata_open(&file, bytes, size);
 *
 *	while (result >= 0 && (result = evh_perfdata_next(&file, &record)) > 0)
 *		printf("%s %zu\n", evh_perfdata_type_name(record.type), record.size);
 *
 * Both forms, the seekable one and the stream, give the same: attributes and headers first, then
 * the records in the order of the file. Nothing in the bytes is trusted. Reading allocates nothing,
 * keeps no state but the caller's struct, and may be done in signal handlers.
 */
#ifndef EVH_PERFDATA_H
#define EVH_PERFDATA_H

#include <stdbool.h>

#include <evh/sample.h>

#ifndef EVH_API
#	define EVH_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum evh_perfdata_form {
	EVH_PERFDATA_SEEKABLE = 1, /* perf record -o FILE */
	EVH_PERFDATA_STREAM,	   /* perf record -o -, a recording of libevh's */
};

/* ---- Reading ---- */

/* Types that are made for the file; the kernel's own are in <linux/perf_event.h> (PERF_RECORD_...).
 */
enum evh_perfdata_type {
	EVH_PERFDATA_ATTR = 64,		/* data: a perf_event_attr; extra: its ids, u64 each */
	EVH_PERFDATA_TRACING_DATA = 66, /* data: formats of tracepoints */
	EVH_PERFDATA_AUXTRACE = 71,	/* data: the record; extra: the trace */
	EVH_PERFDATA_FEATURE = 80,	/* data: the header `feature` (HEADER_... of perf) */
	EVH_PERFDATA_COMPRESSED = 81,	/* data: zstd; evh/trace.h unpacks it */
};

struct evh_perfdata_record {
	uint32_t type;
	uint16_t misc;
	uint16_t feature;    /* of a FEATURE */
	const uint8_t *data; /* without the record's header; numbers in the file's byte order */
	size_t size;	     /* bytes */
	const uint8_t *extra;
	size_t extra_size;
	uint64_t offset; /* of `data` in the file */
};

/* One reading. Only `big_endian` and `form` are public. */
struct evh_perfdata {
	const uint8_t *bytes;
	size_t size;
	enum evh_perfdata_form form;
	bool big_endian;
	bool swap;
	uint8_t phase;
	uint16_t feature;   /* the next */
	uint64_t next, end; /* of the records */
	uint64_t attr, attr_end, attr_size;
	uint64_t feature_place; /* where its place stands */
	int error;
};

/*
 * Starts.
 *
 * @bytes  the whole file (mmap, or what came through a pipe), which must stay
 * @size   bytes there
 *
 * 0, -EMEDIUMTYPE (no perf.data), -ENODATA (ends in its head), -EBADMSG (its head contradicts
 * itself).
 */
EVH_API int evh_perfdata_open(struct evh_perfdata *file, const void *bytes, size_t size);

/*
 * The next record.
 *
 * 1 with it; 0 at the end; -ENODATA: the file ends within it (a header that lies outside of the
 * file is passed over); -EBADMSG: its size is none, and nothing tells where another begins. An
 * error stays.
 */
EVH_API int evh_perfdata_next(struct evh_perfdata *file, struct evh_perfdata_record *record);

/* "SAMPLE", "COMM", "ATTR"; "TYPE" for one that isn't known. And of a header: "HOSTNAME". Never
 * NULL. */
EVH_API const char *evh_perfdata_type_name(uint32_t type);
EVH_API const char *evh_perfdata_feature_name(unsigned feature);

/* ---- Writing ---- */

/*
 * A file in the making, in this machine's byte order. Functions return 0 or a negative errno; the
 * first error stays, so that a row of calls can be checked at its end. One thread at a time, not
 * for signal handlers.
 *
 *	struct evh_perfdata_writer *writer;
 *
 *	evh_perfdata_writer_create(&writer, fd, EVH_PERFDATA_SEEKABLE);
 *	evh_perfdata_writer_event(writer, 1000, "user_events", "MyCo_App_L2K1", format);
 *	evh_perfdata_writer_sample(writer, 1000, &sample);
 *	error = evh_perfdata_writer_finish(writer);
 */
struct evh_perfdata_writer;

/*
 * @fd    where it is written, from its beginning on; stays the caller's
 * @form  EVH_PERFDATA_SEEKABLE (fd must be seekable), or EVH_PERFDATA_STREAM (any descriptor: what
 * is described must have been said before the first record)
 */
EVH_API int evh_perfdata_writer_create(struct evh_perfdata_writer **writer, int fd,
				       enum evh_perfdata_form form);

/*
 * A tracepoint, with the attributes that its samples are written by.
 *
 * @id      its number in this file (1 to 65535), each once
 * @format  the text of its format file (below events/ in tracefs), with the same ID; NULL: that of
 * an EventHeader tracepoint is made
 *
 * -EBUSY in a stream behind the first record; -EINVAL.
 */
EVH_API int evh_perfdata_writer_event(struct evh_perfdata_writer *writer, uint16_t id,
				      const char *system, const char *name, const char *format);

/* Any event: a perf_event_attr of `size` bytes (a multiple of 8 from 64 on), and its ids. */
EVH_API int evh_perfdata_writer_attr(struct evh_perfdata_writer *writer, const void *attr,
				     size_t size, const uint64_t *ids, size_t count);

/*
 * A header, by its number in perf: HOSTNAME is 3. Each once; TRACING_DATA and EVENT_DESC are made.
 * Of STAT, of which libevh's recordings have several, the first is kept: not what their writers
 * lost.
 */
EVH_API int evh_perfdata_writer_feature(struct evh_perfdata_writer *writer, unsigned feature,
					const void *bytes, size_t size);

/* That the clock `clockid` of the samples stood at `clock` when it was `wall` (nanoseconds since
 * 1970). With wall equal to clock the times of the samples are those of the day. */
EVH_API int evh_perfdata_writer_clock(struct evh_perfdata_writer *writer, uint32_t clockid,
				      uint64_t wall, uint64_t clock);

/* Any record: its header is made. `size` is padded to 8. -E2BIG beyond 65535 bytes. */
EVH_API int evh_perfdata_writer_record(struct evh_perfdata_writer *writer, uint32_t type,
				       uint16_t misc, const void *data, size_t size);

/*
 * An event of a tracepoint that evh_perfdata_writer_event named.
 *
 * @sample  pid, tid, cpu, time, and the record `raw` or, without one, the bytes `event`
 */
EVH_API int evh_perfdata_writer_sample(struct evh_perfdata_writer *writer, uint16_t id,
				       const struct evh_sample *sample);

/* The name of a thread, from `time` on; by the first event's attributes. */
EVH_API int evh_perfdata_writer_comm(struct evh_perfdata_writer *writer, uint32_t pid, uint32_t tid,
				     const char *name, uint64_t time);

/* Writes what is still to be written, and frees the writer also after an error, which it returns.
 */
EVH_API int evh_perfdata_writer_finish(struct evh_perfdata_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
