/* SPDX-License-Identifier: MIT */
/* Where the facts of a service come from: systemd's manager, or the unit files of a root. */
#ifndef LOGTAP_UNIT_SOURCE_H
#define LOGTAP_UNIT_SOURCE_H

#include "enable.h"
#include "unit_facts.h"

/* Fills *facts. 0; -ENOENT: there is no such service; another negative errno. */
int unit_source_read(struct unit_facts *facts, const struct enable_request *request,
		     const char *unit);

/* The environment file that sets LD_PRELOAD, and so has the last word about it; or NULL. */
const char *unit_source_overrides(const struct unit_facts *facts,
				  const struct enable_request *request);

#endif
