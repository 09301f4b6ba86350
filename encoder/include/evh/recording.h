/* SPDX-License-Identifier: MIT */
/*
 * Recordings: files that events are appended to without kernel support. A recording is a perf.data
 * stream (pipe form), so that `perf script -i FILE` reads it, and it survives a crash: there is
 * nothing to finish.
 *
 * One process creates the file; any number of processes open it with evh_transport_open_file and
 * append, each event with one write. The head lists the tracepoints; nothing else can be recorded.
 */
#ifndef EVH_RECORDING_H
#define EVH_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Creates `path` (mode 0600, as perf does) and writes a head that lists `count` tracepoints; an
 * existing file becomes `path`.old, replacing an older one. An existing `path` that is neither a
 * regular file nor absent (a device, a folder) is left alone.
 *
 * names: whole tracepoint names (`<provider>_L<level>K<keyword>[options]`), each once. A plain
 *	tracepoint (evh/plain.h) has its fields behind a space: "myco_opened u32 attempt", or only
 *	the space where it has none.
 *
 *	static const char *const names[] = { "MyCo_App_L2K1", "myco_opened u32 attempt" };
 *	int error = evh_recording_create("app.data", names, 2);
 *
 * 0, or -EINVAL (no name, a bad or a repeated one), -E2BIG (more names than a head holds: about
 * 280), -EISDIR, -EEXIST (`path` is no regular file), -EACCES, -ENOENT (its folder), -ENOSPC ...
 * On error nothing of the new file is left. Not for signal handlers; any thread.
 */
EVH_API int evh_recording_create(const char *path, const char *const names[], size_t count);

#define EVH_RECORDING_IDENTITY_SIZE 112 /* bytes, with the terminator */

/*
 * The same, and tells the new recording's identity: `?id=` and more, to be put behind its path for
 * evh_transport_open_file, in this and in other processes. Who was given that never writes into
 * another recording that stands at the path by then. It is as secret as the recording: who knows it
 * and can replace the file can collect events of programs that run with his own rights.
 */
EVH_API int evh_recording_create_identified(const char *path, const char *const names[],
					    size_t count,
					    char identity[EVH_RECORDING_IDENTITY_SIZE]);

/*
 * The identity of a recording that exists. 0, or -EINVAL (no recording), -ENOENT, -EACCES ... Any
 * thread; async-signal-safe.
 */
EVH_API int evh_recording_identify(const char *path, char identity[EVH_RECORDING_IDENTITY_SIZE]);

/*
 * When the writers of a recording go on in a new file, and how many of the old ones stay. All zero:
 * it remains one file.
 */
struct evh_recording_rules {
	uint64_t size_max; /* bytes of a segment; 0: any. At least four heads (some 64 KiB) */
	uint64_t age_max;  /* nanoseconds that a segment is written to; 0: any */
	uint32_t keep;	   /* closed segments that are kept; older ones are removed. 0: all */
	bool compress;	   /* who reads it may replace closed segments by PATH.N.zst */
};

/*
 * As evh_recording_create_identified, for a recording that goes on in segments: PATH.1, PATH.2 ...,
 * numbers that others' files have being left out, and PATH, which is another name (a hard link) of
 * the newest one. Each is a recording by itself, with the same identity. Its writers make the next
 * one, whichever comes first; what an existing PATH has of segments becomes PATH.old.N.
 *
 * rules: NULL, or all zero: evh_recording_create_identified.
 * Also -EINVAL (segments too small), -EPERM, -EOPNOTSUPP (a file system without hard links).
 */
EVH_API int evh_recording_create_segmented(const char *path, const char *const names[],
					   size_t count, const struct evh_recording_rules *rules,
					   char identity[EVH_RECORDING_IDENTITY_SIZE]);

/*
 * The segments that there are of the recording at `path`, the oldest first, the one that is written
 * to last: their paths, malloc'ed in one piece (free() it), with a NULL behind them. Compressed
 * ones end in `.zst`. None: it is one file, or no recording. Their number, or a negative errno. Any
 * thread; not for signal handlers.
 */
EVH_API int evh_recording_segments(const char *path, char ***segments);

/*
 * The rules that the recording at `path` has; all zero: it is one file. 0, or -EINVAL (no
 * recording), -ENOENT, -EACCES ... Any thread; not for signal handlers.
 */
EVH_API int evh_recording_get_rules(const char *path, struct evh_recording_rules *rules);

#define EVH_RECORDING_PACKED_HEAD 32 /* bytes */

/*
 * What a compressed segment begins with, in front of its zstd data: a frame that unpackers skip. By
 * it the recording's writers know it as theirs. `path`: the segment that is compressed. Results as
 * evh_recording_get_rules.
 */
EVH_API int evh_recording_packed_head(const char *path, char head[EVH_RECORDING_PACKED_HEAD]);

/*
 * Gives a recording and its segments another name in the same folder, replacing what is there, or
 * removes them; what is no recording is a file like any other. 0 or a negative errno, where a part
 * of them may have been done. Not for signal handlers.
 */
EVH_API int evh_recording_rename(const char *path, const char *to);
EVH_API int evh_recording_remove(const char *path);

#ifdef __cplusplus
}
#endif
#endif
