/* SPDX-License-Identifier: MIT */
/*
 * Lines from bytes, whatever pieces they come in and whichever way they are handed over: compared
 * with a reader so simple that it can be seen to be right.
 */
#include "lines.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emit_internal.h"
#include "layers.h"
#include "own_calls.h"

/* What lines are expected. The texts' memory is never given back: each test is a process. */
struct expected {
	size_t count;
	struct {
		int severity;
		size_t size;
		const char *text;
	} lines[600];
};

static void expect_line(struct expected *expected, const char *text, size_t size, int severity)
{
	char *copy = malloc(size + 1);

	memcpy(copy, text, size);
	copy[size] = '\0';
	cr_assert_lt(expected->count, sizeof(expected->lines) / sizeof(*expected->lines));
	expected->lines[expected->count].severity = severity;
	expected->lines[expected->count].size = size;
	expected->lines[expected->count++].text = copy;
}

/* The simple reader: all the bytes of a thread at once. */
static struct expected *read_simply(const char *bytes, size_t size)
{
	struct expected *expected = calloc(1, sizeof(*expected));
	struct lt_severity_state state = { 0 };

	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;
		size_t skip = 0;
		int severity = -1;

		if (lt_settings.detect)
			severity = lt_severity_continue(&state, bytes, length, lt_settings.detect,
							&skip);

		expect_line(expected, bytes + skip, length - skip,
			    severity < 0 ? lt_settings.stderr_level : severity);
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
	return expected;
}

