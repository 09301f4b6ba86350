/* SPDX-License-Identifier: MIT */
/* What the sources that read perf.data share: the file's constants, its events, the open trace. */
#ifndef EVH_PERF_H
#define EVH_PERF_H

#include <evh/trace.h>

#include "bytes.h"
#include "hash.h"
#include "input.h"
#include "names.h"
#include "queue.h"
#include "tracing_data.h"

/* Records: below 64 by the kernel, from 64 on by perf itself (tools/perf/util/event.h). */
enum perf_record {
	RECORD_LOST = 2,
	RECORD_COMM = 3,
	RECORD_EXIT = 4,
	RECORD_FORK = 7,
	RECORD_SAMPLE = 9,
	RECORD_LOST_SAMPLES = 13,
	RECORD_KERNEL_END = 32, /* 22 are in use; some more are no reason to call a file damaged */

	RECORD_USER_BEGIN = 64,
	RECORD_ATTR = 64,
	RECORD_PADDING = 65, /* HEADER_EVENT_TYPE: perf passes over it, whatever its size */
	RECORD_TRACING_DATA = 66,
	RECORD_FINISHED_ROUND = 68,
	RECORD_AUXTRACE_INFO = 70,
	RECORD_AUXTRACE = 71,
	RECORD_AUXTRACE_ERROR = 72,
	RECORD_EVENT_UPDATE = 78,
	RECORD_FEATURE = 80,
	RECORD_COMPRESSED = 81,
	RECORD_FINISHED_INIT = 82,
	RECORD_COMPRESSED2 = 83,
	RECORD_USER_END = 96, /* 85 are in use */
};

#define RECORD_HEADER  ((size_t)8) /* u32 type, u16 misc, u16 size */
/* "PERFILE2" as a little-endian number: the other byte order has the text backwards. */
#define PERF_MAGIC     UINT64_C(0x32454c4946524550)
#define PIPE_HEAD_SIZE ((size_t)16) /* what a stream begins with: magic, u64 16 */

enum perf_feature {
	FEATURE_TRACING_DATA = 1,
	FEATURE_BUILD_ID = 2,
	FEATURE_HOSTNAME = 3,
	FEATURE_EVENT_DESC = 12,
	FEATURE_STAT = 19, /* what recordings of logtap's disguise their own as */
	FEATURE_CLOCKID = 23,
	FEATURE_COMPRESSED = 27,
	FEATURE_CLOCK_DATA = 29,
	FEATURE_COUNT = 256,
};

/* One event that was recorded, and where its samples keep what we want of them. */
struct perf_attr {
	uint32_t type;
	uint64_t config;
	uint64_t sample_type;
	uint64_t read_format;
	bool sample_id_all;
	bool guessed;
	/* Offsets in a SAMPLE record; 0: not there. */
	uint16_t identifier, tid, time, id, cpu;
	uint16_t variable; /* where READ, CALLCHAIN or RAW begin */
	/* Distances from the end of every other record, with sample_id_all; 0: not there. */
	uint16_t tail_size, tail_time, tail_id;
};

enum { ATTR_TYPE_TRACEPOINT = 2 };

struct perf_id {
	uint64_t id;
	uint32_t attr; /* index */
	bool used;
};

struct perf_attrs {
	struct perf_attr **list;
	size_t count;
	struct perf_id *ids; /* open addressing */
	struct hash_key key;
	size_t id_capacity; /* a power of two, or 0 */
	size_t id_count;
	bool incomplete;  /* the file's head ends before all were read */
	uint64_t last_id; /* samples of one event come in a row */
	const struct perf_attr *last;
};

/* No record names the idle task; everybody calls it that. */
#define IDLE_NAME "swapper"

struct unpack; /* compressed records */

/* Why a recording's writers lost events; the order is that of its account. */
enum perf_loss { PERF_LOST_NO_ROOM, PERF_LOST_TOO_LARGE, PERF_LOST_OTHERWISE, PERF_LOSSES };

