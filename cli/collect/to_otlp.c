/* SPDX-License-Identifier: MIT */
/* otlp:URL: OpenTelemetry's protocol over HTTP, in protobuf. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "http.h"
#include "kinds.h"
#include "otlp_records.h"

struct otlp {
	struct http *http;
	struct otlp_records *records;
	struct evh_text request; /* empty: not made yet */
	struct evh_text answer;
};

static int open_otlp(struct destination *destination)
{
	struct otlp *otlp = calloc(1, sizeof(*otlp));
	int error;

	destination->state = otlp;
	if (!otlp)
		return -ENOMEM;
	error = otlp_records_create(&otlp->records);
	return error ? error
		     : http_open(&otlp->http, destination, "/v1/logs", "application/x-protobuf",
				 true);
}

static size_t add(struct destination *destination, struct event *event)
{
	struct otlp *otlp = destination->state;

	return otlp_records_add(otlp->records, event, destination->host);
}

static enum delivery deliver(struct destination *destination)
{
	struct otlp *otlp = destination->state;
	enum delivery result;

	if (!otlp->request.size && otlp_records_pack(otlp->records, &otlp->request) != 0) {
		snprintf(destination->problem, sizeof(destination->problem), "no memory for it");
		return DELIVERY_TOO_LARGE;
	}
	result = http_post(otlp->http, destination, &otlp->request, &otlp->answer);
	if (result == DELIVERY_DONE)
		destination->left_out =
			otlp_records_rejected(otlp->answer.data, otlp->answer.size,
					      destination->problem, sizeof(destination->problem));
	return result;
}

static void clear(struct destination *destination)
{
	struct otlp *otlp = destination->state;

	otlp_records_empty(otlp->records);
	evh_text_clear(&otlp->request);
	http_forget(otlp->http);
}

static void close_otlp(struct destination *destination)
{
	struct otlp *otlp = destination->state;

	http_close(otlp->http);
	otlp_records_destroy(otlp->records);
	evh_text_free(&otlp->request);
	evh_text_free(&otlp->answer);
	free(otlp);
}

const struct destination_kind destination_otlp = {
	.scheme = "otlp",
	.check = http_check_url,
	.open = open_otlp,
	.add = add,
	.deliver = deliver,
	.clear = clear,
	.close = close_otlp,
};