static bool is_utf8(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];
		size_t more = byte < 0x80 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;

		if ((byte & 0xc0) == 0x80 || i + more >= size)
			return false;
		for (; more; more--)
			if (((unsigned char)text[++i] & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/* The line that begins with the event at *next, which is moved behind its last part. */
static char *join(const struct seen_list *seen, size_t *next, size_t *size, bool whole_characters)
{
	const struct seen *first = &seen->events[*next];
	uint32_t part = 0;
	char *text = malloc(1);

	*size = 0;
	for (;; part++) {
		const struct seen *event;

		cr_assert_lt(*next, seen->count, "a line's last part is missing");
		event = &seen->events[(*next)++];
		cr_assert_eq(event->is_part, first->is_part, "a line among another's parts");
		/* What overwrites the text before it may be of another one. */
		if (!memchr(event->message, '\r', event->size))
			cr_assert_str_eq(event->severity, first->severity);
		cr_assert_eq(event->index, layers_index(event->level, LT_CAPTURE_STDERR));
		cr_assert_str_eq(event->ident, "tested");
		if (whole_characters)
			cr_assert(is_utf8(event->message, event->size), "a character was cut");
		text = realloc(text, *size + event->size + 1);
		memcpy(text + *size, event->message, event->size);
		*size += event->size;
		if (!event->is_part)
			break;
		cr_assert_str_eq(event->name, "stderr.part");
		cr_assert_eq(event->message_id, first->message_id);
		cr_assert_eq(event->part, part);
		if (event->last)
			break;
	}
	text[*size] = '\0';
	return text;
}

/* Lines have the severity of their last part. */
static void compare(const struct expected *expected, bool whole_characters, const char *what)
{
	struct seen_list seen = layers_events();
	size_t next = 0, line = 0;

	for (; next < seen.count; line++) {
		size_t size;
		char *text = join(&seen, &next, &size, whole_characters);

		cr_assert_lt(line, expected->count, "%s: one line too much: '%s'", what, text);
		cr_assert(size == expected->lines[line].size &&
				  !memcmp(text, expected->lines[line].text, size),
			  "%s: line %zu is '%.200s' instead of '%.200s'", what, line, text,
			  expected->lines[line].text);
		cr_assert_str_eq(seen.events[next - 1].severity,
				 lt_severity_name(expected->lines[line].severity), "%s: '%.200s'",
				 what, text);
		free(text);
	}
	cr_assert_eq(line, expected->count, "%s: %zu lines instead of %zu", what, line,
		     expected->count);
	layers_free(&seen);
}

/* Nothing can be asked of the kernel: what may not be readable is read when the call has returned.
 */
static bool confined;

/* The ways to hand bytes over. What a write of the program's accepted is in each of them. */
enum way { TAKE, TAKE_OWN, TAKE_SHORT, TAKE_COPY, TAKE_COPY_PARTLY, TAKE_COPY_UNCOPIED, WAYS };

static void hand_over_short(const char *bytes, size_t size)
{
	struct lt_short_line line;
	size_t length = lt_lines_copy_short(&line, bytes, size);

	cr_assert_eq(lt_lines_take_short(2, &line, length, (ssize_t)size), (ssize_t)size);
}

static void hand_over_own(const char *bytes, size_t size)
{
	char *own = malloc(LT_LINE_FRONT + size + EVH_TAILROOM);

	memcpy(own + LT_LINE_FRONT, bytes, size);
	lt_lines_take_own(2, own + LT_LINE_FRONT, size);
	free(own);
}

/* In up to three pieces, one of them empty; `more` bytes that the call did not accept behind. */
static void hand_over_copy(const char *bytes, size_t size, size_t more, bool copied)
{
	char *given = malloc(size + more + 1);
	struct iovec pieces[4] = { { given, size / 3 },
				   { NULL, 0 },
				   { given + size / 3, size - size / 3 },
				   { given + size, more } };
	struct lt_copy copy = { 0 };

	memcpy(given, bytes, size);
	memset(given + size, '\n', more);
	if (copied) {
		lt_copy_before(&copy, pieces, 4);
		/* Whoever reads them may change them before the call returns. */
		if (!confined)
			memset(given, 'X', size);
	}
	if (size)
		lt_lines_take_copy(2, &copy, pieces, 4, size);
	lt_copy_release(&copy);
	free(given);
}

static void hand_over(enum way way, const char *bytes, size_t size)
{
	char *copy;

	switch (way) {
	case TAKE_OWN:
		hand_over_own(bytes, size);
		return;
	case TAKE_SHORT:
		if (size > 0 && size <= LT_SHORT_LINE) {
			hand_over_short(bytes, size);
			return;
		}
		break;
	case TAKE_COPY:
	case TAKE_COPY_PARTLY:
		hand_over_copy(bytes, size, way == TAKE_COPY ? 0 : 5, true);
		return;
	case TAKE_COPY_UNCOPIED:
		hand_over_copy(bytes, size, 0, false);
		return;
	case TAKE:
	case WAYS:
		break;
	}
	/* In memory of its own, so that a sanitizer sees who reads beyond it. */
	copy = malloc(size + 1);
	memcpy(copy, bytes, size);
	lt_lines_take(2, copy, size);
	free(copy);
}

TestSuite(lines, .init = layers_start);

Test(lines, every_way_to_split)
{
	static const char text[] = "<3>e\n\nd\xc3\xa9\n\ng";
	const size_t size = sizeof(text) - 1;
	struct expected *expected = read_simply(text, size);
	char what[64];

	cr_assert_eq(expected->count, 5);
	for (int way = 0; way < WAYS; way++) {
		for (unsigned cuts = 0; cuts < 1u << (size - 1); cuts++) {
			size_t from = 0;

			snprintf(what, sizeof(what), "way %d, cuts %#x", way, cuts);
			layers_forget();
			for (size_t to = 1; to <= size; to++) {
				if (to < size && !(cuts >> (to - 1) & 1))
					continue;
				hand_over((enum way)way, text + from, to - from);
				from = to;
			}
			cr_assert(lt_lines_unfinished());
			lt_lines_flush();
			cr_assert_not(lt_lines_unfinished());
			compare(expected, false, what);
			/* The next text begins a stream of its own. */
			memset(&lt_thread.lines, 0, sizeof(lt_thread.lines));
		}
	}
	cr_assert_eq(layers_count("sent"), (uint64_t)WAYS * 5 << (size - 1));
	cr_assert_eq(layers_count("captured"), layers_count("sent"));
}

/* Texts whose severity is seen at their beginning, so that a long line's doesn't hang on its parts.
 */
static const char *const beginnings[] = {
	"plain text", "error: it broke",  "<4>", "warning: odd", "", "    at x.y(Z.java:1)",
	"DEBUG z",    "\xe2\x82\xac and", "x",
};
static const char *const characters[] = { "a", " ", "\xc3\xa9", "\xe2\x82\xac",
					  "\xf0\x9f\x90\xa7" };

static size_t add(char *text, size_t at, const char *more)
{
	memcpy(text + at, more, strlen(more));
	return at + strlen(more);
}

static size_t make_text(char *text, size_t room, uint64_t *random)
{
	size_t size = 0;
	unsigned lines = 1 + layers_random(random) % 20;

	while (lines-- && size + 12000 < room) {
		uint32_t kind = layers_random(random) % 16;
		size_t length = kind == 0   ? layers_random(random) % 10000
				: kind < 3  ? 200 + layers_random(random) % 40
				: kind < 5  ? LT_PIECE_MAX - 8 + layers_random(random) % 16
				: kind == 5 ? LT_EVENT_MAX - 160 + layers_random(random) % 160
					    : layers_random(random) % 80;
		size_t begin = size;

		size = add(text, size, beginnings[layers_random(random) % 9]);
		/* Progress bars: states, each in front of the next one, or a return behind all. */
		for (unsigned states = length < 80 ? layers_random(random) % 8 : 0; states > 4;
		     states--) {
			size = add(text, size, states % 2 ? "\r" : "\r\r");
			size = add(text, size, beginnings[layers_random(random) % 9]);
		}
		while (size - begin < length)
			size = add(text, size, characters[layers_random(random) % 5]);
		if (length < 80 && layers_random(random) % 8 == 0)
			text[size++] = '\r';
		if (lines || layers_random(random) % 2)
			text[size++] = '\n';
	}
	return size;
}

/* Random texts in random pieces, by random ways, with the thread's room from empty to full. */
static void compare_random(void)
{
	static char text[200000];
	uint64_t random = 20;
	char what[64];

	for (int round = 0; round < 400; round++) {
		size_t size = make_text(text, sizeof(text), &random);
		size_t at = 0, most = 1 + layers_random(&random) % (round % 2 ? 30 : 2000);
		struct expected *expected;

		lt_settings.detect = round % 4 ? LT_DETECT_ON : LT_DETECT_OFF;
		expected = read_simply(text, size);
		snprintf(what, sizeof(what), "round %d, pieces of up to %zu", round, most);
		layers_forget();
		memset(&lt_thread.lines, 0, sizeof(lt_thread.lines));
		while (at < size) {
			size_t piece = layers_random(&random) % most + 1;

			piece = piece > size - at ? size - at : piece;
			hand_over((enum way)(layers_random(&random) % WAYS), text + at, piece);
			at += piece;
			/* Before a program is started, say. A severity that it cuts is not seen. */
			if (!lt_settings.detect && layers_random(&random) % 64 == 0)
				lt_lines_flush_part();
		}
		lt_lines_flush();
		compare(expected, true, what);
	}
	cr_assert_eq(layers_count("captured"), layers_count("sent"));
}

Test(lines, model)
{
	compare_random();
}

Test(lines, model_under_a_filter)
{
	confined = true;
	lt_refused = LT_CALLS_ALL & ~(uint32_t)LT_CALLS_PLAIN;
	compare_random();
}

static void write_text(const char *text)
{
	lt_lines_take(STDERR_FILENO, text, strlen(text));
}

/* A process that is killed leaves what it showed, but for the last state. */
Test(lines, states_are_sent_as_they_are_overwritten)
{
	struct seen_list seen;

	write_text("\r10%");
	seen = layers_events();
	cr_assert_eq(seen.count, 0, "nothing was overwritten yet");
	write_text("\rerror: retrying");
	write_text("\r30%");
	seen = layers_events();
	cr_assert_eq(seen.count, 2);
	cr_assert_str_eq(seen.events[0].message, "\r10%");
	cr_assert_str_eq(seen.events[1].message, "\rerror: retrying");
	cr_assert_str_eq(seen.events[1].severity, "err");
	write_text("\r100%\r");
	write_text("\r\n");
	seen = layers_events();
	cr_assert_eq(seen.count, 4);
	cr_assert_str_eq(seen.events[2].message, "\r30%");
	cr_assert_str_eq(seen.events[3].message, "\r100%\r\r");
	cr_assert(seen.events[3].last);
	cr_assert_str_eq(seen.events[3].severity, "info");
}

/* One that is below LOGTAP_LEVEL is no part of the message: the next one doesn't miss it. */
Test(lines, states_that_nobody_wants)
{
	struct seen_list seen;

	lt_settings.level = 3;
	write_text("10%\r");
	write_text("error: a\r");
	write_text("30%\r");
	write_text("error: b\n");
	seen = layers_events();
	cr_assert_eq(seen.count, 2);
	cr_assert_str_eq(seen.events[0].message, "\rerror: a");
	cr_assert_eq(seen.events[0].part, 0);
	cr_assert_str_eq(seen.events[1].message, "\r30%\rerror: b");
	cr_assert_eq(seen.events[1].part, 1);
	cr_assert(seen.events[1].last);
}

/* What ends a line in two writes overwrites nothing. */
Test(lines, line_feed_behind_a_return)
{
	struct seen_list seen;

	write_text("error: a\r");
	write_text("\n");
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.events[0].message, "error: a\r");
	cr_assert_str_eq(seen.events[0].severity, "err");
}

/* Bytes that are no text: each comes through, at any cut. */
Test(lines, any_bytes)
{
	static char bytes[9000];
	uint64_t random = 7;
	struct expected *expected;

	lt_settings.detect = LT_DETECT_OFF;
	for (int round = 0; round < 60; round++) {
		size_t at = 0, size = layers_random(&random) % sizeof(bytes) + 1;

		expected = calloc(1, sizeof(*expected));
		for (size_t i = 0; i < size; i++) {
			bytes[i] = (char)layers_random(&random);
			if (bytes[i] == '\n')
				bytes[i] = '\xc3';
		}
		expect_line(expected, bytes, size, lt_settings.stderr_level);
		layers_forget();
		while (at < size) {
			size_t piece = layers_random(&random) % 700 + 1;

			piece = piece > size - at ? size - at : piece;
			hand_over((enum way)(layers_random(&random) % WAYS), bytes + at, piece);
			at += piece;
		}
		hand_over(TAKE, "\n", 1);
		compare(expected, false, "any bytes");
	}
}

/* A piece that fills the thread's room to the last byte is kept; one more makes a part. */
Test(lines, room_of_the_thread)
{
	char text[LT_PIECE_MAX + 1];
	struct seen_list seen;

	memset(text, 'r', sizeof(text));
	lt_lines_take(2, text, LT_PIECE_MAX - 1);
	lt_lines_take(2, text, 1);
	seen = layers_events();
	cr_assert_eq(seen.count, 0);
	lt_lines_take(2, "\xc3", 1);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_eq(seen.events[0].size, LT_PIECE_MAX, "the character's first byte waits");
	cr_assert(seen.events[0].is_part && !seen.events[0].last && seen.events[0].part == 0);
	lt_lines_take(2, "\xa9\n", 2);
	seen = layers_events();
	cr_assert_eq(seen.count, 2);
	cr_assert_str_eq(seen.events[1].message, "\xc3\xa9");
	cr_assert(seen.events[1].last && seen.events[1].part == 1);
	cr_assert_eq(seen.events[0].message_id, seen.events[1].message_id);
}

Test(lines, two_long_lines_have_two_ids)
{
	static char text[LT_EVENT_MAX * 2 + 1];
	struct seen_list seen;

	memset(text, 'i', sizeof(text));
	text[LT_EVENT_MAX] = '\n';
	text[LT_EVENT_MAX * 2] = '\n';
	lt_lines_take(2, text, sizeof(text));
	seen = layers_events();
	cr_assert_eq(seen.count, 4);
	cr_assert_neq(seen.events[0].message_id, seen.events[2].message_id);
}

/* The end of a line that comes later, or never. */
Test(lines, flush)
{
	struct seen_list seen;

	lt_lines_flush();
	lt_lines_flush_part();
	cr_assert_not(lt_lines_unfinished());
	lt_lines_take(2, "one", 3);
	cr_assert(lt_lines_unfinished());
	lt_lines_flush_part();
	lt_lines_flush_part();
	cr_assert(lt_lines_unfinished(), "it goes on");
	lt_lines_take(2, "two", 3);
	lt_lines_flush();
	lt_lines_flush();
	seen = layers_events();
	cr_assert_eq(seen.count, 2, "nothing is sent twice, and no empty line");
	cr_assert_str_eq(seen.events[0].message, "one");
	cr_assert_str_eq(seen.events[1].message, "two");
	cr_assert(seen.events[0].is_part && !seen.events[0].last && seen.events[1].last);
}

/* A line whose bytes all went out as parts, and whose end is the newline alone. */
Test(lines, empty_last_part)
{
	struct seen_list seen;

	lt_lines_take(2, "begun", 5);
	lt_lines_flush_part();
	lt_lines_take(2, "\n", 1);
	seen = layers_events();
	cr_assert_eq(seen.count, 2);
	cr_assert(seen.events[1].last && seen.events[1].size == 0);
}

/* What the call did not accept was not written, in each of the ways that know more than that. */
Test(lines, accepted_partly)
{
	for (ssize_t accepted = -1; accepted <= 8; accepted++) {
		struct lt_short_line line;
		size_t length = lt_lines_copy_short(&line, "abc\ndef\n", 8);
		struct expected *expected =
			read_simply("abc\ndef\n", accepted > 0 ? (size_t)accepted : 0);

		cr_assert_eq(length, 3);
		layers_forget();
		cr_assert_eq(lt_lines_take_short(2, &line, length, accepted), accepted);
		lt_lines_flush();
		compare(expected, false, "short");
	}
}

/* As if another thread's call had the memory that a copy would need. */
Test(lines, no_slot_is_free)
{
	struct iovec piece = { (char[]){ "taken\n" }, 6 };
	struct lt_copy copies[17];
	struct seen_list seen;

	for (int i = 0; i < 17; i++)
		lt_copy_before(&copies[i], &piece, 1);
	cr_assert_not_null(copies[15].bytes);
	cr_assert_null(copies[16].bytes);
	lt_lines_take_copy(2, &copies[16], &piece, 1, 6);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.events[0].message, "taken");
	for (int i = 0; i < 17; i++)
		lt_copy_release(&copies[i]);
	lt_copy_before(&copies[0], &piece, 1);
	cr_assert_not_null(copies[0].bytes, "released slots are free again");
}