/* The account of the file that is read. */
struct perf_account {
	uint64_t offset;	     /* of its record; 0: it has none */
	uint64_t taken[PERF_LOSSES]; /* what of it is counted */
};

struct evh_trace {
	struct evh_trace_info info;
	struct evh_trace_options options;
	bool (*wanted)(void *argument, const struct evh_sample *sample);
	void *wanted_argument;
	struct input in;
	bool swap;    /* the file's byte order is not this machine's */
	bool ended;   /* nothing more will be read */
	bool drained; /* what is ready went out for lack of input */
	int failed;   /* what reading gave, to be reported once all that is good is handed out */

	struct perf_attrs attrs;
	struct tracepoints points;
	struct tracepoint *last_point; /* of the last sample: the next one's is mostly the same */
	struct names names;
	struct queue queue;
	struct unpack *unpack;
	struct trace_cmd *trace_cmd; /* of a trace.dat */

	uint64_t since;	      /* what is older isn't wanted; 0: all is */
	uint64_t passed_over; /* bytes that were left unread for that */
	bool seeks;	      /* the place in the file that this means was not looked for yet */

	size_t ready;	     /* queued records that may go */
	bool sampled;	     /* a sample has come */
	bool by_perf;	     /* has records that no recording of logtap's has */
	uint64_t ids_read;   /* bytes, in a seekable file's head */
	uint64_t skip;	     /* bytes that follow and are no records */
	bool head_read;	     /* it is known whether this is a recording of logtap's */
	bool in_head;	     /* of writers that began anew, in the midst of a recording */
	bool refusing;	     /* what is passed over goes with a refused record */
	uint64_t refused_at; /* the last of them */
	uint64_t lost_gaps, lost_totals; /* what LOST and LOST_SAMPLES say */
	uint64_t lost_accounts[PERF_LOSSES];
	struct perf_account account;
	uint64_t newest;
	uint64_t round_newest; /* when the last round ended */
	uint64_t wall_offset;  /* added to a time gives nanoseconds since 1970 */

	struct chunk *out_chunk; /* of the sample that was handed out last */
	const uint8_t *out_record;
	size_t out_size;
	int spool_fd;  /* the unnamed copy of a pipe or of memory, or -1 */
	int notify_fd; /* inotify, or -1 */

	/* perf_chain.c */
	int chain_fd;	      /* the file that is read, where it isn't the first; or -1 */
	int waiting_fd;	      /* the one behind it, or -1 */
	uint64_t read_before; /* bytes of the files before it */
	bool new_file;	      /* no event of it was met yet */
	bool wall_changes;    /* to next_wall_offset, once nothing is queued */
	uint64_t next_wall_offset;
};

/* perf_attr.c */
void perf_attrs_free(struct perf_attrs *attrs);
/* @bytes: a perf_event_attr of `size` bytes as the file holds it. The attr's index, or negative. */
int perf_attrs_add(struct evh_trace *trace, const uint8_t *bytes, size_t size);
int perf_attrs_add_id(struct perf_attrs *attrs, uint64_t id, uint32_t attr);
const struct perf_attr *perf_attrs_find(struct perf_attrs *attrs, uint64_t id);

/* perf_open.c: the heads of both forms; `trace->in` stands behind the magic's eight bytes. */
int perf_open_file(struct evh_trace *trace);
int perf_open_pipe(struct evh_trace *trace);
/*
 * perf_chain.c. Where the file ended (0, or -EAGAIN), goes on in the one that comes behind it: 1,
 * or `end` where there is none, or another negative errno.
 */
