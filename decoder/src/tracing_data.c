/* SPDX-License-Identifier: MIT */
/*
 * Reads "tracing data": the copy of tracefs's format files that perf keeps in a trace. Names, ids
 * and whether a tracepoint is EventHeader's are found here; libtraceevent gets the fields of all
 * others. Must never hand it a text as it stands in the file.
 */
#include "tracing_data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include <evh/decode.h>

#include "bytes.h"
#include "format_text.h"

/* A trace with every tracepoint of a kernel has some 3,000. */
#define TRACEPOINTS_MAX 65536

/*
 * A kernel's formats are some 3 MB together. What is beyond keeps its name, and its fields are not
 * decoded.
 */
#define FORMATS_MAX ((size_t)64 << 20)

/*
 * No longer names: user_events take 512 bytes for name and fields together, and every event repeats
 * its tracepoint's name.
 */
#define NAME_BYTES_MAX 512

/* A place in the bytes; `bad` once something ran past the end, and then nothing is read any more.
 */
struct cursor {
	const uint8_t *next;
	size_t left;
	bool swap;
	bool bad;
};

static const uint8_t *take(struct cursor *cursor, uint64_t size)
{
	const uint8_t *bytes = cursor->next;

	if (cursor->bad || size > cursor->left) {
		cursor->bad = true;
		return NULL;
	}
	cursor->next += size;
	cursor->left -= size;
	return bytes;
}

static uint32_t take32(struct cursor *cursor)
{
	const uint8_t *bytes = take(cursor, 4);

	return bytes ? get32(bytes, cursor->swap) : 0;
}

static uint64_t take64(struct cursor *cursor)
{
	const uint8_t *bytes = take(cursor, 8);

	return bytes ? get64(bytes, cursor->swap) : 0;
}

static const char *take_string(struct cursor *cursor)
{
	const uint8_t *end = cursor->left ? memchr(cursor->next, 0, cursor->left) : NULL;

	return (const char *)take(cursor, end ? (uint64_t)(end - cursor->next) + 1 : UINT64_MAX);
}

static void tracepoint_free(struct tracepoint *point)
{
	free(point->system);
	free(point->name);
	free(point->format);
	free(point);
}

void tracepoints_free(struct tracepoints *all)
{
	for (size_t i = 0; i < all->count; i++)
		tracepoint_free(all->by_id[i]);
	free(all->by_id);
	tep_free(all->tep);
}

