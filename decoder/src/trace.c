/* SPDX-License-Identifier: MIT */
/*
 * <evh/trace.h>: finds out what a file is, and hands over to the reader of its form. Must never
 * guess: what isn't surely a trace is refused.
 */
#include <evh/trace.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "packed.h"
#include "perf.h"
#include "trace_cmd.h"

/* Enough for a .dat's first name and for every magic. */
#define PEEK_SIZE 512

static const struct {
	const char *magic;
	size_t size;
	const char *kind;
} KINDS[] = {
	{ "PERFFILE", 8, "a perf.data of a perf older than 2010" },
	{ "\x17\x08\x44tracing", 10,
	  "a trace-cmd file, which this build can't read (trace-cmd report does)" },
	{ "LPKSHHRH", 8, "a systemd journal (journalctl --file reads it)" },
	{ "\x1f\x8b", 2, "gzip data" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd data" },
	{ "\xfd"
	  "7zXZ",
	  5, "xz data (unpack it first: xzcat FILE | logtap view -)" },
	{ "\x7f"
	  "ELF",
	  4, "an ELF program or library" },
	{ "\xc1\x1f\xfc\xc1", 4, "a CTF trace (babeltrace2 reads it)" },
	{ "\xc1\xfc\x1f\xc1", 4, "a CTF trace (babeltrace2 reads it)" },
};

/* The magic of perf.data, or as much of it as there is. */
static bool begins_perf(const void *bytes, size_t size)
{
	size = size < 8 ? size : 8;
	return memcmp(bytes, "PERFILE2", size) == 0 || memcmp(bytes, "2ELIFREP", size) == 0;
}

const char *evh_trace_kind_of(const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;

	if (!size)
		return "empty";
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (size >= KINDS[i].size && memcmp(bytes, KINDS[i].magic, KINDS[i].size) == 0)
			return KINDS[i].kind;
	}
	if (begins_perf(bytes, size))
		return "a perf.data that was cut off in its head";
	for (size_t i = 0; i < size && i < 64; i++) {
		if (byte[i] < 0x20 && byte[i] != '\n' && byte[i] != '\t' && byte[i] != '\r')
			return "unknown data";
	}
	return "text";
}

/*
 * Copies a pipe, or memory, into a file that has no name: so its end can be read before its middle,
 * and by a library that reads files alone.
 */
static int spool(struct evh_trace *trace)
{
	const char *folder = getenv("TMPDIR");
	struct input *in = &trace->in;
	int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int result = fd < 0 ? -errno : 1;

	while (result > 0) {
		size_t size = input_available(in);
		ssize_t written = size ? write(fd, input_at(in), size) : 0;

		if (written < 0) {
			result = errno == EINTR ? 1 : -errno;
		} else {
			input_consume(in, (size_t)written);
			result = (size_t)written < size ? 1 : input_need(in, 1, 0);
		}
	}
	if (result == 0 && lseek(fd, 0, SEEK_SET) == 0) {
		input_free(in);
		if (trace->spool_fd >= 0)
			close(trace->spool_fd);
		trace->spool_fd = fd;
		return input_init(in, fd);
	}
	if (fd >= 0)
		close(fd);
	return result < 0 ? result : -EIO;
}

/* Makes a pipe, what is packed, or memory, a file that can be read at any place. */
static int need_file(struct evh_trace *trace)
{
	return trace->in.regular ? 0 : spool(trace);
}

/* perf.data is read at any place of memory, too. */
static int open_file(struct evh_trace *trace)
{
	int result = trace->in.fd >= 0 ? need_file(trace) : 0;

	return result < 0 ? result : perf_open_file(trace);
}

static int open_trace_cmd(struct evh_trace *trace)
{
	int result = need_file(trace);

	if (result < 0)
		return result;
	trace->info.form = EVH_TRACE_TRACE_CMD;
	return trace_cmd_open(&trace->trace_cmd, trace->in.fd);
}

