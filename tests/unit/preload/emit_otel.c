/* SPDX-License-Identifier: MIT */
/*
 * Messages as events of OpenTelemetry's Common Schema: to the byte, by the rules of those who
 * receive them, and whole.
 */
#include "emit_otel.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "emit_journal.h"
#include "emit_syslog.h"
#include "layers.h"
#include "lost.h"
#include "odd_text.h"
#include "otel_resource.h"
#include "own_calls.h"
#include "process.h"
#include "rate.h"
#include "utf8.h"

static uint8_t memory[8192];

/* 2026-11-28T21:45:02.901879538Z */
static int the_time(clockid_t clock, struct timespec *time)
{
	(void)clock;
	*time = (struct timespec){ 1795902302, 901879538 };
	return 0;
}

static uint32_t the_thread(void)
{
	return 4242;
}

static void settle(const char *program, char *const *environment)
{
	lt_settings.layout = LT_LAYOUT_OTEL;
	lt_settings.layout_time = true;
	lt_settings.direct = false;
	snprintf(lt_program, LT_PROGRAM_MAX, "%s", program);
	evh_transport_use_memory(&lt_transport, memory, sizeof(memory));
	lt_resource_init(environment);
	lt_emit_syslog_init();
	cr_assert_eq(lt_emit_init(), 10);
	cr_assert_eq(lt_word, LT_WORD_SYSLOG | LT_WORD_STDERR, "nothing is said of processes");
	memcpy(lt_resource.boot, "4f1c9c1e", 8);
	lt_transport.confined_pid = 4242;
	lt_transport.confined_tid = the_thread;
	evh_vdso_clock = the_time;
}

static void start(void)
{
	char *none[] = { NULL };

	layers_begin();
	settle("ls", none);
}

TestSuite(otel, .init = start);

/* The event of the `index`th record of a file. */
static size_t golden(unsigned index, uint8_t *event)
{
	FILE *file = fopen(COMMON_SCHEMA "/logtap.hex", "re");
	uint8_t bytes[2048];
	size_t size = 0, at = 0;
	uint32_t record;
	unsigned byte;

	cr_assert_not_null(file);
	while (size < sizeof(bytes) && fscanf(file, "%2x", &byte) == 1)
		bytes[size++] = (uint8_t)byte;
	fclose(file);
	for (;; index--) {
		memcpy(&record, bytes + at, sizeof(record));
		cr_assert_leq(at + record, size);
		if (!index)
			break;
		at += record;
	}
	size = 4 + strlen((char *)bytes + at + 4) + 1;
	memcpy(event, bytes + at + size, record - size);
	return record - size;
}

static void expect_golden(unsigned index)
{
	uint8_t event[2048];
	size_t size = golden(index, event);

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		cr_skip_test("the expected bytes are little-endian");
	for (size_t i = 0; i < size && i < lt_transport.memory_used; i++)
		cr_assert_eq(memory[i], event[i], "byte %zu is %02x, not %02x", i, memory[i],
			     event[i]);
	cr_assert_eq(lt_transport.memory_used, size);
}

Test(otel, golden_line)
{
	struct lt_message message = { { "error: some", "thing failed" }, { 11, 12 } };

	cr_assert_eq(lt_emit_stderr(3, &message), 0);
	expect_golden(0);
}

static uint32_t another_thread(void)
{
	return 0x45c2;
}

Test(otel, golden_syslog)
{
	char *environment[] = { "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=4f1c9c1e-4242",
				NULL };

	strcpy(lt_program, "python3");
	lt_resource_init(environment);
	lt_transport.confined_pid = 0x45c2;
	lt_transport.confined_tid = another_thread;
	cr_assert_eq(lt_emit_syslog(4, 3, "myd", "disk at 91%", 11), 0);
	expect_golden(1);
}

/* ---- What receivers ask of an event ---- */

struct field {
	char name[300];
	uint8_t encoding, format;
	const uint8_t *data;
	size_t size;
};

