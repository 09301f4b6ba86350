/* SPDX-License-Identifier: MIT */
/*
 * With which LD_PRELOAD a program is started: without this library where the loader would complain
 * or the program abort, with the sanitizer's runtime before it where one must come first, and with
 * what the program is to know of its descriptors behind it (exec_copies.h). Anything else in it
 * keeps its bytes and its order, and the caller's own environment is never written.
 */
#ifndef LT_EXEC_ENVIRONMENT_H
#define LT_EXEC_ENVIRONMENT_H

#include <spawn.h>

#include "exec_target.h"
#include "mapping.h"
#include "shim.h"

#define LT_PRELOAD_VARIABLE "LD_PRELOAD="

/* An exec, or a spawn, and what it needs. `make` calls the original with the given environment. */
struct lt_exec {
	int (*make)(const struct lt_exec *exec, char *const envp[]);
	const char *path; /* or a name to be searched for */
	char *const *argv;
	int folder, flags; /* execveat's */
	bool searches;	   /* along PATH */
	bool elsewhere;	   /* a relative path is not looked up from this process's folder */
	bool goes_on;	   /* the process stays what it is: a spawn */
	void *more;	   /* for `make` */
	const posix_spawn_file_actions_t *actions; /* a spawn's, or NULL */
};

/* The start: until then, and with LOGTAP_DISABLE, environments are passed on as they are. */
void lt_exec_init(void);

/*
 * Sends what must not be lost, then has `exec->make` called with `envp`, or with a copy that has
 * another LD_PRELOAD. The result and errno are make's.
 */
int lt_exec_run(const struct lt_exec *exec, char *const envp[]);

/* What environ was, while libc starts a shell with another one. */
struct lt_lent {
	char **before, **copy; /* copy: NULL where nothing was changed */
	struct lt_mapping mapping;
};

/*
 * For system() and its like, which start /bin/sh with environ: where that shell can't take this
 * library, environ is a changed copy until lt_exec_take_back. Only while the process has one thread
 * alone; with more, another one could be using environ, and nothing is changed.
 */
void lt_exec_lend(struct lt_lent *lent);

/* errno is left alone. */
void lt_exec_take_back(struct lt_lent *lent);

#endif
