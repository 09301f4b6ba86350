/* SPDX-License-Identifier: MIT */
/*
 * POST by libcurl. Must never take an answer for an acknowledgement that isn't one, and never print
 * a header or the user's part of a URL.
 */
#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curl_library.h"
#include "gzip.h"

/* Of an answer that is wanted; what is longer says nothing. */
#define ANSWER_MAX 65536

struct http {
	CURL *curl;
	CURLU *url;
	struct curl_slist *headers;
	struct evh_text packed;
	bool packs;
	bool is_packed; /* the present body, already */
	struct evh_text *answer;
	char error[CURL_ERROR_SIZE];
};

static CURLU *parse_url(const char *text)
{
	CURLU *url = curl_library.url_new();
	char *scheme = NULL;
	bool good = url && curl_library.url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		    curl_library.url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		    (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

	curl_library.free(scheme);
	if (good)
		return url;
	curl_library.url_cleanup(url);
	return NULL;
}

const char *http_check_url(const char *text)
{
	CURLU *url;

	if (!curl_library_load())
		return "libcurl.so.4, which delivers to URLs: install it (libcurl4)";
	url = parse_url(text);
	if (!url)
		return "a URL behind the colon, as http://host:4318 or https://host/path";
	curl_library.url_cleanup(url);
	return NULL;
}

static size_t take_answer(char *data, size_t one, size_t count, void *argument)
{
	struct http *http = argument;
	size_t size = one * count;

	if (http->answer && http->answer->size + size <= ANSWER_MAX)
		evh_text_append(http->answer, data, size);
	return size;
}

/* Not 0: it is given up. */
static int look(void *argument, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
		curl_off_t up)
{
	const struct destination *destination = argument;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return destination->order(destination->order_argument) == ORDER_LEAVE;
}

static void add_header(struct http *http, const char *header)
{
	struct curl_slist *longer = curl_library.slist_append(http->headers, header);

	if (longer)
		http->headers = longer;
}

static void set_options(struct http *http, const struct destination *destination)
{
	const struct destination_options *options = destination->options;
	CURL *curl = http->curl;

	curl_library.easy_setopt(curl, CURLOPT_CURLU, http->url);
	curl_library.easy_setopt(curl, CURLOPT_POST, 1L);
	curl_library.easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers);
	curl_library.easy_setopt(curl, CURLOPT_ERRORBUFFER, http->error);
	curl_library.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_library.easy_setopt(curl, CURLOPT_TIMEOUT, (long)options->timeout);
	curl_library.easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_library.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_library.easy_setopt(curl, CURLOPT_WRITEDATA, http);
	curl_library.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_library.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
	curl_library.easy_setopt(curl, CURLOPT_XFERINFODATA, destination);
	if (options->tls_ca)
		curl_library.easy_setopt(curl, CURLOPT_CAINFO, options->tls_ca);
	if (options->tls_cert)
		curl_library.easy_setopt(curl, CURLOPT_SSLCERT, options->tls_cert);
	if (options->tls_key)
		curl_library.easy_setopt(curl, CURLOPT_SSLKEY, options->tls_key);
}

/* "http://host:4318" means its usual path. */
static void complete_path(CURLU *url, const char *path)
{
	char *given = NULL;

	if (curl_library.url_get(url, CURLUPART_PATH, &given, 0) != CURLUE_OK ||
	    strcmp(given, "/") == 0)
		curl_library.url_set(url, CURLUPART_PATH, path, 0);
	curl_library.free(given);
}

int http_open(struct http **out, const struct destination *destination, const char *path,
	      const char *type, bool packs)
{
	struct http *http = calloc(1, sizeof(*http));
	char header[128];

	*out = http;
	if (!http)
		return -ENOMEM;
	http->url = parse_url(destination->target);
	http->curl = http->url ? curl_library.easy_init() : NULL;
	if (!http->curl)
		return -ENOMEM;
	complete_path(http->url, path);
	http->packs = packs && !destination->options->no_gzip;
	snprintf(header, sizeof(header), "Content-Type: %s", type);
	add_header(http, header);
	/* No waiting for a "100 Continue" that many never send. */
	add_header(http, "Expect:");
	if (http->packs)
		add_header(http, "Content-Encoding: gzip");
	for (size_t i = 0; i < destination->options->header_count; i++)
		add_header(http, destination->options->headers[i]);
	set_options(http, destination);
	return 0;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	curl_library.easy_cleanup(http->curl);
	curl_library.slist_free_all(http->headers);
	curl_library.url_cleanup(http->url);
	evh_text_free(&http->packed);
	free(http);
}

void http_forget(struct http *http)
{
	http->is_packed = false;
}

/* As OTLP/HTTP has it; and what a person has to mend is no reason to throw logs away. */
static enum delivery judge(long status)
{
	if (status >= 200 && status < 300)
		return DELIVERY_DONE;
	if (status == 413)
		return DELIVERY_TOO_LARGE;
	return status == 400 || status == 417 || status == 422 ? DELIVERY_REFUSED : DELIVERY_AGAIN;
}

static enum delivery take_status(struct http *http, struct destination *destination)
{
	curl_off_t wait = 0;
	long status = 0;

	curl_library.easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
	if (curl_library.easy_getinfo(http->curl, CURLINFO_RETRY_AFTER, &wait) != CURLE_OK ||
	    wait < 0)
		wait = 0;
	destination->retry_after = wait > 86400 ? 86400000 : (uint64_t)wait * 1000;
	snprintf(destination->problem, sizeof(destination->problem),
		 "it answered with HTTP status %ld", status);
	return judge(status);
}

static bool pack(struct http *http, const struct evh_text *body)
{
	if (!http->packs || http->is_packed)
		return true;
	evh_text_clear(&http->packed);
	http->is_packed = gzip_append(&http->packed, body->data, body->size) == 0;
	return http->is_packed;
}

enum delivery http_post(struct http *http, struct destination *destination,
			const struct evh_text *body, struct evh_text *answer)
{
	const struct evh_text *sent = http->packs ? &http->packed : body;
	CURLcode result;

	if (!pack(http, body)) {
		snprintf(destination->problem, sizeof(destination->problem), "no memory for it");
		return DELIVERY_AGAIN;
	}
	http->answer = answer;
	http->error[0] = '\0';
	if (answer)
		evh_text_clear(answer);
	curl_library.easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)sent->size);
	curl_library.easy_setopt(http->curl, CURLOPT_POSTFIELDS, sent->data);
	result = curl_library.easy_perform(http->curl);
	if (result == CURLE_OK)
		return take_status(http, destination);
	destination->retry_after = 0;
	snprintf(destination->problem, sizeof(destination->problem), "%s",
		 http->error[0] ? http->error : curl_library.easy_strerror(result));
	return DELIVERY_AGAIN;
}
