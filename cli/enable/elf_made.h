/* SPDX-License-Identifier: MIT */
/*
 * The smallest ELF files that a loader takes, made for whichever machine a loader is of: a program
 * that ends with status 0, by which the loader is tried, and a library that holds nothing, which
 * stands where the loader of another ABI would look for ours. Pure; needs no compiler and no file
 * of that ABI.
 */
#ifndef LOGTAP_ELF_MADE_H
#define LOGTAP_ELF_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_MADE_ROOM 2048

/* What the head of a loader's file says. */
struct elf_abi {
	uint8_t elf_class; /* ELFCLASS32, ELFCLASS64 */
	uint8_t osabi;
	uint16_t machine; /* EM_... */
	uint32_t flags;
};

/* Reads the head of an ELF file. False: it is none, or of the other byte order. */
bool elf_abi_read(struct elf_abi *abi, const unsigned char *bytes, size_t size);

/* Whether a program can be made for it. */
bool elf_abi_is_known(const struct elf_abi *abi);

/* A program that this loader starts; 0 where there is no code for the machine, or the name is too
 * long. Returns the bytes written. */
size_t elf_make_program(const struct elf_abi *abi, const char *loader,
			unsigned char bytes[ELF_MADE_ROOM]);

/* The library; it holds no code, so that it can be mapped from a noexec file system, too. */
size_t elf_make_library(const struct elf_abi *abi, unsigned char bytes[ELF_MADE_ROOM]);

#endif
