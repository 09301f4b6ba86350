/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a file, pipe or buffer, in chunks. A record that waits to be sorted keeps its chunk
 * alive, so no record is ever copied; chunks that nobody needs are used again.
 */
#ifndef EVH_INPUT_H
#define EVH_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A huge page, so that a window of them costs few page faults. */
#define CHUNK_SIZE ((size_t)2 << 20)

struct chunk {
	struct chunk *next; /* in the list of spare ones */
	uint8_t *data;
	size_t size;	 /* bytes filled */
	size_t capacity; /* 0: somebody else's memory */
	unsigned int references;
};

struct input {
	int fd; /* -1: a buffer */
	bool regular;
	bool follow;
	bool wait;    /* block for more, instead of -EAGAIN */
	bool patient; /* something else tells when enough has come: wait for silence */
	uint64_t held_since;
	struct chunk *chunk;
	size_t next;	 /* the first unread byte in the chunk */
	uint64_t offset; /* its place in the file */
	uint64_t end;	 /* place in the file to stop at; UINT64_MAX: none */
	struct chunk *spare;
	unsigned int chunks; /* that somebody needs */
	struct packed
		*packed; /* where bytes come from instead of the file; NULL: it isn't packed */
};

int input_init(struct input *in, int fd);
int input_init_buffer(struct input *in, const void *bytes, size_t size);
void input_free(struct input *in);

/*
 * Makes `count` unread bytes, and `keep` bytes before them, stand in one piece.
 *
 * 1; 0 when the end comes first (what there is stands in one piece); -EAGAIN when there are not
 * so many yet; or a negative errno.
 */
int input_need_slow(struct input *in, size_t count, size_t keep);

static inline size_t input_available(const struct input *in)
{
	return in->chunk->size - in->next;
}

static inline int input_need(struct input *in, size_t count, size_t keep)
{
	if (input_available(in) >= count)
		return 1;
	return input_need_slow(in, count, keep);
}

static inline const uint8_t *input_at(const struct input *in)
{
	return in->chunk->data + in->next;
}

/* Of bytes that input_need promised. */
static inline void input_consume(struct input *in, size_t count)
{
	in->next += count;
	in->offset += count;
}

/*
 * Goes on with what the file unpacks to, as if that were a pipe. Nothing must have been consumed. 0
 * or -ENOMEM.
 */
int input_unpack(struct input *in);

/* Whether the file was packed and its end isn't there, or is damaged. */
bool input_is_cut(const struct input *in);

/* Goes on at another place of a regular file or buffer. */
int input_seek(struct input *in, uint64_t offset);

/* Goes on at the beginning of another file, without what is unread. 0 or a negative errno. */
int input_change_file(struct input *in, int fd);

/* Reads no further than this place. What was read before stays readable: seek first. */
void input_set_end(struct input *in, uint64_t end);

/* Exactly `size` bytes from a place of a regular file or buffer; -ENODATA when they aren't there.
 */
int input_read_at(const struct input *in, uint64_t offset, void *bytes, size_t size);

/* Bytes of a regular file or buffer by now; 0 for what has no size. */
uint64_t input_size(const struct input *in);

struct chunk *chunk_new(struct input *in, size_t capacity);

static inline void chunk_hold(struct chunk *chunk)
{
	chunk->references++;
}

void chunk_release(struct input *in, struct chunk *chunk);

#endif
