/* SPDX-License-Identifier: MIT */
/* The kinds of destinations there are, each with a file of its own. */
#ifndef LOGTAP_KINDS_H
#define LOGTAP_KINDS_H

#include "destination.h"

extern const struct destination_kind destination_json, destination_file, destination_otlp,
	destination_syslog, destination_journal;

#endif
