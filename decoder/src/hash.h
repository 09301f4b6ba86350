/* SPDX-License-Identifier: MIT */
/*
 * Places in hash tables, for numbers that a file chooses. The key is random for each table, so
 * nobody can write a file whose numbers all fall on one place. Must never be used without one.
 */
#ifndef EVH_HASH_H
#define EVH_HASH_H

#include <stdint.h>
#include <sys/random.h>
#include <time.h>

/* Numbers for a sum of products (Dietzfelbinger's multiply-shift): strongly universal. */
struct hash_key {
	uint64_t add, low, high;
};

static inline void hash_key_init(struct hash_key *key)
{
	struct timespec now;

	if (getrandom(key, sizeof(*key), GRND_NONBLOCK) == (ssize_t)sizeof(*key))
		return;
	/* Early at boot, or where a filter forbids it: addresses and the time are random enough. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	key->add = (uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u ^ (uint64_t)now.tv_nsec;
	key->low = (key->add ^ (uint64_t)now.tv_sec) * 0xbf58476d1ce4e5b9u;
	key->high = (key->low ^ key->add >> 31) * 0x94d049bb133111ebu;
}

/* 32 bits; any of them will do as a place. */
static inline uint32_t hash_u64(const struct hash_key *key, uint64_t value)
{
	return (uint32_t)((key->add + key->low * (uint32_t)value +
			   key->high * (uint32_t)(value >> 32)) >>
			  32);
}

#endif
