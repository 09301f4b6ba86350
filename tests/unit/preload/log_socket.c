/* SPDX-License-Identifier: MIT */
/*
 * What is written to log sockets, as events: messages, entries with fields of any size, and streams
 * whose head and lines come in pieces of any size, compared with the same bytes in one piece.
 */
#include "log_socket.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "emit_journal.h"
#include "layers.h"
#include "log_address.h"
#include "log_lines.h"
#include "log_streams.h"
#include "own_calls.h"

#include <netinet/in.h>
#include <sys/un.h>

TestSuite(log_socket, .init = layers_start);

/* The bytes of one call, as it is handed over: with and without a copy made before it. */
static void take(enum lt_copy_kind kind, const char *bytes, size_t size, bool copied)
{
	const struct lt_log_target target = { .kind = kind, .file = 64 };
	struct iovec pieces[2] = { { (char *)bytes, size / 2 },
				   { (char *)bytes + size / 2, size - size / 2 } };
	struct lt_copy copy = { 0 };

	if (copied)
		lt_copy_before(&copy, pieces, 2);
	lt_log_take(&target, &copy, pieces, 2, size);
	lt_copy_release(&copy);
}

static struct seen_list take_text(enum lt_copy_kind kind, const char *text, bool copied)
{
	layers_forget();
	take(kind, text, strlen(text), copied);
	return layers_events();
}

Test(log_socket, messages)
{
	struct utsname names;
	char written[256];

	uname(&names);
	snprintf(written, sizeof(written), "<27>Nov 28 22:50:29 %s app[%d]: text\n", names.nodename,
		 getpid());
	for (int copied = 0; copied < 2; copied++) {
		struct seen_list seen = take_text(LT_COPY_SYSLOG, written, copied);

		cr_assert_eq(seen.count, 1);
		cr_assert_str_eq(seen.events[0].name, "syslog");
		cr_assert_str_eq(seen.events[0].severity, "err");
		cr_assert_str_eq(seen.events[0].facility, "daemon");
		cr_assert_str_eq(seen.events[0].ident, "app");
		cr_assert_str_eq(seen.events[0].message, "text");
		layers_free(&seen);
	}
}

/* Where uname may not be asked, this machine's name stays in the text. */
Test(log_socket, without_the_name)
{
	struct utsname names;
	char written[256];
	struct seen_list seen;

	uname(&names);
	snprintf(written, sizeof(written), "<13>Nov 28 22:50:29 %s app: text", names.nodename);
	lt_refused = LT_CALL_HOST;
	seen = take_text(LT_COPY_SYSLOG, written, true);
	cr_assert_str_eq(seen.events[0].message, written + 20);
	cr_assert_str_eq(seen.events[0].ident, "tested", "the program's");
}

Test(log_socket, messages_of_a_stream)
{
	static const char written[] = "<11>one: 1\0<12>two: 2\0<13>a\0b";
	struct seen_list seen;

	layers_forget();
	take(LT_COPY_SYSLOG, written, sizeof(written), true);
	seen = layers_events();
	cr_assert_eq(seen.count, 3);
	cr_assert_str_eq(seen.events[0].message, "1");
	cr_assert_str_eq(seen.events[1].ident, "two");
	cr_assert_eq(seen.events[2].size, 3, "a NUL that no message follows is a part of one");
}

Test(log_socket, entries)
{
	for (int copied = 0; copied < 2; copied++) {
		struct seen_list seen = take_text(LT_COPY_JOURNAL,
						  "A=1\nMESSAGE=one\nPRIORITY=3\n\n"
						  "SYSLOG_IDENTIFIER=me\nMESSAGE=two\n\n\nB=2\n",
						  copied);

		cr_assert_eq(seen.count, 3);
		cr_assert_str_eq(seen.events[0].name, "journal");
		cr_assert_str_eq(seen.events[0].severity, "err");
		cr_assert_str_eq(seen.events[0].ident, "tested");
		cr_assert_str_eq(seen.events[0].fields, "A=1\n");
		cr_assert_str_eq(seen.events[0].message, "one");
		cr_assert_str_eq(seen.events[1].ident, "me");
		cr_assert_str_eq(seen.events[1].message, "two");
		cr_assert_str_eq(seen.events[2].fields, "B=2\n");
		cr_assert_str_eq(seen.events[2].message, "");
		layers_free(&seen);
	}
}

