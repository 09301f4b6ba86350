/* SPDX-License-Identifier: MIT */
/* The compile-time events (evh/provider.h) that a program's file holds, before it runs. */
#ifndef LOGTAP_PROGRAM_EVENTS_H
#define LOGTAP_PROGRAM_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include <evh/format.h>

#include "elf_image.h"

struct program_event {
	char tracepoint[EVH_TRACEPOINT_NAME_MAX];
	char group[EVH_TRACEPOINT_NAME_MAX];
	const uint8_t *bytes; /* header and metadata, in the image; NULL: only EVH_ENABLED asks */
	size_t size;	      /* bytes there, or more */
	uint64_t keyword;
	uint8_t level;
	size_t provider_length; /* of `tracepoint` */
};

struct program_events {
	struct elf_image image;
	struct program_event *list; /* by tracepoint */
	size_t count;
};

/* 0, also without any; or a negative errno as elf_image_open. */
int program_events_read(struct program_events *events, const char *path);
void program_events_free(struct program_events *events);

#endif