/* A jump out of a call takes its copy away; a call that is still under way finds that out. */
Test(lines, abandoned_copies)
{
	struct iovec piece = { (char[]){ "left\n" }, 5 };
	struct lt_copy copies[16];

	for (int i = 0; i < 16; i++)
		lt_copy_before(&copies[i], &piece, 1);
	cr_assert_eq(lt_thread.held, 16);
	lt_copy_table_abandon(&lt_thread);
	cr_assert_eq(lt_thread.held, 0);
	cr_assert_eq(lt_copy_after(&copies[3]), 0);
	for (int i = 0; i < 16; i++) {
		lt_copy_before(&copies[i], &piece, 1);
		cr_assert_not_null(copies[i].bytes);
	}
}

static char *two_pages(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(pages, MAP_FAILED);
	cr_assert_eq(munmap(pages + 4096, 4096), 0);
	memset(pages, 'm', 4096);
	return pages;
}

/* Addresses that nobody may read, as a null device takes them. */
Test(lines, unreadable)
{
	char *pages = two_pages();
	struct iovec pieces[2] = { { pages + 4093, 3 }, { pages + 4096, 100 } };
	struct lt_copy copy;
	struct seen_list seen;

	lt_copy_before(&copy, pieces, 2);
	cr_assert_eq(copy.size, 3);
	lt_lines_take_copy(2, &copy, pieces, 2, 103);
	lt_copy_release(&copy);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.events[0].message, "mmm", "what could be read is a line");
	cr_assert_eq(layers_count("refused-unreadable"), 1);
	lt_copy_before(&copy, (struct iovec *)(pages + 4096), 1);
	cr_assert_null(copy.bytes, "the array itself");
	lt_lines_take_copy(2, &copy, (struct iovec *)(pages + 4096), 1, 8);
	lt_copy_before(&copy, NULL, 1);
	cr_assert_null(copy.bytes);
	lt_copy_before(&copy, pieces, 1025);
	cr_assert_null(copy.bytes);
	lt_lines_take_message(2, (struct mmsghdr *)(pages + 4096));
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
}

