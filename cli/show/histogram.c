/* SPDX-License-Identifier: MIT */
/* How events spread over time, in a fixed number of bars. */
#include "histogram.h"

#include <string.h>

#define BARS HISTOGRAM_BARS

/* Bars twice as wide, so that the first half of them is enough for all. */
static void widen(struct histogram *bars)
{
	for (size_t i = 0; i < BARS / 2; i++)
		bars->counts[i] = bars->counts[2 * i] + bars->counts[2 * i + 1];
	memset(bars->counts + BARS / 2, 0, sizeof(bars->counts) / 2);
	bars->width *= 2;
}

/* The same into the second half: for an event before the first bar. */
static void widen_down(struct histogram *bars)
{
	uint64_t span = bars->width * BARS;

	for (size_t i = BARS; i-- > BARS / 2;)
		bars->counts[i] =
			bars->counts[2 * (i - BARS / 2)] + bars->counts[2 * (i - BARS / 2) + 1];
	memset(bars->counts, 0, sizeof(bars->counts) / 2);
	bars->width *= 2;
	bars->origin -= span;
}

void histogram_count(struct histogram *bars, uint64_t time)
{
	if (!bars->width) {
		bars->width = 1000;
		/* A multiple of every width that comes by doubling, where time allows. */
		bars->origin = time;
		bars->first_time = time;
		bars->last_time = time;
	}
	if (time < bars->first_time)
		bars->first_time = time;
	if (time > bars->last_time)
		bars->last_time = time;
	while (time < bars->origin) {
		if (bars->origin < bars->width * BARS) {
			time = bars->origin; /* before the clock's beginning: nonsense */
			break;
		}
		widen_down(bars);
	}
	while ((time - bars->origin) / bars->width >= BARS && bars->width < UINT64_MAX / 256)
		widen(bars);
	if ((time - bars->origin) / bars->width < BARS)
		bars->counts[(time - bars->origin) / bars->width]++;
	bars->timed++;
}
