/* SPDX-License-Identifier: MIT */
/*
 * Reading a whole trace: perf.data in both forms (seekable, and the stream that `perf record -o -`
 * and logtap's recordings are), Microsoft's .dat and trace-cmd's trace.dat (where the library was
 * built with libtracecmd), as samples in the order of their time.
 *
 *	struct evh_trace *trace;
 *	struct evh_sample sample;
 *	int result = evh_trace_open(&trace, fd, NULL);
 *
 *	while (result >= 0 && (result = evh_trace_next(trace, &sample)) > 0)
 *		use(&sample);
 *	if (result < 0)
 *		complain(evh_trace_strerror(result));
 *
 * Memory is constant, whatever the file's size: some 30 MB for a recording of logtap's and for
 * what perf wrote at most some 300 MB, when its ring buffers were that large (perf stores one CPU
 * after the other and marks the points up to which a reader has to sort).
 *
 * Both byte orders, records compressed with zstd, and files packed as a whole with gzip or zstd,
 * which are read as a stream. Nothing in the file is trusted. Damage never
 * hides what is good: it is skipped, counted in evh_trace_info, and the reading goes on.
 *
 * One thread at a time per trace; not for signal handlers. Functions return 0 or a negative errno
 * unless they say otherwise.
 */
#ifndef EVH_TRACE_H
#define EVH_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/sample.h>

#ifndef EVH_API
#	define EVH_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct evh_trace;

enum evh_trace_form {
	EVH_TRACE_PERF_FILE = 1, /* perf.data, seekable */
	EVH_TRACE_PERF_PIPE,	 /* perf.data, a stream */
	EVH_TRACE_DAT,		 /* .dat: names and events only */
	EVH_TRACE_TRACE_CMD,	 /* trace-cmd's trace.dat: threads only, times of its clock */
};

struct evh_trace_options {
	/*
	 * The end of the file isn't the end of the trace: somebody may still append. At the end,
	 * and where a record isn't complete yet, evh_trace_next answers -EAGAIN.
	 */
	bool follow;
	/*
	 * Samples come as they stand in the file, none is held back to be put in order of time; so
	 * evh_trace_info.offset is the place behind the sample that was handed out last, and who
	 * reads the file again from its beginning finds the same samples at the same places. For
	 * who hands events on and has to say up to where.
	 */
	bool file_order;
	/*
	 * Gets everything but the samples, as bytes of a perf.data stream: its head, and each
	 * other record in its place among the samples. With evh_trace_record for the samples this
	 * makes a copy that perf reads. A negative result ends evh_trace_next with it.
	 * NULL: not wanted.
	 */
	int (*copy)(void *argument, const void *bytes, size_t size);
	void *copy_argument;
	/*
	 * Tells what comes behind the end of the file: another one of the same recording, whose
	 * events go on where these end. A descriptor of a file, open for reading, which is closed
	 * with the trace or when that file ends as well; negative: nothing does (or not yet, and it
	 * is asked again where the end was followed). NULL: nothing. Of files alone, not of pipes.
	 */
	int (*next_file)(void *argument);
	void *next_argument;
};

/* What is known of the trace, and what was met so far. */
struct evh_trace_info {
	enum evh_trace_form form;
	bool big_endian;
	bool wall_clock;      /* times are of the calendar, not of a clock of the machine */
	bool seekable_source; /* `size` is known */
	uint64_t size;	      /* bytes of the file; 0 when it is a pipe */
	uint64_t offset;      /* bytes read so far */
	uint64_t lost;	      /* events that the recorder says it lost */
	uint64_t other;	      /* samples of events that are no tracepoints: left out */
	uint64_t unreadable;  /* records whose content contradicts itself: left out */
	/* Records of which only the beginning is there, other writers' records behind it. */
	uint64_t cut;
	uint64_t cut_bytes;  /* what is there of them */
	uint64_t cut_offset; /* where the first of them begins in the file */
	/*
	 * Records that no writer of a recording of logtap's may write (they would hide what others
	 * wrote), and those whose length covers others' records: left out.
	 */
	uint64_t refused;
	uint64_t refused_offset; /* where the first of them begins */
	bool recording;		 /* of logtap's: many programs write into it */
	/*
	 * A recording that was truncated while it was written: `hole` zeros stand at its beginning,
	 * and where also no writer has begun anew, its head is missing: no names of tracepoints, no
	 * time of day.
	 */
	bool headless;
	uint64_t hole;
	/* Bytes that are no records at all. */
	uint64_t damaged;
	uint64_t damaged_offset; /* the first of them */
	/* The file ends in the middle of a record, or before the place its own head says. */
	bool truncated;
	uint64_t truncated_offset; /* where that record begins */
	uint64_t unwanted;	   /* samples that evh_trace_set_wanted left out */
	/* Of `lost`, what a recording's writers said was refused by a full disk, and by a limit of
	 * file sizes. */
	uint64_t lost_no_room, lost_too_large;
};

