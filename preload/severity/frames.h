/* SPDX-License-Identifier: MIT */
/* Lines that belong to the one before by their form: the frames of a stack, details, quoted code.
 */
#ifndef LOGTAP_SEVERITY_FRAMES_H
#define LOGTAP_SEVERITY_FRAMES_H

#include <stdbool.h>

#include "vocabulary.h"

#pragma GCC visibility push(hidden)

/* Whether the line does, and how; LT_SOFT: only where it shows no severity of its own. */
bool lt_is_continuation(const unsigned char *at, const unsigned char *end,
			enum lt_continuation_kind *kind);

#pragma GCC visibility pop

#endif
