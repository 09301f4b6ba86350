/* SPDX-License-Identifier: MIT */
/*
 * Memory for long texts: pages of their own, or, where the process may not map any (it confined
 * itself, or has reached a limit), the one static buffer, if nobody else has it.
 */
#include "mapping.h"

#include <errno.h>
#include <sys/mman.h>

#include "own_calls.h"
#include "raw.h"
#include "shim.h"

/* Untouched, and so not there, until it is needed. */
static struct {
	uint32_t owner; /* generation of the process that claimed it; 0: free */
	char bytes[65536];
} spare;

int lt_mapping_open(struct lt_mapping *mapping, size_t size)
{
	long address = -ENOMEM;

	if (lt_may(LT_CALL_MEMORY))
		address = LT_RAW6(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (address < 0 && address > -4096) {
		if (size > sizeof(spare.bytes) || !lt_claim(&spare.owner, lt_process_generation()))
			return -ENOMEM;
		address = (long)spare.bytes;
	}
	mapping->address = (char *)address;
	mapping->size = size;
	return 0;
}

/* A filter may have come meanwhile, from another thread or a handler: then the pages stay. */
void lt_mapping_close(struct lt_mapping *mapping)
{
	if (mapping->address == spare.bytes)
		lt_release(&spare.owner);
	else if (lt_may(LT_CALL_MEMORY))
		LT_RAW2(SYS_munmap, mapping->address, mapping->size);
}
