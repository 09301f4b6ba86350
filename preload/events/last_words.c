/* SPDX-License-Identifier: MIT */
/* See last_words.h. Must never touch the heap, which may be broken. */
#include "last_words.h"

#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "abort_message.h"
#include "buffers.h"
#include "call_copies.h"
#include "emit.h"
#include "stderr_copies.h"

/*
 * Of a text that libc says and that is captured otherwise, its end, by which it is known again: the
 * name of the source file whose assertion failed, or all of it. Copied, since it may be a library's
 * that is gone by then.
 */
static char captured_text[64];

void lt_last_words_are_captured(const char *text)
{
	size_t size = strlen(text), room = sizeof(captured_text) - 1;
	size_t left = size < room ? 0 : size - room;

	memcpy(captured_text, text + left, size - left + 1);
}

/* Until glibc 2.38, libc's own assertions pass stdio, too. */
static bool is_captured(const char *text)
{
	return (captured_text[0] && strstr(text, captured_text)) || strstr(text, ": Assertion `");
}

static void send_lines(const char *text, size_t size)
{
	while (size) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline ? (size_t)(newline - text) : size;
		struct lt_message message = { { text, text }, { length, 0 } };

		lt_emit_stderr(LOG_CRIT, &message);
		length += newline != NULL;
		text += length;
		size -= length;
	}
}

/* In memory of ours: libc unmaps it when another thread has last words as well. */
static LT_COLD __attribute__((noinline)) void send_message(const char *text)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char *copy;
	size_t size;

	if (!buffer) {
		lt_count_lost();
		return;
	}
	copy = (char *)buffer->event;
	size = lt_copy_read(copy, text, sizeof(buffer->event) - 1);
	copy[size] = '\0';
	if (!is_captured(copy))
		send_lines(copy, strlen(copy));
	lt_buffer_release(buffer);
}

void lt_last_words(void)
{
	const char *text = lt_abort_message_take();

	if (lt_unlikely(text) && lt_heard(LT_WORD_STDERR) && lt_copies_is_captured(STDERR_FILENO))
		send_message(text);
}
