/* SPDX-License-Identifier: MIT */
/*
 * Finding the real functions: a walk over the loaded objects' GNU hash tables, in the loader's own
 * order, beginning behind this library. See real.h for why not dlsym.
 *
 * Must never call a function that somebody else interposes: ThreadSanitizer's dl_iterate_phdr jumps
 * to address 0 before the program's own start, which comes after ours.
 */
#include "real.h"

#include <elf.h>
#include <link.h>

struct lt_real lt_real LT_START_DATA;
long (*lt_real_syscall)(long, ...) LT_START_DATA;
void (*lt_real_syslog)(int, const char *, ...) LT_START_DATA;
void (*lt_real_syslog_chk)(int, int, const char *, ...) LT_START_DATA;
void *(*lt_real_dlsym)(void *, const char *)LT_START_DATA;
void *(*lt_real_dlvsym)(void *, const char *, const char *)LT_START_DATA;
void *(*lt_real_dlopen)(const char *, int)LT_START_DATA;

/* The names, and where each begins: an array of pointers would have to be relocated at each start.
 */
static const struct names {
#define LT_REAL_ROOM(result, name, parameters) char name[sizeof(#name)];
	LT_REAL_FUNCTIONS(LT_REAL_ROOM)
#undef LT_REAL_ROOM
} names = {
#define LT_REAL_NAME(result, name, parameters) #name,
	LT_REAL_FUNCTIONS(LT_REAL_NAME)
#undef LT_REAL_NAME
};

static const uint16_t places[] = {
#define LT_REAL_PLACE(result, name, parameters) offsetof(struct names, name),
	LT_REAL_FUNCTIONS(LT_REAL_PLACE)
#undef LT_REAL_PLACE
};

#define COUNT (sizeof(places) / sizeof(*places))
_Static_assert(sizeof(struct lt_real) == COUNT * sizeof(void *), "one pointer per name");

static const char *name_at(size_t index)
{
	return (const char *)&names + places[index];
}

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

/* The same of a literal: a number by the time that this is compiled. */
static inline __attribute__((always_inline)) uint32_t gnu_hash_of(const char *name, size_t size)
{
	uint32_t hash = 5381;

#pragma GCC unroll 64
	for (size_t i = 0; i < size; i++)
		hash = hash * 33 + (unsigned char)name[i];
	return hash;
}

static void put_hashes(uint32_t *hash)
{
#define LT_REAL_HASH(result, name, parameters) *hash++ = gnu_hash_of(#name, sizeof(#name) - 1);
	LT_REAL_FUNCTIONS(LT_REAL_HASH)
#undef LT_REAL_HASH
}

/* glibc relocates these addresses in place, except where the dynamic section is read-only. */
static const void *absolute(const struct object *object, ElfW(Addr) address)
{
	return (const void *)(address < object->base ? object->base + address : address);
}

static bool object_open(struct object *object, uintptr_t base, const ElfW(Dyn) * dynamic)
{
	*object = (struct object){ .base = base };
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

/* Bytes are compared here: strcmp may be somebody else's. */
static bool same_name(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
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
		    same_name(object->strings + object->symbols[index].st_name, name))
			return (void *)(object->base + object->symbols[index].st_value);
		if (entry & 1)
			return NULL;
	}
}

/* What a debugger reads to know the loaded objects; musl shows it by a pointer of another name. */
#pragma weak _r_debug
extern struct r_debug *_dl_debug_addr __attribute__((weak));

static const struct link_map *first_object(void)
{
	if (&_r_debug)
		return _r_debug.r_map;
	return &_dl_debug_addr ? _dl_debug_addr->r_map : NULL;
}

static const struct link_map *own_object(void)
{
	const struct link_map *object = first_object();

	while (object && object->l_ld != _DYNAMIC)
		object = object->l_next;
	return object;
}

