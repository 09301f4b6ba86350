/* SPDX-License-Identifier: MIT */
/*
 * Reading the clocks; see clock.h. The vDSO is a small ELF image that the kernel maps into every
 * process and announces in the auxiliary vector; Documentation/ABI/stable/vdso describes it. Its
 * address is the process's own: nothing is to be kept across exec, and fork keeps it.
 */
#include "clock.h"
#include "start_data.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>

/* vdso(7). Elsewhere, and with 32-bit times, the system call does. */
#if (defined(__x86_64__) && defined(__LP64__)) || defined(__i386__)
#	define VDSO_CLOCK "__vdso_clock_gettime"
#elif defined(__aarch64__) && defined(__LP64__)
#	define VDSO_CLOCK "__kernel_clock_gettime"
#endif

evh_clock_function *evh_vdso_clock EVH_START_DATA;

#ifdef VDSO_CLOCK

/* What the vDSO's dynamic section says. */
struct image {
	uintptr_t slide; /* what is added to its addresses */
	const ElfW(Dyn) * dynamic;
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t *hash, *gnu_hash;
};

static bool find_segments(struct image *image, const ElfW(Ehdr) * head)
{
	uintptr_t base = (uintptr_t)head;
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(base + head->e_phoff);
	bool loaded = false;

	for (int i = 0; i < head->e_phnum; i++, segment++) {
		if (segment->p_type == PT_LOAD && !loaded) {
			image->slide = base + segment->p_offset - segment->p_vaddr;
			loaded = true;
		} else if (segment->p_type == PT_DYNAMIC) {
			image->dynamic = (const ElfW(Dyn) *)(base + segment->p_offset);
		}
	}
	return loaded && image->dynamic;
}

static bool find_tables(struct image *image)
{
	for (const ElfW(Dyn) *entry = image->dynamic; entry->d_tag != DT_NULL; entry++) {
		const void *place = (const void *)(image->slide + entry->d_un.d_ptr);

		if (entry->d_tag == DT_SYMTAB)
			image->symbols = place;
		else if (entry->d_tag == DT_STRTAB)
			image->names = place;
		else if (entry->d_tag == DT_HASH)
			image->hash = place;
		else if (entry->d_tag == DT_GNU_HASH)
			image->gnu_hash = place;
	}
	return image->symbols && image->names && (image->hash || image->gnu_hash);
}

/* The table has no length of its own: the hash tables know, and kernels have one of the two. */
static uint32_t count_symbols(const struct image *image)
{
	const uint32_t *table = image->gnu_hash, *buckets, *chains;
	uint32_t last = 0;

	if (image->hash)
		return image->hash[1];
	/* buckets, the first symbol that is in them, words of the filter, its shift */
	buckets = table + 4 + table[2] * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
	chains = buckets + table[0];
	for (uint32_t i = 0; i < table[0]; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < table[1])
		return table[1];
	while (!(chains[last - table[1]] & 1))
		last++;
	return last + 1;
}

static evh_clock_function *find_clock(const ElfW(Ehdr) * head)
{
	struct image image = { 0 };
	uint32_t count;

	if (!find_segments(&image, head) || !find_tables(&image))
		return NULL;
	count = count_symbols(&image);
	for (uint32_t i = 0; i < count; i++) {
		const ElfW(Sym) *symbol = &image.symbols[i];

		if (symbol->st_shndx != SHN_UNDEF &&
		    !strcmp(image.names + symbol->st_name, VDSO_CLOCK))
			return (evh_clock_function *)(image.slide + symbol->st_value);
	}
	return NULL;
}

void evh_clock_init(void)
{
	uintptr_t head = getauxval(AT_SYSINFO_EHDR);

	if (head && !__atomic_load_n(&evh_vdso_clock, __ATOMIC_RELAXED))
		__atomic_store_n(&evh_vdso_clock, find_clock((const ElfW(Ehdr) *)head),
				 __ATOMIC_RELAXED);
}

#else

void evh_clock_init(void)
{
}

#endif

uint64_t evh_clock_read_coarse(void)
{
	if (!__atomic_load_n(&evh_vdso_clock, __ATOMIC_RELAXED))
		return 0;
	return evh_clock_read(CLOCK_MONOTONIC_COARSE);
}

struct evh_clock_pair evh_clock_read_pair(bool ticks)
{
	const clockid_t monotonic = ticks ? CLOCK_MONOTONIC_COARSE : CLOCK_MONOTONIC;
	const clockid_t realtime = ticks ? CLOCK_REALTIME_COARSE : CLOCK_REALTIME;
	/* Closer than the clocks of two processors need be told apart. */
	const uint64_t close_enough = 200;
	struct evh_clock_pair best = { 0 };
	uint64_t least = UINT64_MAX;

	if (ticks && !__atomic_load_n(&evh_vdso_clock, __ATOMIC_RELAXED))
		return best;
	for (int i = 0; i < 8 && least > close_enough; i++) {
		uint64_t before = evh_clock_read(monotonic);
		uint64_t wall = evh_clock_read(realtime);
		uint64_t span = evh_clock_read(monotonic) - before;

		if (span < least) {
			least = span;
			best.wall = wall;
			best.clock = before + span / 2;
		}
	}
	return best;
}
