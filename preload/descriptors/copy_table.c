/* SPDX-License-Identifier: MIT */
/*
 * A word for each number: those of stderr_copies.h's table in an array, the others in a tree of
 * pages, as a processor's page tables are, that is taken from the kernel where a copy is made. No
 * lock: a page is put in its place by one exchange, and stays.
 *
 * Must never take memory for a number that is no copy.
 */
#include "copy_table.h"

#include <sys/mman.h>

#include "own_calls.h"
#include "raw.h"
#include "stderr_copies.h"

#define PAGE   4096
#define BITS   9 /* 512 words of 8 bytes to a page */
#define LEVELS 3

static uint64_t low[LT_COPIES_NUMBERS];

/* The topmost 4 of a number's 31 bits. */
static void *roots[16];

static void *take_page(void)
{
	long page = -ENOMEM;

	if (lt_may(LT_CALL_MEMORY))
		page = LT_RAW6(SYS_mmap, NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page < 0 && page > -4096 ? NULL : (void *)page;
}

/* The page that `place` points to, made where there is none and `make` says so; or NULL. */
static void *page_at(void **place, bool make)
{
	void *present = __atomic_load_n(place, __ATOMIC_ACQUIRE), *page;

	if (present || !make)
		return present;
	page = take_page();
	if (!page || __atomic_compare_exchange_n(place, &present, page, false, __ATOMIC_ACQ_REL,
						 __ATOMIC_ACQUIRE))
		return page;
	LT_RAW2(SYS_munmap, page, PAGE);
	return present;
}

/* Pointers to pages take as much room as words. */
static void **entry_of(void *page, unsigned index)
{
	return (void **)((uint64_t *)page + (index & ((1u << BITS) - 1)));
}

/* The word of `fd`; NULL where its pages are not there. */
static uint64_t *word_of(unsigned fd, bool make)
{
	void **place = &roots[fd >> (LEVELS * BITS) & 15];

	if (fd < LT_COPIES_NUMBERS)
		return &low[fd];
	for (int level = LEVELS - 1; level >= 0; level--) {
		void *page = page_at(place, make);

		if (!page)
			return NULL;
		place = entry_of(page, fd >> (level * BITS));
	}
	return (uint64_t *)place;
}

uint64_t lt_copy_table_get(int fd)
{
	const uint64_t *word = word_of((unsigned)fd, false);

	return word ? __atomic_load_n(word, __ATOMIC_RELAXED) : 0;
}

bool lt_copy_table_set(int fd, uint64_t word)
{
	uint64_t *place = word_of((unsigned)fd, word != 0);

	if (!place)
		return word == 0;
	if (__atomic_load_n(place, __ATOMIC_RELAXED) != word)
		__atomic_store_n(place, word, __ATOMIC_RELEASE);
	return true;
}

int lt_copy_table_next(unsigned first)
{
	const unsigned highest = (16u << (LEVELS * BITS)) - 1;
	unsigned fd = first < LT_COPIES_NUMBERS ? LT_COPIES_NUMBERS : first;

	while (fd <= highest) {
		unsigned span = 1u << (LEVELS * BITS);
		void **place = &roots[fd / span];
		int level = LEVELS;

		/* Down to the first page that is not there; its numbers are passed over as a whole.
		 */
		while (level > 0 && __atomic_load_n(place, __ATOMIC_ACQUIRE)) {
			void *page = __atomic_load_n(place, __ATOMIC_ACQUIRE);

			level--;
			span >>= BITS;
			place = entry_of(page, fd / span);
		}
		if (level == 0 && __atomic_load_n((uint64_t *)place, __ATOMIC_RELAXED))
			return (int)fd;
		fd = (fd / span + 1) * span;
	}
	return -1;
}

void lt_copy_table_closed(unsigned first, unsigned last)
{
	for (int fd = lt_copy_table_next(first); fd >= 0 && (unsigned)fd <= last;
	     fd = lt_copy_table_next((unsigned)fd + 1))
		lt_copy_table_set(fd, 0);
}
