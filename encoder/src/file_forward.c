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

/* Who lost what can't be written: this process, at whose end the rest of it is told. */
static struct thread_ids own_ids(void)
{
	return (struct thread_ids){ (uint32_t)EVH_SYSCALL1(SYS_getpid, 0),
				    (uint32_t)EVH_SYSCALL1(SYS_gettid, 0) };
}

/* As before a send, and with the same consequence: the recording may go on in a new segment. */
static uint64_t look(struct evh_transport *transport)
{
	uint64_t now = evh_file_now(transport);

	if (now >= __atomic_load_n(&transport->file->look_at, __ATOMIC_RELAXED))
		evh_file_look(transport, own_ids(), now);
	return now;
}

/* That are lost with the record. */
static uint32_t events_in(const void *bytes)
{
	const struct perf_record_header *record = bytes;

	if (record->type == PERF_RECORD_LOST_SAMPLES)
		return (uint32_t)((const struct perf_lost_samples *)bytes)->lost;
	return record->type == PERF_RECORD_SAMPLE;
}

static int append(struct evh_transport *transport, struct iovec *iov, int count, size_t size)
{
	uint64_t now = look(transport);
	int error = evh_file_append(transport, iov, count, size, now);

	return error ? evh_file_try_again(transport, own_ids(), iov, count, size,
					  events_in(iov->iov_base), error)
		     : 0;
}

/* What gathered, behind the bytes that were written: one by one, each is written or counted. */
static void append_each(struct evh_transport *transport, size_t written)
{
	struct evh_file *file = transport->file;

	for (size_t at = 0, next; at < file->gathered.used; at = next) {
		const struct perf_record_header *record = (void *)(file->gathered.room + at);
		struct iovec iov = { (void *)record, record->size };
		int error;

		next = at + record->size;
		if (next <= written)
			continue;
		/* What is cut short stays so. */
		error = at < written ? evh_file_count_lost(transport, own_ids(), events_in(record),
							   -ENOSPC)
				     : append(transport, &iov, 1, record->size);
		if (error == 0)
			continue;
		file->gathered.error = error;
		file->gathered.refused += record->type == PERF_RECORD_SAMPLE;
	}
}

static void write_gathered(struct evh_transport *transport)
{
	struct evh_file *file = transport->file;
	struct iovec iov = { file->gathered.room, file->gathered.used };
	long written = 0;

	if (!file->gathered.used)
		return;
	evh_transport_refresh_limits(transport);
	if (transport->file_size_max == UINT64_MAX)
		written = evh_file_write(transport->fd, &iov, 1);
	if (written != (long)file->gathered.used)
		append_each(transport, written < 0 ? 0 : (size_t)written);
	file->gathered.used = 0;
}

/*
 * Appends the record, or puts it to the others that wait. The segment is changed before the first
 * of them and never between: whose name stands in it is asked for each.
 */
static int put(struct evh_transport *transport, struct iovec *iov, int count, size_t size)
{
	struct evh_file *file = transport->file;

	if (!file->gathered.room)
		return append(transport, iov, count, size);
	if (file->gathered.used + size > file->gathered.size)
		write_gathered(transport);
	if (!file->gathered.used)
		look(transport);
	for (int i = 0; i < count; i++) {
		memcpy(file->gathered.room + file->gathered.used, iov[i].iov_base, iov[i].iov_len);
		file->gathered.used += iov[i].iov_len;
	}
	return 0;
}

int evh_transport_forward_gather(struct evh_transport *transport, void *room, size_t size)
{
	if (transport->kind != EVH_TRANSPORT_FILE)
		return -EOPNOTSUPP;
	if (room && size < EVH_FORWARD_ROOM_MIN)
		return -EINVAL;
	write_gathered(transport);
	transport->file->gathered.room = room;
	transport->file->gathered.size = size;
	return 0;
}

int evh_transport_forward_flush(struct evh_transport *transport, uint32_t *refused)
{
	struct evh_file *file = transport->file;
	int error;

	*refused = 0;
	if (transport->kind != EVH_TRANSPORT_FILE)
		return -EOPNOTSUPP;
	write_gathered(transport);
	error = file->gathered.error;
	*refused = file->gathered.refused;
	file->gathered.error = 0;
	file->gathered.refused = 0;
	return error;
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
	return put(transport, iov, 3, sizeof(sample) + size + padding);
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
	return put(transport, &iov, 1, sizeof(comm));
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
	return put(transport, &iov, 1, sizeof(record));
}
