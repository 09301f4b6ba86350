/* SPDX-License-Identifier: MIT */
/* What the launcher must know of a program before it starts it. Reads files, changes nothing. */
#ifndef LOGTAP_PROGRAM_H
#define LOGTAP_PROGRAM_H

#include <stddef.h>

/*
 * Finds `name` as execvp(3) does: as it stands when it holds a slash, else along PATH. Puts the
 * path into `path` (`size` bytes, PATH_MAX is enough). 0; -ENOENT; -EACCES when something of that
 * name is there but is no file that this user may execute; -ENAMETOOLONG.
 */
int program_find(const char *name, char *path, size_t size);

/*
 * The interpreter that a script's first line names, with the program behind it when that
 * interpreter is env(1). 0 with the path in `interpreter` (`size` bytes); -ENOENT when `path` is no
 * script, cannot be read, or names an interpreter that is not there.
 */
int program_interpreter(const char *path, char *interpreter, size_t size);

#endif
