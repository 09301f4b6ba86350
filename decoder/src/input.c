/* SPDX-License-Identifier: MIT */
/*
 * Reading in chunks. Reads with read and pread, not mmap: a file that is cut while it is read must
 * give a short read, not SIGBUS. Must never give a chunk back while a record in it is still waited
 * for.
 */
#include "input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "large.h"
#include "packed.h"

/* How long what came through a pipe may wait for what would have to go before it, milliseconds. */
#define QUIET_TIME 100

/*
 * Large enough that system calls don't count, small enough that what was just read is still in the
 * processor's cache when it is parsed.
 */
#define READ_SIZE ((size_t)512 << 10)

/* The first chunks are all that most files need: for those a huge page would be too much. */
#define SMALL_CHUNKS 2

struct chunk *chunk_new(struct input *in, size_t capacity)
{
	struct chunk *chunk = in->spare;

	if (chunk && chunk->capacity >= capacity) {
		in->spare = chunk->next;
	} else {
		if (capacity < CHUNK_SIZE)
			capacity = CHUNK_SIZE;
		chunk = malloc(sizeof(*chunk));
		if (!chunk)
			return NULL;
		chunk->data = in->chunks < SMALL_CHUNKS ? malloc(capacity) : large_alloc(capacity);
		if (!chunk->data) {
			free(chunk);
			return NULL;
		}
		chunk->capacity = capacity;
	}
	chunk->next = NULL;
	chunk->size = 0;
	chunk->references = 1;
	in->chunks++;
	return chunk;
}

static void chunk_free(struct chunk *chunk)
{
	if (chunk->capacity)
		free(chunk->data);
	free(chunk);
}

void chunk_release(struct input *in, struct chunk *chunk)
{
	if (--chunk->references)
		return;
	in->chunks--;
	/* Keep the common ones only: tracing data can need a chunk of many megabytes once. */
	if (chunk->capacity != CHUNK_SIZE) {
		chunk_free(chunk);
		return;
	}
	chunk->next = in->spare;
	in->spare = chunk;
}

int input_init(struct input *in, int fd)
{
	struct stat status;
	off_t place;

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->end = UINT64_MAX;
	in->wait = true;
	if (fstat(fd, &status) != 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	place = S_ISREG(status.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
	if (place >= 0) {
		in->regular = true;
		in->offset = (uint64_t)place;
	}
	in->chunk = chunk_new(in, CHUNK_SIZE);
	return in->chunk ? 0 : -ENOMEM;
}

int input_init_buffer(struct input *in, const void *bytes, size_t size)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk));

	memset(in, 0, sizeof(*in));
	if (!chunk)
		return -ENOMEM;
	in->fd = -1;
	in->end = UINT64_MAX;
	chunk->data = (uint8_t *)(uintptr_t)bytes;
	chunk->size = size;
	chunk->references = 1;
	in->chunk = chunk;
	in->chunks = 1;
	return 0;
}

void input_free(struct input *in)
{
	struct chunk *chunk = in->spare;

	while (chunk) {
		struct chunk *next = chunk->next;

		chunk_free(chunk);
		chunk = next;
	}
	if (in->chunk)
		chunk_free(in->chunk);
	packed_free(in->packed);
}

int input_unpack(struct input *in)
{
	struct chunk *chunk = chunk_new(in, CHUNK_SIZE);

	if (!chunk)
		return -ENOMEM;
	/* It reads on from where it stands. */
	if (in->regular)
		lseek(in->fd, (off_t)(in->offset + input_available(in)), SEEK_SET);
	in->packed = packed_new(in->fd, input_at(in), input_available(in));
	chunk_release(in, in->chunk);
	in->chunk = chunk;
	in->next = 0;
	in->offset = 0;
	in->regular = false;
	return in->packed ? 0 : -ENOMEM;
}

bool input_is_cut(const struct input *in)
{
	return in->packed && !packed_is_whole(in->packed);
}

uint64_t input_size(const struct input *in)
{
	struct stat status;

	if (in->fd < 0)
		return in->chunk->size;
	if (!in->regular || fstat(in->fd, &status) != 0)
		return 0;
	return (uint64_t)status.st_size;
}

int input_seek(struct input *in, uint64_t offset)
{
	if (in->fd < 0) {
		if (offset > in->chunk->size)
			return -ENODATA;
		in->next = offset;
	} else {
		struct chunk *chunk = chunk_new(in, CHUNK_SIZE);

		if (!chunk)
			return -ENOMEM;
		chunk_release(in, in->chunk);
		in->chunk = chunk;
		in->next = 0;
	}
	in->offset = offset;
	return 0;
}

