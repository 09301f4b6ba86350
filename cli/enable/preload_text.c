/* SPDX-License-Identifier: MIT */
/* The text of /etc/ld.so.preload; see preload_text.h. */
#include "preload_text.h"

#include <string.h>

/* As glibc's do_preload() splits it. */
static bool is_separator(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == ':';
}

/* The end of the line that `at` is in: at its newline, or at the end of the text. */
static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

static const char *line_begin(const char *at, const char *begin)
{
	while (at > begin && at[-1] != '\n')
		at--;
	return at;
}

static bool begins_with(const char *at, const char *end, const char *words)
{
	size_t size = strlen(words);

	return (size_t)(end - at) >= size && memcmp(at, words, size) == 0;
}

static bool is_ours(const char *text, size_t size)
{
	const size_t wanted = sizeof(PRELOAD_LIBRARY) - 1;

	return size >= wanted && memcmp(text + size - wanted, PRELOAD_LIBRARY, wanted) == 0 &&
	       (size == wanted || text[size - wanted - 1] == '/');
}

/* Whether an entry is a line as preload_text_add() writes it. */
static bool is_marked(const char *begin, const char *entry, size_t size, const char *end)
{
	const char *behind = entry + size;

	if (line_begin(entry, begin) != entry ||
	    (!begins_with(entry, behind, PRELOAD_PLACE "/") &&
	     !begins_with(entry, behind, PRELOAD_PLACE_KEPT "/")))
		return false;
	while (behind < end && *behind == ':')
		behind++;
	return behind == end || *behind == '\n';
}

struct preload_entry preload_text_find(const char *text, size_t size)
{
	const char *end = text + size;
	const char *at = text;

	while (at < end) {
		const char *name = at;

		while (at < end && !is_separator(*at) && *at != '#')
			at++;
		if (is_ours(name, (size_t)(at - name)))
			return (struct preload_entry){ name, (size_t)(at - name),
						       is_marked(text, name, (size_t)(at - name),
								 end) };
		at = at < end && *at == '#' ? line_end(at, end) : at + 1;
	}
	return (struct preload_entry){ 0 };
}

static char *put(char *to, const char *text, size_t size)
{
	memcpy(to, text, size);
	return to + size;
}

size_t preload_text_add(const char *text, size_t size, bool exists, const char *entry, char *new)
{
	bool unended = size && text[size - 1] != '\n';
	char *to = size ? put(new, text, size) : new;

	if (unended)
		*to++ = '\n';
	to = put(to, entry, strlen(entry));
	if (unended)
		*to++ = ':';
	if (unended || !exists)
		*to++ = ':';
	*to++ = '\n';
	return (size_t)(to - new);
}

/* What is cut out: from `from` to before `to`. */
struct cut {
	const char *from, *to;
	bool made_file;
};

static bool is_blank(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at == end;
}

/* A line that preload_text_add() wrote, with its end. */
static struct cut cut_marked(const char *begin, const struct preload_entry *entry, const char *end)
{
	const char *colons = entry->text + entry->size;
	const char *last = line_end(colons, end);
	struct cut cut = { entry->text, last < end ? last + 1 : end, last - colons == 1 };

	/* What somebody added behind it since needs the newline. */
	if (last - colons == 2 && cut.to == end && cut.from > begin)
		cut.from--;
	return cut;
}

/* An entry that somebody wrote by hand: its line, or itself with one separator. */
static struct cut cut_plain(const char *begin, const struct preload_entry *entry, const char *end)
{
	const char *from = entry->text;
	const char *to = from + entry->size;
	const char *first = line_begin(from, begin);
	const char *last = line_end(to, end);

	if (is_blank(first, from) && is_blank(to, last))
		return (struct cut){ first, last < end ? last + 1 : end, false };
	if (to < end && is_separator(*to) && *to != '\n')
		to++;
	else if (from > first && is_separator(from[-1]))
		from--;
	return (struct cut){ from, to, false };
}

size_t preload_text_remove(const char *text, size_t size, char *new, bool *gone)
{
	bool made_file = false;
	size_t found = 0;

	if (size)
		memcpy(new, text, size);
	for (;;) {
		struct preload_entry entry = preload_text_find(new, size);
		struct cut cut;

		if (!entry.text)
			break;
		cut = entry.marked ? cut_marked(new, &entry, new + size)
				   : cut_plain(new, &entry, new + size);
		made_file |= cut.made_file;
		memmove((char *)new + (cut.from - new), cut.to, (size_t)(new + size - cut.to));
		size -= (size_t)(cut.to - cut.from);
		found++;
	}
	*gone = found && made_file && size == 0;
	return size;
}