struct record {
	struct field fields[160];
	size_t count;
	uint8_t level;
};

static uint16_t size_at(const uint8_t *at)
{
	uint16_t size;

	memcpy(&size, at, sizeof(size));
	return size;
}

static void expect_utf8(const uint8_t *text, size_t size)
{
	for (size_t at = 0, length; at < size; at += length) {
		length = defined_character(text + at, size - at);
		cr_assert_neq(length, 0, "no UTF-8 at byte %zu of %zu", at, size);
	}
}

static size_t value_size(const struct field *field, const uint8_t *at)
{
	switch (field->encoding & 0x7f) {
	case 1:
		return 0;
	case 10:
		return 2u + size_at(at);
	default:
		cr_assert(field->encoding >= 0x82 && field->encoding <= 0x85, "encoding %02x of %s",
			  field->encoding, field->name);
		return (size_t)1 << ((field->encoding & 0x1f) - 2);
	}
}

/* The last event, and all that holds for each. */
static struct record read_record(void)
{
	const uint8_t *meta = memory + 12, *end = meta + size_at(memory + 8), *value = end;
	struct record record = { .level = memory[7] };

	cr_assert_leq(lt_transport.memory_used, LT_EVENT_MAX);
	cr_assert_eq(memory[0], 7);
	cr_assert_str_eq((const char *)meta, "Log");
	meta += 4;
	while (meta < end) {
		struct field *field = &record.fields[record.count++];

		cr_assert_lt(record.count, 160);
		cr_assert_lt(strlen((const char *)meta), sizeof(field->name));
		strcpy(field->name, (const char *)meta);
		meta += strlen((const char *)meta) + 1;
		field->encoding = *meta++;
		if (field->encoding & 0x80)
			field->format = *meta++;
		field->size = value_size(field, value);
		field->data = value;
		value += field->size;
		if (field->encoding == 10) {
			field->data += 2;
			field->size -= 2;
			expect_utf8(field->data, field->size);
		}
		if (field->encoding == 0x81)
			cr_assert(field->format > 0 && field->format < 0x80);
	}
	cr_assert_eq(value, memory + lt_transport.memory_used);
	cr_assert_str_eq(record.fields[0].name, "__csver__");
	return record;
}

static const struct field *find(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++)
		if (strcmp(record->fields[i].name, name) == 0)
			return &record->fields[i];
	return NULL;
}

static void expect_text(const struct record *record, const char *name, const char *text)
{
	const struct field *field = find(record, name);

	cr_assert_not_null(field, "there is no %s", name);
	cr_assert(field->size == strlen(text) && !memcmp(field->data, text, field->size),
		  "%s is '%.*s', not '%s'", name, (int)field->size, (const char *)field->data,
		  text);
}

static int64_t number(const struct record *record, const char *name)
{
	const struct field *field = find(record, name);
	int64_t value = 0;

	cr_assert_not_null(field, "there is no %s", name);
	memcpy(&value, field->data, field->size);
	return value;
}

/* Where the structs stand, and that each has as many fields as it says. */
static void expect_order(const struct record *record, bool timed)
{
	size_t at = 1;

	for (const char *name = "ACB"; *name; name++) {
		char part[] = { 'P', 'a', 'r', 't', *name, '\0' };

		cr_assert_str_eq(record->fields[at].name, part);
		at += 1u + record->fields[at].format;
	}
	cr_assert_eq(at, record->count);
	cr_assert_eq(find(record, "time") != NULL, timed);
	cr_assert_str_eq(record->fields[record->count - 1].name, "body");
	expect_text(record, "_typeName", "Log");
	cr_assert_eq(number(record, "__csver__"), 0x400);
}