/* A message and a field of every size around what fits; what is left out is named. */
Test(log_socket, sizes_of_entries)
{
	static char written[20000];

	for (size_t size = 0; size < 9000; size += size % 500 < 460 ? 460 : 40) {
		for (size_t field = 0; field < 2400; field += 799) {
			struct lt_journal_entry entry;
			size_t total, text = 0;
			struct seen_list seen;

			total = (size_t)sprintf(written,
						"FIELD=%0*d\nOTHER=x\nMESSAGE=", (int)field, 0);
			memset(written + total, 'm', size);
			layers_forget();
			cr_assert(lt_journal_entry_read(&entry, written, total + size));
			cr_assert_eq(lt_emit_journal(&entry), 0);
			seen = layers_events();
			for (size_t i = 0; i < seen.count; i++) {
				text += seen.events[i].size;
				cr_assert_eq(seen.events[i].part, i);
				cr_assert_eq(seen.events[i].last,
					     seen.count > 1 && i == seen.count - 1);
				cr_assert_eq(seen.events[i].message_id, seen.events[0].message_id);
				cr_assert_eq(i > 0, !seen.events[i].fields[0]);
			}
			cr_assert_eq(text, size);
			cr_assert_eq(!strstr(seen.events[0].fields, "LOGTAP_LEFT_OUT=FIELD\n"),
				     field < 1800);
			cr_assert(strstr(seen.events[0].fields, "OTHER=x\n"));
			layers_free(&seen);
		}
	}
}

/* More names than there is room for are said to be more. */
Test(log_socket, many_fields_left_out)
{
	char *written = malloc(200000), *at = written;
	struct lt_journal_entry entry;
	struct seen_list seen;

	for (int i = 0; i < 50; i++)
		at += sprintf(at, "FIELD_%02d=%02000d\n", i, 0);
	cr_assert(lt_journal_entry_read(&entry, written, (size_t)(at - written)));
	cr_assert_eq(lt_emit_journal(&entry), 0);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_eq(strncmp(seen.events[0].fields, "LOGTAP_LEFT_OUT=FIELD_00 FIELD_01 ", 34), 0);
	cr_assert_str_eq(seen.events[0].fields + strlen(seen.events[0].fields) - 4, "...\n");
	free(written);
}

/* A character is in one part. */
Test(log_socket, characters_in_entries)
{
	static char written[9000] = "MESSAGE=";
	struct lt_journal_entry entry;
	struct seen_list seen;
	size_t size = 8;

	for (; size < 8000; size += 3)
		memcpy(written + size, "\xe2\x82\xac", 3);
	cr_assert(lt_journal_entry_read(&entry, written, size));
	cr_assert_eq(lt_emit_journal(&entry), 0);
	seen = layers_events();
	cr_assert_gt(seen.count, 1);
	for (size_t i = 0; i < seen.count; i++)
		cr_assert_eq(seen.events[i].size % 3, 0);
}

Test(log_socket, an_entry_as_a_file)
{
	int fd = memfd_create("entry", 0);
	struct seen_list seen;

	cr_assert_eq(write(fd, "MESSAGE=in a file\nX=1\n", 22), 22);
	lt_log_take_file(fd);
	seen = layers_events();
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.events[0].message, "in a file");
	cr_assert_eq(lseek(fd, 0, SEEK_CUR), 22, "its offset is the program's");
	lt_log_take_file(-1);
}

/* --- streams ---------------------------------------------------------------------------------- */

static const char head[] = "name\nunit.service\n4\n1\n0\n0\n0\n";

static char *stream_bytes(size_t *size)
{
	char *bytes = malloc(20000), *at = bytes;

	at += sprintf(at, "%splain\n<3>an error\n\n<9>not one\n<2>\n", head);
	at += sprintf(at, "<5>%0*d\n%0*d\n", 425, 0, 9000, 7);
	for (int i = 0; i < 700; i++)
		at += sprintf(at, "\xe2\x82\xac");
	at += sprintf(at, "\nunfinished");
	*size = (size_t)(at - bytes);
	return bytes;
}

/* Messages put together, each with its severity. */
static char *joined(void)
{
	struct seen_list seen = layers_events();
	char *text = calloc(1, 30000), *at = text;

	for (size_t i = 0; i < seen.count; i++) {
		const struct seen *event = &seen.events[i];

		cr_assert_str_eq(event->ident, "name");
		if (!event->part)
			at += sprintf(at, "%s ", event->severity);
		else
			cr_assert_eq(event->message_id, seen.events[i - 1].message_id);
		memcpy(at, event->message, event->size);
		at += event->size;
		if (!event->is_part || event->last)
			*at++ = '\n';
	}
	layers_free(&seen);
	return text;
}

