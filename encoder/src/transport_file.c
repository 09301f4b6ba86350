/* SPDX-License-Identifier: MIT */
/*
 * The file transport: appending events to a recording, each with one write, from any number of
 * threads and processes.
 *
 * Must never allocate, lock, retry without end, or write a record in two pieces: O_APPEND makes one
 * write land in one place, and nothing else keeps the writers apart.
 *
 * Who is writing is asked of the kernel for each event (gettid, about 60 ns) and compared with what
 * this thread last announced: a process can come into being by fork, vfork, clone with or without
 * shared memory, and nothing in user space sees all of these.
 */
#include <string.h>

#include "file.h"

/* Fills the record's head, `size` bytes of event following it; the padding that goes behind. */
static size_t fill_sample(const struct evh_tracepoint *tracepoint, struct thread_ids who,
			  uint8_t *start, size_t size)
{
	struct evh_transport *transport = tracepoint->transport;
	size_t padding = -(sizeof(struct perf_sample) + size) & 7;
	uint64_t time = evh_file_now(transport);
	struct perf_sample sample = {
		.header = { .type = PERF_RECORD_SAMPLE,
			    .misc = PERF_RECORD_MISC_USER,
			    .size = (uint16_t)(sizeof(sample) + size + padding) },
		.id = tracepoint->index,
		.pid = who.pid,
		.tid = who.tid,
		.time = time,
		.cpu = evh_file_cpu(),
		/* the tracepoint's common fields (8 bytes) count as raw data */
		.raw_size = (uint32_t)(8 + size + padding),
		.common_type = (uint16_t)tracepoint->index,
		.common_pid = (int32_t)who.tid,
	};

	memcpy(start, &sample, sizeof(sample));
	if (__builtin_expect(time >= __atomic_load_n(&transport->file->look_at, __ATOMIC_RELAXED),
			     0))
		evh_file_look(transport, who, time);
	return padding;
}

static uint64_t sample_time(const uint8_t *sample)
{
	uint64_t time;

	memcpy(&time, sample + offsetof(struct perf_sample, time), sizeof(time));
	return time;
}

int evh_file_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size)
{
	struct iovec iov = { .iov_base = event - sizeof(struct perf_sample) };
	struct thread_ids who;
	size_t padding;
	int error = evh_file_identify(tracepoint->transport, &who);

	if (__builtin_expect(error, 0))
		error = evh_file_identify_again(tracepoint->transport, &who, error);
	if (__builtin_expect(error, 0))
		return error;
	padding = fill_sample(tracepoint, who, iov.iov_base, size);
	memset(event + size, 0, padding);
	iov.iov_len = sizeof(struct perf_sample) + size + padding;
	error = evh_file_append(tracepoint->transport, &iov, 1, iov.iov_len,
				sample_time(iov.iov_base));
	if (__builtin_expect(!error, 1))
		return 0;
	return evh_file_try_again(tracepoint->transport, who, &iov, 1, iov.iov_len, 1, error);
}

int evh_file_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count,
		   size_t size)
{
	static const uint8_t zeros[8];
	uint8_t *start = (uint8_t *)iov[0].iov_base - sizeof(struct perf_sample);
	struct thread_ids who;
	size_t padding;
	int error = evh_file_identify(tracepoint->transport, &who);

	if (error)
		error = evh_file_identify_again(tracepoint->transport, &who, error);
	if (error)
		return error;
	padding = fill_sample(tracepoint, who, start, size);
	iov[0].iov_base = start;
	iov[0].iov_len += sizeof(struct perf_sample);
	iov[count].iov_base = (void *)zeros;
	iov[count].iov_len = padding;
	size += sizeof(struct perf_sample) + padding;
	error = evh_file_append(tracepoint->transport, iov, count + 1, size, sample_time(start));
	return error ? evh_file_try_again(tracepoint->transport, who, iov, count + 1, size, 1,
					  error)
		     : 0;
}
