/* SPDX-License-Identifier: MIT */
/*
 * Building and sending the stderr events, and what both kinds of event are built and sent with; see
 * emit.h, and the event table of the design for the fields. The syslog events: emit_syslog.c.
 * `message` stands last in each, so that everything before it is a head that can be prepared.
 *
 * An event goes out as one contiguous write. Letting the kernel gather it from pieces was dearer
 * for every size that fits an event, by about 90 ns of 600 (100 bytes) to 2400 (3900 bytes):
 * appending to a tmpfs file on Linux 6.18, medians of 400 interleaved rounds.
 *
 * Must never send more than LT_EVENT_MAX bytes, nor use more than 1 KiB of stack with the encoder.
 */
#include "emit_internal.h"

#include <string.h>

#include "clock.h"
#include "confinement.h"
#include "emit_otel.h"
#include "own_calls.h"
#include "put.h"
#include "rate.h"
#include "utf8.h"

#define STRING	"\x0a"	   /* EVH_ENCODING_STRING_CHAR8 */
#define VALUE32 "\x04"	   /* EVH_ENCODING_VALUE32 */
#define VALUE64 "\x05"	   /* EVH_ENCODING_VALUE64 */
#define TIME64	"\x85\x06" /* EVH_ENCODING_VALUE64 | HAS_FORMAT, EVH_FORMAT_TIME */
#define BOOL8	"\x82\x07" /* EVH_ENCODING_VALUE8 | HAS_FORMAT, EVH_FORMAT_BOOLEAN */

struct metadata {
	const char *bytes;
	uint16_t size;
};
#define METADATA(text)                                                                             \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

static const struct metadata metadata[] = {
	[LT_STDERR] = METADATA("stderr\0level\0" STRING "ident\0" STRING "message\0" STRING),
	[LT_STDERR_PART] =
		METADATA("stderr.part\0level\0" STRING "ident\0" STRING "message_id\0" VALUE64
			 "part\0" VALUE32 "last\0" BOOL8 "message\0" STRING),
	[LT_SYSLOG] = METADATA("syslog\0level\0" STRING "facility\0" STRING "ident\0" STRING
			       "message\0" STRING),
	[LT_SYSLOG_PART] =
		METADATA("syslog.part\0level\0" STRING "facility\0" STRING "ident\0" STRING
			 "message_id\0" VALUE64 "part\0" VALUE32 "last\0" BOOL8 "message\0" STRING),
	[LT_LOST] = METADATA("lost\0level\0" STRING "ident\0" STRING "count\0" VALUE64
			     "since\0" TIME64 "message\0" STRING),
	[LT_JOURNAL] = METADATA("journal\0level\0" STRING "ident\0" STRING "fields\0" STRING
				"message\0" STRING),
	[LT_JOURNAL_PART] =
		METADATA("journal.part\0level\0" STRING "ident\0" STRING "fields\0" STRING
			 "message_id\0" VALUE64 "part\0" VALUE32 "last\0" BOOL8 "message\0" STRING),
};

struct head {
	size_t size;
	uint8_t bytes[LT_HEAD_MAX];
};

/* Of the stderr events, which differ in the severity alone. */
static struct head heads[8], part_heads[8];

struct lt_line_head lt_line_heads[8];

size_t lt_emit_put_head(uint8_t *out, enum lt_shape shape, int severity, const char *facility,
			const char *ident)
{
	const struct metadata *meta = &metadata[shape];
	const char *level = lt_severity_names[severity];
	uint8_t *end =
		lt_put_metadata(out, lt_level_of_severity[severity], meta->bytes, meta->size);

	end = lt_put_string(end, level, strlen(level));
	if (facility)
		end = lt_put_string(end, facility, strlen(facility));
	end = lt_put_string(end, ident, strnlen(ident, LT_IDENT_MAX));
	return (size_t)(end - out);
}

bool (*lt_emit_late)(void);

/* Whether somebody listens; a sink that was not there at the start may be there by now. */
static bool is_heard(uint32_t keyword, int severity)
{
	const struct evh_tracepoint *tracepoint = lt_tracepoint_of(keyword, severity);
	bool (*late)(void) = __atomic_load_n(&lt_emit_late, __ATOMIC_ACQUIRE);

	return evh_tracepoint_enabled(tracepoint) ||
	       (lt_unlikely(late) && late() && evh_tracepoint_enabled(tracepoint));
}

bool lt_emit_wants(uint32_t keyword, int severity)
{
	return severity <= lt_settings.level && is_heard(keyword, severity);
}

/* What stands before the message's bytes; the end of it. */
static uint8_t *put_front(uint8_t *out, const struct lt_event *event, size_t message_size)
{
	uint16_t count = (uint16_t)message_size;

	memcpy(out, event->head, event->head_size);
	out += event->head_size;
	memcpy(out, event->part_fields, event->part_size);
	out += event->part_size;
	memcpy(out, &count, 2);
	return out + 2;
}

