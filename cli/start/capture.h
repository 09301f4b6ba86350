/* SPDX-License-Identifier: MIT */
/*
 * Whether a program can be captured: what the launcher says before it starts one, and the doctor
 * when it is asked. Reads files, changes nothing, starts nothing.
 */
#ifndef LOGTAP_CLI_CAPTURE_H
#define LOGTAP_CLI_CAPTURE_H

#include <limits.h>
#include <stdbool.h>

#include "exec_head.h"

struct capture {
	char path[PATH_MAX]; /* what runs in the end: the program, or the interpreter of a script */
	struct lt_head head; /* of that file */
	const char *rights;  /* "setuid" or the like, where the loader drops LD_PRELOAD; or NULL */
	bool go;	     /* made by the Go compiler */
	int error;	     /* 0, or why the file can't be read: a negative errno */
};

/* Judges the program that was found at `path`. */
void capture_judge(struct capture *capture, const char *path);

/*
 * Why nothing of the program can be captured, as the end of a sentence that begins with its path:
 * "is statically linked: ...". NULL where nothing stands against it.
 */
const char *capture_obstacle(const struct capture *capture);

/* The head of the file that the kernel would start for `path`, through `#!` as the kernel goes. */
void capture_head(struct lt_head *head, const char *path);

/* Whether `argv` is env(1) starting a program without LD_PRELOAD: env -i, env -u LD_PRELOAD. */
bool capture_is_cleaned(char *const argv[]);

#endif
