/* SPDX-License-Identifier: MIT */
/* The time of day as text, for events that say it themselves. */
#ifndef LT_UTC_TIME_H
#define LT_UTC_TIME_H

#include <stdint.h>

#define LT_UTC_TIME 30 /* bytes: "2026-11-28T21:45:02.901879538Z" */

/* RFC 3339, with nine digits always. time: nanoseconds since 1970, up to the year 9999. */
void lt_put_utc_time(uint8_t *out, uint64_t time);

#endif