/* Where every buffer is in use: the kernel gathers the pieces. A confined process can't. */
static LT_COLD int send_gathered(const struct lt_event *event, const struct lt_message *message)
{
	uint8_t front[EVH_HEADROOM + LT_HEAD_MAX + LT_PART_FIELDS + 2];
	uint8_t *start = front + EVH_HEADROOM;
	struct iovec pieces[3] = { { .iov_base = start } };
	int count = 1;
	uint8_t *end = put_front(start, event, message->size[0] + message->size[1]);

	pieces[0].iov_len = (size_t)(end - start);
	for (int i = 0; i < 2; i++) {
		if (!message->size[i])
			continue;
		pieces[count].iov_base = (void *)message->piece[i];
		pieces[count++].iov_len = message->size[i];
	}
	return evh_tracepoint_sendv(event->tracepoint, pieces, count);
}

int lt_emit_send(const struct lt_event *event, const struct lt_message *message)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	uint8_t *end;
	int error;

	if (lt_unlikely(!buffer))
		return send_gathered(event, message);
	end = put_front(buffer->event, event, message->size[0] + message->size[1]);
	memcpy(end, message->piece[0], message->size[0]);
	end += message->size[0];
	if (message->size[1]) {
		memcpy(end, message->piece[1], message->size[1]);
		end += message->size[1];
	}
	error = evh_tracepoint_send(event->tracepoint, buffer->event,
				    (size_t)(end - buffer->event));
	lt_buffer_release(buffer);
	return error;
}

/* Copies up to three bytes of `message` from `at` on; how many there are. */
static size_t peek(const struct lt_message *message, size_t at, char *bytes)
{
	size_t count = 0;

	for (; count < 3 && at < message->size[0] + message->size[1]; at++, count++)
		bytes[count] = at < message->size[0] ? message->piece[0][at]
						     : message->piece[1][at - message->size[0]];
	return count;
}

/* `size` bytes of the message, less those of a character that the cut would go through. */
static size_t whole_characters(const struct lt_message *message, size_t size, bool last)
{
	size_t looked_at = size < 3 ? size : 3;
	char before[3] = { 0 }, behind[3];

	peek(message, size - looked_at, before);
	return size -
	       lt_utf8_unfinished(before, looked_at, behind, peek(message, size, behind), !last);
}

/* Takes `size` bytes off the front of `rest`. */
static struct lt_message take_front(struct lt_message *rest, size_t size)
{
	struct lt_message front = { .piece = { rest->piece[0], rest->piece[1] } };

	for (int i = 0; i < 2; i++) {
		size_t taken = rest->size[i] < size ? rest->size[i] : size;

		front.size[i] = taken;
		rest->piece[i] += taken;
		rest->size[i] -= taken;
		size -= taken;
	}
	return front;
}

int lt_emit_send_parts(struct lt_event *event, const struct lt_message *message,
		       struct lt_parts *parts, bool last)
{
	struct lt_message rest = *message;
	size_t left = rest.size[0] + rest.size[1];
	size_t max;
	int result = 0;

	if (!parts->next)
		parts->message_id = lt_message_id();
	event->part_size = LT_PART_FIELDS;
	max = lt_emit_message_max(event);
	do {
		size_t size = left < max ? left : max;
		struct lt_message front;
		int error;

		/* Only the end of the message itself may be inside a character. */
		if (size < left)
			size = whole_characters(&rest, size, last);
		front = take_front(&rest, size);
		left -= size;
		memcpy(event->part_fields, &parts->message_id, 8);
		memcpy(event->part_fields + 8, &parts->next, 4);
		event->part_fields[12] = last && !left;
		/* Before: a handler may jump, and a part that is missing is better than one twice.
		 */
		parts->next++;
		error = lt_emit_send(event, &front);
		if (error && !result)
			result = error;
	} while (left);
	return result;
}

int lt_emit_admit(uint32_t keyword, int severity)
{
	if (severity > lt_settings.level)
		return -ECANCELED;
	if (!is_heard(keyword, severity))
		return -EBADF;
	return lt_own_fd_check() ? 0 : -ESTALE;
}

int lt_emit_account_slow(int result)
{
	lt_count(LT_COUNT_CAPTURED);
	if (result == -EBADF && !lt_may(LT_CALL_WRITE))
		result = -EACCES;
	/* EBADF is also what user_events says when nobody listens any more. */
	else if (result == -EBADF && lt_debug_on && lt_may(LT_CALL_FLAGS) &&
		 LT_RAW2(SYS_fcntl, __atomic_load_n(&lt_transport.fd, __ATOMIC_RELAXED), F_GETFD) ==
			 -EBADF)
		result = -ESTALE;
	/* Neither a recording nor user_events answers so: a filter that nobody saw. */
	else if (result == -EPERM || result == -ENOSYS || result == -EACCES)
		lt_confine_unseen(true);
	if (!result)
		lt_count(LT_COUNT_SENT);
	else
		lt_count_refused(result);
	/* The report at the end of exit() was written: what comes now is in the next one. */
	if (__atomic_load_n(&lt_ending, __ATOMIC_RELAXED))
		lt_debug_report();
	return result;
}