static int recognise(struct evh_trace *trace);

static int open_packed(struct evh_trace *trace)
{
	int result = trace->in.fd < 0 ? spool(trace) : 0;

	if (result == 0)
		result = input_unpack(&trace->in);
	return result < 0 ? result : recognise(trace);
}

/* By the first bytes, which stay unread. */
static int recognise(struct evh_trace *trace)
{
	int result = input_need(&trace->in, 16, 0);
	const uint8_t *bytes = input_at(&trace->in);

	if (result < 0)
		return result;
	if (result == 0 && begins_perf(bytes, input_available(&trace->in)))
		return -ENODATA;

	if (!trace->in.packed && packed_recognise(bytes, input_available(&trace->in)))
		return open_packed(trace);
	if (trace_cmd_recognise(bytes, input_available(&trace->in)))
		return open_trace_cmd(trace);

	bool little = result > 0 && memcmp(bytes, "PERFILE2", 8) == 0;
	bool big = result > 0 && memcmp(bytes, "2ELIFREP", 8) == 0;

	if (little || big) {
		trace->info.big_endian = big;
		trace->swap = big != HOST_BIG_ENDIAN;

		uint64_t size = get64(bytes + 8, trace->swap);

		if (size == 16)
			return perf_open_pipe(trace);
		return size >= 104 ? open_file(trace) : -EBADMSG;
	}
	/* A short .dat is all there is; a long one has its first name within that. */
	result = input_need(&trace->in, PEEK_SIZE, 0);
	if (result < 0)
		return result;
	if (dat_recognise(input_at(&trace->in), input_available(&trace->in))) {
		trace->info.form = EVH_TRACE_DAT;
		return 0;
	}
	return perf_open_headless(trace);
}

static int start(struct evh_trace **out, struct evh_trace *trace, int result,
		 const struct evh_trace_options *options)
{
	if (options)
		trace->options = *options;
	if (result == 0)
		result = recognise(trace);
	if (result < 0) {
		evh_trace_close(trace);
		*out = NULL;
		return result;
	}
	trace->in.wait = false;
	trace->in.follow = trace->options.follow;
	trace->info.seekable_source = trace->in.regular || trace->in.fd < 0;
	trace->info.size = input_size(&trace->in);
	*out = trace;
	return 0;
}

static struct evh_trace *allocate(void)
{
	struct evh_trace *trace = calloc(1, sizeof(*trace));

	if (trace) {
		trace->spool_fd = -1;
		trace->notify_fd = -1;
		trace->chain_fd = -1;
		trace->waiting_fd = -1;
		hash_key_init(&trace->attrs.key);
		names_init(&trace->names);
		names_set(&trace->names, 0, IDLE_NAME, sizeof(IDLE_NAME));
	}
	return trace;
}

int evh_trace_open(struct evh_trace **trace, int fd, const struct evh_trace_options *options)
{
	struct evh_trace *new = allocate();

	*trace = NULL;
	return new ? start(trace, new, input_init(&new->in, fd), options) : -ENOMEM;
}

int evh_trace_open_buffer(struct evh_trace **trace, const void *bytes, size_t size,
			  const struct evh_trace_options *options)
{
	struct evh_trace *new = allocate();

	*trace = NULL;
	return new ? start(trace, new, input_init_buffer(&new->in, bytes, size), options) : -ENOMEM;
}

void evh_trace_close(struct evh_trace *trace)
{
	if (!trace)
		return;

	struct queue *queue = &trace->queue;

	trace_cmd_close(trace->trace_cmd);
	for (size_t i = queue->head; i < queue->count; i++)
		chunk_release(&trace->in, queue->items[i].chunk);
	if (trace->out_chunk)
		chunk_release(&trace->in, trace->out_chunk);
	unpack_free(trace);
	queue_free(queue);
	input_free(&trace->in);
	perf_attrs_free(&trace->attrs);
	tracepoints_free(&trace->points);
	names_free(&trace->names);
	if (trace->spool_fd >= 0)
		close(trace->spool_fd);
	if (trace->notify_fd >= 0)
		close(trace->notify_fd);
	if (trace->chain_fd >= 0)
		close(trace->chain_fd);
	if (trace->waiting_fd >= 0)
		close(trace->waiting_fd);
	free(trace);
}

