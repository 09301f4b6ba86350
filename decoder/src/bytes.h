/* SPDX-License-Identifier: MIT */
/* Unaligned numbers of either byte order, as files hold them. Must never read past what it says. */
#ifndef EVH_BYTES_H
#define EVH_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define HOST_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* `swap`: the file's byte order is not this machine's. */
static inline uint16_t get16(const void *bytes, bool swap)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return swap ? __builtin_bswap16(value) : value;
}

static inline uint32_t get32(const void *bytes, bool swap)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return swap ? __builtin_bswap32(value) : value;
}

static inline uint64_t get64(const void *bytes, bool swap)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return swap ? __builtin_bswap64(value) : value;
}

static inline void put16(void *bytes, uint16_t value, bool swap)
{
	value = swap ? __builtin_bswap16(value) : value;
	memcpy(bytes, &value, sizeof(value));
}

static inline void put32(void *bytes, uint32_t value, bool swap)
{
	value = swap ? __builtin_bswap32(value) : value;
	memcpy(bytes, &value, sizeof(value));
}

static inline void put64(void *bytes, uint64_t value, bool swap)
{
	value = swap ? __builtin_bswap64(value) : value;
	memcpy(bytes, &value, sizeof(value));
}

#endif
