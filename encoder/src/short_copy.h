/* SPDX-License-Identifier: MIT */
/* Copying a few bytes without a call and without a loop. Inside the library only. */
#ifndef EVH_SRC_SHORT_COPY_H
#define EVH_SRC_SHORT_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Names and many values are short: a call of memcpy would cost more than the copy. The first and
 * the last bytes overlap.
 */
static inline void copy_up_to_16(uint8_t *to, const uint8_t *from, size_t size)
{
	uint64_t first8, last8;
	uint32_t first4, last4;

	if (size >= 8) {
		memcpy(&first8, from, 8);
		memcpy(&last8, from + size - 8, 8);
		memcpy(to, &first8, 8);
		memcpy(to + size - 8, &last8, 8);
	} else if (size >= 4) {
		memcpy(&first4, from, 4);
		memcpy(&last4, from + size - 4, 4);
		memcpy(to, &first4, 4);
		memcpy(to + size - 4, &last4, 4);
	} else if (size) {
		to[0] = from[0];
		to[size / 2] = from[size / 2];
		to[size - 1] = from[size - 1];
	}
}

#endif
