/* SPDX-License-Identifier: MIT */
/* One batch, one POST: what the destinations behind HTTP have in common. */
#ifndef LOGTAP_HTTP_H
#define LOGTAP_HTTP_H

#include <evh/text.h>

#include "destination.h"

struct http;

/* NULL: it is a URL of http or https with a host; else what is expected. */
const char *http_check_url(const char *text);

/*
 * @out   gets it, for the URL of the destination, behind which `path` is put where it has none
 * @type   of the content
 * @packs  the receiver unpacks gzip; the options may say otherwise
 *
 * 0 or a negative errno.
 */
int http_open(struct http **out, const struct destination *destination, const char *path,
	      const char *type, bool packs);
void http_close(struct http *http);

/*
 * Sends the bytes, packed where the options allow it; the same bytes once more, where they were not
 * taken the last time. answer: gets what a successful one says; NULL: not wanted. The result and
 * destination->problem follow from its status.
 */
enum delivery http_post(struct http *http, struct destination *destination,
			const struct evh_text *body, struct evh_text *answer);

/* The next body will be another. */
void http_forget(struct http *http);

#endif
