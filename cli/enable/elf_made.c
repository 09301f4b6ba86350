/* SPDX-License-Identifier: MIT */
/* The smallest ELF files that a loader takes; see elf_made.h. */
#include "elf_made.h"

#include <elf.h>
#include <string.h>

#include "preload_text.h"

#define OWN_ORDER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

/* As far as any machine's pages reach: what is written to and what is not must not share one. */
#define PAGE 0x10000

/* exit(0), by the system call instruction. */
struct code {
	uint16_t machine;
	uint8_t elf_class;
	uint8_t size;
	unsigned char bytes[12];
};

static const struct code CODES[] = {
	{ EM_X86_64, ELFCLASS64, 9, { 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05 } },
	{ EM_X86_64, ELFCLASS32, 9, { 0xb8, 60, 0, 0, 0x40, 0x31, 0xff, 0x0f, 0x05 } }, /* x32 */
	{ EM_386, ELFCLASS32, 9, { 0x31, 0xdb, 0xb8, 1, 0, 0, 0, 0xcd, 0x80 } },
	{ EM_AARCH64,
	  ELFCLASS64,
	  12,
	  { 0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 0x01, 0, 0, 0xd4 } },
	{ EM_ARM, ELFCLASS32, 12, { 1, 0x70, 0xa0, 0xe3, 0, 0, 0xa0, 0xe3, 0, 0, 0, 0xef } },
	{ EM_RISCV, ELFCLASS64, 12, { 0x93, 0x08, 0xd0, 0x05, 0x13, 0x05, 0, 0, 0x73, 0, 0, 0 } },
};

static const struct code *find_code(const struct elf_abi *abi)
{
	for (size_t i = 0; i < sizeof(CODES) / sizeof(*CODES); i++)
		if (CODES[i].machine == abi->machine && CODES[i].elf_class == abi->elf_class)
			return &CODES[i];
	return NULL;
}

bool elf_abi_is_known(const struct elf_abi *abi)
{
	return find_code(abi) != NULL;
}

bool elf_abi_read(struct elf_abi *abi, const unsigned char *bytes, size_t size)
{
	Elf64_Ehdr wide;
	Elf32_Ehdr narrow;

	if (size < sizeof(narrow) || memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
	    bytes[EI_DATA] != OWN_ORDER)
		return false;
	abi->elf_class = bytes[EI_CLASS];
	abi->osabi = bytes[EI_OSABI];
	if (abi->elf_class == ELFCLASS32) {
		memcpy(&narrow, bytes, sizeof(narrow));
		abi->machine = narrow.e_machine;
		abi->flags = narrow.e_flags;
		return true;
	}
	if (abi->elf_class != ELFCLASS64 || size < sizeof(wide))
		return false;
	memcpy(&wide, bytes, sizeof(wide));
	abi->machine = wide.e_machine;
	abi->flags = wide.e_flags;
	return true;
}

/* A file as it grows; numbers are put as its class has them. */
struct file {
	unsigned char *bytes;
	size_t size;
	bool wide;
};

static size_t put(struct file *file, const void *bytes, size_t size)
{
	size_t at = file->size;

	memcpy(file->bytes + at, bytes, size);
	file->size += size;
	return at;
}

static void align(struct file *file)
{
	while (file->size % 8)
		file->bytes[file->size++] = 0;
}

static void put_dynamic(struct file *file, uint32_t tag, uint64_t value)
{
	Elf64_Dyn wide = { .d_tag = tag, .d_un = { .d_val = value } };
	Elf32_Dyn narrow = { .d_tag = (Elf32_Sword)tag, .d_un = { .d_val = (Elf32_Word)value } };

	if (file->wide)
		put(file, &wide, sizeof(wide));
	else
		put(file, &narrow, sizeof(narrow));
}

/* A segment from `from` to `to` of the file, in memory at the same place but for `shift`. */
static void put_segment(struct file *file, uint32_t type, uint32_t flags, size_t from, size_t to,
			size_t shift)
{
	uint64_t at = from + shift, size = to - from, unit = type == PT_LOAD ? PAGE : 8;
	Elf64_Phdr wide = { type, flags, from, at, at, size, size, unit };
	Elf32_Phdr narrow = {
		type,		(Elf32_Off)from,  (Elf32_Addr)at,
		(Elf32_Addr)at, (Elf32_Word)size, (Elf32_Word)size,
		flags,		(Elf32_Word)unit,
	};

	if (file->wide)
		put(file, &wide, sizeof(wide));
	else
		put(file, &narrow, sizeof(narrow));
}

