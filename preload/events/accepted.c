/* SPDX-License-Identifier: MIT */
/*
 * What a call accepted, from the copy that was made before it; and the rest, where there was no
 * room for a copy or the program's memory could not be read then.
 *
 * Must never trust that the program's memory is still there.
 */
#include "debug_file.h"
#include "lines.h"

/* A place in what a call was given. */
struct place {
	const struct iovec *pieces;
	size_t count;
	size_t skip; /* bytes of the first piece that are behind us */
};

/* Reads up to `size` bytes from there on, and moves on. Fewer: no more can be read. */
static size_t read_on(struct place *place, char *to, size_t size)
{
	size_t done = 0;

	while (done < size && place->count) {
		struct iovec piece;
		size_t wanted, got;

		if (lt_copy_read(&piece, place->pieces, sizeof(piece)) != sizeof(piece))
			break;
		if (place->skip >= piece.iov_len) {
			place->skip -= piece.iov_len;
			place->pieces++;
			place->count--;
			continue;
		}
		wanted = piece.iov_len - place->skip;
		if (wanted > size - done)
			wanted = size - done;
		got = lt_copy_read(to + done, (const char *)piece.iov_base + place->skip, wanted);
		place->skip += got;
		done += got;
		if (got < wanted)
			break;
	}
	return done;
}

size_t lt_lines_read_rest(const struct iovec *pieces, size_t count, size_t skip, char *to,
			  size_t size)
{
	return read_on(&(struct place){ pieces, count, skip }, to, size);
}

/*
 * In steps of what an event's buffer holds: the line goes on from one to the next. Whether all
 * could be read.
 */
static LT_COLD bool take_rest(int fd, struct place *place, size_t size)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char *chunk;

	if (!buffer) {
		lt_count_lost();
		return false;
	}
	chunk = (char *)buffer->event + LT_LINE_HEAD;
	while (size) {
		size_t wanted = LT_EVENT_MAX - LT_LINE_HEAD;
		size_t got;

		if (wanted > size)
			wanted = size;
		got = read_on(place, chunk, wanted);
		if (got)
			lt_lines_take_own(fd, chunk, got);
		size -= got;
		if (got < wanted) {
			lt_count_refused(-EFAULT);
			break;
		}
	}
	lt_buffer_release(buffer);
	return !size;
}

void lt_lines_take_copy(int fd, struct lt_copy *copy, const struct iovec *pieces, size_t count,
			size_t size)
{
	size_t copied = lt_copy_after(copy);
	struct place place = { pieces, count, copied < size ? copied : size };

	if (copied > size)
		copied = size;
	if (copied)
		lt_lines_take_own(fd, copy->bytes, copied);
	if (copied == size)
		return;
	/* What can't be read any more was the end of this line; the next call begins another. */
	if (!take_rest(fd, &place, size - copied) && copied)
		lt_lines_flush();
}

void lt_lines_take_message(int fd, const struct mmsghdr *message)
{
	struct lt_copy none = { 0 };
	struct mmsghdr head;

	if (lt_copy_read(&head, message, sizeof(head)) != sizeof(head))
		return;
	lt_lines_take_copy(fd, &none, head.msg_hdr.msg_iov, head.msg_hdr.msg_iovlen, head.msg_len);
}
