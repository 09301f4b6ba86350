/* SPDX-License-Identifier: MIT */
/*
 * Writing what the formats have made: all of it, also to a descriptor that somebody else made
 * non-blocking. Must never write after a write failed: what follows would stand in the wrong place.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "output.h"

/* Beyond this the number of writes no longer shows in the time that writing takes. */
#define FLUSH_SIZE ((size_t)256 << 10)

/* A larger buffer isn't kept. */
#define KEEP_SIZE ((size_t)16 << 20)

/* A descriptor that somebody else made non-blocking. */
static void wait_for_room(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };

	poll(&poller, 1, -1);
}

static void write_all(struct output *output, const char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size && !output->error) {
		ssize_t count = write(output->fd, bytes + done, size - done);

		if (count >= 0)
			done += (size_t)count;
		else if (errno == EAGAIN)
			wait_for_room(output->fd);
		else if (errno != EINTR)
			output->error = errno;
	}
}

int output_flush(struct output *output)
{
	struct evh_text *text = &output->text;

	if (text->error && !output->error)
		output->error = -text->error;
	write_all(output, text->data, text->size);
	output->written += text->size;
	/* What one huge event took is given back. */
	if (text->capacity > KEEP_SIZE)
		evh_text_free(text);
	else
		evh_text_clear(text);
	return -output->error;
}

void output_bytes(struct output *output, const void *bytes, size_t size)
{
	if (output->error)
		return;
	/* What is large goes out from where it is. */
	if (size >= FLUSH_SIZE && !output->hold) {
		output_flush(output);
		write_all(output, bytes, size);
		output->written += size;
		return;
	}
	evh_text_append(&output->text, bytes, size);
	if (!output->hold)
		output_flush_full(output);
}

void output_flush_full(struct output *output)
{
	if (output->text.size >= FLUSH_SIZE)
		output_flush(output);
}