/* Up to a MiB is copied; the rest is read afterwards, and the line is one. */
Test(lines, longer_than_a_copy)
{
	const size_t size = ((size_t)1 << 20) + 5000;
	char *text = malloc(size);
	struct iovec piece = { text, size };
	struct lt_copy copy;
	struct expected *expected;

	memset(text, 'L', size);
	text[size - 1] = '\n';
	lt_copy_before(&copy, &piece, 1);
	cr_assert_eq(copy.size, (size_t)1 << 20);
	lt_lines_take_copy(2, &copy, &piece, 1, size);
	lt_copy_release(&copy);
	expected = read_simply(text, size);
	compare(expected, true, "more than a MiB");
}

Test(lines, message_of_sendmmsg)
{
	struct iovec pieces[2] = { { (char[]){ "me" }, 2 }, { (char[]){ "ssage\nnot sent" }, 14 } };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = pieces, .msg_iovlen = 2 },
				   .msg_len = 8 };
	struct seen_list seen;

	lt_lines_take_message(2, &message);
	cr_assert_not(lt_lines_unfinished());
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.events[0].message, "message");
}

static int events_file;
static volatile int interrupted;

/* In the middle of a send: the thread has claimed its line, and a handler writes as well. */
static void write_inside(int signal)
{
	(void)signal;
	lt_transport.fd = events_file;
	interrupted++;
	lt_lines_take(2, "inner\nunfinished", 16);
}

