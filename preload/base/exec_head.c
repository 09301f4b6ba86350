/* SPDX-License-Identifier: MIT */
/*
 * Reading the head of a program file. Every offset, size and count in it may be a lie: all bytes
 * come by look(), which gives only what was read, so that a sum that wraps around is a wrong place
 * in the file and nothing worse; and every loop has a bound of its own.
 */
#include "exec_head.h"

#include <elf.h>
#include <link.h>
#include <string.h>

/* What this library is: the compiler that builds it says so. */
#if defined(__x86_64__)
#	define OWN_MACHINE EM_X86_64
#elif defined(__i386__)
#	define OWN_MACHINE EM_386
#elif defined(__aarch64__)
#	define OWN_MACHINE EM_AARCH64
#else
#	error "add the machine of this compiler"
#endif
#define OWN_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)
#define OWN_ORDER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

/* The kernel takes 64 KiB of program headers, real programs have 15; the dynamic section has an
 * entry per needed library and some 30 more. */
#define SEGMENTS_MAX 128
#define DYNAMIC_MAX  1024

/* The part of the file that is in memory: one read serves several looks. */
struct window {
	lt_head_read *read;
	void *file;
	uint64_t start;
	size_t size;
	unsigned char bytes[448];
};

/* The `size` bytes at `offset`, valid until the next look; NULL where the file has none there. */
static const void *look(struct window *window, uint64_t offset, size_t size)
{
	long got;

	if (offset >= window->start && offset - window->start < window->size &&
	    window->size - (size_t)(offset - window->start) >= size)
		return window->bytes + (offset - window->start);
	if (size > sizeof(window->bytes))
		return NULL;
	got = window->read(window->file, window->bytes, sizeof(window->bytes), offset);
	window->start = offset;
	window->size = got > 0 && (size_t)got <= sizeof(window->bytes) ? (size_t)got : 0;
	return window->size >= size ? window->bytes : NULL;
}

/* Copies what is there of a text that ends with a zero byte; false where it doesn't fit. */
static bool look_text(struct window *window, uint64_t offset, char *text, size_t size)
{
	size_t used = 0;

	for (; used < size; used++) {
		const char *byte = look(window, offset + used, 1);

		if (!byte)
			break;
		text[used] = *byte;
		if (!*byte)
			return true;
	}
	text[0] = '\0';
	return false;
}

static bool begins_with(const char *text, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return size >= length && memcmp(text, prefix, length) == 0;
}

static size_t file_name_at(const char *path, size_t size)
{
	size_t at = size;

	while (at && path[at - 1] != '/')
		at--;
	return at;
}

bool lt_head_is_runtime(const char *name, size_t size)
{
	/* Those that are linked statically, clang's default, come first by themselves. */
	static const char *const RUNTIMES[] = {
		"libasan.so",	    "libhwasan.so",	  "libtsan.so",	      "liblsan.so",
		"libclang_rt.asan", "libclang_rt.hwasan", "libclang_rt.tsan",
	};
	size_t at = file_name_at(name, size);

	for (size_t i = 0; i < sizeof(RUNTIMES) / sizeof(*RUNTIMES); i++)
		if (begins_with(name + at, size - at, RUNTIMES[i]))
			return true;
	return false;
}

/* As the kernel reads it: blanks, the interpreter, then a blank or the line's end. */
static void judge_script(struct lt_head *head, const char *line, size_t size)
{
	size_t at = 2, end;

	head->kind = LT_HEAD_SCRIPT;
	while (at < size && (line[at] == ' ' || line[at] == '\t'))
		at++;
	for (end = at; end < size; end++)
		if (!line[end] || strchr(" \t\n", line[end]))
			break;
	/* A name that fills all that the kernel looks at may be cut: it refuses it. */
	if (end == at || (end == size && size >= LT_HEAD_NAME_MAX)) {
		head->kind = LT_HEAD_OTHER;
		return;
	}
	memcpy(head->name, line + at, end - at);
	head->name[end - at] = '\0';
}

