/* SPDX-License-Identifier: MIT */
/*
 * The head of a recording, from its mark. Async-signal-safe, but for the memory that it takes.
 */
#ifndef EVH_SRC_RECORDING_HEAD_H
#define EVH_SRC_RECORDING_HEAD_H

#include "recording_mark.h"

/* Bytes of the head; 0 when there are more names than one can hold. */
size_t evh_head_size(const struct recording_mark *mark);

/*
 * Writes the head of the mark and of the names behind it. boot_id: of the boot that the mark's
 * clock belongs to, 16 bytes. Its size; 0: there is no room.
 */
size_t evh_head_make(const struct recording_mark *mark, const uint8_t *boot_id, uint8_t *bytes,
		     size_t size);

#endif
