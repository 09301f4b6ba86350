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

#include <stddef.h>

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

#ifdef __cplusplus
}
#endif
#endif
