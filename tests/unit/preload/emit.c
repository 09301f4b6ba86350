/* SPDX-License-Identifier: MIT */
/*
 * Events from messages: their bytes for each severity and shape, parts, and what is not sent and
 * how that is counted.
 */
#include "emit_syslog.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../encoder/bytes.h"
#include "confinement.h"
#include "layers.h"
#include "own_calls.h"

static struct lt_message whole(const char *text)
{
	return (struct lt_message){ { text, text + strlen(text) }, { strlen(text), 0 } };
}

/* What stands in each severity's events. Written down from docs/WIRE.md. */
static const struct {
	const char *name;
	uint8_t level;
} severities[8] = {
	{ "emerg", 1 },	  { "alert", 1 },  { "crit", 1 }, { "err", 2 },
	{ "warning", 3 }, { "notice", 4 }, { "info", 4 }, { "debug", 5 },
};

TestSuite(emit, .init = layers_start);

/* The bytes of one event of each shape, as a person writes them down. */
static uint8_t memory[8192];

static void use_memory(void)
{
	evh_transport_use_memory(&lt_transport, memory, sizeof(memory));
}

Test(emit, golden, .init = layers_begin)
{
	struct lt_message message = { { "mess", "age" }, { 4, 3 } };
	struct lt_parts parts = { .message_id = 0x1122334455667788, .next = 2 };

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || sizeof(void *) != 8)
		cr_skip_test("the expected bytes are those of a little-endian 64-bit machine");
	use_memory();
	lt_emit_syslog_init();
	cr_assert_eq(lt_emit_init(), 10, "five levels, two keywords");
	cr_assert_eq(lt_word, 0x3ff | LT_WORD_PROCESS);
	cr_assert_eq(lt_emit_stderr(3, &message), 0);
	bytes_expect(memory, lt_transport.memory_used,
		     "07 00 0000 0000 00 02  1e00 0100 'stderr' 00 'level' 00 0a 'ident' 00 0a"
		     "'message' 00 0a  0300 'err'  0600 'tested'  0700 'message'");
	cr_assert_eq(lt_emit_stderr_parts(7, &message, &parts, false), 0);
	cr_assert_eq(parts.next, 3);
	bytes_expect(memory, lt_transport.memory_used,
		     "07 00 0000 0000 00 05  3c00 0100 'stderr.part' 00 'level' 00 0a"
		     "'ident' 00 0a 'message_id' 00 05 'part' 00 04 'last' 00 82 07 'message' 00 0a"
		     "0500 'debug'  0600 'tested'  8877665544332211 02000000 00 0700 'message'");
	cr_assert_eq(lt_emit_syslog(0, 3, "who", "what", 4), 0);
	bytes_expect(memory, lt_transport.memory_used,
		     "07 00 0000 0000 00 01  2800 0100 'syslog' 00 'level' 00 0a 'facility' 00 0a"
		     "'ident' 00 0a 'message' 00 0a"
		     "0500 'emerg'  0600 'daemon'  0300 'who'  0400 'what'");
}

/* The three ways to an event have to make the same bytes. */
static void send_in_place(int severity, const char *text, size_t size)
{
	char *room = malloc(LT_LINE_FRONT + size + EVH_TAILROOM);

	memcpy(room + LT_LINE_FRONT, text, size);
	cr_assert_eq(lt_emit_line(severity, room + LT_LINE_FRONT, size), 0);
	free(room);
}

static int syslog_in_place(int severity, int facility, const char *ident, const char *text)
{
	uint8_t *room = malloc(EVH_HEADROOM + LT_SYSLOG_HEAD + strlen(text) + EVH_TAILROOM);
	uint8_t *event = room + EVH_HEADROOM;
	char *place = lt_emit_syslog_begin(event, severity, facility, ident);
	int result = -E2BIG;

	if (place) {
		memcpy(place, text, strlen(text));
		result = lt_emit_syslog_end(event, severity, place, strlen(text));
	}
	free(room);
	return result;
}