static void put_header(struct file *file, const struct elf_abi *abi, size_t entry, unsigned count)
{
	unsigned char ident[EI_NIDENT] = { ELFMAG0,	   ELFMAG1,   ELFMAG2,	  ELFMAG3,
					   abi->elf_class, OWN_ORDER, EV_CURRENT, abi->osabi };
	Elf64_Ehdr wide = { .e_type = ET_DYN,
			    .e_machine = abi->machine,
			    .e_version = EV_CURRENT,
			    .e_entry = entry,
			    .e_phoff = sizeof(wide),
			    .e_flags = abi->flags,
			    .e_ehsize = sizeof(wide),
			    .e_phentsize = sizeof(Elf64_Phdr),
			    .e_phnum = (Elf64_Half)count };
	Elf32_Ehdr narrow = { .e_type = ET_DYN,
			      .e_machine = abi->machine,
			      .e_version = EV_CURRENT,
			      .e_entry = (Elf32_Addr)entry,
			      .e_phoff = sizeof(narrow),
			      .e_flags = abi->flags,
			      .e_ehsize = sizeof(narrow),
			      .e_phentsize = sizeof(Elf32_Phdr),
			      .e_phnum = (Elf32_Half)count };

	memcpy(wide.e_ident, ident, sizeof(ident));
	memcpy(narrow.e_ident, ident, sizeof(ident));
	if (file->wide)
		put(file, &wide, sizeof(wide));
	else
		put(file, &narrow, sizeof(narrow));
}

/* Where everything is in the file. */
struct layout {
	size_t heads;	/* of the segments */
	size_t loader;	/* its name; PT_INTERP */
	size_t dynamic; /* the loader writes there */
	size_t end;
	size_t entry;
};

/* Behind the heads: a symbol table of none, its hash, names, code and the dynamic section. */
static void put_contents(struct file *file, const struct code *code, const char *loader,
			 struct layout *layout)
{
	static const char NAMES[] = "\0" PRELOAD_LIBRARY;
	static const Elf64_Sym NOTHING = { 0 };
	static const uint32_t HASH[] = { 1, 1, 0, 0 };
	size_t symbol_size = file->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t hash, symbols, names;

	layout->loader = put(file, loader, strlen(loader) + 1);
	names = put(file, NAMES, sizeof(NAMES));
	align(file);
	hash = put(file, HASH, sizeof(HASH));
	align(file);
	symbols = put(file, &NOTHING, symbol_size);
	align(file);
	layout->entry = code ? put(file, code->bytes, code->size) : 0;
	align(file);
	layout->dynamic = file->size;
	if (!code)
		put_dynamic(file, DT_SONAME, 1);
	put_dynamic(file, DT_HASH, hash);
	put_dynamic(file, DT_STRTAB, names);
	put_dynamic(file, DT_SYMTAB, symbols);
	put_dynamic(file, DT_STRSZ, sizeof(NAMES));
	put_dynamic(file, DT_SYMENT, symbol_size);
	put_dynamic(file, DT_NULL, 0);
	layout->end = file->size;
}

static void put_segments(struct file *file, bool program, const struct layout *layout)
{
	uint32_t flags = program ? PF_R | PF_X : PF_R;

	if (program) {
		put_segment(file, PT_PHDR, PF_R, layout->heads, layout->loader, 0);
		/* The name ends at its zero byte. */
		put_segment(file, PT_INTERP, PF_R, layout->loader,
			    layout->loader + strlen((const char *)file->bytes + layout->loader) + 1,
			    0);
	}
	put_segment(file, PT_LOAD, flags, 0, layout->dynamic, 0);
	put_segment(file, PT_LOAD, PF_R | PF_W, layout->dynamic, layout->end, PAGE);
	put_segment(file, PT_DYNAMIC, PF_R | PF_W, layout->dynamic, layout->end, PAGE);
	/* Without it, some loaders make every stack of the process executable. */
	put_segment(file, PT_GNU_STACK, PF_R | PF_W, 0, 0, 0);
}

static size_t make(const struct elf_abi *abi, const struct code *code, const char *loader,
		   unsigned char *bytes)
{
	struct file file = { bytes, 0, abi->elf_class == ELFCLASS64 };
	unsigned count = code ? 6 : 4;
	struct layout layout;

	memset(bytes, 0, ELF_MADE_ROOM);
	layout.heads = file.wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	file.size = layout.heads + count * (file.wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
	put_contents(&file, code, loader, &layout);
	file.size = 0;
	put_header(&file, abi, layout.entry, count);
	put_segments(&file, code != NULL, &layout);
	return layout.end;
}

size_t elf_make_program(const struct elf_abi *abi, const char *loader,
			unsigned char bytes[ELF_MADE_ROOM])
{
	const struct code *code = find_code(abi);

	if (!code || strlen(loader) > ELF_MADE_ROOM / 2)
		return 0;
	return make(abi, code, loader, bytes);
}

size_t elf_make_library(const struct elf_abi *abi, unsigned char bytes[ELF_MADE_ROOM])
{
	return make(abi, NULL, "", bytes);
}
