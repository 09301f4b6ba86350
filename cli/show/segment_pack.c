/* SPDX-License-Identifier: MIT */
/*
 * Packing and unpacking closed segments with zstd. Must never remove a segment before its packed
 * form is whole on the disk, nor pack one that somebody still writes into.
 */
#include "segment_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <evh/recording.h>

#include "cli.h"

/* A good deal smaller than with 1, and still as fast as a disk. */
#define LEVEL 3

static bool write_all(int fd, const void *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno != EINTR)
			return false;
		bytes = (const char *)bytes + (written > 0 ? written : 0);
		size -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

/* What a stream of zstd is read and written with. */
struct buffers {
	char *in, *out;
	size_t in_size, out_size;
};

static bool make_buffers(struct buffers *buffers, size_t in_size, size_t out_size)
{
	*buffers = (struct buffers){ malloc(in_size), malloc(out_size), in_size, out_size };
	return buffers->in && buffers->out;
}

static void free_buffers(struct buffers *buffers)
{
	free(buffers->in);
	free(buffers->out);
}

/* To the end of the file; what could be unpacked is written. */
static bool unpack_into(int from, int to, ZSTD_DCtx *context, struct buffers *buffers)
{
	size_t left = 0;
	ssize_t size;

	while ((size = read(from, buffers->in, buffers->in_size)) > 0) {
		ZSTD_inBuffer in = { buffers->in, (size_t)size, 0 };

		while (in.pos < in.size) {
			ZSTD_outBuffer out = { buffers->out, buffers->out_size, 0 };

			left = ZSTD_decompressStream(context, &out, &in);
			if (!write_all(to, buffers->out, out.pos) || ZSTD_isError(left))
				return false;
		}
	}
	return size == 0 && left == 0;
}

int segment_unpack(int fd, const char *name)
{
	const char *folder = getenv("TMPDIR");
	int unpacked =
		open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	ZSTD_DCtx *context = ZSTD_createDCtx();
	struct buffers buffers = { 0 };

	if (unpacked < 0 || !context ||
	    !make_buffers(&buffers, ZSTD_DStreamInSize(), ZSTD_DStreamOutSize()))
		cli_error("cannot unpack '%s': %s", name, strerror(errno));
	else if (!unpack_into(fd, unpacked, context, &buffers))
		cli_error("'%s' can't be unpacked to its end: it is damaged, or there is no room "
			  "in $TMPDIR; what comes before is shown",
			  name);
	free_buffers(&buffers);
	ZSTD_freeDCtx(context);
	if (unpacked >= 0)
		lseek(unpacked, 0, SEEK_SET);
	return unpacked;
}

/* Whether no process has the file open for writing; in doubt, it has. */
static bool is_at_rest(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
		return false;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return true;
}

static bool pack_into(int from, int to, ZSTD_CCtx *context, struct buffers *buffers)
{
	ssize_t size;

	do {
		size = read(from, buffers->in, buffers->in_size);
		if (size < 0)
			return false;

		ZSTD_EndDirective end = size ? ZSTD_e_continue : ZSTD_e_end;
		ZSTD_inBuffer in = { buffers->in, (size_t)size, 0 };
		size_t left;

		do {
			ZSTD_outBuffer out = { buffers->out, buffers->out_size, 0 };

			left = ZSTD_compressStream2(context, &out, &in, end);
			if (ZSTD_isError(left) || !write_all(to, buffers->out, out.pos))
				return false;
		} while (in.pos < in.size || (end == ZSTD_e_end && left));
	} while (size > 0);
	return true;
}

static bool compress(int from, int to)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	struct buffers buffers = { 0 };
	bool done = context && make_buffers(&buffers, ZSTD_CStreamInSize(), ZSTD_CStreamOutSize());

	if (done) {
		ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
		ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
		done = pack_into(from, to, context, &buffers);
	}
	free_buffers(&buffers);
	ZSTD_freeCCtx(context);
	return done;
}

/* The packed form, with the owner and rights of the segment; whether it is whole on the disk. */
static bool make_packed(int from, const char *segment, int to)
{
	char head[EVH_RECORDING_PACKED_HEAD];
	struct stat status;

	return evh_recording_packed_head(segment, head) == 0 && fstat(from, &status) == 0 &&
	       (fchown(to, status.st_uid, status.st_gid) == 0 || status.st_uid == geteuid()) &&
	       fchmod(to, status.st_mode & 0777) == 0 && write_all(to, head, sizeof(head)) &&
	       compress(from, to) && fsync(to) == 0;
}

static void pack(const char *segment)
{
	int from = open(segment, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), to;
	char *packed = NULL, *fresh = NULL;

	if (from < 0)
		return;
	if (is_at_rest(from) && asprintf(&packed, "%s.zst", segment) > 0 &&
	    asprintf(&fresh, "%s.XXXXXX", packed) > 0) {
		to = mkostemp(fresh, O_CLOEXEC);
		/* A name that is taken is somebody else's. */
		if (to >= 0 && make_packed(from, segment, to) && is_at_rest(from) &&
		    link(fresh, packed) == 0)
			unlink(segment);
		if (to >= 0) {
			unlink(fresh);
			close(to);
		}
	}
	free(packed);
	free(fresh);
	close(from);
}

void segments_pack(const char *path)
{
	struct evh_recording_rules rules;
	char **names;
	int count;

	if (evh_recording_get_rules(path, &rules) != 0 || !rules.compress)
		return;
	count = evh_recording_segments(path, &names);
	/* The last one is being written. */
	for (int i = 0; i + 1 < count; i++) {
		size_t size = strlen(names[i]);

		if (size < 4 || strcmp(names[i] + size - 4, ".zst") != 0)
			pack(names[i]);
	}
	if (count > 0)
		free(names);
}