int perf_next_file(struct evh_trace *trace, int end);
/* The clock of a new file, for the events in it. */
void perf_take_clock(struct evh_trace *trace, uint64_t wall_offset);
void perf_apply_clock(struct evh_trace *trace);
/* perf_head.c: pieces of a head that both forms have. */
int perf_read_new_clock(struct evh_trace *trace, const uint8_t *record, size_t size);
int perf_read_attr_record(struct evh_trace *trace, const uint8_t *record, size_t size);
int perf_read_feature(struct evh_trace *trace, unsigned int feature, const uint8_t *bytes,
		      size_t size);
int perf_read_event_update(struct evh_trace *trace, const uint8_t *record, size_t size);
int perf_copy(struct evh_trace *trace, const void *bytes, size_t size);

/* perf_sample.c */
/* The attr of a SAMPLE; NULL when it contradicts itself. */
const struct perf_attr *perf_sample_attr(struct evh_trace *trace, const uint8_t *record,
					 size_t size);
const struct perf_attr *perf_other_attr(struct evh_trace *trace, const uint8_t *record,
					size_t size);
/* What EventHeader events look like, for a tracepoint that the trace doesn't describe. */
bool perf_looks_like_event(const uint8_t *raw, size_t size);
/* Its tracepoint's record; NULL when it has none. */
const uint8_t *perf_sample_raw(const struct evh_trace *trace, const struct perf_attr *attr,
			       const uint8_t *record, size_t size, size_t *raw_size);
/* What evh_trace_set_wanted's function says of it; true of what it isn't asked about. */
bool perf_sample_wanted(struct evh_trace *trace, const struct perf_attr *attr,
			const uint8_t *record, size_t size);
/* 1; 0: not a tracepoint's; -EBADMSG: its lengths don't fit it */
int perf_sample_fill(struct evh_trace *trace, const struct perf_attr *attr, const uint8_t *record,
		     size_t size, struct evh_sample *sample);

/* perf_guess.c */
/* An attr made up from a sample, when the file ends before its list of events. NULL: can't. */
const struct perf_attr *perf_guess_attr(struct evh_trace *trace, const uint8_t *record,
					size_t size);

/* perf_damage.c */
/* Goes on at the next record behind damage. 1, 0: nothing more, or a negative errno. */
int perf_resync(struct evh_trace *trace);
/*
 * A record of this size that runs over a page's end may be cut there. 1: it was, and reading goes
 * on behind; 0: it wasn't; or a negative errno.
 */
int perf_check_cut(struct evh_trace *trace, size_t size);

/* A record begins here, beyond doubt. */
bool perf_sure(struct evh_trace *trace, const uint8_t *record, size_t available);

/* perf_losses.c */
void perf_count_lost(struct evh_trace *trace, const uint8_t *record, size_t size);
/* A FEATURE that is a recording's account, which is counted and goes into the copy. */
bool perf_is_account(const struct evh_trace *trace, const uint8_t *record, size_t size);
int perf_take_account(struct evh_trace *trace, const uint8_t *record, size_t size);
/* At the end of the file: what its writers have added to it meanwhile. 0 or a negative errno. */
int perf_look_at_account(struct evh_trace *trace);

/* perf_shared.c: recordings of logtap's, where writers need not trust each other */
/* The head is read: finds out whether this is one. */
void perf_end_head(struct evh_trace *trace);
/* A stream's first bytes. */
bool perf_is_stream_head(const struct evh_trace *trace, const uint8_t *bytes, size_t size);
/*
 * The record at the input's place, of which only the header need be there; the same with all of it
 * there; and what is there of one that the file ends in. In a recording only. 0: it may stand
 * there. 1: it was refused, and reading goes on behind it; or as perf_resync.
 */
int perf_admit(struct evh_trace *trace, const uint8_t *record);
int perf_admit_whole(struct evh_trace *trace, size_t size);
int perf_admit_rest(struct evh_trace *trace);
/* An ATTR of a head in the midst of a recording: 0 when it is known, else -EBADMSG. */
int perf_repeat_attr(struct evh_trace *trace, const uint8_t *record, size_t size);
/*
 * A recording that was truncated while programs wrote into it: zeros, or nothing, where its head
 * was. 0, -EMEDIUMTYPE when there are no records of one, or another negative errno.
 */
