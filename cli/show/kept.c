/* SPDX-License-Identifier: MIT */
/*
 * Bytes of events in the order in which they came. Some megabytes stay in memory, what is more goes
 * to an unnamed file in $TMPDIR; must never keep more in memory than places of what is kept.
 */
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Beyond this the bytes go to the file. */
#define MEMORY_MAX ((size_t)32 << 20)

struct kept {
	uint64_t last;
	bool reverse;
	uint64_t *ends; /* where each event ends among all bytes that ever came */
	size_t count;
	size_t capacity;
	size_t first;	  /* of those in `ends`: what is before isn't wanted any more */
	uint64_t begin;	  /* where event 0 of `ends` begins */
	uint64_t flushed; /* bytes in front of those in memory: in the file, or unwanted */
	uint64_t in_file; /* of these: where the file begins */
	struct evh_text text;
	int fd;
};

struct kept *kept_new(uint64_t last, bool reverse)
{
	struct kept *kept = calloc(1, sizeof(*kept));

	if (kept) {
		kept->last = last;
		kept->reverse = reverse;
		kept->fd = -1;
	}
	return kept;
}

void kept_free(struct kept *kept)
{
	if (!kept)
		return;
	if (kept->fd >= 0)
		close(kept->fd);
	evh_text_free(&kept->text);
	free(kept->ends);
	free(kept);
}

static uint64_t begin_of(const struct kept *kept, size_t index)
{
	return index ? kept->ends[index - 1] : kept->begin;
}

/* Forgets the places of what isn't wanted any more, once they are half of all. */
static void drop_places(struct kept *kept)
{
	if (kept->first < 1024 || kept->first < kept->count / 2)
		return;
	kept->begin = begin_of(kept, kept->first);
	kept->count -= kept->first;
	memmove(kept->ends, kept->ends + kept->first, kept->count * sizeof(*kept->ends));
	kept->first = 0;
}

static int open_file(struct kept *kept)
{
	const char *folder = getenv("TMPDIR");

	kept->fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	kept->in_file = kept->flushed;
	return kept->fd < 0 ? -errno : 0;
}

/* Makes room in memory: what isn't wanted goes, what is goes to the file. */
static int make_room(struct kept *kept)
{
	uint64_t wanted = begin_of(kept, kept->first);
	size_t done = 0;
	int result;

	if (kept->fd < 0 && wanted > kept->flushed + kept->text.size / 2) {
		done = (size_t)(wanted - kept->flushed);
		kept->text.size -= done;
		memmove(kept->text.data, kept->text.data + done, kept->text.size);
		kept->flushed = wanted;
		return 0;
	}
	result = kept->fd < 0 ? open_file(kept) : 0;
	if (result < 0)
		return result;
	while (done < kept->text.size) {
		ssize_t count = pwrite(kept->fd, kept->text.data + done, kept->text.size - done,
				       (off_t)(kept->flushed - kept->in_file + done));

		if (count < 0 && errno != EINTR)
			return -errno;
		done += count > 0 ? (size_t)count : 0;
	}
	kept->flushed += done;
	evh_text_clear(&kept->text);
	return 0;
}

int kept_add(struct kept *kept, const char *data, size_t size)
{
	if (kept->text.size > MEMORY_MAX) {
		int result = make_room(kept);

		if (result < 0)
			return result;
	}
	drop_places(kept);
	if (kept->count == kept->capacity) {
		size_t capacity = kept->capacity ? kept->capacity * 2 : 1024;
		uint64_t *larger = realloc(kept->ends, capacity * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		kept->ends = larger;
		kept->capacity = capacity;
	}
	evh_text_append(&kept->text, data, size);
	kept->ends[kept->count] = begin_of(kept, kept->count) + size;
	kept->count++;
	if (kept->count - kept->first > kept->last)
		kept->first++;
	return kept->text.error;
}

/* The bytes of one event, wherever they are; a file's in `buffer`. NULL after an error. */
static const char *bytes_of(struct kept *kept, size_t index, size_t size, struct evh_text *buffer)
{
	uint64_t begin = begin_of(kept, index);
	size_t done = 0;
	char *out;

	if (begin >= kept->flushed)
		return kept->text.data + (begin - kept->flushed);
	evh_text_clear(buffer);
	out = evh_text_reserve(buffer, size);
	while (out && done < size) {
		ssize_t count = pread(kept->fd, out + done, size - done,
				      (off_t)(begin - kept->in_file + done));

		if (count == 0 || (count < 0 && errno != EINTR))
			return NULL;
		done += count > 0 ? (size_t)count : 0;
	}
	return out;
}

int kept_each(struct kept *kept, int (*take)(void *argument, const char *data, size_t size),
	      void *argument)
{
	struct evh_text buffer = { 0 };
	size_t count = kept->count - kept->first;
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++) {
		size_t index = kept->reverse ? kept->count - 1 - i : kept->first + i;
		size_t size = (size_t)(kept->ends[index] - begin_of(kept, index));
		const char *data = size ? bytes_of(kept, index, size, &buffer) : "";

		result = data ? take(argument, data, size) : -EIO;
	}
	evh_text_free(&buffer);
	return result;
}
