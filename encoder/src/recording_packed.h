/* SPDX-License-Identifier: MIT */
/*
 * How a compressed segment begins: with a frame that every unpacker of zstd skips, and in it the
 * recording's id, so that who may remove a segment knows whose it is without unpacking it.
 */
#ifndef EVH_SRC_RECORDING_PACKED_H
#define EVH_SRC_RECORDING_PACKED_H

#include <stdbool.h>
#include <string.h>

#include "perf_format.h"

/* RFC 8878, 3.1.2: a skippable frame; both numbers are little-endian. */
#define RECORDING_PACKED_FRAME 0x184d2a5e

struct recording_packed {
	uint32_t frame; /* RECORDING_PACKED_FRAME */
	uint32_t size;	/* of what follows */
	char magic[8];	/* RECORDING_MAGIC */
	uint8_t id[16];
};

_Static_assert(sizeof(struct recording_packed) == 32, "as it stands in the file");

static inline bool evh_packed_check(const struct recording_packed *head)
{
	return memcmp(head->magic, RECORDING_MAGIC, sizeof(head->magic)) == 0;
}

#endif
