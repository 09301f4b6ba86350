/* SPDX-License-Identifier: MIT */
/* A file that is packed as a whole, with gzip or zstd: its bytes as they were before. */
#ifndef EVH_PACKED_H
#define EVH_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct packed;

/* Whether this is the beginning of such a file, and of a kind that this build can unpack. */
bool packed_recognise(const uint8_t *bytes, size_t size);

/*
 * @fd     where the packed bytes come from; stays the caller's
 * @bytes  what was read of it already, `size` bytes from its beginning on
 *
 * NULL: no memory.
 */
struct packed *packed_new(int fd, const uint8_t *bytes, size_t size);
void packed_free(struct packed *packed);

/*
 * Unpacks some bytes; blocks until there are some.
 *
 * Their number; 0 at the end, of which packed_is_whole tells more; -EFBIG when there are more of
 * them than any log packs to; or what reading gave.
 */
ssize_t packed_read(struct packed *packed, void *out, size_t room);

/* Whether the end was the end: nothing is missing, and checksums fit. */
bool packed_is_whole(const struct packed *packed);

#endif