void evh_trace_set_wanted(struct evh_trace *trace,
			  bool (*wanted)(void *argument, const struct evh_sample *sample),
			  void *argument)
{
	trace->wanted = wanted;
	trace->wanted_argument = argument;
}

void evh_trace_set_since(struct evh_trace *trace, uint64_t time)
{
	trace->since = time;
	trace->seeks = time != 0;
}

uint64_t evh_trace_passed_over(const struct evh_trace *trace)
{
	return trace->passed_over;
}

int evh_trace_next(struct evh_trace *trace, struct evh_sample *sample)
{
	int result;

	if (trace->info.form == EVH_TRACE_TRACE_CMD) {
		trace->info.offset = trace->info.size;
		return trace_cmd_next(trace->trace_cmd, sample);
	}
	result = trace->info.form == EVH_TRACE_DAT ? dat_next(trace, sample)
						   : perf_next(trace, sample);
	trace->info.offset = trace->read_before + trace->in.offset;
	if (result == 0 && !trace->info.truncated && input_is_cut(&trace->in)) {
		trace->info.truncated = true;
		trace->info.truncated_offset = trace->in.offset;
	}
	return result;
}

/* Watches the open file itself, whatever its name is by now. */
static int open_notify(struct evh_trace *trace)
{
	char path[64];
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", trace->in.fd);
	if (inotify_add_watch(fd, path, IN_MODIFY | IN_ATTRIB) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	trace->notify_fd = fd;
	return 0;
}

/* Something was appended already: the watch may have come too late for it. */
static bool has_grown(const struct evh_trace *trace)
{
	return input_size(&trace->in) > trace->in.offset + input_available(&trace->in);
}

int evh_trace_wait(struct evh_trace *trace, int timeout)
{
	struct pollfd poller = { .fd = trace->in.fd, .events = POLLIN };
	char events[4096];
	int ready;

	if (trace->in.fd < 0)
		return 1;
	if (trace->in.regular) {
		if (trace->notify_fd < 0)
			open_notify(trace);
		if (has_grown(trace))
			return 1;
		poller.fd = trace->notify_fd;
		/* Where inotify isn't to be had (its limits, some file systems): look now and then.
		 */
		if (trace->notify_fd < 0 && (timeout < 0 || timeout > 250))
			timeout = 250;
	}
	ready = poll(&poller, 1, timeout);
	if (ready < 0)
		return -errno;
	if (ready && trace->in.regular && read(trace->notify_fd, events, sizeof(events)) < 0 &&
	    errno != EAGAIN)
		return -errno;
	return ready > 0 || (trace->in.regular && has_grown(trace));
}

const char *evh_trace_strerror(int error)
{
	const char *phrase;

	switch (error) {
	case -EMEDIUMTYPE:
		return "not a trace";
	case -ENODATA:
		return "ends within its head";
	case -EBADMSG:
		return "its head contradicts itself";
	case -E2BIG:
		return "has more events than any trace";
	case -EFBIG:
		return "unpacks to more than 4096 times its size: what comes before is shown";
	case -EOVERFLOW:
		return "its compressed records unpack to more than 128 times its size: what "
		       "comes before is shown";
	default:
		phrase = strerrordesc_np(-error);
		return phrase ? phrase : "unknown error";
	}
}

const void *evh_trace_record(const struct evh_trace *trace, size_t *size)
{
	*size = trace->out_size;
	return trace->out_record;
}

const struct evh_trace_info *evh_trace_info(const struct evh_trace *trace)
{
	return &trace->info;
}