static void expect_event(const struct seen *event, int severity, unsigned keyword,
			 const char *facility, const char *ident, const char *text)
{
	cr_assert_str_eq(event->name, keyword == LT_CAPTURE_STDERR ? "stderr" : "syslog");
	cr_assert_str_eq(event->severity, severities[severity].name);
	cr_assert_eq(event->level, severities[severity].level);
	cr_assert_eq(event->index, layers_index(event->level, keyword));
	cr_assert_str_eq(event->facility, facility);
	cr_assert_str_eq(event->ident, ident);
	cr_assert_str_eq(event->message, text);
	cr_assert_not(event->is_part);
}

Test(emit, severities)
{
	for (int severity = 0; severity < 8; severity++) {
		static const char *const texts[] = { "", "x", "a line of usual length, or so" };

		for (size_t i = 0; i < 3; i++) {
			struct lt_message message = whole(texts[i]);
			struct seen_list seen;

			layers_forget();
			cr_assert_eq(lt_emit_stderr(severity, &message), 0);
			send_in_place(severity, texts[i], strlen(texts[i]));
			seen = layers_events();
			cr_assert_eq(seen.count, 2);
			expect_event(&seen.events[0], severity, LT_CAPTURE_STDERR, "", "tested",
				     texts[i]);
			expect_event(&seen.events[1], severity, LT_CAPTURE_STDERR, "", "tested",
				     texts[i]);
		}
	}
}

/* Names of programs up to the longest, past the ends of the heads that are prepared. */
Test(emit, programs)
{
	for (size_t size = 0; size < LT_PROGRAM_MAX; size++) {
		struct lt_message message = whole("text");
		struct seen_list seen;

		memset(lt_program, 'p', size);
		lt_program[size] = '\0';
		memset(lt_line_heads, 0, sizeof(lt_line_heads));
		layers_listen();
		cr_assert_eq(lt_emit_stderr(4, &message), 0);
		send_in_place(4, "text", 4);
		seen = layers_events();
		cr_assert_eq(seen.count, 2);
		expect_event(&seen.events[0], 4, LT_CAPTURE_STDERR, "", lt_program, "text");
		expect_event(&seen.events[1], 4, LT_CAPTURE_STDERR, "", lt_program, "text");
		layers_free(&seen);
		close(lt_transport.fd);
	}
}

Test(emit, facilities)
{
	for (int facility = 0; facility < 40; facility++) {
		const char *name = facility < 24 ? lt_facility_names[facility] : "unknown";
		struct seen_list seen;

		layers_forget();
		for (int severity = 0; severity < 8; severity++) {
			cr_assert_eq(lt_emit_syslog(severity, facility, "id", "m", 1), 0);
			cr_assert_eq(syslog_in_place(severity, facility, "id", "m"), 0);
		}
		seen = layers_events();
		cr_assert_eq(seen.count, 16);
		for (int i = 0; i < 16; i++)
			expect_event(&seen.events[i], i / 2, LT_CAPTURE_SYSLOG, name, "id", "m");
		layers_free(&seen);
	}
}

/* An ident of any length, at any place in a block of 16; a longer one than 255 is cut. */
Test(emit, idents)
{
	char room[400], cut[LT_IDENT_MAX + 1];

	for (size_t size = 0; size < 300; size += size < 80 ? 1 : 13) {
		char *ident = room + size % 16;
		struct seen_list seen;
		int in_place;

		memset(ident, 'i', size);
		ident[size] = '\0';
		layers_forget();
		cr_assert_eq(lt_emit_syslog(6, 1, ident, "m", 1), 0);
		in_place = syslog_in_place(6, 1, ident, "m");
		cr_assert_eq(in_place, size <= LT_SYSLOG_IDENT ? 0 : in_place);
		snprintf(cut, sizeof(cut), "%s", ident);
		seen = layers_events();
		cr_assert_eq(seen.count, 1 + !in_place);
		for (size_t i = 0; i < seen.count; i++)
			expect_event(&seen.events[i], 6, LT_CAPTURE_SYSLOG, "user", cut, "m");
		layers_free(&seen);
	}
	cr_assert_eq(syslog_in_place(6, 1, room, "m"), -E2BIG, "it was tried with a long one");
}

