/* SPDX-License-Identifier: MIT */
/*
 * The one place that all of stdio's output passes: the write function in libio's jump tables, for
 * byte streams (_IO_file_jumps) and wide ones (_IO_wfile_jumps). glibc calls itself without the
 * PLT, so that wrapping fprintf and its relatives would miss perror, warn, error, assert, getopt
 * and many more.
 *
 * Must never install anything unless both tables look exactly as expected: one entry, and only one,
 * that equals the exported _IO_file_write, and stderr's own table being the one we found.
 */
#include "stdio_slot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captured_call.h"
#include "nested.h"
#include "own_calls.h"
#include "raw.h"
#include "real.h"
#include "stderr_copies.h"

/* Two dummies and 19 functions, since glibc 2.1 (struct _IO_jump_t). */
#define TABLE_ENTRIES 21

typedef ssize_t (*write_slot)(FILE *, const void *, ssize_t);

/* The function that was in the slot. */
static write_slot original LT_START_DATA;

/*
 * Whether a FILE is one that an interposed function that is under way made on its own stack. A
 * handler's own FILE never lies there.
 */
static bool is_inner(const FILE *file, const char *here)
{
	const char *address = (const char *)file;

	return address > here && address < lt_thread.nested;
}

static bool same_file(int fd, int other)
{
	struct stat64 a = { 0 }, b = { 0 };

	return LT_RAW2(SYS_fstat, fd, &a) == 0 && LT_RAW2(SYS_fstat, other, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_rdev == b.st_rdev;
}

/*
 * A copy, or stderr's FILE: that, not its number, says what the program means, which may have
 * assigned another one. Apart, so that number 2 pays nothing for it.
 */
static __attribute__((noinline)) bool is_stderr_after_all(const FILE *file)
{
	if (file == stderr)
		return !lt_copies_is_null(file->_fileno);
	return lt_copies_is_stderr(file->_fileno);
}

static __attribute__((noinline)) bool is_stderr_to_perror(const FILE *file)
{
	return is_stderr_after_all(file) ||
	       (lt_may(LT_CALL_STAT) && same_file(file->_fileno, STDERR_FILENO) &&
		!lt_copies_is_null(STDERR_FILENO));
}

/* Whether what is written to `file` is to be taken. Only asked when somebody listens. */
static bool wanted(FILE *file, const char *here)
{
	int fd = file->_fileno;

	switch (here < lt_thread.nested ? lt_thread.nested_kind : LT_NESTED_NONE) {
	case LT_NESTED_DPRINTF:
		if (is_inner(file, here))
			lt_thread.nested_seen = 1;
		break;
	case LT_NESTED_PSIGINFO:
		lt_thread.nested_seen = 1;
		break;
	case LT_NESTED_SYSLOG:
		if (is_inner(file, here))
			return false;
		break;
	case LT_NESTED_PERROR:
		return is_stderr_to_perror(file);
	default:
		break;
	}
	return lt_likely(lt_copies_is_sure(fd)) || is_stderr_after_all(file);
}

/* The stream's own buffer, which is locked: nobody changes it before the call returns. */
static bool in_buffer(const FILE *file, const char *bytes, size_t size)
{
	return bytes >= file->_IO_buf_base && bytes < file->_IO_buf_end &&
	       size <= (size_t)(file->_IO_buf_end - bytes);
}

/* What is not for stderr: a log socket may have a FILE, too, such as sd_journal_stream_fd's. */
static __attribute__((noinline)) ssize_t write_elsewhere(FILE *file, const void *bytes,
							 ssize_t size)
{
	int fd = file->_fileno;
	struct iovec piece = { (void *)bytes, (size_t)size };
	struct lt_log_target target;
	ssize_t result;

	if (lt_likely(!captured(fd)) || lt_copies_kind(fd) == LT_COPY_STDERR)
		return original(file, bytes, size);
	target = lt_log_target_of(fd);
	CALL_WITH_COPY(result, original(file, bytes, size), fd, &target, &piece, 1);
	return result;
}

static __attribute__((noinline)) ssize_t write_any_size(FILE *file, const void *bytes, size_t size)
{
	struct iovec piece = { (void *)bytes, size };
	struct lt_copy copy;
	int fd = file->_fileno;
	ssize_t result;

	if (lt_copies_swallow(fd) && lt_readable(bytes, size)) {
		lt_lines_take(fd, bytes, size);
		return (ssize_t)size;
	}
	if (in_buffer(file, bytes, size)) {
		result = original(file, bytes, (ssize_t)size);
		if (result > 0)
			lt_lines_take(fd, bytes, (size_t)result);
		return result;
	}
	lt_copy_before(&copy, &piece, 1);
	result = original(file, bytes, (ssize_t)size);
	if (result > 0)
		lt_lines_take_copy(fd, &copy, &piece, 1, (size_t)result);
	lt_copy_release(&copy);
	return result;
}

LT_COPYING ssize_t write_short(FILE *file, const void *bytes, ssize_t size)
{
	struct lt_short_line line;
	size_t length = lt_lines_copy_short(&line, bytes, (size_t)size);

	return lt_lines_take_short(file->_fileno, &line, length, original(file, bytes, size));
}

static __attribute__((noinline)) ssize_t write_heard(FILE *file, const void *bytes, ssize_t size)
{
	const char *here = __builtin_frame_address(0);

	if (!wanted(file, here))
		return write_elsewhere(file, bytes, size);
	if (lt_unlikely((size_t)size - 1 >= LT_SHORT_LINE || lt_copies_swallow(file->_fileno) ||
			!lt_copy_is_sure(bytes, (size_t)size, here)))
		return write_any_size(file, bytes, (size_t)size);
	return write_short(file, bytes, size);
}

/*
 * In the place of _IO_file_write: how many bytes were written; errors are in the FILE. Its result
 * is exact for a partial write, too. All ways end in a jump: see user_events_send.h.
 */
static ssize_t write_and_take(FILE *file, const void *bytes, ssize_t size)
{
	uint32_t heard = lt_heard_word();

	if (lt_likely(!heard))
		return original(file, bytes, size);
	if (lt_likely(heard & LT_WORD_STDERR))
		return write_heard(file, bytes, size);
	return write_elsewhere(file, bytes, size);
}

static void **find_entry(void *table, const void *function)
{
	void **entries = table, **found = NULL;

	for (int i = 0; table && i < TABLE_ENTRIES; i++) {
		if (entries[i] != function)
			continue;
		if (found)
			return NULL;
		found = &entries[i];
	}
	return found;
}

/* The pointer behind stderr's FILE is its table, byte or wide. */
static bool is_stderr_table(const void *byte_table, const void *wide_table)
{
	extern char _IO_2_1_stderr_[] __attribute__((weak));
	const void *table;

	if (!_IO_2_1_stderr_)
		return false;
	memcpy(&table, _IO_2_1_stderr_ + sizeof(FILE), sizeof(table));
	return table == byte_table || table == wide_table;
}

/* Writes two entries, which lie on one page or on neighbouring ones, of memory that is read-only.
 */
static int patch(void **one, void **other, void *function)
{
	uintptr_t page = getauxval(AT_PAGESZ);
	uintptr_t low = (uintptr_t)(one < other ? one : other) & -page;
	uintptr_t high = ((uintptr_t)(one < other ? other : one) & -page) + page;
	long error;

	if (high - low > 4 * page)
		return -EINVAL;
	error = LT_RAW3(SYS_mprotect, low, high - low, PROT_READ | PROT_WRITE);
	if (error < 0)
		return (int)error;
	__atomic_store_n(one, function, __ATOMIC_RELAXED);
	__atomic_store_n(other, function, __ATOMIC_RELAXED);
	LT_RAW3(SYS_mprotect, low, high - low, PROT_READ);
	return 0;
}

int lt_slot_install(void)
{
	void *function = (void *)lt_real._IO_file_write;
	void *byte_table = (void *)lt_real._IO_file_jumps;
	void *wide_table = (void *)lt_real._IO_wfile_jumps;
	void **byte_entry, **wide_entry;

	if (!function || !is_stderr_table(byte_table, wide_table))
		return -ENOSYS;
	byte_entry = find_entry(byte_table, function);
	wide_entry = find_entry(wide_table, function);
	if (!byte_entry || !wide_entry)
		return -ENOSYS;
	original = (write_slot)function;
	return patch(byte_entry, wide_entry, (void *)write_and_take);
}
