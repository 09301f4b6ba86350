/* SPDX-License-Identifier: MIT */
/*
 * The judgement of program files, on heads made here: every kind, every cut of them, and every lie
 * in an offset or a count. And the editing of LD_PRELOAD.
 */
#include <criterion/criterion.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exec_head.h"
#include "preload_list.h"

struct file {
	unsigned char bytes[4096];
	size_t size;
	unsigned reads;
};

static long read_memory(void *context, void *bytes, size_t size, uint64_t offset)
{
	struct file *file = context;

	file->reads++;
	if (offset >= file->size)
		return 0;
	if (size > file->size - offset)
		size = file->size - offset;
	memcpy(bytes, file->bytes + offset, size);
	return (long)size;
}

static struct lt_head head;

static const struct lt_head *judge(struct file *file)
{
	lt_head_judge(&head, read_memory, file);
	return &head;
}

static const struct lt_head *judge_text(const char *text, size_t size)
{
	struct file file = { .size = size };

	memcpy(file.bytes, text, size);
	return judge(&file);
}

/* A program of the other class is one of the processor's other programs, or as good as one. */
#if defined(__aarch64__)
#	define OWN_MACHINE EM_AARCH64
#elif defined(__i386__)
#	define OWN_MACHINE EM_386
#else
#	define OWN_MACHINE EM_X86_64
#endif
#ifdef __LP64__
#	define OTHER(type)   Elf32_##type
#	define OWN_CLASS     ELFCLASS64
#	define OTHER_CLASS   ELFCLASS32
#	define OTHER_MACHINE EM_386
#else
#	define OTHER(type)   Elf64_##type
#	define OWN_CLASS     ELFCLASS32
#	define OTHER_CLASS   ELFCLASS64
#	define OTHER_MACHINE EM_X86_64
#endif

#define STRINGS 3000 /* where the names are, in the file; at 0x400000 more in memory */

/* A dynamic program of this machine that needs `count` libraries, the last one called `library`. */
static struct file program(const char *loader, size_t count, const char *library)
{
	struct file file = { .size = 4096 };
	ElfW(Ehdr) header = { .e_type = ET_DYN,
			      .e_machine = OWN_MACHINE,
			      .e_phoff = 64,
			      .e_phentsize = sizeof(ElfW(Phdr)),
			      .e_phnum = 3 };
	ElfW(Phdr) segments[3] = {
		{ .p_type = PT_LOAD, .p_vaddr = 0x400000, .p_filesz = 4096 },
		{ .p_type = PT_INTERP, .p_offset = 300, .p_filesz = strlen(loader) + 1 },
		{ .p_type = PT_DYNAMIC,
		  .p_offset = 600,
		  .p_filesz = sizeof(ElfW(Dyn)) * (count + 2) },
	};
	ElfW(Dyn) dynamic[128] = { 0 };

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = OWN_CLASS;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	memcpy(file.bytes, &header, sizeof(header));
	memcpy(file.bytes + 64, segments, sizeof(segments));
	strcpy((char *)file.bytes + 300, loader);
	for (size_t i = 0; i < count; i++)
		dynamic[i] = (ElfW(Dyn)){ DT_NEEDED, { i + 1 == count ? 20 : 1 } };
	dynamic[count] = (ElfW(Dyn)){ DT_STRTAB, { 0x400000 + STRINGS } };
	memcpy(file.bytes + 600, dynamic, sizeof(*dynamic) * (count + 1));
	strcpy((char *)file.bytes + STRINGS + 1, "libc.so.6");
	strcpy((char *)file.bytes + STRINGS + 20, library);
	return file;
}

#define GLIBC "/lib64/ld-linux-x86-64.so.2"

