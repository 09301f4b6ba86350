/* SPDX-License-Identifier: MIT */
/* Bytes in gzip's form. */
#ifndef LOGTAP_GZIP_H
#define LOGTAP_GZIP_H

#include <evh/text.h>

/* Appends them, packed as fast as that goes. 0 or -ENOMEM. */
int gzip_append(struct evh_text *out, const void *data, size_t size);

#endif
