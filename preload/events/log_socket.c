/* SPDX-License-Identifier: MIT */
/*
 * Messages and entries to the system's log; the lines of streams are log_lines.c's. What was
 * accepted is put together in memory of ours, taken apart there, and sent.
 *
 * Must never write to what is the program's, nor trust that it is still there.
 */
#include "log_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "emit.h"
#include "emit_journal.h"
#include "lines.h"
#include "log_lines.h"
#include "log_message.h"
#include "mapping.h"
#include "own_calls.h"
#include "raw.h"

/* Whether it is this machine's name, whole or up to its domain. */
static __attribute__((noinline)) bool is_host(const char *name, size_t size)
{
	struct utsname names;
	const char *dot;

	if (!lt_may(LT_CALL_HOST) || LT_RAW1(SYS_uname, &names) < 0)
		return false;
	if (strlen(names.nodename) == size && !memcmp(names.nodename, name, size))
		return true;
	dot = strchr(names.nodename, '.');
	return dot && (size_t)(dot - names.nodename) == size && !memcmp(names.nodename, name, size);
}

/* Receivers drop what ends a message: a newline, a NUL, or both. */
static size_t without_end(const char *text, size_t size)
{
	while (size && !text[size - 1])
		size--;
	return size && text[size - 1] == '\n' ? size - 1 : size;
}

static void send_message(char *bytes, size_t size)
{
	const struct lt_log_sender sender = { lt_process->pid, is_host };
	struct lt_log_message message;

	lt_log_message_read(&message, bytes, without_end(bytes, size), &sender);
	lt_emit_syslog(message.severity, message.facility,
		       message.ident && message.ident[0] ? message.ident : lt_program, message.text,
		       message.size);
}

/* Several messages of a stream are each ended by a NUL. */
static void send_messages(char *bytes, size_t size)
{
	while (size) {
		const char *end = memchr(bytes, '\0', size);
		size_t length = end && (size_t)(end - bytes) + 1 < size && end[1] == '<'
					? (size_t)(end - bytes) + 1
					: size;

		send_message(bytes, length);
		bytes += length;
		size -= length;
	}
}

static void send_entries(char *bytes, size_t size)
{
	struct lt_journal_entry entry;

	while (size) {
		size_t length = lt_journal_entry_read(&entry, bytes, size);

		if (!length)
			return;
		if (entry.message || entry.fields_size)
			lt_emit_journal(&entry);
		bytes += length;
		size -= length;
	}
}

struct lt_log_target lt_log_target_of(int fd)
{
	uint64_t word = fd < 0 || lt_copies_is_sure(fd) ? 0 : lt_copy_table_get(fd);

	return (struct lt_log_target){ lt_copy_kind(word), word & LT_COPY_FILE };
}

void lt_log_take_own(const struct lt_log_target *target, char *bytes, size_t size)
{
	if (target->kind == LT_COPY_JOURNAL)
		send_entries(bytes, size);
	else if (target->kind == LT_COPY_STREAM)
		lt_log_lines_take(target->file, bytes, size);
	else
		send_messages(bytes, size);
}

/* No copy, or not of all: the rest is read from where the program has it. */
static LT_COLD void take_all(const struct lt_log_target *target, const struct lt_copy *copy,
			     size_t copied, const struct iovec *pieces, size_t count, size_t size)
{
	struct lt_mapping mapping;
	size_t got;

	if (lt_mapping_open(&mapping, size + 1)) {
		lt_count_lost();
		return;
	}
	if (copied)
		memcpy(mapping.address, copy->bytes, copied);
	got = copied +
	      lt_lines_read_rest(pieces, count, copied, mapping.address + copied, size - copied);
	if (got < size)
		lt_count_refused(-EFAULT);
	lt_log_take_own(target, mapping.address, got);
	lt_mapping_close(&mapping);
}

void lt_log_take(const struct lt_log_target *target, struct lt_copy *copy,
		 const struct iovec *pieces, size_t count, size_t size)
{
	size_t copied = lt_copy_after(copy);

	if (copied >= size)
		lt_log_take_own(target, copy->bytes, size);
	else
		take_all(target, copy, copied, pieces, count, size);
}

void lt_log_take_message(const struct lt_log_target *target, const struct mmsghdr *message)
{
	struct lt_copy none = { 0 };
	struct mmsghdr head;

	if (lt_copy_read(&head, message, sizeof(head)) == sizeof(head) && head.msg_len)
		lt_log_take(target, &none, head.msg_hdr.msg_iov, head.msg_hdr.msg_iovlen,
			    head.msg_len);
}

/* Larger ones no journal takes (DATA_SIZE_MAX of systemd). */
#define FILE_MAX ((int64_t)768 << 20)

static __attribute__((noinline)) int64_t size_of(int fd)
{
	struct stat64 status = { 0 };

	if (!lt_may(LT_CALL_STAT) || LT_RAW2(SYS_fstat, fd, &status) < 0 ||
	    !S_ISREG(status.st_mode))
		return 0;
	return status.st_size;
}

void lt_log_take_file(int fd)
{
	int64_t size = size_of(fd);
	struct lt_mapping mapping;
	long got;

	if (size <= 0)
		return;
	if (size > FILE_MAX || !lt_may(LT_CALL_COPIES) ||
	    lt_mapping_open(&mapping, (size_t)size + 1)) {
		lt_count_lost();
		return;
	}
	got = evh_pread(fd, mapping.address, size, 0);
	if (got > 0)
		send_entries(mapping.address, (size_t)got);
	lt_mapping_close(&mapping);
}