/*
 * Opens a trace.
 *
 * @trace    gets it; evh_trace_close frees it
 * @fd       a file, pipe, socket or terminal, open for reading; read from where it stands; stays
 *           the caller's and must stay open until evh_trace_close
 * @options  NULL: none
 *
 * Waits for the head of a stream. A seekable perf.data that comes through a pipe is first copied
 * into an unnamed file in $TMPDIR or /tmp (its names stand at its end).
 *
 * 0, or
 * -EMEDIUMTYPE  no trace; evh_trace_kind_of tells what it looks like
 * -ENODATA      it ends before its head does
 * -EBADMSG      its head contradicts itself
 * or what reading it gave. On error *trace is NULL.
 */
EVH_API int evh_trace_open(struct evh_trace **trace, int fd,
			   const struct evh_trace_options *options);

/*
 * The same from memory, which must stay as it is until evh_trace_close. What is packed, or
 * trace-cmd's, is first copied into an unnamed file, as from a pipe.
 */
EVH_API int evh_trace_open_buffer(struct evh_trace **trace, const void *bytes, size_t size,
				  const struct evh_trace_options *options);

/*
 * Has each EventHeader event of perf.data asked for before it waits for its turn, in the order of
 * the file: false leaves it out, which costs a fraction of handing it out.
 *
 * @wanted    gets a sample that has its time, `event`, `event_size`, `system` and `tracepoint`, and
 *            nothing else; called by evh_trace_next. NULL: all are wanted, as at first
 * @argument  handed on to it
 */
EVH_API void evh_trace_set_wanted(struct evh_trace *trace,
				  bool (*wanted)(void *argument, const struct evh_sample *sample),
				  void *argument);

/*
 * Says that samples older than @time aren't wanted. Where the trace is a recording of logtap's in a
 * file, their place is found by a search, and most of what stands before it is never read: it isn't
 * known then what was said there of threads and processes (a sample's `comm` may be missing), nor
 * what is damaged there. Older samples may come all the same, the first of the file always does.
 * Before the first call of evh_trace_next.
 *
 * @time  nanoseconds since 1970; 0: all are wanted, as at first
 */
EVH_API void evh_trace_set_since(struct evh_trace *trace, uint64_t time);

/* Bytes that were left unread for that so far. */
EVH_API uint64_t evh_trace_passed_over(const struct evh_trace *trace);

/*
 * The next sample. What it points to lives until the next call.
 *
 * 1 with a sample; 0 at the end (see evh_trace_info for what was not there);
 * -EAGAIN when nothing more has come yet: of a pipe, or of a file that is followed. Everything
 * that came before was handed out. Call evh_trace_wait, then this again;
 * -EFBIG when a packed file unpacks to more than 4096 times its size;
 * -EOVERFLOW when compressed records unpack to more than 128 times the file's size;
 * or what reading the file gave, after which the answer is 0.
 */
EVH_API int evh_trace_next(struct evh_trace *trace, struct evh_sample *sample);

/*
 * Waits after -EAGAIN until there is more to read.
 *
 * @timeout  milliseconds, -1: for ever
 *
 * 1, 0 when the time is over, -EINTR after a signal.
 */
EVH_API int evh_trace_wait(struct evh_trace *trace, int timeout);

/*
 * The whole record of the sample that evh_trace_next handed out last, as it stands in the trace.
 * NULL for .dat and trace.dat.
 */
EVH_API const void *evh_trace_record(const struct evh_trace *trace, size_t *size);

/* What is known by now; lives as long as the trace, and changes with evh_trace_next. */
EVH_API const struct evh_trace_info *evh_trace_info(const struct evh_trace *trace);

/* "not a trace": an error of these functions as a short phrase. Never NULL. */
EVH_API const char *evh_trace_strerror(int error);

/* Frees it. NULL is allowed. */
EVH_API void evh_trace_close(struct evh_trace *trace);

/*
 * What bytes look like that are no trace: "gzip data", "text", "empty". Never NULL.
 *
 * @bytes  the first of the file; 64 are enough
 */
EVH_API const char *evh_trace_kind_of(const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif
#endif
