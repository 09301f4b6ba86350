/* SPDX-License-Identifier: MIT */
/* A way to write to stderr or syslog: its name in ways.tsv, and the function that takes it. */
#ifndef WAYS_H
#define WAYS_H

#include <stdbool.h>

struct way {
	const char *name;
	void (*go)(void);
};

#ifdef __cplusplus
extern "C" {
#endif

/* Takes the way of that name of ways_doors.c; false when there is none. */
bool way_door(const char *name);

/* Takes the way of that name through libstdc++; false when there is none. */
bool way_cxx(const char *name);

#ifdef __cplusplus
}
#endif

#endif