Test(exec_head, scripts)
{
	static const struct {
		const char *line, *name;
	} GOOD[] = {
		{ "#!/bin/sh\n", "/bin/sh" }, { "#! \t/bin/sh -e\n", "/bin/sh" }, { "#!sh", "sh" },
		{ "#!./x\ty\n", "./x" },      { "#!/a\rb\n", "/a\rb" },
	};
	char longest[300] = "#!/";

	for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++) {
		judge_text(GOOD[i].line, strlen(GOOD[i].line));
		cr_assert_eq(head.kind, LT_HEAD_SCRIPT, "%s", GOOD[i].line);
		cr_assert_str_eq(head.name, GOOD[i].name);
	}
	cr_assert_eq(judge_text("#!", 2)->kind, LT_HEAD_OTHER);
	cr_assert_eq(judge_text("#!  \n/bin/sh", 12)->kind, LT_HEAD_OTHER);
	cr_assert_eq(judge_text("#", 1)->kind, LT_HEAD_OTHER);
	cr_assert_eq(judge_text("", 0)->kind, LT_HEAD_UNREADABLE);
	memset(longest + 3, 'a', sizeof(longest) - 3);
	cr_assert_eq(judge_text(longest, 256)->kind, LT_HEAD_OTHER, "the kernel sees no end");
	longest[255] = '\n';
	cr_assert_eq(judge_text(longest, 300)->kind, LT_HEAD_SCRIPT);
	cr_assert_eq(strlen(judge_text(longest, 300)->name), 253);
}

Test(exec_head, programs)
{
	struct file file = program(GLIBC, 2, "libx.so");

	cr_assert_eq(judge(&file)->kind, LT_HEAD_LOADED);
	cr_assert_str_eq(judge(&file)->name, GLIBC);
	cr_assert_str_eq(judge(&file)->runtime, "");
	file.reads = 0;
	judge(&file);
	cr_assert_leq(file.reads, 8, "%u reads", file.reads);
	file = program("/lib/ld-musl-x86_64.so.1", 1, "libc.so");
	cr_assert_eq(judge(&file)->kind, LT_HEAD_MUSL);
	file = program("/lib/ld-uClibc.so.0", 1, "libc.so");
	cr_assert_eq(judge(&file)->kind, LT_HEAD_REFUSES);
	file = program("/system/bin/linker64", 1, "libc.so");
	cr_assert_eq(judge(&file)->kind, LT_HEAD_REFUSES);
	file = program(GLIBC, 1, "libc.so.6");
	file.bytes[18] ^= 0x40; /* e_machine */
	cr_assert_eq(judge(&file)->kind, LT_HEAD_FOREIGN);
	file = program(GLIBC, 1, "libc.so.6");
	file.bytes[EI_DATA] = ELFDATA2MSB;
	cr_assert_eq(judge(&file)->kind, LT_HEAD_FOREIGN);
	file = program(GLIBC, 1, "libc.so.6");
	file.bytes[64 + sizeof(ElfW(Phdr))] = PT_NOTE; /* no PT_INTERP */
	cr_assert_eq(judge(&file)->kind, LT_HEAD_STATIC);
	file = program(GLIBC, 1, "libc.so.6");
	file.bytes[EI_CLASS] = 7;
	cr_assert_eq(judge(&file)->kind, LT_HEAD_OTHER);
}

Test(exec_head, programs_of_the_other_class)
{
	struct file file = { .size = 512 };
	OTHER(Ehdr)
	header = { .e_machine = OTHER_MACHINE,
		   .e_phoff = 64,
		   .e_phentsize = sizeof(OTHER(Phdr)),
		   .e_phnum = 1 };
	OTHER(Phdr) loader = { .p_type = PT_INTERP, .p_offset = 200 };

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = OTHER_CLASS;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	memcpy(file.bytes, &header, sizeof(header));
	memcpy(file.bytes + 64, &loader, sizeof(loader));
	strcpy((char *)file.bytes + 200, "/lib/ld-linux.so.2");
	cr_assert_eq(judge(&file)->kind, LT_HEAD_FOREIGN);
	cr_assert_eq(judge(&file)->elf_class, OTHER_CLASS);
	cr_assert_eq(judge(&file)->machine, OTHER_MACHINE);
	file.bytes[64] = PT_LOAD; /* static: no loader that would complain */
	cr_assert_eq(judge(&file)->kind, LT_HEAD_STATIC);
}

