/* SPDX-License-Identifier: MIT */
/* Points in time as people write them: the forms of journalctl's --since and --until. */
#ifndef LOGTAP_TIME_PARSE_H
#define LOGTAP_TIME_PARSE_H

#include <stdint.h>

/*
 * "2026-11-21 18:50:01.5" (seconds, time or date may be left out; a "T" may join them; a "Z",
 * " UTC" or "+01:00" says that it is not local time; a weekday may stand in front), "now", "today",
 * "yesterday", "tomorrow", "@SECONDS", "-1h30min", "+5s", "2 days ago", "2h" (ago).
 *
 * @now   nanoseconds since 1970, what the relative forms are relative to
 * @when  gets nanoseconds since 1970
 *
 * 0, or -EINVAL.
 */
int time_parse(const char *text, uint64_t now, uint64_t *when);

#endif
