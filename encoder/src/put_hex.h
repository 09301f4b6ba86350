/* SPDX-License-Identifier: MIT */
/* Hexadecimal digits as names of tracepoints and marks of recordings have them. Inside the library
 * only. */
#ifndef EVH_SRC_PUT_HEX_H
#define EVH_SRC_PUT_HEX_H

#include <stdint.h>

/* In small letters, without leading zeros and without an end; returns what is behind the digits. */
static inline char *evh_put_hex(char *out, uint64_t value)
{
	int shift = 60;

	while (shift > 0 && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*out++ = "0123456789abcdef"[value >> shift & 15];
	return out;
}

#endif