Test(exec_head, runtimes)
{
	static const char *const RUNTIMES[] = { "libasan.so.8", "libtsan.so.2", "liblsan.so.0",
						"/opt/lib/libasan.so.6",
						"libclang_rt.asan-x86_64.so" };
	static const char *const OTHERS[] = {
		"libasan_helper.so", "xlibasan.so.8", "libc.so.6",
		"libasan.so.8:x",    "libasan/x.so",  "libubsan.so.1"
	};

	for (size_t i = 0; i < sizeof(RUNTIMES) / sizeof(*RUNTIMES); i++)
		for (size_t count = 1; count < 100; count += 7) {
			struct file file = program(GLIBC, count, RUNTIMES[i]);

			cr_assert_str_eq(judge(&file)->runtime, RUNTIMES[i], "%zu needed", count);
		}
	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
		struct file file = program(GLIBC, 3, OTHERS[i]);

		cr_assert_str_eq(judge(&file)->runtime, "", "%s", OTHERS[i]);
	}
}

/* Cut anywhere and with any byte replaced, there is an answer, whose texts end. */
Test(exec_head, damaged)
{
	static const unsigned char VALUES[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct file whole = program(GLIBC, 3, "libasan.so.8");

	for (size_t size = 0; size < whole.size; size++) {
		struct file file = whole;

		file.size = size;
		judge(&file);
		cr_assert_lt(strlen(head.name) + strlen(head.runtime), 320);
	}
	for (size_t at = 4; at < 700; at++)
		for (size_t i = 0; i < sizeof(VALUES); i++) {
			struct file file = whole;

			file.bytes[at] = VALUES[i];
			judge(&file);
			cr_assert_leq(file.reads, 5000);
			cr_assert_lt(strnlen(head.name, sizeof(head.name)), sizeof(head.name));
			cr_assert_lt(strnlen(head.runtime, sizeof(head.runtime)),
				     sizeof(head.runtime));
		}
}

static long read_descriptor(void *fd, void *bytes, size_t size, uint64_t offset)
{
	return pread(*(int *)fd, bytes, size, (off_t)offset);
}

Test(exec_head, real_program)
{
	int fd = open("/bin/ls", O_RDONLY | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	lt_head_judge(&head, read_descriptor, &fd);
	close(fd);
	cr_assert_eq(head.kind, LT_HEAD_LOADED);
	cr_assert_not_null(strstr(head.name, "/ld-"));
	cr_assert_str_eq(head.runtime, "");
}

/* The list without the entry, as text. */
static const char *without(const char *list, const char *library)
{
	static char text[200];
	struct lt_list_entry cut = lt_list_find(list, library);

	if (!cut.text)
		return list;
	cut = lt_list_cut(list, cut);
	snprintf(text, sizeof(text), "%.*s%s", (int)(cut.text - list), list, cut.text + cut.size);
	return text;
}

Test(preload_list, cut)
{
	static const struct {
		const char *list, *left;
	} ROWS[] = {
		{ "/l/ours.so", "" },
		{ "/other/ours.so", "" },
		{ "ours.so", "" },
		{ "a.so:/l/ours.so", "a.so" },
		{ "/l/ours.so:a.so", "a.so" },
		{ "a.so:/l/ours.so:b.so", "a.so:b.so" },
		{ "a.so /l/ours.so b.so", "a.so b.so" },
		{ "a.so::/l/ours.so: b.so ", "a.so:: b.so " },
		{ ":/l/ours.so:", ":" },
		{ "/l/yours.so", "/l/yours.so" },
		{ "/l/ours.so.1", "/l/ours.so.1" },
		{ "/ours.so/x", "/ours.so/x" },
		{ "", "" },
		{ "::  :", "::  :" },
	};

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		cr_assert_str_eq(without(ROWS[i].list, "/l/ours.so"), ROWS[i].left, "%s",
				 ROWS[i].list);
}

Test(preload_list, own_runtime)
{
	cr_assert_eq(lt_list_own_runtime("libasan.so.8::/l/ours.so"), 14);
	cr_assert_eq(lt_list_own_runtime("libasan.so.8::"), 14);
	cr_assert_eq(lt_list_own_runtime("/usr/lib/libtsan.so.2::x"), 23);
	/* The user's own. */
	cr_assert_eq(lt_list_own_runtime("libasan.so.8:/l/ours.so"), 0);
	cr_assert_eq(lt_list_own_runtime("libasan.so.8"), 0);
	cr_assert_eq(lt_list_own_runtime("a.so::libasan.so.8"), 0);
	cr_assert_eq(lt_list_own_runtime("::libasan.so.8"), 0);
	cr_assert_eq(lt_list_own_runtime(""), 0);
}