static const char *file_name_of(const char *path)
{
	const char *name = path;

	for (; *path; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

/* This library once more, from another place: /etc/ld.so.preload may name the one, and LD_PRELOAD
 * the other. */
static bool is_twin(const struct link_map *object)
{
	return object->l_ld != _DYNAMIC && object->l_name &&
	       same_name(file_name_of(object->l_name), "liblogtap.so");
}

bool lt_real_is_second(void)
{
	const struct link_map *object = first_object();

	for (; object && object->l_ld != _DYNAMIC; object = object->l_next)
		if (is_twin(object))
			return true;
	return false;
}

const char *lt_real_own_name(void)
{
	const struct link_map *object = own_object();

	return object && object->l_name && object->l_name[0] ? object->l_name : NULL;
}

/* Ourselves; and libc, which was several objects until glibc 2.34. They are never unloaded. */
static struct object own LT_START_DATA, libc[3] LT_START_DATA;
static unsigned libcs LT_START_DATA;

/* Whether the object is a part of libc, by the name of its file. */
static bool is_libc(const char *path)
{
	static const char *const prefixes[] = { "libc.so.", "libc-2.", "libpthread", "libdl" };
	const char *name = file_name_of(path);

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t size = 0;

		while (prefixes[i][size] && prefixes[i][size] == name[size])
			size++;
		if (!prefixes[i][size])
			return true;
	}
	return false;
}

/* Nobody between us and libc has a function of that name, which may look for libc's by a handle. */
static bool is_next(const char *name, const void *found)
{
	void *const *slots = (void *const *)&lt_real;

	for (size_t i = 0; i < COUNT; i++)
		if (same_name(name_at(i), name))
			return !slots[i] || slots[i] == found;
	return true;
}

void *lt_real_replacement(const char *name, void *found)
{
	uint32_t hash = gnu_hash(name);
	void *ours = own.hash ? object_find(&own, name, hash) : NULL;

	for (unsigned i = 0; ours && i < libcs; i++)
		if (object_find(&libc[i], name, hash) == found && is_next(name, found))
			return ours;
	return found;
}

bool lt_real_has(const char *name)
{
	return own.hash && object_find(&own, name, gnu_hash(name));
}

bool lt_libc_is_since(unsigned minor)
{
	const char *version = lt_libc_is_known() ? gnu_get_libc_version() : "";
	unsigned number = 0;

	if (version[0] != '2' || version[1] != '.')
		return false;
	for (version += 2; *version >= '0' && *version <= '9'; version++)
		number = number * 10 + (unsigned)(*version - '0');
	return number >= minor;
}

LT_COLD void lt_real_resolve(void)
{
	static bool resolved LT_START_DATA;
	void **slots = (void **)&lt_real;
	uint32_t hashes[COUNT];
	struct object object;

	/* What is loaded later is not searched before us either, and may be unloaded meanwhile. */
	if (__atomic_load_n(&resolved, __ATOMIC_ACQUIRE))
		return;
	put_hashes(hashes);
	for (const struct link_map *map = own_object(); map; map = map->l_next) {
		if (map->l_ld == _DYNAMIC) {
			object_open(&own, map->l_addr, map->l_ld);
			continue;
		}
		if (is_twin(map) || !object_open(&object, map->l_addr, map->l_ld))
			continue;
		if (map->l_name && is_libc(map->l_name) && libcs < sizeof(libc) / sizeof(*libc))
			libc[libcs++] = object;
		for (size_t i = 0; i < COUNT; i++)
			if (!slots[i])
				__atomic_store_n(&slots[i],
						 object_find(&object, name_at(i), hashes[i]),
						 __ATOMIC_RELAXED);
	}
	lt_real_syscall = lt_real.syscall;
	lt_real_syslog = lt_real.syslog;
	lt_real_syslog_chk = lt_real.__syslog_chk;
	lt_real_dlsym = lt_real.dlsym;
	lt_real_dlvsym = lt_real.dlvsym;
	lt_real_dlopen = lt_real.dlopen;
	__atomic_store_n(&resolved, lt_real_syscall != NULL, __ATOMIC_RELEASE);
}
