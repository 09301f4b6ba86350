/* SPDX-License-Identifier: MIT */
/*
 * ELF files made from nothing, given to whichever loaders are on this machine: each starts the
 * program, and takes the library without a word. Each claim is also checked the other way round: a
 * library of another ABI is complained of.
 */
#include <criterion/criterion.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elf_made.h"

static bool read_abi(struct elf_abi *abi, const char *path)
{
	unsigned char bytes[64];
	int fd = open(path, O_RDONLY);
	ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	close(fd);
	return size > 0 && elf_abi_read(abi, bytes, (size_t)size);
}

struct outcome {
	int error;  /* of execve */
	int status; /* as wait(2) has it */
	char said[512];
};

static struct outcome run(const unsigned char *program, size_t size, const char *preload)
{
	char variable[256];
	char *argv[] = { "made", NULL }, *envp[] = { variable, NULL };
	struct outcome outcome = { 0 };
	int file = memfd_create("made", MFD_CLOEXEC), ends[2], errors[2];
	ssize_t length;
	pid_t child;

	cr_assert(write(file, program, size) == (ssize_t)size);
	cr_assert(pipe2(ends, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0);
	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", preload);
	child = fork();
	if (child == 0) {
		dup2(ends[1], 2);
		fexecve(file, argv, envp);
		_exit(write(errors[1], &errno, sizeof(errno)) < 0);
	}
	close(ends[1]);
	close(errors[1]);
	cr_assert(read(errors[0], &outcome.error, sizeof(outcome.error)) >= 0);
	length = read(ends[0], outcome.said, sizeof(outcome.said) - 1);
	outcome.said[length > 0 ? length : 0] = '\0';
	waitpid(child, &outcome.status, 0);
	close(ends[0]);
	close(errors[0]);
	close(file);
	return outcome;
}

static void write_library(const struct elf_abi *abi, const char *path)
{
	unsigned char bytes[ELF_MADE_ROOM];
	FILE *file = fopen(path, "wb");

	cr_assert(file && fwrite(bytes, elf_make_library(abi, bytes), 1, file) == 1);
	fclose(file);
}

static unsigned try_loader(const char *loader, const char *library)
{
	struct elf_abi abi, other = { 0 };
	unsigned char program[ELF_MADE_ROOM];
	size_t size;
	struct outcome outcome;

	if (!read_abi(&abi, loader) || !elf_abi_is_known(&abi))
		return 0;
	size = elf_make_program(&abi, loader, program);
	outcome = run(program, size, "");
	if (outcome.error == ENOEXEC) /* this kernel has no such programs */
		return 0;
	cr_assert(outcome.error == 0 && outcome.status == 0 && !outcome.said[0],
		  "%s: %s, status %#x, '%s'", loader, strerror(outcome.error), outcome.status,
		  outcome.said);
	write_library(&abi, library);
	outcome = run(program, size, library);
	cr_assert(outcome.status == 0 && !outcome.said[0], "%s: status %#x, '%s'", loader,
		  outcome.status, outcome.said);

	other = abi;
	other.machine = EM_S390;
	write_library(&other, library);
	outcome = run(program, size, library);
	/* musl's says nothing of what it can't load. */
	cr_assert(strstr(loader, "musl") || strstr(outcome.said, library),
		  "%s took a foreign library", loader);
	return 1;
}

Test(elf_made, every_loader_here)
{
	static const char *const PATTERNS[] = { "/lib*/ld-linux*.so.[0-9]*",
						"/lib/ld-musl-*.so.1" };
	char library[] = "/tmp/logtap-elf-made.XXXXXX";
	unsigned tried = 0;

	close(mkstemp(library));
	for (size_t i = 0; i < sizeof(PATTERNS) / sizeof(*PATTERNS); i++) {
		glob_t found = { 0 };

		glob(PATTERNS[i], 0, NULL, &found);
		for (size_t j = 0; j < found.gl_pathc; j++)
			tried += try_loader(found.gl_pathv[j], library);
		globfree(&found);
	}
	unlink(library);
	cr_assert(tried >= 1);
	fprintf(stderr, "%u loaders tried\n", tried);
}

Test(elf_made, bad_heads)
{
	unsigned char bytes[64] = ELFMAG;
	struct elf_abi abi;

	for (size_t size = 0; size <= sizeof(bytes); size++)
		cr_assert(!elf_abi_read(&abi, bytes, size));
	bytes[EI_CLASS] = ELFCLASS64;
	bytes[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2MSB : ELFDATA2LSB;
	cr_assert(!elf_abi_read(&abi, bytes, sizeof(bytes)), "of the other byte order");
}
