/* SPDX-License-Identifier: MIT */
/* Events as OpenTelemetry's log records, a batch of them as one request. */
#ifndef LOGTAP_OTLP_RECORDS_H
#define LOGTAP_OTLP_RECORDS_H

#include <evh/text.h>

#include "event.h"
#include "host.h"

struct otlp_records;

/* 0 or -ENOMEM. */
int otlp_records_create(struct otlp_records **records);
void otlp_records_destroy(struct otlp_records *records);

/* One more; how many bytes the request will have by now, about. */
size_t otlp_records_add(struct otlp_records *records, struct event *event, const struct host *host);

/* Appends the request, an ExportLogsServiceRequest. 0 or -ENOMEM. */
int otlp_records_pack(struct otlp_records *records, struct evh_text *request);

void otlp_records_empty(struct otlp_records *records);

/*
 * What the answer says of records that were not taken, with why in `message`. Their number; 0 also
 * where it is no such answer.
 */
uint64_t otlp_records_rejected(const void *answer, size_t size, char *message, size_t message_size);

#endif