int input_change_file(struct input *in, int fd)
{
	struct stat status;
	struct chunk *chunk;

	if (fstat(fd, &status) != 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	chunk = chunk_new(in, CHUNK_SIZE);
	if (!chunk)
		return -ENOMEM;
	chunk_release(in, in->chunk);
	in->chunk = chunk;
	in->fd = fd;
	in->regular = true;
	in->next = 0;
	in->offset = 0;
	return 0;
}

void input_set_end(struct input *in, uint64_t end)
{
	in->end = end;
	if (in->fd < 0 && in->chunk->size > end)
		in->chunk->size = end;
}

int input_read_at(const struct input *in, uint64_t offset, void *bytes, size_t size)
{
	size_t done = 0;

	if (in->fd < 0) {
		if (offset > in->chunk->size || size > in->chunk->size - offset)
			return -ENODATA;
		memcpy(bytes, in->chunk->data + offset, size);
		return 0;
	}
	if (offset > (uint64_t)INT64_MAX - size)
		return -ENODATA;
	while (done < size) {
		ssize_t count =
			pread(in->fd, (uint8_t *)bytes + done, size - done, (off_t)(offset + done));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (count == 0)
			return -ENODATA;
		done += (size_t)count;
	}
	return 0;
}

/* A new chunk that begins with the last `keep` bytes and what is unread of the present one. */
static int change_chunk(struct input *in, size_t count, size_t keep)
{
	size_t rest = input_available(in);
	struct chunk *chunk = chunk_new(in, keep + count);

	if (!chunk)
		return -ENOMEM;
	if (keep + rest)
		memcpy(chunk->data, input_at(in) - keep, keep + rest);
	chunk->size = keep + rest;
	chunk_release(in, in->chunk);
	in->chunk = chunk;
	in->next = keep;
	return 0;
}

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * A pipe that stays dry gives -EAGAIN, so that what is waiting to be sorted gets out: after
 * QUIET_TIME of silence, or, where there is nothing to tell how long to sort, that long after the
 * first of it came, though it never falls silent.
 */
static int wait_briefly(struct input *in)
{
	struct pollfd poller = { .fd = in->fd, .events = POLLIN };
	int timeout = -1;
	int ready;

	if (in->regular)
		return 0;
	ready = poll(&poller, 1, 0);
	if (ready == 0) {
		if (!in->wait) {
			uint64_t now = milliseconds();

			if (!in->held_since || in->patient)
				in->held_since = now;
			timeout = now < in->held_since + QUIET_TIME
					  ? (int)(in->held_since + QUIET_TIME - now)
					  : 0;
		}
		ready = poll(&poller, 1, timeout);
	}
	if (ready < 0)
		return errno == EINTR && !in->wait ? -EAGAIN : -errno;
	if (ready == 0)
		in->held_since = 0;
	return ready ? 0 : -EAGAIN;
}

/* Reads once of what the file unpacks to. 1, 0 at the end, or a negative errno. */
static int unpack_more(struct input *in, size_t room)
{
	struct chunk *chunk = in->chunk;
	ssize_t count = packed_read(in->packed, chunk->data + chunk->size, room);

	if (count <= 0)
		return (int)count;
	chunk->size += (size_t)count;
	return 1;
}

/* Reads once. 1, 0 at the end, or a negative errno. */
static int read_more(struct input *in)
{
	struct chunk *chunk = in->chunk;
	uint64_t place = in->offset + input_available(in);
	size_t room = chunk->capacity - chunk->size;
	ssize_t count;

	if (place >= in->end)
		return 0;
	if (room > READ_SIZE)
		room = READ_SIZE;
	if (room > in->end - place)
		room = (size_t)(in->end - place);
	if (in->packed)
		return unpack_more(in, room);
	do {
		int result = wait_briefly(in);

		if (result < 0 && result != -EINTR)
			return result;
		if (in->regular)
			count = pread(in->fd, chunk->data + chunk->size, room, (off_t)place);
		else
			count = read(in->fd, chunk->data + chunk->size, room);
	} while (count < 0 && (errno == EINTR || (errno == EAGAIN && in->wait)));
	if (count < 0)
		return -errno;
	if (count == 0)
		return in->follow && in->regular ? -EAGAIN : 0;
	chunk->size += (size_t)count;
	return 1;
}

int input_need_slow(struct input *in, size_t count, size_t keep)
{
	if (in->fd < 0)
		return 0;
	if (in->next + count > in->chunk->capacity) {
		int result = change_chunk(in, count, keep);

		if (result < 0)
			return result;
	}
	while (input_available(in) < count) {
		int result = read_more(in);

		if (result <= 0)
			return result;
	}
	return 1;
}
