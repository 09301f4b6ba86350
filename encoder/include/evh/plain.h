/* SPDX-License-Identifier: MIT */
/*
 * Plain user_events tracepoints: fields of one's own instead of EventHeader's, as any tracepoint of
 * the kernel has them. For events that ftrace's filters, bpf and older tools are to understand;
 * what is known at the time of registering is all that such an event can hold.
 *
 *	struct evh_plain *opened;
 *	int error = evh_plain_open(&opened, "myco_opened", "u32 attempt; char kind[8]; "
 *							  "__rel_loc char[] path", NULL);
 *	...
 *	if (evh_plain_enabled(opened))
 *		EVH_PLAIN_WRITE(opened, evh_plain_uint(attempt), evh_plain_text("file"),
 *				evh_plain_text(path));
 *
 * Errors: 0 or a negative errno. Opening and closing allocate and are for ordinary code; asking and
 * writing may be done by any number of threads, in signal handlers and after fork, take no lock,
 * allocate nothing and leave errno alone. What evh/tracepoint.h says of threads that register
 * holds.
 */
#ifndef EVH_PLAIN_H
#define EVH_PLAIN_H

#include <string.h>

#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evh_plain;

/*
 * Registers a tracepoint.
 *
 * plain: where it is put; on error NULL, and evh_plain_enabled(NULL) is false: a program that only
 *	wants to be observed goes on.
 * name: [A-Za-z0-9_]+, below 256 bytes.
 * fields: "type name; type name", or "". The types are
 *		u8 u16 u32 u64 s8 s16 s32 s64, [unsigned] char, short, int
 *		char[N], unsigned char[N]		1 to 1024 bytes ("char name[N]" is as good)
 *		__data_loc TYPE[], __rel_loc TYPE[]	any length, last; of char: a text
 *		struct NAME name SIZE			SIZE bytes, not looked into
 *	With the name they stay below 512 bytes.
 * transport: NULL is the process's user_events. A recording must list "name fields"
 *	(evh_recording_create takes such names).
 *
 * 0, or -EINVAL (a name or fields that user_events doesn't know), -ENAMETOOLONG, -ENOMEM, and what
 * evh_tracepoint_register says: -EADDRINUSE (there is one of that name with other fields), -ENOENT
 * (a kernel without user_events, or a recording that doesn't list it), -EACCES ...
 */
EVH_API int evh_plain_open(struct evh_plain **plain, const char *name, const char *fields,
			   struct evh_transport *transport);

/* Unregisters and frees. No thread may be writing. NULL is ignored. */
EVH_API void evh_plain_close(struct evh_plain *plain);

/* One value, by the functions below. */
struct evh_plain_value {
	uint8_t kind; /* 1 signed, 2 unsigned, 3 text, 4 bytes */
	uint64_t number;
	const void *bytes;
	size_t size;
};

static inline struct evh_plain_value evh_plain_int(int64_t number)
{
	uint64_t bits;
	struct evh_plain_value value = { 1, 0, "", 0 };

	memcpy(&bits, &number, sizeof(bits));
	value.number = bits;
	return value;
}

static inline struct evh_plain_value evh_plain_uint(uint64_t number)
{
	struct evh_plain_value value = { 2, number, "", 0 };

	return value;
}

/* Up to the terminator; NULL is empty. */
static inline struct evh_plain_value evh_plain_text(const char *text)
{
	struct evh_plain_value value = { 3, 0, text, text ? strlen(text) : 0 };

	return value;
}

/* NULL is empty, whatever the size says. */
static inline struct evh_plain_value evh_plain_bytes(const void *bytes, size_t size)
{
	struct evh_plain_value value = { 4, 0, bytes, bytes ? size : 0 };

	return value;
}

/* Whether anybody listens: one load, one test. */
EVH_API bool evh_plain_enabled(const struct evh_plain *plain);

/*
 * Sends an event with one value for each field, in order. Each is checked: an integer must fit its
 * field (-ERANGE); text and bytes an array, which zeros fill up (-E2BIG); a struct has its SIZE
 * bytes (-EINVAL). A number where bytes belong, bytes where a number, or another number of values:
 * -EINVAL. Nothing is cut.
 *
 * 0; -EBADF: nobody listens, or `plain` is NULL; -E2BIG: above the transport's limit, or 8184
 * bytes. Stack: the event's size once.
 */
EVH_API int evh_plain_write(const struct evh_plain *plain, const struct evh_plain_value *values,
			    size_t count);

#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
#	define EVH_PLAIN_WRITE(plain, ...) evh_plain_write_row(plain, { __VA_ARGS__ })

#	include <initializer_list>

inline int evh_plain_write_row(const struct evh_plain *plain,
			       std::initializer_list<struct evh_plain_value> values)
{
	return evh_plain_write(plain, values.begin(), values.size());
}
#else
/* int EVH_PLAIN_WRITE(plain, value, ...): evh_plain_write without a list of one's own. At least one
 * value; they are evaluated whether or not anybody listens. */
#	define EVH_PLAIN_WRITE(plain, ...)                                                        \
		evh_plain_write(plain, (const struct evh_plain_value[]){ __VA_ARGS__ },            \
				sizeof((const struct evh_plain_value[]){ __VA_ARGS__ }) /          \
					sizeof(struct evh_plain_value))
#endif

#endif