int lt_emit_stderr(int severity, const struct lt_message *message)
{
	const struct head *head = &heads[severity];
	struct lt_event event = {
		.tracepoint = lt_tracepoint_of(LT_CAPTURE_STDERR, severity),
		.head = head->bytes,
		.head_size = head->size,
	};
	struct lt_parts parts = { 0 };
	int error = lt_emit_admit(LT_CAPTURE_STDERR, severity);

	if (!error)
		error = lt_rate_admit();
	if (error)
		return lt_emit_account(error);
	if (lt_layout_is_otel())
		return lt_emit_account(
			lt_otel_send(&(struct lt_record){ .severity = severity }, message));
	if (lt_likely(message->size[0] + message->size[1] <= lt_emit_message_max(&event)))
		return lt_emit_account(lt_emit_send(&event, message));
	event.head = part_heads[severity].bytes;
	event.head_size = part_heads[severity].size;
	return lt_emit_account(lt_emit_send_parts(&event, message, &parts, true));
}

int lt_emit_admit_parts(uint32_t keyword, int severity, struct lt_parts *parts)
{
	int error = lt_emit_admit(keyword, severity);

	/* One that is left out has the number 0, which no other has. */
	if (!error && !parts->next)
		error = lt_rate_admit();
	else if (!error && !parts->message_id)
		error = -EBUSY;
	if (error && !parts->next++)
		parts->message_id = error == -EBUSY ? 0 : lt_message_id();
	return error;
}

int lt_emit_stderr_parts(int severity, const struct lt_message *message, struct lt_parts *parts,
			 bool last)
{
	struct lt_event event = {
		.tracepoint = lt_tracepoint_of(LT_CAPTURE_STDERR, severity),
		.head = part_heads[severity].bytes,
		.head_size = part_heads[severity].size,
	};
	int error = lt_emit_admit_parts(LT_CAPTURE_STDERR, severity, parts);

	if (!error && lt_layout_is_otel())
		error = lt_otel_send_parts(&(struct lt_record){ .severity = severity }, message,
					   parts, last);
	else if (!error)
		error = lt_emit_send_parts(&event, message, parts, last);
	return last ? lt_emit_account(error) : error;
}

static void put_line_head(struct lt_line_head *head, int severity)
{
	const struct evh_tracepoint *tracepoint = lt_tracepoint_of(LT_CAPTURE_STDERR, severity);
	size_t size = heads[severity].size;

	head->tracepoint = tracepoint;
	head->size = (uint32_t)(size + sizeof(uint16_t));
	if (head->size > LT_LINE_HEAD || severity > lt_settings.level || lt_settings.rate ||
	    lt_layout_is_otel())
		return;
	memcpy(head->bytes + LT_LINE_HEAD - head->size, heads[severity].bytes, size);
	head->mask = tracepoint->mask;
}

void lt_emit_prepare(void)
{
	for (int severity = 0; severity < 8; severity++) {
		heads[severity].size = lt_emit_put_head(heads[severity].bytes, LT_STDERR, severity,
							NULL, lt_program);
		part_heads[severity].size = lt_emit_put_head(
			part_heads[severity].bytes, LT_STDERR_PART, severity, NULL, lt_program);
	}
	for (unsigned i = 0; i < LT_LEVELS * 2; i++)
		lt_tracepoints[i / 2][i % 2] =
			(struct evh_tracepoint){ .transport = &lt_transport, .word = &lt_word };
	lt_process_tracepoint =
		(struct evh_tracepoint){ .transport = &lt_transport, .word = &lt_word };
}

/* Of messages: 1 if it could be registered. */
static int register_one(const char *provider, unsigned index)
{
	unsigned level = index / LT_KEYWORDS + 1, place = index % LT_KEYWORDS;
	bool of_process = place == LT_KEYWORD_PROCESS;
	struct evh_tracepoint *tracepoint =
		of_process ? &lt_process_tracepoint : &lt_tracepoints[level - 1][place];
	char name[EVH_TRACEPOINT_NAME_MAX];

	if (!lt_tracepoint_is_wanted(&lt_settings, index))
		return 0;
	lt_tracepoint_name(name, provider, lt_tracepoint_in_layout(&lt_settings, index));
	/* Bits of the word: two per level, as LT_WORD_SYSLOG has them, and LT_WORD_PROCESS. */
	if (!evh_tracepoint_register(tracepoint, &lt_transport, name, &lt_word,
				     of_process ? 10 : (level - 1) * 2 + place))
		return !of_process;
	/* Recordings that older ones began have no place for it. */
	if (!of_process)
		lt_debug_say("can't register ", name);
	return 0;
}

int lt_emit_init(void)
{
	char program_provider[LT_PROVIDER_MAX + 1];
	const char *provider = lt_settings.provider;
	int registered = 0;

	if (!provider) {
		lt_settings_provider_of(program_provider, lt_program);
		provider = program_provider;
	}
	lt_emit_prepare();
	if (lt_settings.rate || lt_layout_is_otel())
		evh_clock_init();
	for (unsigned i = 0; i < LT_TRACEPOINTS; i++)
		registered += register_one(provider, i);
	for (int severity = 0; severity < 8; severity++)
		put_line_head(&lt_line_heads[severity], severity);
	return registered;
}