Test(otel, severities)
{
	static const int numbers[] = { 21, 19, 18, 17, 13, 10, 9, 5 };

	for (int severity = 0; severity < 8; severity++) {
		struct lt_message message = { { "m", "" }, { 1, 0 } };
		struct record record;

		for (int i = 0; i < 2; i++) {
			if (i)
				cr_assert_eq(lt_emit_syslog(severity, 23, "id", "m", 1), 0);
			else
				cr_assert_eq(lt_emit_stderr(severity, &message), 0);
			record = read_record();
			expect_order(&record, true);
			cr_assert_eq(record.level, lt_level_of_severity[severity]);
			cr_assert_eq(number(&record, "severityNumber"), numbers[severity]);
			expect_text(&record, "severityText", lt_severity_names[severity]);
			expect_text(&record, "name", i ? "logtap.syslog" : "logtap.stderr");
		}
		cr_assert_eq(number(&record, "syslog.facility"), 23);
		expect_text(&record, "ext_cloud_role", "id");
	}
}

/* A line that is sent as the fast path sends it: there is none here, and the event is the same. */
Test(otel, lines_in_place)
{
	char room[LT_LINE_FRONT + 5 + EVH_TAILROOM];
	struct record record;

	memcpy(room + LT_LINE_FRONT, "a\xffline", 5);
	cr_assert_eq(lt_emit_line(4, room + LT_LINE_FRONT, 5), 0);
	record = read_record();
	expect_text(&record, "body", "a\xef\xbf\xbdlin");
}

Test(otel, without_time)
{
	struct lt_message message = { { "m", "" }, { 1, 0 } };
	struct record record;

	lt_settings.layout_time = false;
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
	record = read_record();
	expect_order(&record, false);
	/* And where a filter leaves no way to a clock. */
	lt_settings.layout_time = true;
	lt_refused = LT_CALL_CLOCK;
	evh_vdso_clock = NULL;
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
	record = read_record();
	expect_order(&record, false);
}

static void expect_resource(char *service, char *list, const char *role, const char *instance)
{
	char *environment[] = { service, list, NULL };
	struct lt_message message = { { "m", "" }, { 1, 0 } };
	struct record record;

	lt_resource_init(environment);
	memcpy(lt_resource.boot, "4f1c9c1e", 8);
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
	record = read_record();
	expect_order(&record, true);
	expect_text(&record, "ext_cloud_role", role);
	expect_text(&record, "ext_cloud_roleInstance", instance);
	expect_text(&record, "process.executable.name", "ls");
}

Test(otel, no_boot_is_known)
{
	struct lt_message message = { { "m", "" }, { 1, 0 } };
	struct record record;

	memset(lt_resource.boot, 0, sizeof(lt_resource.boot));
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
	record = read_record();
	expect_text(&record, "ext_cloud_roleInstance", "4242");
}

Test(otel, service_of_the_list)
{
	struct record record;

	expect_resource("OTEL_SERVICE_NAME=",
			"OTEL_RESOURCE_ATTRIBUTES= service.name = shop ,"
			"k8s.pod.name=a%2Cb%3d%e4%bd%a0,service.instance.id=i-1,bad;name=x,=y,z,"
			"process.pid=7,logtap.part=1,latin=%e9",
			"shop", "i-1");
	record = read_record();
	expect_text(&record, "k8s.pod.name", "a,b=\xe4\xbd\xa0");
	expect_text(&record, "latin", "\xef\xbf\xbd");
	cr_assert_null(find(&record, "bad;name"));
	cr_assert_null(find(&record, "logtap.part"));
	cr_assert_eq(number(&record, "process.pid"), 4242);
	/* An identifier is said all the same. */
	cr_assert_eq(lt_emit_syslog(6, 1, "myd", "m", 1), 0);
	record = read_record();
	expect_text(&record, "ext_cloud_role", "shop");
	expect_text(&record, "syslog.appname", "myd");
}

Test(otel, service_of_its_own)
{
	expect_resource("OTEL_SERVICE_NAME=cart", "OTEL_RESOURCE_ATTRIBUTES=service.name=shop",
			"cart", "4f1c9c1e-4242");
}

