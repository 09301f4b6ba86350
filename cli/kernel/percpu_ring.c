/* SPDX-License-Identifier: MIT */
/*
 * Reads trace_pipe_raw of every processor and merges the records by time. Holds one page per
 * processor, however much is waiting. Must never block, nor hand out a record while an older one
 * may still be lying in another processor's buffer.
 *
 * The order: a round begins by noting the time, and only records up to then are handed out. Every
 * buffer that a round finds empty was looked at after that moment, so nothing older can turn up in
 * it later. When what is left is younger, the next round begins.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <tracefs.h>
#include <unistd.h>

#include <kbuffer.h>

#include "clock.h"
#include "instance.h"
#include "percpu_ring.h"

struct buffer {
	int fd;
	unsigned cpu;
	struct kbuffer *reader;
	void *page;
	const void *record; /* the next one to hand out; NULL when the page is used up */
	unsigned long long time;
	bool drained;  /* found empty in this round */
	uint64_t lost; /* as the kernel said when it was last asked */
};

struct percpu_ring {
	struct instance *instance;
	struct buffer *buffers;
	size_t count;
	size_t page_size;
	int epoll;
	struct buffer *given; /* whose record was handed out last */
	uint64_t now;	      /* of this round; 0 between rounds */
	bool gap;	      /* a page said that records before it are missing */
};

/* 1 with a page that has records, 0 when the buffer is empty. */
static int fill(struct percpu_ring *ring, struct buffer *buffer)
{
	while (!buffer->record) {
		ssize_t got = read(buffer->fd, buffer->page, ring->page_size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno != EAGAIN)
			return -errno;
		if (got <= 0) {
			buffer->drained = true;
			return 0;
		}
		if (kbuffer_load_subbuffer(buffer->reader, buffer->page) != 0)
			return -EBADMSG;
		ring->gap |= kbuffer_missed_events(buffer->reader) != 0;
		buffer->record = kbuffer_read_event(buffer->reader, &buffer->time);
	}
	return 1;
}

static int oldest(struct percpu_ring *ring, struct buffer **found)
{
	*found = NULL;
	for (size_t i = 0; i < ring->count; i++) {
		struct buffer *buffer = &ring->buffers[i];

		if (!buffer->record && !buffer->drained) {
			int result = fill(ring, buffer);

			if (result < 0)
				return result;
		}
		if (buffer->record && (!*found || buffer->time < (*found)->time))
			*found = buffer;
	}
	return 0;
}

static void begin_round(struct percpu_ring *ring)
{
	ring->now = clock_now(CLOCK_MONOTONIC);
	for (size_t i = 0; i < ring->count; i++)
		ring->buffers[i].drained = false;
}

int percpu_ring_next(struct percpu_ring *ring, struct ring_record *record)
{
	struct buffer *buffer = ring->given;

	if (buffer)
		buffer->record = kbuffer_next_event(buffer->reader, &buffer->time);
	ring->given = NULL;
	for (;;) {
		int result;

		if (ring->now == 0)
			begin_round(ring);
		result = oldest(ring, &buffer);
		if (result < 0)
			return result;
		if (buffer && buffer->time <= ring->now)
			break;
		ring->now = 0;
		if (!buffer)
			return 0;
	}
	record->data = buffer->record;
	record->size = (size_t)kbuffer_event_size(buffer->reader);
	record->time = buffer->time;
	record->cpu = buffer->cpu;
	ring->given = buffer;
	return 1;
}

int percpu_ring_fd(const struct percpu_ring *ring)
{
	return ring->epoll;
}

/* Overwritten, or refused because the buffer was full: either way nobody will see them. */
static uint64_t read_lost(const struct percpu_ring *ring, const struct buffer *buffer)
{
	char name[64];
	char *text;
	char *line;
	char *rest;
	uint64_t lost = 0;

	snprintf(name, sizeof(name), "per_cpu/cpu%u/stats", buffer->cpu);
	text = tracefs_instance_file_read(ring->instance->tracefs, name, NULL);
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned long long number;

		if (sscanf(line, "overrun: %llu", &number) == 1 ||
		    sscanf(line, "dropped events: %llu", &number) == 1)
			lost += number;
	}
	free(text);
	return lost;
}

uint64_t percpu_ring_lost(struct percpu_ring *ring, bool thorough)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < ring->count; i++) {
		struct buffer *buffer = &ring->buffers[i];

		if (ring->gap || thorough)
			buffer->lost = read_lost(ring, buffer);
		lost += buffer->lost;
	}
	ring->gap = false;
	return lost;
}

static int open_buffer(struct percpu_ring *ring, unsigned cpu)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct buffer *buffers;
	struct buffer *buffer;
	char name[64];

	buffers = realloc(ring->buffers, (ring->count + 1) * sizeof(*buffers));
	if (!buffers)
		return -ENOMEM;
	ring->buffers = buffers;
	buffer = &buffers[ring->count];
	memset(buffer, 0, sizeof(*buffer));
	snprintf(name, sizeof(name), "per_cpu/cpu%u/trace_pipe_raw", cpu);
	buffer->cpu = cpu;
	buffer->fd = tracefs_instance_file_open(ring->instance->tracefs, name,
						O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (buffer->fd < 0)
		return errno ? -errno : -EIO;
	ring->count++;
	buffer->page = malloc(ring->page_size);
	buffer->reader = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	if (!buffer->page || !buffer->reader)
		return -ENOMEM;
	return epoll_ctl(ring->epoll, EPOLL_CTL_ADD, buffer->fd, &event) == 0 ? 0 : -errno;
}

/* Processors that are switched off have their folder too. */
static int open_buffers(struct percpu_ring *ring)
{
	char path[PATH_MAX + 16];
	DIR *folder;
	struct dirent *entry;
	int result = 0;

	snprintf(path, sizeof(path), "%s/per_cpu", ring->instance->path);
	folder = opendir(path);
	if (!folder)
		return -errno;
	while (result == 0 && (entry = readdir(folder))) {
		unsigned cpu;
		char rest;

		if (sscanf(entry->d_name, "cpu%u%c", &cpu, &rest) == 1)
			result = open_buffer(ring, cpu);
	}
	closedir(folder);
	return result;
}

int percpu_ring_open(struct percpu_ring **ring, struct instance *instance)
{
	struct percpu_ring *made = calloc(1, sizeof(*made));
	long long kib = 0;
	int result;

	*ring = NULL;
	if (!made)
		return -ENOMEM;
	made->instance = instance;
	made->page_size = (size_t)sysconf(_SC_PAGESIZE);
	/* Linux 6.8 and later: a part of the buffer can be larger than a page. */
	if (tracefs_instance_file_read_number(instance->tracefs, "buffer_subbuf_size_kb", &kib) ==
		    0 &&
	    kib > 0)
		made->page_size = (size_t)kib * 1024;
	made->epoll = epoll_create1(EPOLL_CLOEXEC);
	result = made->epoll < 0 ? -errno : open_buffers(made);
	if (result < 0) {
		percpu_ring_close(made);
		return result;
	}
	*ring = made;
	return 0;
}

void percpu_ring_close(struct percpu_ring *ring)
{
	if (!ring)
		return;
	for (size_t i = 0; i < ring->count; i++) {
		close(ring->buffers[i].fd);
		free(ring->buffers[i].page);
		kbuffer_free(ring->buffers[i].reader);
	}
	if (ring->epoll >= 0)
		close(ring->epoll);
	free(ring->buffers);
	free(ring);
}
