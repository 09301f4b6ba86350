/* SPDX-License-Identifier: MIT */
/*
 * dprintf and its relatives on a stderr descriptor. The original is called first; in glibc up to
 * 2.36 its bytes pass libio's write slot and are taken there. Otherwise the text is formatted once
 * more, for us, when the original has succeeded.
 *
 * Known gaps, from glibc 2.37 on: what a dprintf accepted before it failed, and what the program
 * would notice if it was formatted twice.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "captured_call.h"
#include "debug_file.h"
#include "mapping.h"
#include "nested.h"
#include "real.h"
#include "stderr_copies.h"
#include "syslog_internal.h"

#define PLAIN (-1) /* in place of the fortify flag */

/* `before` is errno as the original saw it, for %m. */
static void take_formatted(int fd, const struct lt_log_target *target, int size, int before,
			   const char *format, va_list arguments)
{
	char small[256];
	struct lt_mapping mapping = { .address = small, .size = sizeof(small) };

	if ((size_t)size >= sizeof(small) && lt_mapping_open(&mapping, (size_t)size + 1)) {
		lt_count_lost();
		return;
	}
	errno = before;
	if (vsnprintf(mapping.address, (size_t)size + 1, format, arguments) != size)
		;
	else if (lt_likely(target->kind == LT_COPY_STDERR))
		lt_lines_take(fd, mapping.address, (size_t)size);
	else
		lt_log_take_own(target, mapping.address, (size_t)size);
	if (mapping.address != small)
		lt_mapping_close(&mapping);
}

static int call(int fd, int flag, const char *format, va_list arguments)
{
	if (flag == PLAIN || !LT_REAL(__vdprintf_chk))
		return LT_REAL(vdprintf)(fd, format, arguments);
	return LT_REAL(__vdprintf_chk)(fd, flag, format, arguments);
}

static LT_COLD int swallow(int fd, const char *format, va_list arguments)
{
	const struct lt_log_target lines = { .kind = LT_COPY_STDERR };
	int before = errno;
	va_list again;
	int size;

	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size > 0)
		take_formatted(fd, &lines, size, before, format, arguments);
	return size;
}

static __attribute__((noinline)) int call_and_take(int fd, int flag, const char *format,
						   va_list arguments)
{
	struct lt_nested outer = lt_nested_enter(LT_NESTED_DPRINTF, __builtin_frame_address(0));
	const struct lt_log_target target = lt_log_target_of(fd);
	int before = errno;
	va_list again;
	int result, after;
	bool seen;

	va_copy(again, arguments);
	result = call(fd, flag, format, arguments);
	after = errno;
	seen = lt_nested_seen();
	lt_nested_leave(&outer);
	if (result > 0 && !seen && lt_syslog_notices(format))
		lt_count_lost();
	else if (result > 0 && !seen)
		take_formatted(fd, &target, result, before, format, again);
	va_end(again);
	errno = after;
	return result;
}

static int print(int fd, int flag, const char *format, va_list arguments)
{
	if (lt_likely(!captured(fd)))
		return call(fd, flag, format, arguments);
	if (lt_copies_swallow(fd))
		return swallow(fd, format, arguments);
	return call_and_take(fd, flag, format, arguments);
}

LT_EXPORT int vdprintf(int fd, const char *format, va_list arguments)
{
	return print(fd, PLAIN, format, arguments);
}

int __vdprintf_chk(int fd, int flag, const char *format, va_list arguments);

LT_EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list arguments)
{
	return print(fd, flag, format, arguments);
}

LT_EXPORT int dprintf(int fd, const char *format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = print(fd, PLAIN, format, arguments);
	va_end(arguments);
	return result;
}

int __dprintf_chk(int fd, int flag, const char *format, ...);

LT_EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = print(fd, flag, format, arguments);
	va_end(arguments);
	return result;
}
