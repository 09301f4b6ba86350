/* SPDX-License-Identifier: MIT */
/*
 * What the head of a program file says about the program: whether a loader would put this library
 * into it, and whether that must not happen. The launcher, the doctor and every exec of a captured
 * program ask here.
 *
 * Pure: reads through a function of the caller's, a few hundred bytes at a time, and trusts nothing
 * that it reads. Needs 1 KiB of stack, no memory, no lock; errno is left alone.
 */
#ifndef LT_EXEC_HEAD_H
#define LT_EXEC_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel looks at as many bytes of a script, so no interpreter's name is longer. */
#define LT_HEAD_NAME_MAX 256

/* Longer than the file name of any sanitizer's runtime. */
#define LT_RUNTIME_MAX 64

/*
 * Reads up to `size` bytes at `offset` of the program file into `bytes`: how many there were, 0
 * beyond its end, or a negative number.
 */
typedef long lt_head_read(void *file, void *bytes, size_t size, uint64_t offset);

enum lt_head_kind {
	LT_HEAD_UNREADABLE, /* not a byte could be read */
	LT_HEAD_OTHER,	 /* neither of the following: the kernel refuses it, or a helper runs it */
	LT_HEAD_SCRIPT,	 /* `#!`: `name` is the interpreter */
	LT_HEAD_STATIC,	 /* ELF without a loader: LD_PRELOAD means nothing to it */
	LT_HEAD_LOADED,	 /* ELF with a loader, which is `name`, and takes this library */
	LT_HEAD_MUSL,	 /* the same with musl's loader: takes it, and it does nothing there */
	LT_HEAD_REFUSES, /* its loader can't take a library made for glibc, and says so */
	LT_HEAD_FOREIGN, /* the same, because of another ELF class or machine */
};

struct lt_head {
	enum lt_head_kind kind;
	uint8_t elf_class;	      /* ELFCLASS32, ELFCLASS64; 0: not ELF */
	uint16_t machine;	      /* EM_... */
	char name[LT_HEAD_NAME_MAX];  /* of an interpreter or a loader; may be empty */
	char runtime[LT_RUNTIME_MAX]; /* of LT_HEAD_LOADED: the runtime that must come first */
};

/* Judges the file behind `read`. */
void lt_head_judge(struct lt_head *head, lt_head_read *read, void *file);

/*
 * Whether this is the file name, or the path, of a sanitizer's runtime that insists on being the
 * first library: gcc's AddressSanitizer aborts the program otherwise.
 */
bool lt_head_is_runtime(const char *name, size_t size);

#endif