/* One byte more than an event holds makes two parts; none is ever larger than that. */
Test(emit, parts_begin_at_the_limit)
{
	static char text[3 * LT_EVENT_MAX];
	/* head, four texts' sizes, and what they are */
	const size_t whole_max = LT_EVENT_MAX - (12 + 30) - (2 + 3) - (2 + 6) - 2;

	memset(text, 'w', sizeof(text));
	for (size_t size = whole_max - 2; size <= whole_max + 2; size++) {
		struct lt_message message = { { text, text + 10 }, { 10, size - 10 } };
		struct seen_list seen;

		layers_forget();
		cr_assert_eq(lt_emit_stderr(3, &message), 0);
		seen = layers_events();
		cr_assert_eq(seen.count, size <= whole_max ? 1 : 2, "%zu bytes", size);
		cr_assert_eq(seen.events[0].is_part, size > whole_max);
		if (size == whole_max)
			cr_assert_eq(seen.events[0].event_size, LT_EVENT_MAX);
		if (size > whole_max)
			cr_assert_eq(seen.events[0].event_size, LT_EVENT_MAX);
	}
}

/* Where characters of 2, 3 and 4 bytes lie over each cut, and the two pieces meet anywhere. */
Test(emit, parts_hold_whole_characters)
{
	static const char *const characters[] = { "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xa7" };
	static char text[3 * LT_EVENT_MAX + 8];

	for (unsigned i = 0; i < 3 * 4 * 5; i++) {
		const char *character = characters[i % 3];
		size_t width = strlen(character), size = i / 3 % 4, at = 0;
		size_t first = (size_t[]){ 0, 1, 3940, 3941, sizeof(text) / 2 }[i / 12];
		struct lt_message message = { { text, text + first }, { first, 0 } };
		struct seen_list seen;

		memset(text, '.', size);
		while (size + width <= sizeof(text) - 4) {
			memcpy(text + size, character, width);
			size += width;
		}
		message.size[1] = size - first;
		layers_forget();
		if (i % 2)
			cr_assert_eq(lt_emit_stderr(6, &message), 0);
		else
			cr_assert_eq(lt_emit_syslog(6, 0, "id", text, size), 0);
		seen = layers_events();
		cr_assert_eq(seen.count, 4);
		for (unsigned part = 0; part < seen.count; part++) {
			const struct seen *event = &seen.events[part];

			cr_assert(event->is_part);
			cr_assert_eq(event->part, part);
			cr_assert_eq(event->last, part == 3);
			cr_assert_eq(event->message_id, seen.events[0].message_id);
			cr_assert_eq(memcmp(event->message, text + at, event->size), 0);
			cr_assert_neq((unsigned char)event->message[0] & 0xc0, 0x80, "it is cut");
			if (!event->last)
				cr_assert_gt(event->event_size, LT_EVENT_MAX - 4);
			at += event->size;
		}
		cr_assert_eq(at, size);
		layers_free(&seen);
	}
}

/* The level is looked at first, then whether anybody listens; each is counted as what it is. */
Test(emit, levels)
{
	for (int level = 0; level < 8; level++) {
		lt_settings.level = level;
		memset(lt_line_heads, 0, sizeof(lt_line_heads));
		lt_word = 0;
		layers_listen();
		for (int severity = 0; severity < 8; severity++) {
			struct lt_message message = whole("m");
			char room[LT_LINE_FRONT + 1 + EVH_TAILROOM];
			int expected = severity <= level ? 0 : -ECANCELED;
			struct seen_list seen;
			struct lt_parts parts = { 0 };

			cr_assert_eq(lt_emit_stderr(severity, &message), expected);
			cr_assert_eq(lt_emit_line(severity, room + LT_LINE_FRONT, 1), expected);
			cr_assert_eq(lt_emit_syslog(severity, 0, "i", "m", 1), expected);
			cr_assert_eq(lt_emit_stderr_parts(severity, &message, &parts, true),
				     expected);
			cr_assert_eq(parts.next, 1, "a refused part counts as one");
			cr_assert_eq(lt_emit_wants(LT_CAPTURE_STDERR, severity), !expected);
			seen = layers_events();
			cr_assert_eq(seen.count, expected ? 0 : 4);
			layers_forget();
		}
		close(lt_transport.fd);
	}
	cr_assert_eq(layers_count("below-level"), 4 * 28);
	cr_assert_eq(layers_count("sent"), 4 * 36);
	cr_assert_eq(layers_count("captured"), 4 * 64);
}

