/* SPDX-License-Identifier: MIT */
/* The destinations that this build has no library for: what --to says of them. */
#include "kinds.h"

#ifndef LOGTAP_HAVE_OTLP
const struct destination_kind destination_otlp = {
	.scheme = "otlp",
	.missing = "libcurl and libprotobuf-c, which it needs: use another destination, or build "
		   "it with LOGTAP_HTTP and LOGTAP_OTLP",
};
#endif

#ifndef LOGTAP_HAVE_HTTP
const struct destination_kind destination_journal = {
	.scheme = "journal",
	.missing = "libcurl, which it needs: use another destination, or build it with LOGTAP_HTTP",
};
#endif
