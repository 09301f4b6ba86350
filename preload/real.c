/* SPDX-License-Identifier: MIT */
/*
 * Finding the real functions: a walk over the loaded objects' GNU hash tables, in the loader's own
 * order, beginning behind this library. See real.h for why not dlsym.
 */
#include "real.h"

#include <elf.h>
#include <link.h>
#include <string.h>

struct lt_real lt_real;
long (*lt_real_syscall)(long, ...);

static const char *const names[] = {
#define LT_REAL_NAME(result, name, parameters) #name,
	LT_REAL_FUNCTIONS(LT_REAL_NAME)
#undef LT_REAL_NAME
};

#define COUNT (sizeof(names) / sizeof(*names))
_Static_assert(sizeof(struct lt_real) == COUNT * sizeof(void *), "one pointer per name");

/* The parts of a loaded object that a lookup needs. */
struct object {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const char *strings;
	const uint32_t *hash;	 /* DT_GNU_HASH */
	const uint16_t *version; /* DT_VERSYM, or NULL */
};

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* glibc relocates these addresses in place, except where the dynamic section is read-only. */
static const void *absolute(const struct object *object, ElfW(Addr) address)
{
	return (const void *)(address < object->base ? object->base + address : address);
}

static bool object_open(struct object *object, const struct dl_phdr_info *info)
{
	const ElfW(Dyn) *dynamic = NULL;

	memset(object, 0, sizeof(*object));
	object->base = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
		const void *address = absolute(object, dynamic->d_un.d_ptr);

		if (dynamic->d_tag == DT_SYMTAB)
			object->symbols = address;
		else if (dynamic->d_tag == DT_STRTAB)
			object->strings = address;
		else if (dynamic->d_tag == DT_GNU_HASH)
			object->hash = address;
		else if (dynamic->d_tag == DT_VERSYM)
			object->version = address;
	}
	return object->symbols && object->strings && object->hash;
}

/* The top bit marks a version that only old binaries ask for by name. */
static bool is_default_definition(const struct object *object, uint32_t index)
{
	const ElfW(Sym) *symbol = &object->symbols[index];
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_OBJECT) &&
	       ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
	       !(object->version && (object->version[index] & 0x8000));
}

static void *object_find(const struct object *object, const char *name, uint32_t hash)
{
	uint32_t buckets = object->hash[0], first = object->hash[1];
	uint32_t words = object->hash[2], shift = object->hash[3];
	const ElfW(Addr) *bloom = (const void *)&object->hash[4];
	const uint32_t *bucket = (const void *)&bloom[words];
	const uint32_t *chain = &bucket[buckets];
	const unsigned bits = sizeof(ElfW(Addr)) * 8;
	ElfW(Addr) mask = (ElfW(Addr))1 << (hash % bits) | (ElfW(Addr))1
								   << ((hash >> shift) % bits);
	uint32_t index;

	if (!buckets || (bloom[(hash / bits) % words] & mask) != mask)
		return NULL;
	index = bucket[hash % buckets];
	if (index < first)
		return NULL;
	for (;; index++) {
		uint32_t entry = chain[index - first];

		if ((entry | 1) == (hash | 1) && is_default_definition(object, index) &&
		    !strcmp(object->strings + object->symbols[index].st_name, name))
			return (void *)(object->base + object->symbols[index].st_value);
		if (entry & 1)
			return NULL;
	}
}

static bool is_this_library(const struct dl_phdr_info *info)
{
	uintptr_t here = (uintptr_t)&lt_real;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && here >= info->dlpi_addr + segment->p_vaddr &&
		    here < info->dlpi_addr + segment->p_vaddr + segment->p_memsz)
			return true;
	}
	return false;
}

struct walk {
	uint32_t hashes[COUNT];
	void *found[COUNT];
	bool behind_us;
};

static int walk_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct walk *walk = data;
	struct object object;

	(void)size;
	if (!walk->behind_us) {
		walk->behind_us = is_this_library(info);
		return 0;
	}
	if (!object_open(&object, info))
		return 0;
	for (size_t i = 0; i < COUNT; i++)
		if (!walk->found[i])
			walk->found[i] = object_find(&object, names[i], walk->hashes[i]);
	return 0;
}

LT_COLD void lt_real_resolve(void)
{
	struct walk walk = { .behind_us = false };
	void **slots = (void **)&lt_real;

	for (size_t i = 0; i < COUNT; i++)
		walk.hashes[i] = gnu_hash(names[i]);
	dl_iterate_phdr(walk_object, &walk);
	for (size_t i = 0; i < COUNT; i++)
		if (walk.found[i])
			__atomic_store_n(&slots[i], walk.found[i], __ATOMIC_RELAXED);
	lt_real_syscall = lt_real.syscall;
}