/* As much as there is room for, each whole; the longest message still goes out. */
Test(otel, resources_without_end)
{
	static char list[200000] = "OTEL_RESOURCE_ATTRIBUTES=";
	char *environment[] = { list, NULL };
	static char text[20000];
	struct lt_message message = { { text, text + 10000 }, { 10000, 10000 } };

	for (int i = 0; strlen(list) < sizeof(list) - 100; i++)
		sprintf(list + strlen(list), "name.%d=%0*d,", i, i % 60 + 1, i);
	memset(text, 'x', sizeof(text));
	memset(lt_program, 'p', LT_PROGRAM_MAX - 1);
	lt_resource_init(environment);
	cr_assert_gt(lt_resource.attributes.count, 10);
	cr_assert_eq(lt_emit_stderr(0, &message), 0);
	cr_assert_gt(lt_transport.memory_sent, 5);
}

/* ---- Messages ---- */

/* A transport that keeps all events: each is looked at as it comes. */
static uint8_t joined[400000];
static size_t joined_size;
static unsigned parts_seen;
static char first_uid[17];

static void take_last_event(unsigned expected_part)
{
	struct record record = read_record();
	const struct field *body = find(&record, "body");
	char uid[17] = "";

	expect_order(&record, true);
	memcpy(joined + joined_size, body->data, body->size);
	joined_size += body->size;
	if (!find(&record, "logtap.part"))
		return;
	cr_assert_eq(number(&record, "logtap.part"), expected_part);
	memcpy(uid, find(&record, "log.record.uid")->data, 16);
	if (!expected_part)
		memcpy(first_uid, uid, sizeof(uid));
	cr_assert_str_eq(uid, first_uid);
	parts_seen = expected_part + 1;
}

/* Sent in pieces as a line that comes slowly is, so that each event can be looked at. */
Test(otel, parts)
{
	static uint8_t text[9000], expected[3 * sizeof(text)];
	uint64_t state = 17;

	for (int turn = 0; turn < 40; turn++) {
		size_t size = make_text(text, 1 + layers_random(&state) % sizeof(text), &state),
		       all, step;
		struct lt_parts parts = { 0 };
		unsigned part = 0;

		all = replaced(text, size, expected);
		joined_size = 0;
		for (size_t at = 0; at < size; at += step, part++) {
			size_t seam;
			struct lt_message message;
			bool last;

			step = 4 + layers_random(&state) % 700;
			step = step > size - at ? size - at : step;
			last = at + step == size;
			/* As those do that call it: an unfinished character is kept back. */
			if (!last)
				step -= lt_utf8_unfinished((char *)text + at, step,
							   (char *)text + at + step,
							   size - at - step, true);
			seam = layers_random(&state) % (step + 1);
			message = (struct lt_message){ { (char *)text + at,
							 (char *)text + at + seam },
						       { seam, step - seam } };
			cr_assert_eq(lt_emit_stderr_parts(4, &message, &parts, last), 0);
			take_last_event(part);
		}
		cr_assert_eq(parts_seen, part);
		cr_assert_eq(joined_size, all);
		cr_assert_eq(memcmp(joined, expected, all), 0);
	}
}

