/* SPDX-License-Identifier: MIT */
/*
 * A program's file as the loader would lay it out at the addresses it was linked for: what its
 * pointers point at can be followed. Reads the file, never runs it.
 */
#ifndef LOGTAP_ELF_IMAGE_H
#define LOGTAP_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_segment {
	uint64_t address;
	uint64_t size; /* bytes that the file has of it */
	uint8_t *bytes;
	bool writable;
};

struct elf_image {
	struct elf_segment *segments;
	size_t count;
	void *map;
	size_t map_size;
	uint8_t pointer_size; /* 4 or 8 */
	bool big_endian;
};

/*
 * Opens a program or a shared library. 0, or -ENOEXEC (no ELF file, or a damaged one), -ENOENT,
 * -EACCES, -EISDIR, -ENOMEM ... On error `image` is empty.
 */
int elf_image_open(struct elf_image *image, const char *path);
void elf_image_close(struct elf_image *image);

/* The bytes at an address, and how many are there from it on; NULL where the file has none. */
const uint8_t *elf_image_at(const struct elf_image *image, uint64_t address, size_t *available);

/* Numbers in the program's byte order. */
uint64_t elf_image_number(const struct elf_image *image, const uint8_t *bytes, size_t size);

#endif
