/* SPDX-License-Identifier: MIT */
/* What libc keeps about the log, at the values that a program starts with. Data alone. */
#include "syslog_internal.h"

struct lt_syslog_state lt_syslog_state __attribute__((aligned(64))) = {
	.facility = LOG_USER,
	.mask = 0xff,
};