Test(log_socket, streams_in_any_pieces)
{
	uint64_t random = 7;
	size_t size;
	char *bytes = stream_bytes(&size), *wanted, *got;

	lt_stream_begin(64, NULL);
	take(LT_COPY_STREAM, bytes, size, true);
	lt_log_lines_flush();
	wanted = joined();
	cr_assert_eq(
		strncmp(wanted, "warning plain\nerr an error\nwarning <9>not one\nnotice ", 53), 0,
		"%.80s", wanted);
	cr_assert(strstr(wanted, "\nwarning unfinished\n"));
	for (int turn = 0; turn < 60; turn++) {
		layers_forget();
		lt_stream_begin(64, NULL);
		for (size_t at = 0, piece; at < size; at += piece) {
			piece = 1 + layers_random(&random) % (turn % 2 ? 9 : 3000);
			if (piece > size - at)
				piece = size - at;
			take(LT_COPY_STREAM, bytes + at, piece, turn % 3);
		}
		lt_log_lines_flush();
		got = joined();
		cr_assert_str_eq(got, wanted);
		free(got);
	}
}

/* Who finds a stream's line claimed makes lines of what it has. */
Test(log_socket, a_stream_that_is_claimed)
{
	struct lt_stream_head inherited = { 6, true, "name" };
	struct lt_stream *stream;
	char *got;

	lt_stream_begin(64, &inherited);
	take(LT_COPY_STREAM, "begun ", 6, true);
	stream = lt_stream_of(64);
	cr_assert(lt_claim(&stream->owner, lt_process_generation()));
	take(LT_COPY_STREAM, "of\n<1>another", 13, true);
	lt_release(&stream->owner);
	take(LT_COPY_STREAM, "and ended\n", 10, true);
	got = joined();
	cr_assert_str_eq(got, "info of\nalert another\ninfo begun and ended\n");
}

/* More connections than there are places: lines all the same. */
Test(log_socket, many_streams)
{
	struct lt_stream_head got;

	for (uint64_t file = 8; file <= 8 * 40; file += 8) {
		lt_stream_begin(file, NULL);
		lt_log_lines_take(file, head, sizeof(head) - 1);
		cr_assert(lt_stream_head(file, &got));
		cr_assert_str_eq(got.ident, "name");
		cr_assert_eq(got.severity, 4);
	}
	cr_assert(lt_stream_full());
	cr_assert_not(lt_stream_head(8, &got));
	layers_forget();
	lt_log_lines_take(8, "still a line\n", 13);
	cr_assert_eq(layers_events().count, 1);
}

/* --- addresses -------------------------------------------------------------------------------- */

static enum lt_copy_kind kind_of_path(const char *path, bool with_nul)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t size = strlen(path);

	memcpy(address.sun_path, path, size);
	return lt_log_address_kind(
		&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + with_nul));
}

Test(log_socket, paths)
{
	for (int with_nul = 0; with_nul < 2; with_nul++) {
		cr_expect_eq(kind_of_path("/dev/log", with_nul), LT_COPY_SYSLOG);
		cr_expect_eq(kind_of_path("/run/systemd/journal/dev-log", with_nul),
			     LT_COPY_SYSLOG);
		cr_expect_eq(kind_of_path("/run/systemd/journal/socket", with_nul),
			     LT_COPY_JOURNAL);
		cr_expect_eq(kind_of_path("/run/systemd/journal/stdout", with_nul), LT_COPY_STREAM);
		cr_expect_eq(kind_of_path("/var/lib/haproxy/dev/log", with_nul), LT_COPY_SYSLOG);
		cr_expect_eq(kind_of_path("dev/log", with_nul), LT_COPY_STDERR);
		cr_expect_eq(kind_of_path("/dev/logs", with_nul), LT_COPY_STDERR);
		cr_expect_eq(kind_of_path("/dev/lo", with_nul), LT_COPY_STDERR);
		cr_expect_eq(kind_of_path("", with_nul), LT_COPY_STDERR);
	}
	cr_expect_eq(lt_log_address_kind("\1", 1), LT_COPY_STDERR);
}

Test(log_socket, ports)
{
	struct sockaddr_in inet = { .sin_family = AF_INET,
				    .sin_port = htons(514),
				    .sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_in6 inet6 = { .sin6_family = AF_INET6,
				      .sin6_port = htons(514),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	cr_expect_eq(lt_log_address_kind(&inet, sizeof(inet)), LT_COPY_SYSLOG);
	cr_expect_eq(lt_log_address_kind(&inet6, sizeof(inet6)), LT_COPY_SYSLOG);
	cr_expect_eq(lt_log_address_kind(&inet, sizeof(inet) - 9), LT_COPY_STDERR);
	inet.sin_port = htons(515);
	cr_expect_eq(lt_log_address_kind(&inet, sizeof(inet)), LT_COPY_STDERR);
	inet.sin_port = htons(514);
	inet.sin_addr.s_addr = htonl(0x0a000001);
	cr_expect_eq(lt_log_address_kind(&inet, sizeof(inet)), LT_COPY_STDERR);
	inet6.sin6_addr.s6_addr[0] = 1;
	cr_expect_eq(lt_log_address_kind(&inet6, sizeof(inet6)), LT_COPY_STDERR);
}
