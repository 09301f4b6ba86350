/* SPDX-License-Identifier: MIT */
/*
 * Copying a field's value behind the ones before it: what provider.h's macros turn into when
 * somebody listens. Everything here is inlined into the event's site; must never allocate, lock or
 * touch errno.
 *
 * The buffer of a site holds every value of fixed size, and a number of bytes (`copy`) for each of
 * the others. So a value is looked at once: up to `copy` bytes it is copied, no matter what the
 * others took, and beyond that it becomes a piece of its own. There is no end to be checked.
 */
#ifndef EVH_DETAIL_PUT_H
#define EVH_DETAIL_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

#include <evh/tracepoint.h>

/*
 * Without optimization nothing is inlined: the compiler would see constants, and warn of branches
 * that it doesn't remove.
 */
#ifdef __OPTIMIZE__
#	define EVHI_INLINE static inline __attribute__((__always_inline__))
#else
#	define EVHI_INLINE static inline
#endif

/*
 * The pieces of an event with values too long to be copied. A site sets `pieces` to 0 and has room
 * for two more of them behind `iov` for each variable value.
 */
struct evhi_long {
	int32_t pieces;	 /* -errno when the event can't be sent */
	uint8_t *unsent; /* the bytes of the buffer from here on are in no piece yet */
	struct iovec iov[1];
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Adds `bytes` of the caller's at `value` as the next piece of the event that began at `event` in
 * the site's buffer and has come to `p`; -E2BIG when `count` does not fit into the u16 in front of
 * them. The result is `p`: the buffer goes on.
 */
EVH_API uint8_t *evh_site_add_piece(struct evhi_long *l, uint8_t *event, uint8_t *p,
				    const void *value, size_t bytes, size_t count);

/* Sends an event in pieces, the last of which ends at `end`. 0 or -errno as evh_tracepoint_send. */
EVH_API int evh_site_send_pieces(const struct evh_tracepoint *tracepoint, struct evhi_long *l,
				 uint8_t *end);

#ifdef __cplusplus
}
#endif

EVHI_INLINE void evhi_begin(struct evhi_long *l)
{
	l->pieces = 0;
}

EVHI_INLINE uint8_t *evhi_put_fixed(uint8_t *p, const void *value, size_t bytes)
{
	memcpy(p, value, bytes);
	return p + bytes;
}

/* A NULL id is sent as zeros, which the site's copy of the metadata already holds. */
EVHI_INLINE void evhi_put_id(uint8_t *at, const void *id)
{
	if (id)
		memcpy(at, id, 16);
}

#define EVHI_PUT_AS(name, type)                                                                    \
	EVHI_INLINE uint8_t *evhi_put_##name(uint8_t *p, type value)                               \
	{                                                                                          \
		return evhi_put_fixed(p, &value, sizeof(value));                                   \
	}
EVHI_PUT_AS(8, uint8_t)
EVHI_PUT_AS(16, uint16_t)
EVHI_PUT_AS(32, uint32_t)
EVHI_PUT_AS(64, uint64_t)
EVHI_PUT_AS(i8, int8_t)
EVHI_PUT_AS(i16, int16_t)
EVHI_PUT_AS(i32, int32_t)
EVHI_PUT_AS(i64, int64_t)
EVHI_PUT_AS(f32, float)
EVHI_PUT_AS(f64, double)
#undef EVHI_PUT_AS

/*
 * Copies 1 or more bytes. Many strings are names of 8 to 16 bytes: for these, a call would cost
 * three times as many instructions as the copying.
 */
EVHI_INLINE void evhi_copy(uint8_t *p, const void *value, size_t bytes)
{
	uint64_t first, last;

	if (bytes - 8 <= 8) {
		memcpy(&first, value, 8);
		memcpy(&last, (const uint8_t *)value + bytes - 8, 8);
		memcpy(p, &first, 8);
		memcpy(p + bytes - 8, &last, 8);
	} else {
		memcpy(p, value, bytes);
	}
}

/*
 * The one comparison sends both what is too long and what is empty (where `value` may be NULL) to
 * evh_site_add_piece.
 */
EVHI_INLINE uint8_t *evhi_put_raw(struct evhi_long *l, uint8_t *event, uint8_t *p, size_t copy,
				  const void *value, size_t bytes)
{
	if (__builtin_expect(bytes - 1 >= copy, 0))
		return evh_site_add_piece(l, event, p, value, bytes, 0);
	evhi_copy(p, value, bytes);
	return p + bytes;
}

/* `count` units of `unit` bytes behind a u16 that says how many. */
EVHI_INLINE uint8_t *evhi_put_counted(struct evhi_long *l, uint8_t *event, uint8_t *p, size_t copy,
				      const void *value, size_t count, size_t unit)
{
	p = evhi_put_16(p, (uint16_t)count);
	if (__builtin_expect(count - 1 >= copy / unit, 0))
		return evh_site_add_piece(l, event, p, value, (uint16_t)count * unit, count);
	evhi_copy(p, value, count * unit);
	return p + count * unit;
}

/* Bytes of a zero-terminated string, the terminator included. */
EVHI_INLINE size_t evhi_size8(const void *text)
{
	return strlen((const char *)text) + 1;
}

#define EVHI_SIZE_WIDE(bits)                                                                       \
	EVHI_INLINE size_t evhi_size##bits(const void *text)                                       \
	{                                                                                          \
		uint##bits##_t unit;                                                               \
		size_t size = 0;                                                                   \
                                                                                                   \
		do {                                                                               \
			memcpy(&unit, (const uint8_t *)text + size, sizeof(unit));                 \
			size += sizeof(unit);                                                      \
		} while (unit);                                                                    \
		return size;                                                                       \
	}
EVHI_SIZE_WIDE(16)
EVHI_SIZE_WIDE(32)
#undef EVHI_SIZE_WIDE

/* NULL is sent as the empty string. */
EVHI_INLINE uint8_t *evhi_put_z8(struct evhi_long *l, uint8_t *event, uint8_t *p, size_t copy,
				 const void *value)
{
	const void *text = value ? value : "";

	return evhi_put_raw(l, event, p, copy, text, evhi_size8(text));
}

/*
 * Not by evhi_copy: where the text is a short constant, gcc unrolls the search for its end, and
 * warns of a word read beyond it that it can't rule out.
 */
#define EVHI_PUT_WIDE(bits)                                                                        \
	EVHI_INLINE uint8_t *evhi_put_z##bits(struct evhi_long *l, uint8_t *event, uint8_t *p,     \
					      size_t copy, const void *value)                      \
	{                                                                                          \
		const void *text = value ? value : "\0\0\0";                                       \
		size_t bytes = evhi_size##bits(text);                                              \
                                                                                                   \
		if (__builtin_expect(bytes > copy, 0))                                             \
			return evh_site_add_piece(l, event, p, text, bytes, 0);                    \
		return evhi_put_fixed(p, text, bytes);                                             \
	}
EVHI_PUT_WIDE(16)
EVHI_PUT_WIDE(32)
#undef EVHI_PUT_WIDE

EVHI_INLINE int evhi_send(const struct evh_tracepoint *tracepoint, struct evhi_long *l,
			  uint8_t *event, uint8_t *end)
{
	if (__builtin_expect(l->pieces != 0, 0))
		return evh_site_send_pieces(tracepoint, l, end);
	return evh_tracepoint_send(tracepoint, event, (size_t)(end - event));
}

#endif