/* Where the id is, or belongs. */
static size_t place_of(const struct tracepoints *all, uint32_t id)
{
	size_t low = 0;
	size_t high = all->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->by_id[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tracepoint *tracepoints_find(const struct tracepoints *all, uint32_t id)
{
	size_t place = place_of(all, id);

	return place < all->count && all->by_id[place]->id == id ? all->by_id[place] : NULL;
}

/*
 * Takes `point` over. One of the same id stays where it is, for attrs refer to it; but what was
 * only named gets the description.
 */
static int insert(struct tracepoints *all, struct tracepoint *point)
{
	size_t place = place_of(all, point->id);

	if (place < all->count && all->by_id[place]->id == point->id) {
		struct tracepoint *old = all->by_id[place];

		if (!old->described && point->described) {
			struct tracepoint named = *old;

			*old = *point;
			*point = named;
		}
		tracepoint_free(point);
		return 0;
	}
	if (all->count == TRACEPOINTS_MAX) {
		tracepoint_free(point);
		return -E2BIG;
	}
	if (all->count == all->capacity) {
		size_t capacity = all->capacity ? all->capacity * 2 : 64;
		struct tracepoint **larger =
			realloc(all->by_id, capacity * sizeof(struct tracepoint *));

		if (!larger) {
			tracepoint_free(point);
			return -ENOMEM;
		}
		all->by_id = larger;
		all->capacity = capacity;
	}
	memmove(all->by_id + place + 1, all->by_id + place,
		(all->count - place) * sizeof(struct tracepoint *));
	all->by_id[place] = point;
	all->count++;
	return 0;
}

/* The text behind `label` at the beginning of a line, up to the line's end; NULL: no such line. */
static const char *find_line(const char *text, size_t size, const char *label, size_t *length)
{
	size_t label_size = strlen(label);

	while (size) {
		const char *end = memchr(text, '\n', size);
		size_t line = end ? (size_t)(end - text) : size;

		if (line >= label_size && memcmp(text, label, label_size) == 0) {
			*length = line - label_size;
			return text + label_size;
		}
		if (!end)
			break;
		text += line + 1;
		size -= line + 1;
	}
	return NULL;
}

static bool parse_number(const char *text, size_t size, uint32_t *number)
{
	uint64_t value = 0;
	size_t i = 0;

	for (; i < size && text[i] >= '0' && text[i] <= '9' && value <= UINT32_MAX; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	*number = (uint32_t)value;
	return i > 0 && value <= UINT32_MAX;
}

/* The first field behind the common ones tells an EventHeader tracepoint, and where its event is.
 */
static void find_event(struct tracepoint *point, const char *text, size_t size)
{
	static const char FIELD[] = "u8 eventheader_flags;";
	static const char OFFSET[] = "offset:";
	const char *field = memmem(text, size, FIELD, sizeof(FIELD) - 1);
	struct evh_tracepoint_name parts;
	const char *offset;
	uint32_t number;

	if (!field || evh_tracepoint_name_parse(&parts, point->name, strlen(point->name)) != 0)
		return;
	size -= (size_t)(field - text);
	offset = memmem(field, size, OFFSET, sizeof(OFFSET) - 1);
	if (!offset)
		return;
	offset += sizeof(OFFSET) - 1;
	if (!parse_number(offset, size - (size_t)(offset - field), &number) || number > 256)
		return;
	point->eventheader = true;
	point->event_offset = (uint16_t)number;
}

static int add_format(struct tracepoints *all, const char *system, const char *text, size_t size)
{
	size_t name_size;
	size_t id_size;
	const char *name = find_line(text, size, "name: ", &name_size);
	const char *id_text = find_line(text, size, "ID: ", &id_size);
	struct tracepoint *point;
	uint32_t id;

	if (!name || !id_text || name_size > NAME_BYTES_MAX || strlen(system) > NAME_BYTES_MAX)
		return -EBADMSG;
	if (!parse_number(id_text, id_size, &id))
		return -EBADMSG;
	point = calloc(1, sizeof(*point));
	if (!point)
		return -ENOMEM;
	point->id = id;
	point->described = true;
	point->system = strdup(system);
	point->name = strndup(name, name_size);
	if (point->system && point->name)
		find_event(point, text, size);
	if (!point->eventheader && size <= FORMATS_MAX - all->format_bytes) {
		point->format = malloc(size ? size : 1);
		if (point->format)
			memcpy(point->format, text, size);
		point->format_size = size;
		all->format_bytes += size;
	}
	if (!point->system || !point->name) {
		tracepoint_free(point);
		return -ENOMEM;
	}
	return insert(all, point);
}

static int read_formats(struct tracepoints *all, struct cursor *cursor, const char *system)
{
	uint32_t count = take32(cursor);

	while (count-- && !cursor->bad) {
		uint64_t size = take64(cursor);
		const char *text = (const char *)take(cursor, size);

		if (!text)
			break;

		int result = add_format(all, system, text, size);

		/* One strange format must not hide the others. */
		if (result < 0 && result != -EBADMSG)
			return result;
	}
	return cursor->bad ? -EBADMSG : 0;
}

int tracepoints_read(struct tracepoints *all, const uint8_t *bytes, size_t size)
{
	static const uint8_t MAGIC[] = { 0x17, 8, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };
	struct cursor cursor = { bytes, size, false, false };
	const uint8_t *magic = take(&cursor, sizeof(MAGIC));
	const uint8_t *byte;

	if (!magic || memcmp(magic, MAGIC, sizeof(MAGIC)) != 0 || !take_string(&cursor))
		return -EBADMSG;
	byte = take(&cursor, 2);
	if (!byte)
		return -EBADMSG;
	all->big_endian = byte[0] != 0;
	all->long_size = byte[1];
	cursor.swap = all->big_endian != HOST_BIG_ENDIAN;
	all->page_size = take32(&cursor);

	/* header_page and header_event: layouts of the ring buffer, which perf's records don't use.
	 */
	for (int i = 0; i < 2; i++) {
		take_string(&cursor);
		take(&cursor, take64(&cursor));
	}

	/* ftrace's own events, then each system's. */
	int result = read_formats(all, &cursor, "ftrace");

	for (uint32_t count = take32(&cursor); count && !cursor.bad && result == 0; count--) {
		const char *system = take_string(&cursor);

		if (!system)
			return -EBADMSG;
		result = read_formats(all, &cursor, system);
	}
	return cursor.bad ? -EBADMSG : result;
}

int tracepoints_name(struct tracepoints *all, uint32_t id, const char *name, size_t size)
{
	const char *colon;
	struct tracepoint *point;
	struct evh_tracepoint_name parts;

	size = strnlen(name, size);
	if (tracepoints_find(all, id) || size > (size_t)2 * NAME_BYTES_MAX)
		return 0;
	point = calloc(1, sizeof(*point));
	if (!point)
		return -ENOMEM;
	colon = memchr(name, ':', size);
	point->id = id;
	point->system = colon ? strndup(name, (size_t)(colon - name)) : strdup("");
	point->name =
		colon ? strndup(colon + 1, size - (size_t)(colon - name) - 1) : strndup(name, size);
	if (!point->system || !point->name) {
		tracepoint_free(point);
		return -ENOMEM;
	}
	/* The common fields have taken 8 bytes on every kernel so far. */
	if (evh_tracepoint_name_parse(&parts, point->name, strlen(point->name)) == 0) {
		point->eventheader = true;
		point->event_offset = 8;
	}
	return insert(all, point);
}

static struct tep_handle *open_tep(struct tracepoints *all)
{
	struct tep_handle *tep = tep_alloc();

	if (!tep)
		return NULL;
	tep_set_file_bigendian(tep, all->big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(tep, HOST_BIG_ENDIAN ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(tep, all->long_size == 4 ? 4 : 8);
	tep_set_page_size(tep, (int)(all->page_size & 0xffffff));
	tep_set_loglevel(TEP_LOG_NONE);
	return tep;
}

const struct tep_event *tracepoint_parsed(struct tracepoints *all, struct tracepoint *point)
{
	size_t size;
	char *text;

	if (point->parsed || point->parse_failed || !point->format)
		return point->parsed;
	point->parse_failed = true;
	if (!all->tep)
		all->tep = open_tep(all);
	text = format_text_clean(point->format, point->format_size, point->id, &size);
	if (text && all->tep && tep_parse_event(all->tep, text, size, "trace") == 0)
		point->parsed = tep_find_event(all->tep, (int)point->id);
	free(text);
	return point->parsed;
}
