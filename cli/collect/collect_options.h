/* SPDX-License-Identifier: MIT */
/* What `logtap collect` is asked for. */
#ifndef LOGTAP_COLLECT_OPTIONS_H
#define LOGTAP_COLLECT_OPTIONS_H

#include <limits.h>
#include <stdbool.h>

#include "destination.h"
#include "recording.h"

#define COLLECT_DESTINATIONS_MAX 16
#define COLLECT_HEADERS_MAX	 32

struct collect_options {
	const char *file;
	const char *provider;
	const char *socket;
	char socket_path[PATH_MAX];
	struct recording_options how;
	uint64_t snapshot; /* bytes; 0: events go to the file at once */
	struct destination destinations[COLLECT_DESTINATIONS_MAX];
	size_t destination_count;
	struct destination_options delivery;
	const char *headers[COLLECT_HEADERS_MAX];
	struct host host;
};

/* -1: go on; else an exit status: the help was printed, or a line on stderr says what is wrong. */
int collect_options_read(struct collect_options *options, int argc, char **argv);

void collect_options_free(struct collect_options *options);

#endif