/* Both classes in one form. */
struct segment {
	uint32_t type;
	uint64_t offset, address, size;
};

struct table {
	uint64_t offset;
	size_t count, entry;
	bool wide; /* ELFCLASS64 */
};

static bool segment_at(struct window *window, const struct table *table, size_t index,
		       struct segment *segment)
{
	const void *entry = look(window, table->offset + index * table->entry, table->entry);

	if (!entry)
		return false;
	if (table->wide) {
		Elf64_Phdr wide;

		memcpy(&wide, entry, sizeof(wide));
		*segment =
			(struct segment){ wide.p_type, wide.p_offset, wide.p_vaddr, wide.p_filesz };
	} else {
		Elf32_Phdr narrow;

		memcpy(&narrow, entry, sizeof(narrow));
		*segment = (struct segment){ narrow.p_type, narrow.p_offset, narrow.p_vaddr,
					     narrow.p_filesz };
	}
	return true;
}

/* What is wanted of the segments, found in one pass. */
struct segments {
	struct segment loader, dynamic; /* type PT_NULL: none */
	struct segment loads[6];	/* the first of those that are mapped; ld makes four */
	size_t load_count;
};

static void read_segments(struct window *window, const struct table *table,
			  struct segments *segments)
{
	const size_t loads_max = sizeof(segments->loads) / sizeof(*segments->loads);
	struct segment segment;

	memset(segments, 0, sizeof(*segments));
	for (size_t i = 0; i < table->count && segment_at(window, table, i, &segment); i++) {
		if (segment.type == PT_INTERP && segments->loader.type == PT_NULL)
			segments->loader = segment;
		else if (segment.type == PT_DYNAMIC)
			segments->dynamic = segment;
		else if (segment.type == PT_LOAD && segments->load_count < loads_max)
			segments->loads[segments->load_count++] = segment;
	}
}

/* Where in the file the byte is that will be at `address`; 0 where none is. */
static uint64_t offset_of(const struct segments *segments, uint64_t address)
{
	for (size_t i = 0; i < segments->load_count; i++) {
		const struct segment *load = &segments->loads[i];

		if (address >= load->address && address - load->address < load->size)
			return load->offset + (address - load->address);
	}
	return 0;
}

static bool dynamic_at(struct window *window, const struct segment *dynamic, size_t index,
		       ElfW(Dyn) * entry)
{
	const void *bytes;

	if (index >= DYNAMIC_MAX || index >= dynamic->size / sizeof(*entry))
		return false;
	bytes = look(window, dynamic->offset + index * sizeof(*entry), sizeof(*entry));
	if (bytes)
		memcpy(entry, bytes, sizeof(*entry));
	return bytes && entry->d_tag != DT_NULL;
}

static bool is_runtime_at(struct window *window, uint64_t offset, char *name)
{
	return look_text(window, offset, name, LT_RUNTIME_MAX) &&
	       lt_head_is_runtime(name, strlen(name)) && !strpbrk(name, ": ");
}

#define NEEDED_AT_ONCE 16

/* Collects names of needed libraries from the entry *next on, as many as fit at once. */
static size_t read_needed(struct window *window, const struct segment *dynamic, size_t *next,
			  uint64_t *names, uint64_t *needed)
{
	ElfW(Dyn) entry;
	size_t count = 0;

	for (; count < NEEDED_AT_ONCE && dynamic_at(window, dynamic, *next, &entry); ++*next) {
		if (entry.d_tag == DT_NEEDED)
			needed[count++] = entry.d_un.d_val;
		else if (entry.d_tag == DT_STRTAB)
			*names = entry.d_un.d_val;
	}
	return count;
}

/* The address of the names, where they stand behind the libraries that were read so far. */
static uint64_t find_names(struct window *window, const struct segment *dynamic, size_t next)
{
	ElfW(Dyn) entry;

	for (; dynamic_at(window, dynamic, next, &entry); next++)
		if (entry.d_tag == DT_STRTAB)
			return entry.d_un.d_val;
	return 0;
}

