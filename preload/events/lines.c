/* SPDX-License-Identifier: MIT */
/*
 * Line assembly. A line that arrives whole goes out from the copy that was made before the call;
 * pieces are kept in the thread until the newline; what outgrows that goes out as parts.
 *
 * What is kept is claimed for the time that it is worked on, behind the program's own call. So
 * whoever finds it claimed by its own thread is a handler that interrupted just this, and nothing
 * stays claimed when a handler leaves a call of the program's by siglongjmp (longjmp.c sees to the
 * rest). Must never lock: such a handler would wait for itself.
 */
#include "pieces.h"

#include <stdio.h>
#include <unistd.h>

#include "debug_file.h"
#include "own_calls.h"
#include "raw.h"
#include "registry.h"
#include "spin.h"

/* The bytes of a handler that interrupted the thread's own assembly: lines without a memory. */
static __attribute__((noinline)) void take_nested(int fd, const char *bytes, size_t size)
{
	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;

		lt_line_send_alone(fd, bytes, length, newline ? "\n" : "");
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
}

/* The largest line that is sent from where it lies, or from a buffer. */
#define WHOLE_MAX (LT_EVENT_MAX - LT_LINE_HEAD)

_Static_assert(EVH_TAILROOM == sizeof(uint64_t), "what send_own keeps");

static uint64_t bytes_at(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return bytes;
}

static void put_back(char *at, uint64_t bytes)
{
	memcpy(at, &bytes, sizeof(bytes));
}

/* A line in our own memory, others behind it. */
static void send_own(struct lt_thread *thread, int fd, char *bytes, size_t size)
{
	/* By value: unwinding would have to take care of a variable that has an address. */
	uint64_t behind = bytes_at(bytes + size);

	lt_lines_send(thread, fd, bytes, size);
	put_back(bytes + size, behind);
}

/* A line in other memory. Whether a buffer is free. */
static bool send_copied(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char *line;

	if (lt_unlikely(!buffer))
		return false;
	line = (char *)buffer->event + LT_LINE_HEAD;
	memcpy(line, bytes, size);
	lt_lines_send(thread, fd, line, size);
	lt_buffer_release(buffer);
	return true;
}

static void take_line(struct lt_thread *thread, int fd, const char *bytes, size_t size, bool own)
{
	if (lt_unlikely(thread->cut)) {
		thread->cut = false;
		lt_line_set_open(thread);
	} else if (thread->open || size > WHOLE_MAX) {
		lt_line_end(thread, fd, bytes, size, "\n");
	} else if (own) {
		send_own(thread, fd, (char *)bytes, size);
	} else if (!send_copied(thread, fd, bytes, size)) {
		lt_line_end(thread, fd, bytes, size, "\n");
	}
}

/* At the end of exit(), which runs in one thread: whether that is this one. */
static bool is_collector(const struct lt_thread *thread)
{
	return __atomic_load_n(&lt_ending, __ATOMIC_RELAXED) &&
	       thread == __atomic_load_n(&lt_collector, __ATOMIC_RELAXED);
}

static void take_lines(struct lt_thread *thread, int fd, const char *bytes, size_t size, bool own)
{
	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;

		if (newline)
			take_line(thread, fd, bytes, length, own);
		else if (!thread->cut)
			lt_line_keep(thread, fd, bytes, size);
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
	/* Behind exit()'s handlers nothing but stdio's last bytes are to come. */
	if (lt_unlikely(is_collector(thread)) && thread->open && !thread->cut)
		lt_line_end(thread, fd, "", 0, "");
}

/* Whether the thread's line is its own now; false: it was already, and this is a handler. */
static bool claim(struct lt_thread *thread)
{
	for (unsigned turn = 0;; turn++) {
		uint8_t state = LT_CLAIM_FREE;

		if (lt_likely(__atomic_compare_exchange_n(&thread->claim, &state, LT_CLAIM_OWN,
							  false, __ATOMIC_ACQUIRE,
							  __ATOMIC_ACQUIRE)))
			return true;
		if (state == LT_CLAIM_TAKEN)
			break;
		if (state == LT_CLAIM_OWN || !lt_spin(turn))
			return false;
	}
	__atomic_store_n(&thread->claim, LT_CLAIM_OWN, __ATOMIC_RELAXED);
	thread->used = 0;
	thread->parts.next = 0;
	thread->cut = true;
	return true;
}

static void release(struct lt_thread *thread)
{
	__atomic_store_n(&thread->claim, LT_CLAIM_FREE, __ATOMIC_RELEASE);
}