int perf_open_headless(struct evh_trace *trace);

/*
 * perf_seek.c. Behind the first sample of a file: goes on near the first that is as new as
 * trace->since, where the file allows that. 0 or a negative errno.
 */
int perf_seek_since(struct evh_trace *trace);

/* perf_record.c */
/* Reads one record. 1, 0 at the end, or a negative errno. */
int perf_read_record(struct evh_trace *trace);
/* A record that isn't a sample, now that its time has come. */
int perf_take_other(struct evh_trace *trace, const struct perf_attr *attr, const uint8_t *record,
		    size_t size);

/* perf_order.c */
/* What an entry of the queue costs itself, so that tiny records count as what they take. */
#define PERF_ENTRY_COST (2 * sizeof(struct queued))

/* A record that waits for its time. */
int perf_push(struct evh_trace *trace, struct chunk *chunk, const uint8_t *record, size_t size,
	      const struct perf_attr *attr, uint64_t time);
/* FINISHED_ROUND */
void perf_finish_round(struct evh_trace *trace);
int perf_next(struct evh_trace *trace, struct evh_sample *sample);

/* unpack.c */
void unpack_free(struct evh_trace *trace);
/* Starts on a COMPRESSED record's content, which must stay until unpack_next gives 0. */
int unpack_start(struct evh_trace *trace, const uint8_t *bytes, size_t size);
/* The next record inside: 1, 0 when there are no more, negative. */
int unpack_next(struct evh_trace *trace, struct chunk **chunk, const uint8_t **record,
		size_t *size);

/* dat.c */
/* The first bytes look like .dat. */
bool dat_recognise(const uint8_t *bytes, size_t size);
int dat_next(struct evh_trace *trace, struct evh_sample *sample);

static inline uint32_t record_type(const struct evh_trace *trace, const uint8_t *record)
{
	return get32(record, trace->swap);
}

static inline uint16_t record_size(const struct evh_trace *trace, const uint8_t *record)
{
	return get16(record + 6, trace->swap);
}

/* A record could begin here: a known type, a possible size. */
static inline bool perf_plausible(const struct evh_trace *trace, const uint8_t *record)
{
	uint32_t type = record_type(trace, record);
	uint16_t size = record_size(trace, record);

	if (size < RECORD_HEADER)
		return false;
	if (type >= RECORD_USER_BEGIN)
		return type < RECORD_USER_END;
	return type > 0 && type < RECORD_KERNEL_END && size % 8 == 0;
}

/* Recordings of logtap have many writers; perf's files have one, and pages mean nothing to it. */
static inline bool perf_has_many_writers(const struct evh_trace *trace)
{
	return trace->info.recording ||
	       (trace->info.form == EVH_TRACE_PERF_PIPE && !trace->by_perf);
}

/* The smallest page; where pages are larger, each of their ends is one of these as well. */
#define FILE_PAGE ((uint64_t)4096)

/* A recording's tracepoints and their samples' ids have the same numbers, from here on. */
#define RECORDING_FIRST_ID 1000

/*
 * A sample of a recording, by what all of them have: IDENTIFIER, TID, TIME and CPU in front of the
 * raw record, which fills it and begins with its tracepoint's number. Nearly all records are such.
 */
static inline bool perf_is_recorded_sample(const struct evh_trace *trace, const uint8_t *record,
					   size_t size)
{
	const size_t raw = 40;
	uint64_t id;

	if (record_type(trace, record) != RECORD_SAMPLE || size < raw + 4 + 8)
		return false;
	id = get64(record + RECORD_HEADER, trace->swap);
	return id - RECORDING_FIRST_ID < trace->attrs.count &&
	       get16(record + raw + 4, trace->swap) == (uint16_t)id &&
	       get32(record + raw, trace->swap) + raw + 4 == size;
}

#endif
