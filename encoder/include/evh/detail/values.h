/* SPDX-License-Identifier: MIT */
/*
 * How a compile-time event gets from its site to the library: what provider.h's macros turn into
 * when somebody listens.
 *
 * A site stores its values in a structure of its own, those of fixed size as they are, of the
 * others where they lie and how long they are, and calls one function. That has from the compiler a
 * plan with the event's metadata, and puts the event together in its own frame, which is as large
 * as the event: the site needs little code and little stack.
 */
#ifndef EVH_DETAIL_VALUES_H
#define EVH_DETAIL_VALUES_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <evh/detail/provider.h>

/* A value that lies elsewhere; NULL: there is none. */
struct __attribute__((__packed__, __may_alias__)) evhi_place {
	const void *evhi_at;
	size_t evhi_count; /* of units */
};

/* What becomes of a place. Counted ones come first. */
enum evhi_step_kind {
	EVHI_DONE,     /* the end of the structure */
	EVHI_COUNTED,  /* a u16 count, and so many units */
	EVHI_MEASURED, /* the same of text up to its zero, which does not travel */
	EVHI_ZERO,     /* units up to the zero unit, which travels */
	EVHI_FIXED,    /* so many bytes; without any, zeros */
	EVHI_RAW,      /* so many bytes; without any, the event is refused */
	EVHI_STORED,   /* no place at all: a value of fixed size */
};

/* A place in a site's structure; what lies between two is copied as it is. */
struct evhi_step {
	uint16_t evhi_offset;
	uint8_t evhi_kind;
	uint8_t evhi_shift; /* a unit has 1 << this bytes */
};

/* `evhi_steps` steps follow, the last EVHI_DONE, then the metadata: the event up to its payload,
 * but for activity ids, whose places are the first in a site's structure. */
struct evhi_plan {
	uint16_t evhi_metadata; /* bytes */
	uint16_t evhi_steps;
	uint16_t evhi_quick; /* evhi_fixed; UINT16_MAX where there are ids, or other steps than
				EVHI_COUNTED of single bytes */
	uint16_t evhi_fixed; /* bytes that are there whatever the values are, metadata and ids among
				them */
	uint32_t evhi_ids;   /* 0, 1, 2 */
};

/* Bytes that may be read behind a site's structure, and a multiple of which the metadata occupies:
 * so both are copied in blocks. */
#define EVHI_BLOCK_SIZE	   16
#define EVHI_METADATA_SIZE 32

#ifdef __cplusplus
extern "C" {
#endif

/* Sends the event of `values`, whose counts it completes. bytes: the sum of all counts of single
 * bytes. 0 or -errno as evh_tracepoint_send. */
EVH_API int evh_site_write(struct evh_site *site, const struct evhi_plan *plan, void *values,
			   size_t bytes) __attribute__((__nothrow__));

#ifdef __cplusplus
}
#endif

static inline __attribute__((__always_inline__)) void evhi_store_place(uint8_t *stored,
								       const void *at, size_t count)
{
	struct evhi_place place = { at, count };

	memcpy(stored, &place, sizeof(place));
}

#endif
