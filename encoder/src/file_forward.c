/* SPDX-License-Identifier: MIT */
/*
 * Appending to a recording in the name of others, for a collector that was told what they did. Must
 * never ask the kernel who is writing, nor note it: it is not this process.
 */
#include <string.h>

#include "file.h"
#include "syscall.h"

static struct perf_sample_id sample_id(const struct evh_origin *origin)
{
	return (struct perf_sample_id){
		.pid = origin->pid,
		.tid = origin->tid,
		.time = origin->time,
		.cpu = origin->cpu,
		.id = RECORDING_FIRST_ID,
	};
}

/* As a send does it, and with the same consequences: the recording may go on in a new segment. */
static int append(struct evh_transport *transport, const struct evh_origin *origin,
		  struct iovec *iov, int count, size_t size)
{
	const struct thread_ids who = { origin->pid, origin->tid };
	uint64_t now = evh_file_now(transport);
	int error;

	if (now >= __atomic_load_n(&transport->file->look_at, __ATOMIC_RELAXED))
		evh_file_look(transport, who, now);
	error = evh_file_append(transport, iov, count, size, now);
	return error ? evh_file_try_again(transport, who, iov, count, size, error) : 0;
}

int evh_tracepoint_forward(const struct evh_tracepoint *tracepoint, const struct evh_origin *origin,
			   const void *event, size_t size)
{
	static const uint8_t zeros[8];
	size_t padding = -(sizeof(struct perf_sample) + size) & 7;
	struct evh_transport *transport = tracepoint->transport;
	struct perf_sample sample = {
		.header = { .type = PERF_RECORD_SAMPLE,
			    .misc = PERF_RECORD_MISC_USER,
			    .size = (uint16_t)(sizeof(sample) + size + padding) },
		.id = tracepoint->index,
		.pid = origin->pid,
		.tid = origin->tid,
		.time = origin->time + (uint64_t)transport->clock_shift,
		.cpu = origin->cpu,
		/* the tracepoint's common fields (8 bytes) count as raw data */
		.raw_size = (uint32_t)(8 + size + padding),
		.common_type = (uint16_t)tracepoint->index,
		.common_pid = (int32_t)origin->tid,
	};
	struct iovec iov[] = {
		{ &sample, sizeof(sample) },
		{ (void *)event, size },
		{ (void *)zeros, padding },
	};

	if (transport->kind != EVH_TRANSPORT_FILE)
		return -EOPNOTSUPP;
	if (size > transport->size_max)
		return -E2BIG;
	return append(transport, origin, iov, 3, sizeof(sample) + size + padding);
}

int evh_transport_forward_name(struct evh_transport *transport, const struct evh_origin *origin,
			       const char *name)
{
	struct perf_comm comm = {
		.header = { .type = PERF_RECORD_COMM, .size = sizeof(comm) },
		.pid = origin->pid,
		.tid = origin->tid,
		.sample_id = sample_id(origin),
	};
	struct iovec iov = { &comm, sizeof(comm) };

	if (transport->kind != EVH_TRANSPORT_FILE)
		return -EOPNOTSUPP;
	comm.sample_id.time += (uint64_t)transport->clock_shift;
	memcpy(comm.comm, name, strnlen(name, sizeof(comm.comm) - 1));
	return append(transport, origin, &iov, 1, sizeof(comm));
}

int evh_transport_forward_lost(struct evh_transport *transport, const struct evh_origin *origin,
			       uint32_t count)
{
	struct perf_lost_samples record = {
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(record) },
		.lost = count,
		.sample_id = sample_id(origin),
	};
	struct iovec iov = { &record, sizeof(record) };

	if (transport->kind != EVH_TRANSPORT_FILE)
		return -EOPNOTSUPP;
	record.sample_id.time += (uint64_t)transport->clock_shift;
	return append(transport, origin, &iov, 1, sizeof(record));
}
