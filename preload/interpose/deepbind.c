/* SPDX-License-Identifier: MIT */
/*
 * dlopen() with RTLD_DEEPBIND: the library finds what it and its own dependencies have before what
 * the program has, and so libc's write() and syslog() before ours. Once it is loaded, its entries
 * for what we interpose are set as they would be without that flag, as far as they are libc's.
 *
 * Must never change an entry for which the library has a function of its own, or that the program
 * would not have answered with ours.
 */
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "dlsym.h"
#include "own_calls.h"
#include "raw.h"
#include "readable.h"
#include "real.h"

#if defined(__i386__)
enum { JUMP_SLOT = R_386_JMP_SLOT, GLOBAL_DATA = R_386_GLOB_DAT, ADDRESS = R_386_32 };
typedef ElfW(Rel) relocation;
#	define TABLE		 DT_REL
#	define TABLE_SIZE	 DT_RELSZ
#	define TYPE_OF(info)	 ELF32_R_TYPE(info)
#	define SYMBOL_OF(info)	 ELF32_R_SYM(info)
#	define ADDEND_OF(entry) 0 /* it stood where the address is now */
#else
typedef ElfW(Rela) relocation;
#	define TABLE		 DT_RELA
#	define TABLE_SIZE	 DT_RELASZ
#	define TYPE_OF(info)	 ELF64_R_TYPE(info)
#	define SYMBOL_OF(info)	 ELF64_R_SYM(info)
#	define ADDEND_OF(entry) ((entry)->r_addend)
#endif
#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT, GLOBAL_DATA = R_X86_64_GLOB_DAT, ADDRESS = R_X86_64_64 };
#elif defined(__aarch64__)
enum {
	JUMP_SLOT = R_AARCH64_JUMP_SLOT,
	GLOBAL_DATA = R_AARCH64_GLOB_DAT,
	ADDRESS = R_AARCH64_ABS64,
};
#endif

struct library {
	void *handle;
	uintptr_t base, end;
	uintptr_t fixed, fixed_end; /* what is read-only since it was loaded */
	const ElfW(Sym) * symbols;
	const char *strings;
	const relocation *entries[2];
	size_t sizes[2]; /* in bytes */
};

/* glibc relocates these addresses in place, except where the dynamic section is read-only. */
static const void *absolute(const struct library *library, ElfW(Addr) address)
{
	return (const void *)(address < library->base ? library->base + address : address);
}

static void read_dynamic(struct library *library, const ElfW(Dyn) * dynamic)
{
	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		const void *address = absolute(library, dynamic->d_un.d_ptr);

		if (dynamic->d_tag == DT_SYMTAB)
			library->symbols = address;
		else if (dynamic->d_tag == DT_STRTAB)
			library->strings = address;
		else if (dynamic->d_tag == TABLE)
			library->entries[0] = address;
		else if (dynamic->d_tag == TABLE_SIZE)
			library->sizes[0] = dynamic->d_un.d_val;
		else if (dynamic->d_tag == DT_JMPREL)
			library->entries[1] = address;
		else if (dynamic->d_tag == DT_PLTRELSZ)
			library->sizes[1] = dynamic->d_un.d_val;
	}
}

/* Where the library ends, and what of it is read-only. False: it isn't laid out as usual. */
static bool read_segments(struct library *library)
{
	const ElfW(Ehdr) *head = (const void *)library->base;
	const ElfW(Phdr) * segment;
	uintptr_t page = getauxval(AT_PAGESZ);

	if (!lt_readable(head, sizeof(*head)) || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
	    head->e_phoff + head->e_phnum * sizeof(*segment) > page)
		return false;
	segment = (const void *)(library->base + head->e_phoff);
	for (int i = 0; i < head->e_phnum; i++, segment++) {
		uintptr_t begin = library->base + segment->p_vaddr;
		uintptr_t end = begin + segment->p_memsz;

		if (segment->p_type == PT_LOAD && end > library->end) {
			library->end = end;
		} else if (segment->p_type == PT_GNU_RELRO) {
			library->fixed = begin & -page;
			library->fixed_end = end & -page;
		}
	}
	return true;
}

static void set(const struct library *library, void **slot, void *function)
{
	uintptr_t page = getauxval(AT_PAGESZ), address = (uintptr_t)slot & -page;
	bool fixed = (uintptr_t)slot >= library->fixed && (uintptr_t)slot < library->fixed_end;

	if (fixed && LT_RAW3(SYS_mprotect, address, page, PROT_READ | PROT_WRITE) < 0)
		return;
	__atomic_store_n(slot, function, __ATOMIC_RELAXED);
	if (fixed)
		LT_RAW3(SYS_mprotect, address, page, PROT_READ);
}

static void bind_entry(const struct library *library, const relocation *entry)
{
	unsigned long type = TYPE_OF(entry->r_info);
	const ElfW(Sym) *symbol = &library->symbols[SYMBOL_OF(entry->r_info)];
	const char *name = library->strings + symbol->st_name;
	void **slot = (void **)(library->base + entry->r_offset);
	void *found, *ours;
	uintptr_t value;

	if ((type != JUMP_SLOT && type != GLOBAL_DATA && type != ADDRESS) || ADDEND_OF(entry) ||
	    symbol->st_shndx != SHN_UNDEF || !*name || !lt_real_has(name))
		return;
	found = lt_real.dlsym(library->handle, name);
	ours = found ? lt_real_replacement(name, found) : NULL;
	if (ours == found)
		return;
	value = (uintptr_t)*slot;
	/* Not bound yet: it leads on within the library itself. */
	if (value == (uintptr_t)found ||
	    (type == JUMP_SLOT && value >= library->base && value < library->end &&
	     lt_real.dlsym(NULL, name) == ours))
		set(library, slot, ours);
}

static void bind_library(void *handle)
{
	const struct link_map *map = handle;
	struct library library = { .handle = handle, .base = map->l_addr };

	read_dynamic(&library, map->l_ld);
	if (!library.symbols || !library.strings || !read_segments(&library))
		return;
	for (int table = 0; table < 2; table++)
		for (size_t i = 0; i < library.sizes[table] / sizeof(*library.entries[table]); i++)
			bind_entry(&library, library.entries[table] + i);
	/* A lookup that succeeds, so that dlerror() knows of no failure of ours. */
	lt_real.dlsym(NULL, "dlsym");
}

bool lt_deepbind_is_ours(const char *path, int mode)
{
	(void)mode;
	return path && LT_REAL(dlopen) && LT_REAL(dlsym) && lt_libc_is_known() &&
	       lt_may(LT_CALLS_ALL) && strchr(path, '/') && !strchr(path, '$');
}

void *lt_deepbind_open(const char *path, int mode)
{
	void *handle = lt_real.dlopen(path, mode);

	if (handle)
		bind_library(handle);
	return handle;
}