Test(emit, nobody_listens)
{
	/* Each bit alone: what belongs to it is sent, and nothing else. */
	for (unsigned bit = 0; bit < 10; bit++) {
		lt_word = 1u << bit;
		for (int severity = 0; severity < 8; severity++) {
			struct lt_message message = whole("m");
			char room[LT_LINE_FRONT + 1 + EVH_TAILROOM];
			unsigned of = (unsigned)(severities[severity].level - 1) * 2;

			cr_assert_eq(lt_emit_syslog(severity, 0, "i", "m", 1),
				     bit == of ? 0 : -EBADF);
			cr_assert_eq(lt_emit_stderr(severity, &message),
				     bit == of + 1 ? 0 : -EBADF);
			cr_assert_eq(lt_emit_line(severity, room + LT_LINE_FRONT, 1),
				     bit == of + 1 ? 0 : -EBADF);
			cr_assert_eq(lt_emit_wants(LT_CAPTURE_SYSLOG, severity), bit == of);
		}
	}
	cr_assert_eq(layers_count("sent"), 8 * 3);
	cr_assert_eq(layers_count("not-listened"), 8 * 10 * 3 - 8 * 3);
}

/* What is not asked for is not registered. */
Test(emit, capture, .init = layers_begin)
{
	static const struct {
		unsigned capture;
		int level, registered;
		uint32_t word;
	} rows[] = {
		{ LT_CAPTURE_STDERR, 7, 5, LT_WORD_STDERR | LT_WORD_PROCESS },
		{ LT_CAPTURE_SYSLOG, 7, 5, LT_WORD_SYSLOG | LT_WORD_PROCESS },
		{ LT_CAPTURE_SYSLOG | LT_CAPTURE_STDERR, 3, 4, 0xf | LT_WORD_PROCESS },
		{ LT_CAPTURE_STDERR, 0, 1, 0x2 | LT_WORD_PROCESS },
		{ 0, 7, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lt_settings.capture = rows[i].capture;
		lt_settings.level = rows[i].level;
		lt_word = 0;
		use_memory();
		cr_assert_eq(lt_emit_init(), rows[i].registered);
		cr_assert_eq(lt_word, rows[i].word);
	}
}

/* Each answer of a transport, and the counter that it ends up in. */
Test(emit, refused)
{
	static const struct {
		int error;
		const char *counter;
	} rows[] = {
		{ -ENOSPC, "refused-no-space" },
		{ -EDQUOT, "refused-no-space" },
		{ -EFBIG, "refused-no-space" },
		{ -EAGAIN, "refused-try-again" },
		{ -EINTR, "refused-try-again" },
		{ -EFAULT, "refused-unreadable" },
		{ -ESTALE, "refused-descriptor-lost" },
		{ -E2BIG, "refused-other" },
		{ -EIO, "refused-other" },
		{ -ECANCELED, "below-level" },
		{ -EBADF, "not-listened" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t before = layers_count(rows[i].counter);

		cr_assert_eq(lt_emit_account(rows[i].error), rows[i].error);
		cr_assert_eq(layers_count(rows[i].counter), before + 1, "row %zu", i);
	}
	cr_assert_eq(layers_count("captured"), sizeof(rows) / sizeof(*rows));
	cr_assert_eq(layers_count("sent"), 0);
}

/* A real file that is full; a descriptor that the program closed; a transport that is too small. */
Test(emit, refused_by_real_files)
{
	struct lt_message message = whole("m");

	layers_listen();
	close(lt_transport.fd);
	cr_assert_eq(lt_emit_stderr(6, &message), -ESTALE, "it was closed, and somebody listens");
	lt_transport.fd = open("/dev/full", O_WRONLY);
	cr_assert_eq(lt_emit_stderr(6, &message), -ENOSPC);
	cr_assert_eq(lt_emit_syslog(6, 0, "i", "m", 1), -ENOSPC);
	use_memory();
	lt_transport.size_max = 40;
	cr_assert_eq(lt_emit_stderr(6, &message), -E2BIG);
	cr_assert_eq(layers_count("refused-descriptor-lost"), 1);
	cr_assert_eq(layers_count("refused-no-space"), 2);
	cr_assert_eq(layers_count("refused-other"), 1);
}

/* An answer that only a filter gives ends capture; none is asked for again. */
Test(emit, refused_by_filter)
{
	cr_assert_eq(lt_emit_account(-EPERM), -EPERM);
	cr_assert_eq(layers_count("refused-seccomp"), 1);
	cr_assert_not(lt_may(LT_CALL_WRITE));
	cr_assert_eq(lt_transport.kind, EVH_TRANSPORT_NONE);
}

/* All buffers are in use, as by handlers in eight threads: the kernel gathers the pieces. */
Test(emit, no_buffer_is_free)
{
	struct lt_buffer *buffers[8], *again;
	struct lt_message message = { { "ga", "thered" }, { 2, 6 } };
	struct seen_list seen;

	for (int i = 0; i < 8; i++) {
		buffers[i] = lt_buffer_claim();
		cr_assert_not_null(buffers[i]);
		for (int other = 0; other < i; other++)
			cr_assert_neq(buffers[i], buffers[other]);
	}
	cr_assert_null(lt_buffer_claim());
	cr_assert_eq(lt_emit_stderr(5, &message), 0);
	cr_assert_eq(lt_emit_syslog(5, 2, "id", "gathered", 8), 0);
	seen = layers_events();
	cr_assert_eq(seen.count, 2);
	expect_event(&seen.events[0], 5, LT_CAPTURE_STDERR, "", "tested", "gathered");
	expect_event(&seen.events[1], 5, LT_CAPTURE_SYSLOG, "mail", "id", "gathered");
	lt_buffer_release(buffers[5]);
	again = lt_buffer_claim();
	cr_assert_eq(again, buffers[5]);
}

/* What a parent's threads had claimed when it forked is free in the child. */
Test(emit, buffers_in_a_child)
{
	pid_t child;
	int status;

	for (int i = 0; i < 8; i++)
		cr_assert_not_null(lt_buffer_claim());
	child = fork();
	if (!child)
		_exit(lt_buffer_claim() ? 0 : 1);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
	cr_assert_null(lt_buffer_claim());
}

/* A mark that is gone: the number is another file's by now, and nothing is written to it. */
Test(emit, not_ours_any_more)
{
	struct lt_message message = whole("m");
	char room[LT_LINE_FRONT + 1 + EVH_TAILROOM];
	struct seen_list seen;

	lt_own_fd = lt_transport.fd;
	lt_own_fd_checked = true;
	cr_assert_eq(lt_emit_stderr(6, &message), -ESTALE);
	cr_assert_eq(lt_emit_line(6, room + LT_LINE_FRONT, 1), -ESTALE);
	cr_assert_eq(lt_emit_syslog(6, 0, "i", "m", 1), -ESTALE);
	cr_assert_eq(syslog_in_place(6, 0, "i", "m"), -ESTALE);
	cr_assert(lt_own_fd_mark(lt_own_fd));
	cr_assert_eq(syslog_in_place(6, 0, "i", "m"), 0);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_eq(layers_count("refused-descriptor-lost"), 4);
}

Test(emit, errno_is_left_alone)
{
	struct lt_message message = whole("m");

	close(lt_transport.fd);
	errno = 1234;
	cr_assert_neq(lt_emit_stderr(6, &message), 0);
	cr_assert_neq(lt_emit_syslog(6, 0, "i", "m", 1), 0);
	cr_assert_eq(errno, 1234);
}
