/* SPDX-License-Identifier: MIT */
/*
 * A program's file in memory: its segments, with the pointers that the loader would fill in. Must
 * never trust an offset or a size that the file names.
 */
#include "elf_image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The loader adds the program's place to these. With REL and RELR the number stands in its place
 * already, and needs nothing. */
static const struct {
	uint16_t machine;
	uint32_t relative;
} machines[] = {
	{ EM_X86_64, R_X86_64_RELATIVE }, { EM_AARCH64, R_AARCH64_RELATIVE },
	{ EM_RISCV, R_RISCV_RELATIVE },	  { EM_PPC64, R_PPC64_RELATIVE },
	{ EM_PPC, R_PPC_RELATIVE },	  { EM_S390, R_390_RELATIVE },
	{ EM_SPARCV9, R_SPARC_RELATIVE },
};

uint64_t elf_image_number(const struct elf_image *image, const uint8_t *bytes, size_t size)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | bytes[image->big_endian ? i : size - 1 - i];
	return number;
}

const uint8_t *elf_image_at(const struct elf_image *image, uint64_t address, size_t *available)
{
	for (size_t i = 0; i < image->count; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (address < segment->address || address - segment->address >= segment->size)
			continue;
		*available = (size_t)(segment->size - (address - segment->address));
		return segment->bytes + (address - segment->address);
	}
	*available = 0;
	return NULL;
}

static void put_pointer(struct elf_image *image, uint64_t address, uint64_t value)
{
	size_t available;
	uint8_t *bytes = (uint8_t *)(uintptr_t)elf_image_at(image, address, &available);

	for (size_t i = 0; bytes && available >= image->pointer_size && i < image->pointer_size;
	     i++) {
		bytes[image->big_endian ? image->pointer_size - 1 - i : i] = (uint8_t)value;
		value >>= 8;
	}
}

/* Offset, type and addend of each, as wide as a pointer. */
static void relocate(struct elf_image *image, uint64_t address, uint64_t size, uint32_t relative)
{
	const size_t word = image->pointer_size;
	size_t available;
	const uint8_t *rela = elf_image_at(image, address, &available);

	if (size > available)
		size = available;
	for (; size >= 3 * word; size -= 3 * word, rela += 3 * word) {
		uint64_t info = elf_image_number(image, rela + word, word);

		if ((word == 8 ? info & UINT32_MAX : info & 0xff) == relative)
			put_pointer(image, elf_image_number(image, rela, word),
				    elf_image_number(image, rela + 2 * word, word));
	}
}

/* By the dynamic section of the segments, which every stripper leaves. */
static void relocate_all(struct elf_image *image, uint64_t address, uint32_t relative)
{
	const size_t word = image->pointer_size;
	uint64_t table = 0, size = 0;
	size_t available;
	const uint8_t *entry = elf_image_at(image, address, &available);

	for (; entry && available >= 2 * word; available -= 2 * word, entry += 2 * word) {
		uint64_t tag = elf_image_number(image, entry, word);
		uint64_t value = elf_image_number(image, entry + word, word);

		if (tag == DT_NULL)
			break;
		table = tag == DT_RELA ? value : table;
		size = tag == DT_RELASZ ? value : size;
	}
	if (table)
		relocate(image, table, size, relative);
}

static int take_segments(struct elf_image *image, Elf *elf)
{
	size_t count;
	uint64_t dynamic = 0;
	GElf_Ehdr header;

	if (!gelf_getehdr(elf, &header) || elf_getphdrnum(elf, &count) || !count ||
	    (header.e_type != ET_EXEC && header.e_type != ET_DYN))
		return -ENOEXEC;
	image->segments = calloc(count, sizeof(image->segments[0]));
	if (!image->segments)
		return -ENOMEM;
	image->pointer_size = header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	image->big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(elf, (int)i, &segment))
			return -ENOEXEC;
		if (segment.p_type == PT_DYNAMIC)
			dynamic = segment.p_vaddr;
		if (segment.p_type != PT_LOAD || segment.p_offset > image->map_size)
			continue;
		if (segment.p_filesz > image->map_size - segment.p_offset)
			segment.p_filesz = image->map_size - segment.p_offset;
		image->segments[image->count++] = (struct elf_segment){
			.address = segment.p_vaddr,
			.size = segment.p_filesz,
			.bytes = (uint8_t *)image->map + segment.p_offset,
			.writable = segment.p_flags & PF_W,
		};
	}
	for (size_t i = 0; dynamic && i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == header.e_machine)
			relocate_all(image, dynamic, machines[i].relative);
	return image->count ? 0 : -ENOEXEC;
}

static int map_file(struct elf_image *image, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	int error = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		error = -errno;
	else if (S_ISDIR(status.st_mode))
		error = -EISDIR;
	else if (!S_ISREG(status.st_mode) || status.st_size <= 0)
		error = -ENOEXEC;
	if (!error) {
		/* Private: what is relocated is ours. */
		image->map_size = (size_t)status.st_size;
		image->map =
			mmap(NULL, image->map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		if (image->map == MAP_FAILED) {
			image->map = NULL;
			error = -errno;
		}
	}
	close(fd);
	return error;
}

int elf_image_open(struct elf_image *image, const char *path)
{
	Elf *elf;
	int error;

	memset(image, 0, sizeof(*image));
	error = map_file(image, path);
	if (error)
		return error;
	elf_version(EV_CURRENT);
	elf = elf_memory(image->map, image->map_size);
	error = elf && elf_kind(elf) == ELF_K_ELF ? take_segments(image, elf) : -ENOEXEC;
	elf_end(elf);
	if (error)
		elf_image_close(image);
	return error;
}

void elf_image_close(struct elf_image *image)
{
	free(image->segments);
	if (image->map)
		munmap(image->map, image->map_size);
	memset(image, 0, sizeof(*image));
}
