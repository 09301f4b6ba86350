/* SPDX-License-Identifier: MIT */
/*
 * Looks at a program file: where it is, which interpreter a script wants, which sanitizer runtime
 * an ELF file is linked with. Trusts nothing it reads: a file may be cut, foreign or hostile, and
 * then simply has no answer. Must never execute or change anything.
 */
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel follows scripts that deep, then gives up with ELOOP. */
#define SCRIPT_DEPTH 5

/*
 * Runtimes that insist on being the first library, or whose interceptors must see a call before
 * ours does. Statically linked ones (clang's default) are first anyway.
 */
static const char *const SANITIZERS[] = {
	"libasan.so",	    "libhwasan.so",	  "libtsan.so",	      "liblsan.so",
	"libclang_rt.asan", "libclang_rt.hwasan", "libclang_rt.tsan",
};

static int executable(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno == ENOENT || errno == ENOTDIR ? -ENOENT : -EACCES;
	if (!S_ISREG(status.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
		return -EACCES;
	return 0;
}

int program_find(const char *name, char *path, size_t size)
{
	int result = -ENOENT;

	if (name[0] == '\0')
		return -ENOENT;
	if (strchr(name, '/')) {
		if (strlen(name) >= size)
			return -ENAMETOOLONG;
		strcpy(path, name);
		return executable(path);
	}

	const char *search = getenv("PATH");

	if (!search)
		search = "/bin:/usr/bin"; /* what execvp uses without PATH */
	for (;;) {
		size_t length = strcspn(search, ":");
		int need = snprintf(path, size, "%.*s%s%s", (int)length, search, length ? "/" : "",
				    name);

		/* execvp goes on past what it may not execute, and remembers having seen it. */
		int found = (size_t)need < size ? executable(path) : -ENOENT;

		if (found == 0)
			return 0;
		if (found == -EACCES)
			result = found;
		if (search[length] == '\0')
			return result;
		search += length + 1;
	}
}

/* The next word of a script's first line; advances *text. Empty at the end. */
static size_t next_word(const char **text, char *word, size_t size)
{
	*text += strspn(*text, " \t");

	size_t length = strcspn(*text, " \t");

	if (length >= size)
		return 0;
	memcpy(word, *text, length);
	word[length] = '\0';
	*text += length;
	return length;
}

int program_interpreter(const char *path, char *interpreter, size_t size)
{
	char line[PATH_MAX];
	char word[PATH_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -ENOENT;

	ssize_t length = read(fd, line, sizeof(line) - 1);

	close(fd);
	if (length < 2 || line[0] != '#' || line[1] != '!')
		return -ENOENT;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';

	const char *text = line + 2;

	if (next_word(&text, word, sizeof(word)) == 0)
		return -ENOENT;

	const char *base = strrchr(word, '/');

	if (strcmp(base ? base + 1 : word, "env") == 0) {
		/* Its options and assignments stand before the program. */
		do {
			if (next_word(&text, word, sizeof(word)) == 0)
				return -ENOENT;
		} while (word[0] == '-' || strchr(word, '='));
	}
	return program_find(word, interpreter, size) == 0 ? 0 : -ENOENT;
}

/* An ELF file of this machine's own word size, in memory. */
struct image {
	const uint8_t *bytes;
	size_t size;
};

static const void *image_at(const struct image *image, uint64_t offset, uint64_t size)
{
	if (offset > image->size || size > image->size - offset)
		return NULL;
	return image->bytes + offset;
}

static const ElfW(Phdr) * image_segments(const struct image *image, size_t *count)
{
	const ElfW(Ehdr) *header = image_at(image, 0, sizeof(*header));
	const unsigned char native = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

	*count = 0;
	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != native || header->e_phentsize != sizeof(ElfW(Phdr)) ||
	    header->e_phoff % sizeof(ElfW(Addr)) != 0)
		return NULL;
	*count = header->e_phnum;
	return image_at(image, header->e_phoff, (uint64_t)header->e_phnum * sizeof(ElfW(Phdr)));
}

/* The text at a virtual address: the dynamic section speaks of addresses, the file has offsets. */
static const char *image_text(const struct image *image, ElfW(Addr) address)
{
	size_t count;
	const ElfW(Phdr) *segments = image_segments(image, &count);

	for (size_t i = 0; segments && i < count; i++) {
		const ElfW(Phdr) *segment = &segments[i];

		if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
		    address - segment->p_vaddr >= segment->p_filesz)
			continue;

		uint64_t offset = segment->p_offset + (address - segment->p_vaddr);
		const char *text = image_at(image, offset, 1);

		if (text && memchr(text, '\0', image->size - offset))
			return text;
	}
	return NULL;
}

static bool is_sanitizer(const char *name)
{
	for (size_t i = 0; i < sizeof(SANITIZERS) / sizeof(SANITIZERS[0]); i++) {
		if (strncmp(name, SANITIZERS[i], strlen(SANITIZERS[i])) == 0)
			return true;
	}
	return false;
}

static const char *image_sanitizer(const struct image *image)
{
	size_t count;
	const ElfW(Phdr) *segments = image_segments(image, &count);
	const ElfW(Dyn) *dynamic = NULL;
	size_t entries = 0;
	ElfW(Addr) strings = 0;

	for (size_t i = 0; segments && i < count; i++) {
		if (segments[i].p_type != PT_DYNAMIC || segments[i].p_offset % sizeof(ElfW(Addr)))
			continue;
		dynamic = image_at(image, segments[i].p_offset, segments[i].p_filesz);
		entries = segments[i].p_filesz / sizeof(*dynamic);
	}
	for (size_t i = 0; dynamic && i < entries && dynamic[i].d_tag != DT_NULL; i++) {
		if (dynamic[i].d_tag == DT_STRTAB)
			strings = dynamic[i].d_un.d_ptr;
	}
	for (size_t i = 0; strings && i < entries && dynamic[i].d_tag != DT_NULL; i++) {
		if (dynamic[i].d_tag != DT_NEEDED)
			continue;

		const char *name = image_text(image, strings + dynamic[i].d_un.d_val);

		if (name && is_sanitizer(name))
			return name;
	}
	return NULL;
}

static int file_sanitizer(const char *path, char *name, size_t size)
{
	int result = -ENOENT;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return -ENOENT;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
		close(fd);
		return -ENOENT;
	}

	void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	close(fd);
	if (bytes == MAP_FAILED)
		return -ENOENT;

	struct image image = { bytes, (size_t)status.st_size };
	const char *needed = image_sanitizer(&image);

	if (needed && strlen(needed) < size) {
		strcpy(name, needed);
		result = 0;
	}
	munmap(bytes, image.size);
	return result;
}

int program_sanitizer(const char *path, char *name, size_t size)
{
	char current[PATH_MAX];
	char next[PATH_MAX];

	if (strlen(path) >= sizeof(current))
		return -ENOENT;
	strcpy(current, path);
	for (int depth = 0; depth < SCRIPT_DEPTH; depth++) {
		if (program_interpreter(current, next, sizeof(next)) != 0)
			break;
		strcpy(current, next);
	}
	return file_sanitizer(current, name, size);
}