/* The kernel sends SIGPIPE from within our write, which makes this exact to the instruction. */
static void interrupt_next_send(void)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	close(ends[0]);
	events_file = lt_transport.fd;
	lt_transport.fd = ends[1];
	signal(SIGPIPE, write_inside);
}

Test(lines, handler_inside)
{
	static const struct {
		const char *before, *call;
		enum way way;
	} rows[] = {
		{ "", "outer\n", TAKE },       { "", "outer\n", TAKE_OWN },
		{ "out", "er\n", TAKE },       { "out", "er\n", TAKE_OWN },
		{ "", "outer\n", TAKE_COPY },  { "out", "er\nmore", TAKE_OWN },
		{ "out", "er\n", TAKE_SHORT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen_list seen;
		size_t next = 2;

		layers_forget();
		hand_over(TAKE, rows[i].before, strlen(rows[i].before));
		interrupt_next_send();
		hand_over(rows[i].way, rows[i].call, strlen(rows[i].call));
		cr_assert_eq(interrupted, (int)i + 1);
		hand_over(TAKE, "\nnext\n", 6);
		seen = layers_events();
		cr_assert_str_eq(seen.events[0].message, "inner", "row %zu", i);
		cr_assert_str_eq(seen.events[1].message, "unfinished",
				 "what a handler leaves open ends with its call");
		cr_assert_str_eq(seen.events[next++].message,
				 strstr(rows[i].call, "more") ? "more" : "");
		cr_assert_str_eq(seen.events[next++].message, "next");
		cr_assert_eq(seen.count, next, "the interrupted line was refused, not sent twice");
		cr_assert_eq(lt_thread.claim, LT_CLAIM_FREE);
	}
}

/* Passthrough off: nothing was written yet, so what can't be sent is written now, byte for byte. */
Test(lines, delivered_where_refused)
{
	static char text[200000], delivered[200001];
	uint64_t random = 3;
	size_t size = make_text(text, sizeof(text), &random), at = 0;
	int fd = memfd_create("stderr", MFD_CLOEXEC);

	cr_assert_eq(dup2(fd, 2), 2);
	lt_settings.passthrough = false;
	lt_word = 0;
	while (at < size) {
		size_t piece = layers_random(&random) % 500 + 1;

		piece = piece > size - at ? size - at : piece;
		hand_over((enum way)(layers_random(&random) % WAYS), text + at, piece);
		at += piece;
	}
	lt_lines_flush();
	cr_assert_eq(pread(fd, delivered, sizeof(delivered), 0), (ssize_t)size);
	cr_assert_eq(memcmp(delivered, text, size), 0);
	cr_assert_eq(layers_count("sent"), 0);
	cr_assert_gt(layers_count("not-listened"), 0);
}