static __attribute__((noinline)) void take(int fd, const char *bytes, size_t size, bool own)
{
	struct lt_thread *thread = &lt_thread;

	lt_thread_enter(thread);
	if (lt_unlikely(!claim(thread))) {
		take_nested(fd, bytes, size);
		return;
	}
	take_lines(thread, fd, bytes, size, own);
	release(thread);
}

void lt_lines_take(int fd, const void *bytes, size_t size)
{
	take(fd, bytes, size, false);
}

void lt_lines_take_own(int fd, char *bytes, size_t size)
{
	take(fd, bytes, size, true);
}

/*
 * Whether the thread logged in this process: whoever did not has nothing unfinished, and is not to
 * be announced for that. Most children of fork never do.
 */
static bool has_begun(const struct lt_thread *thread)
{
	return thread->generation &&
	       thread->generation == __atomic_load_n(&lt_process->generation, __ATOMIC_RELAXED);
}

static void flush(bool goes_on)
{
	struct lt_thread *thread = &lt_thread;

	if (!has_begun(thread) || !thread->open || (goes_on && !thread->used) || !claim(thread))
		return;
	if (thread->cut)
		;
	else if (goes_on)
		lt_line_send_part(thread, STDERR_FILENO, "", 0);
	else
		lt_line_end(thread, STDERR_FILENO, "", 0, "");
	release(thread);
}

void lt_lines_flush(void)
{
	flush(false);
}

void lt_lines_flush_part(void)
{
	flush(true);
}

bool lt_lines_unfinished(void)
{
	struct lt_thread *thread = &lt_thread;

	return has_begun(thread) && thread->open && !thread->cut &&
	       __atomic_load_n(&thread->claim, __ATOMIC_RELAXED) == LT_CLAIM_FREE;
}

/*
 * Claims what another thread has unfinished: nothing else of the thread may be touched, which may
 * be writing meanwhile. Whether there is something.
 */
static bool claim_other(struct lt_thread *thread)
{
	uint8_t state = LT_CLAIM_FREE;

	for (unsigned turn = 0;
	     !__atomic_compare_exchange_n(&thread->claim, &state, LT_CLAIM_TAKING, false,
					  __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
	     turn++, state = LT_CLAIM_FREE)
		if (state != LT_CLAIM_OWN || !lt_spin(turn))
			return false;
	if (__atomic_load_n(&thread->generation, __ATOMIC_RELAXED) == lt_process_generation() &&
	    thread->open && !thread->cut)
		return true;
	release(thread);
	return false;
}

/* Takes it over: from then on it is no longer that thread's. */
static bool take_over(struct lt_thread *thread, struct lt_thread *copy)
{
	if (!claim_other(thread))
		return false;
	copy->parts = thread->parts;
	copy->severity = thread->severity;
	copy->lines = thread->lines;
	copy->used = thread->used;
	memcpy(copy->piece, thread->piece, sizeof(copy->piece));
	__atomic_store_n(&thread->claim, LT_CLAIM_TAKEN, __ATOMIC_RELEASE);
	return true;
}

static __attribute__((noinline)) void flush_other(size_t index)
{
	/* There is one collector, and its stack may be a handler's. */
	static struct lt_thread copy;
	struct lt_thread *thread = lt_registry_pin(index, &lt_thread);
	bool took = thread && take_over(thread, &copy);

	if (thread)
		lt_registry_unpin(index);
	if (took)
		lt_line_end(&copy, STDERR_FILENO, "", 0, "");
}

void lt_lines_flush_others(void)
{
	const struct lt_thread *none = NULL;

	if (!__atomic_compare_exchange_n(&lt_collector, &none, &lt_thread, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return;
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		flush_other(i);
}

static void flush_part_of_other(size_t index)
{
	struct lt_thread *thread = lt_registry_pin(index, &lt_thread);

	if (!thread)
		return;
	if (claim_other(thread)) {
		if (thread->used)
			lt_line_send_part(thread, STDERR_FILENO, "", 0);
		release(thread);
	}
	lt_registry_unpin(index);
}

void lt_lines_flush_parts_of_others(void)
{
	for (size_t i = 0; lt_heard(LT_WORD_STDERR) && i < LT_REGISTRY_MAX; i++)
		flush_part_of_other(i);
}

void lt_lines_flush_before_stdio(void)
{
	extern FILE _IO_2_1_stderr_ __attribute__((weak));
	const FILE *file = &_IO_2_1_stderr_;

	flush(file && file->_IO_write_ptr > file->_IO_write_base);
}
