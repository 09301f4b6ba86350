/* SPDX-License-Identifier: MIT */
/*
 * Of what OpenTelemetry calls a resource: what the environment says of the program that logs, and
 * which boot of the machine it belongs to. For LOGTAP_LAYOUT=otel.
 */
#ifndef LT_OTEL_RESOURCE_H
#define LT_OTEL_RESOURCE_H

#include "attributes.h"

/* A text, valid UTF-8. */
struct lt_resource_text {
	uint16_t size; /* 0: the environment doesn't say */
	uint8_t bytes[255];
};

struct lt_resource {
	struct lt_resource_text program;  /* the program's short name */
	struct lt_resource_text service;  /* service.name */
	struct lt_resource_text instance; /* service.instance.id */
	char boot[8];			  /* the front of the boot's id; zeros: unknown */
	struct lt_attributes attributes;  /* all others of OTEL_RESOURCE_ATTRIBUTES */
};

/* Bytes of the attributes' names and values together: what else is in an event has room then. */
#define LT_RESOURCE_MAX 1024

extern __attribute__((visibility("hidden"))) struct lt_resource lt_resource;

/*
 * Keeps the program's name, and reads OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. What has no
 * room is left out whole, and so are names that the events have themselves. Once, before the first
 * event, when lt_program is known.
 */
void lt_resource_init(char *const *envp);

#endif
