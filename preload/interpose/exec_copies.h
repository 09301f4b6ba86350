/* SPDX-License-Identifier: MIT */
/*
 * What becomes of copies of stderr and of log sockets when a program is started: `cat >&2` writes
 * to a stdout that was made from stderr, and only who starts it knows that. It is handed on by a
 * note (exec_note.h).
 */
#ifndef LT_EXEC_COPIES_H
#define LT_EXEC_COPIES_H

#include "exec_environment.h"

/* How many characters the note for that program takes; 0: there is nothing to say. */
size_t lt_exec_copies_size(const struct lt_exec *exec);

/* Writes the note, at most `room` characters, and a NUL behind it. */
void lt_exec_copies_write(char *to, size_t room, const struct lt_exec *exec);

/* The start of a program: takes the notes out of its environment; their bytes become NULs. */
void lt_exec_copies_take(char *const envp[], bool believed);

#endif
