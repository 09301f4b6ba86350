/* SPDX-License-Identifier: MIT */
/*
 * What write.c and send.c share: whether a call is ours to look at, and calling the original with a
 * copy of what it was given held over it.
 */
#ifndef LT_CAPTURED_CALL_H
#define LT_CAPTURED_CALL_H

#include "lines.h"
#include "log_socket.h"
#include "real.h"
#include "stderr_copies.h"

/* Whether a write of this descriptor is ours to look at. */
static inline bool captured(int fd)
{
	return lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR) && lt_copies_is_captured(fd);
}

/* LOGTAP_PASSTHROUGH=off: in the place of the original. */
LT_COLD ssize_t lt_swallow(int fd, const void *bytes, size_t size);
LT_COLD ssize_t lt_swallow_pieces(int fd, const struct iovec *pieces, size_t count);

/* What a call accepted, of which `copy` was made before it. */
static inline void take_accepted(int fd, const struct lt_log_target *target, struct lt_copy *copy,
				 const struct iovec *pieces, size_t count, size_t size)
{
	if (lt_likely(target->kind == LT_COPY_STDERR))
		lt_lines_take_copy(fd, copy, pieces, count, size);
	else
		lt_log_take(target, copy, pieces, count, size);
}

/*
 * Calls the original with a copy of `count` pieces held over it, and takes what it accepted. Where
 * it goes is asked for before: by then the number may be another file's.
 */
#define CALL_WITH_COPY(result, original, fd, target, pieces, count)                                \
	do {                                                                                       \
		struct lt_copy copy_;                                                              \
                                                                                                   \
		lt_copy_before(&copy_, pieces, count);                                             \
		(result) = original;                                                               \
		if ((result) > 0)                                                                  \
			take_accepted(fd, target, &copy_, pieces, count, (size_t)(result));        \
		lt_copy_release(&copy_);                                                           \
	} while (0)

/* The functions with one piece; those that programs call for each line have a way of their own. */
#define WRITE_ANY_SIZE(name, parameters, arguments)                                                \
	static __attribute__((noinline)) ssize_t name##_of_any_size parameters                     \
	{                                                                                          \
		const struct lt_log_target target = lt_log_target_of(fd);                          \
		struct iovec piece = { (void *)bytes, size };                                      \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_copies_swallow(fd))                                                         \
			return lt_swallow(fd, bytes, size);                                        \
		CALL_WITH_COPY(result, LT_REAL(name) arguments, fd, &target, &piece, 1);           \
		return result;                                                                     \
	}

#define WRITE_FUNCTION(name, parameters, arguments)                                                \
	WRITE_ANY_SIZE(name, parameters, arguments)                                                \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		return name##_of_any_size arguments;                                               \
	}

#endif
