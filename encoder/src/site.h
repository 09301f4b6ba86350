/* SPDX-License-Identifier: MIT */
/*
 * What the fast path of compile-time events (site.c) and the slow one (site_slow.c) share. Inside
 * the library only.
 */
#ifndef EVH_SRC_SITE_H
#define EVH_SRC_SITE_H

#include <stdint.h>
#include <string.h>

#include <evh/detail/values.h>

/*
 * Up to this size of the whole event, copying is cheaper than more pieces: an event of 8 KiB took
 * 100 ns more than a bare write when copied and 160 ns more as three pieces (to /dev/null, medians
 * of 41 interleaved runs, AMD EPYC, 2026-11-21). What user_events takes is always below it.
 */
#define FLAT_MAX 8192

/* In front of an event for the kernel: the index of its tracepoint. */
#define INDEX_ROOM 8

/* As evh_site_write, of any event for any transport: the twin that the fast path is compared with.
 */
int evh_site_write_slowly(struct evh_site *site, const struct evhi_plan *plan, void *values)
	__attribute__((__visibility__("hidden")));

/* Counts an event that was wanted and can't go out; `error`. */
int evh_site_lose(struct evh_site *site, int error) __attribute__((__visibility__("hidden")));

static inline struct evh_tracepoint tracepoint_of(const struct evh_site *site)
{
	return (struct evh_tracepoint){ .transport = site->provider->transport,
					.word = site->word,
					.mask = site->mask,
					.index = site->index };
}

static inline const struct evhi_step *steps_of(const struct evhi_plan *plan)
{
	return (const struct evhi_step *)(plan + 1);
}

static inline struct evhi_place *place_of(void *values, const struct evhi_step *step)
{
	return (struct evhi_place *)((uint8_t *)values + step->evhi_offset);
}

static inline const uint8_t *metadata_of(const struct evhi_plan *plan)
{
	return (const uint8_t *)(steps_of(plan) + plan->evhi_steps);
}

static inline __attribute__((always_inline)) uint8_t *put_count(uint8_t *p, size_t count)
{
	uint16_t number = (uint16_t)count;

	memcpy(p, &number, sizeof(number));
	return p + sizeof(number);
}

#endif
