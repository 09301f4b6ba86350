/* SPDX-License-Identifier: MIT */
/* Memory for a text too long for the stack: taken, used, given back. Never malloc. */
#ifndef LT_MAPPING_H
#define LT_MAPPING_H

#include <stddef.h>

struct lt_mapping {
	char *address;
	size_t size;
};

/* `size` bytes, not 0, of any content; 0 or -ENOMEM. */
int lt_mapping_open(struct lt_mapping *mapping, size_t size);

void lt_mapping_close(struct lt_mapping *mapping);

#endif
