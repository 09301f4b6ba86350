/* SPDX-License-Identifier: MIT */
/*
 * libcurl, loaded when a destination needs it: it brings two dozen libraries along, which would
 * cost every start of `logtap run` some milliseconds.
 */
#ifndef LOGTAP_CURL_LIBRARY_H
#define LOGTAP_CURL_LIBRARY_H

#include <curl/curl.h>
#include <stdbool.h>

/* What is used of it: F(NAME IN THE TABLE, FUNCTION). */
#define CURL_FUNCTIONS(F)                                                                          \
	F(easy_init, curl_easy_init)                                                               \
	F(easy_setopt, curl_easy_setopt)                                                           \
	F(easy_perform, curl_easy_perform)                                                         \
	F(easy_getinfo, curl_easy_getinfo)                                                         \
	F(easy_cleanup, curl_easy_cleanup)                                                         \
	F(easy_strerror, curl_easy_strerror)                                                       \
	F(slist_append, curl_slist_append)                                                         \
	F(slist_free_all, curl_slist_free_all)                                                     \
	F(url_new, curl_url)                                                                       \
	F(url_set, curl_url_set)                                                                   \
	F(url_get, curl_url_get)                                                                   \
	F(url_cleanup, curl_url_cleanup)                                                           \
	F(free, curl_free)

struct curl_library {
#define CURL_MEMBER(name, function) __typeof__(&(function)) name;
	CURL_FUNCTIONS(CURL_MEMBER)
#undef CURL_MEMBER
};

extern struct curl_library curl_library;

/* Loads it, once. Whether it is there. */
bool curl_library_load(void);

#endif
