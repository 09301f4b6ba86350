/* SPDX-License-Identifier: MIT */
/* Memory for a message too long for the stack: mapped, used, unmapped. Never malloc. */
#ifndef LT_MAPPING_H
#define LT_MAPPING_H

#include <stddef.h>
#include <sys/mman.h>

#include "raw.h"
#include "shim.h"

struct lt_mapping {
	char *address;
	size_t size;
};

/* 0, or -ENOMEM; a confined process may not map, either. */
static inline int lt_mapping_open(struct lt_mapping *mapping, size_t size)
{
	long address;

	if (lt_confined)
		return -ENOMEM;
	address = LT_RAW6(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	if (address < 0 && address > -4096)
		return -ENOMEM;
	mapping->address = (char *)address;
	mapping->size = size;
	return 0;
}

static inline void lt_mapping_close(struct lt_mapping *mapping)
{
	LT_RAW2(SYS_munmap, mapping->address, mapping->size);
}

#endif
