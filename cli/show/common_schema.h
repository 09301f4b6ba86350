/* SPDX-License-Identifier: MIT */
/*
 * Records of OpenTelemetry's Common Schema, as LOGTAP_LAYOUT=otel and OpenTelemetry's own exporters
 * write them: `__csver__`, and structs PartA (when, which service), PartB (the record), PartC (its
 * attributes). Any program's, whatever their order, and whatever their event is called.
 */
#ifndef LOGTAP_COMMON_SCHEMA_H
#define LOGTAP_COMMON_SCHEMA_H

#include "event.h"

/* Whether the event is such a record. Looked up once. */
bool common_schema_is(struct event *event);

/* Of a record. A text there, as its bytes; data is NULL when there is none. */
struct evh_name common_schema_text(const struct event *event, const char *in, const char *name);

/*
 * What the record says, as text also where it is a number or of wider characters; data is NULL when
 * it says nothing. Good until the next call.
 */
struct evh_name common_schema_body(const struct event *event);

/* The service that it is of, else the syslog identifier or the program; data is NULL: neither. */
struct evh_name common_schema_service(const struct event *event);

/* By the name of the severity, where it is one of syslog's, else by its number. */
enum severity common_schema_severity(const struct event *event);

/* Where common_schema_body() stands among the fields. */
#define COMMON_SCHEMA_BODY "PartB.body"

/* Whether a field says where in its message a part belongs: whole messages have none. */
bool common_schema_is_of_part(const char *path);

#endif
