/* SPDX-License-Identifier: MIT */
/* An event's bytes, one behind the other. Nothing here knows how much room there is. */
#ifndef LT_PUT_H
#define LT_PUT_H

#include <string.h>

#include <evh/format.h>

#include "shim.h"

/* Returns what is behind the bytes; of none, `bytes` may be NULL. */
static inline uint8_t *lt_put(uint8_t *out, const void *bytes, size_t size)
{
	if (size)
		memcpy(out, bytes, size);
	return out + size;
}

/* A string as a field has it, with its length in front. */
static inline uint8_t *lt_put_string(uint8_t *out, const char *text, size_t size)
{
	uint16_t count = (uint16_t)size;

	return lt_put(lt_put(out, &count, sizeof(count)), text, size);
}

/* What every event begins with. `metadata` ends with a zero, which counts. */
static inline uint8_t *lt_put_metadata(uint8_t *out, uint8_t level, const void *metadata,
				       uint16_t size)
{
	struct evh_header header = { .flags = EVH_FLAGS_NATIVE, .level = level };
	struct evh_extension extension = { .size = size, .kind = EVH_EXTENSION_METADATA };

	out = lt_put(out, &header, sizeof(header));
	out = lt_put(out, &extension, sizeof(extension));
	return lt_put(out, metadata, size);
}

#endif