/* A message that is too long is cut at characters, and each part is as large as may be. */
Test(otel, long_messages)
{
	static char text[65536];
	uint64_t sent;

	for (size_t i = 0; i + 3 <= sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	for (size_t size = 3000; size < sizeof(text); size += 20001) {
		struct lt_message message = { { text, text }, { size / 3 * 3, 0 } };
		struct record record;

		sent = lt_transport.memory_sent;
		cr_assert_eq(lt_emit_stderr(6, &message), 0);
		record = read_record();
		if (size == 3000) {
			cr_assert_null(find(&record, "logtap.part"));
			continue;
		}
		cr_assert_eq((uint64_t)number(&record, "logtap.part") + 1,
			     lt_transport.memory_sent - sent);
		cr_assert_eq(number(&record, "logtap.last"), 1);
		cr_assert_eq(lt_emit_syslog(6, 1, "id", text, size / 3 * 3), 0);
	}
}

/* What a program gave to the journal itself, and what was lost. */
Test(otel, journal)
{
	char text[] = "MESSAGE=disk \xff\nPRIORITY=2\nSYSLOG_IDENTIFIER=my\xe9\nCODE_LINE=12\n"
		      "CODE_LINE=13\nBIN\n\x04\0\0\0\0\0\0\0a\n\xff"
		      "b\nNAME WITH=x\n";
	struct lt_journal_entry entry;
	struct record record;

	cr_assert_neq(lt_journal_entry_read(&entry, text, sizeof(text) - 1), 0);
	cr_assert_eq(lt_emit_journal(&entry), 0);
	record = read_record();
	expect_order(&record, true);
	expect_text(&record, "name", "logtap.journal");
	expect_text(&record, "body", "disk \xef\xbf\xbd");
	expect_text(&record, "syslog.appname", "my\xef\xbf\xbd");
	expect_text(&record, "CODE_LINE", "12");
	expect_text(&record, "BIN",
		    "a\n\xef\xbf\xbd"
		    "b");
	expect_text(&record, "LOGTAP_LEFT_OUT", "NAME WITH");
	cr_assert_eq(number(&record, "severityNumber"), 18);
}

Test(otel, journal_entries_without_end)
{
	static char text[60000];
	struct lt_journal_entry entry;
	struct record record;
	size_t size = 0;

	for (int i = 0; i < 200; i++)
		size += (size_t)sprintf(text + size, "FIELD_%d=%0*d\n", i, 1 + i % 80, i);
	memcpy(text + size, "MESSAGE=", 8);
	size += 8;
	memset(text + size, 'm', 20000);
	size += 20000;
	text[size++] = '\n';
	cr_assert_neq(lt_journal_entry_read(&entry, text, size), 0);
	cr_assert_eq(lt_emit_journal(&entry), 0);
	record = read_record();
	cr_assert_eq(number(&record, "logtap.last"), 1);
	cr_assert_null(find(&record, "FIELD_0"), "the first part alone has the fields");
	entry.message_size = 2;
	cr_assert_eq(lt_emit_journal(&entry), 0);
	record = read_record();
	expect_order(&record, true);
	expect_text(&record, "FIELD_0", "0");
	cr_assert_not_null(find(&record, "LOGTAP_LEFT_OUT"));
	expect_text(&record, "body", "mm");
}

Test(otel, lost)
{
	struct lt_message message = { { "m", "" }, { 1, 0 } };
	struct record record;

	lt_settings.rate = 1;
	lt_settings.rate_seconds = 1000;
	lt_lost_init();
	evh_vdso_clock = NULL;
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
	cr_assert_eq(lt_emit_stderr(6, &message), -EBUSY);
	cr_assert_eq(lt_emit_stderr(6, &message), -EBUSY);
	lt_lost_report();
	record = read_record();
	expect_order(&record, true);
	expect_text(&record, "name", "logtap.lost");
	cr_assert_eq(number(&record, "logtap.count"), 2);
	cr_assert_gt(number(&record, "logtap.since"), 0);
	cr_assert_eq(number(&record, "severityNumber"), 13);
}

/* Each thread that is at it has a buffer, and one that finds none says so. */
Test(otel, buffers)
{
	struct lt_message message = { { "m", "" }, { 1, 0 } };
	unsigned count = 0;

	while (lt_buffer_claim())
		count++;
	cr_assert_geq(count, 64);
	cr_assert_eq(lt_emit_stderr(6, &message), -ENOBUFS);
	cr_assert_eq(lt_emit_syslog(6, 1, "id", "m", 1), -ENOBUFS);
}