/* The sanitizer's runtime among the libraries that the program needs, where there is one. */
static void find_runtime(struct window *window, const struct segments *segments, char *runtime)
{
	uint64_t needed[NEEDED_AT_ONCE];
	uint64_t names = 0;
	size_t next = 0, count;

	while ((count = read_needed(window, &segments->dynamic, &next, &names, needed))) {
		uint64_t offset;

		if (!names)
			names = find_names(window, &segments->dynamic, next);
		offset = names ? offset_of(segments, names) : 0;
		for (size_t i = 0; i < count && offset; i++)
			if (is_runtime_at(window, offset + needed[i], runtime))
				return;
	}
	runtime[0] = '\0';
}

static enum lt_head_kind kind_of_loader(const char *loader)
{
	const char *name = loader + file_name_at(loader, strlen(loader));

	if (begins_with(name, strlen(name), "ld-musl"))
		return LT_HEAD_MUSL;
	/* uClibc's and Android's. */
	if (begins_with(name, strlen(name), "ld-uClibc") ||
	    begins_with(name, strlen(name), "linker"))
		return LT_HEAD_REFUSES;
	return LT_HEAD_LOADED;
}

/* The table of segments as the ELF header has it; false where there is none to read. */
static bool find_table(const unsigned char *bytes, size_t size, struct lt_head *head,
		       struct table *table)
{
	table->wide = bytes[EI_CLASS] == ELFCLASS64;
	if (table->wide && size >= sizeof(Elf64_Ehdr)) {
		Elf64_Ehdr header;

		memcpy(&header, bytes, sizeof(header));
		head->machine = header.e_machine;
		*table = (struct table){ header.e_phoff, header.e_phnum, sizeof(Elf64_Phdr), true };
		return header.e_phentsize == sizeof(Elf64_Phdr) && header.e_phnum <= SEGMENTS_MAX;
	}
	if (bytes[EI_CLASS] == ELFCLASS32 && size >= sizeof(Elf32_Ehdr)) {
		Elf32_Ehdr header;

		memcpy(&header, bytes, sizeof(header));
		head->machine = header.e_machine;
		*table =
			(struct table){ header.e_phoff, header.e_phnum, sizeof(Elf32_Phdr), false };
		return header.e_phentsize == sizeof(Elf32_Phdr) && header.e_phnum <= SEGMENTS_MAX;
	}
	return false;
}

static void judge_elf(struct lt_head *head, struct window *window)
{
	struct table table;
	struct segments segments;

	head->kind = LT_HEAD_OTHER;
	head->elf_class = window->bytes[EI_CLASS];
	if (window->bytes[EI_DATA] != OWN_ORDER) {
		head->kind = LT_HEAD_FOREIGN;
		return;
	}
	if (!find_table(window->bytes, window->size, head, &table))
		return;
	read_segments(window, &table, &segments);
	if (segments.loader.type == PT_NULL) {
		head->kind = LT_HEAD_STATIC;
		return;
	}
	look_text(window, segments.loader.offset, head->name, sizeof(head->name));
	if (head->machine != OWN_MACHINE || head->elf_class != OWN_CLASS) {
		head->kind = LT_HEAD_FOREIGN;
		return;
	}
	head->kind = kind_of_loader(head->name);
	if (head->kind == LT_HEAD_LOADED && segments.dynamic.type == PT_DYNAMIC)
		find_runtime(window, &segments, head->runtime);
}

void lt_head_judge(struct lt_head *head, lt_head_read *read, void *file)
{
	struct window window = { .read = read, .file = file };
	const unsigned char *bytes = look(&window, 0, 1);

	memset(head, 0, sizeof(*head));
	if (!bytes)
		return;
	head->kind = LT_HEAD_OTHER;
	if (window.size >= 2 && bytes[0] == '#' && bytes[1] == '!')
		judge_script(head, (const char *)bytes,
			     window.size < LT_HEAD_NAME_MAX ? window.size : LT_HEAD_NAME_MAX);
	else if (window.size > EI_DATA && memcmp(bytes, ELFMAG, SELFMAG) == 0)
		judge_elf(head, &window);
}
