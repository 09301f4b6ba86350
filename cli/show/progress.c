/* SPDX-License-Identifier: MIT */
/* The progress line. Must never be left behind on the screen, and cost nothing per event. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"

/* A file that is read faster than that needs no progress. */
#define DELAY  UINT64_C(1000000000)
#define PERIOD UINT64_C(200000000)

/* Some milliseconds' worth of events between looks at the clock. */
#define STEPS 8192

void progress_start(struct progress *progress)
{
	*progress = (struct progress){ .active = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) };
	if (progress->active)
		progress->next = clock_now(CLOCK_MONOTONIC) + DELAY;
}

void progress_step(struct progress *progress, uint64_t offset, uint64_t size)
{
	uint64_t time;

	if (!progress->active || ++progress->skipped < STEPS)
		return;
	progress->skipped = 0;
	time = clock_now(CLOCK_MONOTONIC);
	if (time < progress->next)
		return;
	progress->next = time + PERIOD;
	progress->shown = true;
	if (size)
		fprintf(stderr, "\r%3.0f %% of %.0f MB\033[K",
			100.0 * (double)offset / (double)size, (double)size / 1e6);
	else
		fprintf(stderr, "\r%.0f MB\033[K", (double)offset / 1e6);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->active = false;
	progress->shown = false;
}
