/* SPDX-License-Identifier: MIT */
/*
 * Looks at a program file: where it is, which interpreter a script wants, which sanitizer runtime
 * an ELF file is linked with. Trusts nothing it reads: a file may be cut, foreign or hostile, and
 * then simply has no answer. Must never execute or change anything.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* -ENOENT also where a folder may not be looked into: who can't see a program can't mean it. */
static int executable(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return -ENOENT;
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

static bool is_sanitizer(const char *name)
{
	for (size_t i = 0; i < sizeof(SANITIZERS) / sizeof(SANITIZERS[0]); i++) {
		if (strncmp(name, SANITIZERS[i], strlen(SANITIZERS[i])) == 0)
			return true;
	}
	return false;
}

/* The dynamic section's DT_NEEDED entries; libelf checks every offset in the file. */
static const char *needed_sanitizer(Elf *elf)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		Elf_Data *data;
		GElf_Shdr header;
		GElf_Dyn entry;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; data && gelf_getdyn(data, i, &entry); i++) {
			const char *name = NULL;

			if (entry.d_tag == DT_NEEDED)
				name = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
			if (name && is_sanitizer(name))
				return name;
		}
	}
	return NULL;
}

static int file_sanitizer(const char *path, char *name, size_t size)
{
	int result = -ENOENT;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	Elf *elf = NULL;

	if (fd < 0)
		return -ENOENT;
	elf_version(EV_CURRENT);
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf) {
		const char *needed = needed_sanitizer(elf);

		if (needed && strlen(needed) < size) {
			strcpy(name, needed);
			result = 0;
		}
		elf_end(elf);
	}
	close(fd);
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
