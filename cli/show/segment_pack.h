/* SPDX-License-Identifier: MIT */
/* Closed segments in compressed form: PATH.N.zst, which zstdcat unpacks. */
#ifndef LOGTAP_SEGMENT_PACK_H
#define LOGTAP_SEGMENT_PACK_H

/*
 * What a compressed segment holds, as an unnamed file in $TMPDIR or /tmp. fd: open for reading, at
 * its beginning; name: for the line on stderr where it can't be unpacked to its end (what comes
 * before is there). The descriptor, or -1.
 */
int segment_unpack(int fd, const char *name);

/*
 * Replaces the closed segments of the recording at `path` by compressed ones, where it was recorded
 * with --compress, nobody has them open for writing, and the user may. Silent: it is no job that
 * anybody waits for.
 */
void segments_pack(const char *path);

#endif
