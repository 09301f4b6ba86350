/* SPDX-License-Identifier: MIT */
/*
 * The states that a line may be read in, for what looks for the dearest line: by itself, and behind
 * an error, in each of the blocks that one may have opened (stream.c).
 */
#ifndef LOGTAP_TESTS_SEVERITY_STATES_H
#define LOGTAP_TESTS_SEVERITY_STATES_H

#include <syslog.h>

#include "severity/severity.h"

enum { STATE_ALONE, STATE_BEHIND_ERROR, STATES = STATE_BEHIND_ERROR + 4 };

static inline struct lt_severity_state state_of(unsigned number)
{
	struct lt_severity_state state = { 0 };

	if (number != STATE_ALONE) {
		state.lent = LOG_ERR + 1;
		state.left = LT_SEVERITY_CONTINUED;
		state.open = (uint8_t)(number - STATE_BEHIND_ERROR);
	}
	return state;
}

#endif
