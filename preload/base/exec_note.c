/* SPDX-License-Identifier: MIT */
/*
 * The note, byte by byte: each is eight separators. An entry is the number (7 bits to a byte, the
 * lowest first, the top bit where more follow), the word's lower bits with those that say what
 * comes next, the file in eight bytes, and a stream's head. Behind the last entry stand their size
 * in bytes and a mark, both in two bytes.
 */
#include "exec_note.h"

#include <string.h>

static const char SEPARATORS[] = ": ";

#define MARK 0x6c74u /* "lt" */

/* Beside the three lower bits of the word. */
#define HAS_FILE 8u
#define HAS_HEAD 16u
#define PREFIXED 32u

/* Where bytes go to, if anywhere, and how many characters they were. */
struct out {
	char *to;
	size_t size;
};

static void put(struct out *out, unsigned byte)
{
	for (int bit = 7; out->to && bit >= 0; bit--)
		*out->to++ = SEPARATORS[byte >> bit & 1];
	out->size += 8;
}

static void put_text(struct out *out, const char *text)
{
	put(out, (unsigned)strlen(text));
	for (; *text; text++)
		put(out, (unsigned char)*text);
}

size_t lt_note_put(char *to, const struct lt_note_entry *entry)
{
	struct out out = { to, 0 };
	uint64_t file = entry->word >> 3;
	unsigned flags = entry->word & 7, fd = (unsigned)entry->fd;

	for (; fd >= 128; fd >>= 7)
		put(&out, (fd & 127) | 128);
	put(&out, fd);
	flags |= (file ? HAS_FILE : 0) | (entry->has_head ? HAS_HEAD : 0);
	flags |= entry->has_head && entry->head.prefixed ? PREFIXED : 0;
	put(&out, flags);
	for (int i = 0; file && i < 8; i++)
		put(&out, file >> (8 * i) & 255);
	if (entry->has_head) {
		put(&out, entry->head.severity);
		put_text(&out, entry->head.ident);
	}
	return out.size;
}

void lt_note_finish(char *to, size_t size)
{
	struct out out = { to, 0 };

	put(&out, (unsigned)(size / 8 >> 8 & 255));
	put(&out, (unsigned)(size / 8 & 255));
	put(&out, MARK >> 8);
	put(&out, MARK & 255);
}

static unsigned get(const char *text)
{
	unsigned byte = 0;

	for (int i = 0; i < 8; i++)
		byte = byte << 1 | (text[i] == SEPARATORS[1]);
	return byte;
}

bool lt_note_find(struct lt_note *note, const char *value)
{
	const char *end = value + strlen(value);
	size_t run = 0, size;

	while (end - run > value &&
	       (end[-1 - (ptrdiff_t)run] == ':' || end[-1 - (ptrdiff_t)run] == ' '))
		run++;
	if (run < LT_NOTE_END || (get(end - 16) << 8 | get(end - 8)) != MARK)
		return false;
	size = ((size_t)get(end - 32) << 8 | get(end - 24)) * 8 + LT_NOTE_END;
	if (size > run)
		return false;
	*note = (struct lt_note){ end - size, size, size - LT_NOTE_END };
	return true;
}

/* The next byte, or -1 at the end. */
static int take(struct lt_note *note)
{
	size_t behind = note->at + LT_NOTE_END;

	if (!note->at)
		return -1;
	note->at -= 8;
	return (int)get(note->text + note->size - behind);
}

static bool take_number(struct lt_note *note, int *fd)
{
	uint64_t number = 0;

	for (int shift = 0; shift < 35; shift += 7) {
		int byte = take(note);

		if (byte < 0)
			return false;
		number |= (uint64_t)(byte & 127) << shift;
		if (byte < 128) {
			*fd = (int)number;
			return number <= INT32_MAX;
		}
	}
	return false;
}

static bool take_head(struct lt_note *note, struct lt_stream_head *head)
{
	int severity = take(note), size = take(note);

	if (severity < 0 || severity > 7 || size < 0 || size > LT_STREAM_IDENT_MAX)
		return false;
	head->severity = (uint8_t)severity;
	for (int i = 0; i < size; i++) {
		int byte = take(note);

		if (byte <= 0)
			return false;
		head->ident[i] = (char)byte;
	}
	head->ident[size] = '\0';
	return true;
}

bool lt_note_next(struct lt_note *note, struct lt_note_entry *entry)
{
	int flags;

	if (!take_number(note, &entry->fd))
		return false;
	flags = take(note);
	if (flags < 0)
		return false;
	entry->word = (unsigned)flags & 7;
	for (int i = 0; ((unsigned)flags & HAS_FILE) && i < 8; i++) {
		int byte = take(note);

		if (byte < 0)
			return false;
		entry->word |= (uint64_t)byte << (8 * i) << 3;
	}
	entry->has_head = (unsigned)flags & HAS_HEAD;
	entry->head.prefixed = (unsigned)flags & PREFIXED;
	return !entry->has_head || take_head(note, &entry->head);
}
