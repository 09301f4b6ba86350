/* SPDX-License-Identifier: MIT */
/*
 * The note's two ends. What it says is what a person sees in the shell's line: a number that was
 * copied from stderr, by whatever calls, and will not be closed by the exec. A stdout that is the
 * same file as stderr from the start (a terminal, `2>&1`) was not copied, and stays stdout.
 *
 * Must never be written where there is nothing to say, nor be left where the program could read it.
 */
#include "exec_copies.h"

#include <fcntl.h>
#include <string.h>

#include "log_streams.h"
#include "raw.h"
#include "spawn_actions.h"
#include "stderr_copies.h"

static bool is_closed_by_exec(int fd)
{
	return LT_RAW2(SYS_fcntl, fd, F_GETFD) & FD_CLOEXEC;
}

/* What the program is to know of the number `fd`. */
static bool inherits(struct lt_note_entry *entry, int fd, const struct lt_exec *exec)
{
	int source = fd;
	bool moved;
	enum lt_spawn_origin origin = lt_spawn_origin_of(exec->actions, &source, &moved);

	entry->fd = fd;
	entry->word = 0;
	entry->has_head = false;
	if (fd == STDERR_FILENO || origin == LT_ORIGIN_ELSE)
		return false;
	if (origin == LT_ORIGIN_NEW_STDERR)
		return true;
	entry->word = lt_copies_word(source);
	if (!entry->word || (!moved && is_closed_by_exec(fd)))
		return false;
	if (lt_copy_kind(entry->word) == LT_COPY_STREAM)
		entry->has_head = lt_stream_head(entry->word & LT_COPY_FILE, &entry->head);
	return true;
}

/* The next number that may be inherited: one that is known, or that a spawn makes. */
static int next(const struct lt_exec *exec, int first)
{
	int fd = lt_copies_next(first), made = lt_spawn_next_copy(exec->actions, first);

	return fd < 0 || (made >= 0 && made < fd) ? made : fd;
}

/* Twice, so that no memory is needed: what changed meanwhile must fit where it was measured. */
static size_t write_entries(char *to, size_t room, const struct lt_exec *exec)
{
	struct lt_note_entry entry;
	size_t size = 0;

	for (int fd = next(exec, 0); fd >= 0; fd = fd < INT32_MAX ? next(exec, fd + 1) : -1) {
		size_t more = inherits(&entry, fd, exec) ? lt_note_put(NULL, &entry) : 0;

		if (!more || size + more > room)
			continue;
		if (to)
			lt_note_put(to + size, &entry);
		size += more;
	}
	return size;
}

/* What the note's own count of bytes can say, and what no environment has room for. */
#define ENTRIES_MAX ((size_t)65535 * 8)

size_t lt_exec_copies_size(const struct lt_exec *exec)
{
	size_t size = write_entries(NULL, ENTRIES_MAX, exec);

	return size ? size + LT_NOTE_END : 0;
}

void lt_exec_copies_write(char *to, size_t room, const struct lt_exec *exec)
{
	size_t size = write_entries(to, room - LT_NOTE_END, exec);

	lt_note_finish(to + size, size);
	to[size + LT_NOTE_END] = '\0';
}

static void take(char *value, bool believed)
{
	struct lt_note_entry entry;
	struct lt_note note;

	if (!lt_note_find(&note, value))
		return;
	while (believed && lt_note_next(&note, &entry)) {
		lt_copies_inherited(entry.fd, entry.word);
		if (entry.has_head && lt_copy_kind(entry.word) == LT_COPY_STREAM)
			lt_stream_begin(entry.word & LT_COPY_FILE, &entry.head);
	}
	memset(value + (note.text - value), 0, note.size);
}

void lt_exec_copies_take(char *const envp[], bool believed)
{
	for (; envp && *envp; envp++)
		if (**envp == 'L' &&
		    !strncmp(*envp, LT_PRELOAD_VARIABLE, sizeof(LT_PRELOAD_VARIABLE) - 1))
			take(*envp + sizeof(LT_PRELOAD_VARIABLE) - 1, believed);
}
