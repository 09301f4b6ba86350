/* SPDX-License-Identifier: MIT */
/*
 * Files that the kernel copies to stderr, past the process: GNU cat's `cat FILE >&2`, where stderr
 * is a file as well, and sendfile(). What was copied is read once more from the file, at the place
 * where the copy began.
 *
 * Must never move the offset of a file: others may share it.
 */
#include <errno.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captured_call.h"
#include "debug_file.h"
#include "mapping.h"
#include "own_calls.h"
#include "raw.h"

#define CHUNK ((size_t)65536)

/* A device may answer otherwise the second time, or have given away what it had. */
static __attribute__((noinline)) bool is_file(int fd)
{
	struct stat64 status = { 0 };

	return lt_may(LT_CALL_STAT) && LT_RAW2(SYS_fstat, fd, &status) == 0 &&
	       S_ISREG(status.st_mode);
}

/*
 * Where a call reads from, or -1: nobody can say, or nobody asks. offset: the program's, of `width`
 * bytes; where these are 4, numbers begin with the lowest byte.
 */
static off64_t source_of(int in, const void *offset, size_t width, int out)
{
	off64_t place = 0;

	if (lt_likely(!lt_heard(LT_WORD_STDERR)) || !lt_copies_is_stderr(out))
		return -1;
	if (!lt_may(LT_CALL_COPIES) || !is_file(in))
		return -1;
	if (!offset)
		return evh_seek(in, SEEK_CUR);
	return lt_copy_read(&place, offset, width) == width ? place : -1;
}

static LT_COLD void take_again(int out, int in, off64_t place, size_t size)
{
	struct lt_mapping mapping;

	/* Asked once more: the call may have blocked for long. */
	if (!lt_may(LT_CALL_COPIES) || lt_mapping_open(&mapping, size < CHUNK ? size : CHUNK)) {
		lt_count_lost();
		return;
	}
	while (size) {
		long got = evh_pread(in, mapping.address, size < mapping.size ? size : mapping.size,
				     place);

		if (got <= 0) {
			lt_count_refused(-EFAULT);
			break;
		}
		lt_lines_take(out, mapping.address, (size_t)got);
		place += got;
		size -= (size_t)got;
	}
	lt_mapping_close(&mapping);
}

static ssize_t copied(int out, int in, off64_t place, ssize_t size)
{
	if (lt_unlikely(place >= 0) && size > 0)
		take_again(out, in, place, (size_t)size);
	return size;
}

LT_EXPORT ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset,
				  size_t size, unsigned flags)
{
	off64_t place = source_of(in, in_offset, sizeof(*in_offset), out);

	if (!LT_REAL(copy_file_range)) {
		errno = ENOSYS;
		return -1;
	}
	return copied(out, in, place,
		      lt_real.copy_file_range(in, in_offset, out, out_offset, size, flags));
}

LT_EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t size)
{
	off64_t place = source_of(in, offset, sizeof(*offset), out);

	return copied(out, in, place, LT_REAL(sendfile)(out, in, offset, size));
}

LT_EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t size)
{
	off64_t place = source_of(in, offset, sizeof(*offset), out);

	return copied(out, in, place, LT_REAL(sendfile64)(out, in, offset, size));
}
