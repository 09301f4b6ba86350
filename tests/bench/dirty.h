/* SPDX-License-Identifier: MIT */
/* What memory a library has of its own in this process. */
#ifndef LOGTAP_BENCH_DIRTY_H
#define LOGTAP_BENCH_DIRTY_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * KiB of the library's own private memory: the pages of its mappings that are no longer the file's,
 * and its .bss, the nameless mapping right behind them. `row`: of /proc/PID/smaps, with %lu.
 */
static inline unsigned long bench_private(const char *library, const char *row)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long total = 0;
	unsigned long end = 0;
	bool inside = false;
	char line[4096];

	while (smaps && fgets(line, sizeof(line), smaps)) {
		unsigned long from;
		unsigned long to;
		unsigned long kib;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
			inside = strstr(line, library) != NULL ||
				 (from == end && !strchr(line, '/'));
			if (inside)
				end = to;
		} else if (inside && sscanf(line, row, &kib) == 1) {
			total += kib;
		}
	}
	if (smaps)
		fclose(smaps);
	return total;
}

#endif
