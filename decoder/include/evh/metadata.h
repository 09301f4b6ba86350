/* SPDX-License-Identifier: MIT */
/*
 * What an event's metadata says by itself: the names and types of its fields, without a payload.
 * For schemas: of events that were found in a program, or that a tool compares, stores or prints.
 *
 *	struct evh_metadata metadata;
 *	struct evh_item item;
 *	int result = evh_metadata_open(&metadata, bytes, size);
 *
 *	while (result >= 0 && (result = evh_metadata_next(&metadata, &item)) > 0)
 *		use(&item);
 *
 * What evh/decode.h says of memory, threads, signals and trust holds here. C11, or C++ from C++11
 * on.
 */
#ifndef EVH_METADATA_H
#define EVH_METADATA_H

#include <evh/decode.h>
#include <evh/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One walk. Only `event` is public. */
struct evh_metadata {
	struct evh_event event; /* its payload is whatever stands behind the metadata */
	uint32_t next;		/* offset of the next field's description */
	int error;
	uint8_t depth;
	uint8_t remaining[EVH_DEPTH_MAX]; /* fields of each open struct that are still to come */
	struct evh_name names[EVH_DEPTH_MAX];
};

/*
 * Starts.
 *
 * @bytes  the event from its flags byte on, up to the end of its metadata at least
 * @size   bytes there
 *
 * 0, or a negative error as evh_reader_open's.
 */
EVH_API int evh_metadata_open(struct evh_metadata *metadata, const void *bytes, size_t size);

/*
 * The next field: each once, also those of an array of structs.
 *
 * @item  FIELD: one value, or with `array` set an array; `count` is a constant array's. `value` is
 *        what all its values are, NONE where that depends on the value (nullable forms).
 *        STRUCT_BEGIN: the same, and `index` is the number of its fields. STRUCT_END.
 *        `depth`: the structs around it. There is no payload: `data` is NULL.
 *
 * 1 with the item; 0 at the end, also where the metadata ends inside a struct (its ends come
 * first); or a negative error as evh_reader_next's, the same at every later call.
 */
EVH_API int evh_metadata_next(struct evh_metadata *metadata, struct evh_item *item);

/*
 * Appends a field's type as people write it: "u32", "hex64", "f64", "bool8", "pid", "time64",
 * "ipv4", "uuid", "string", "zstring16", "string:json", "binary", "struct", with "[]" or "[4]"
 * behind it for an array.
 *
 * @item  a FIELD or STRUCT_BEGIN of evh_metadata_next
 */
EVH_API void evh_metadata_type(struct evh_text *text, const struct evh_item *item);

#ifdef __cplusplus
}
#endif
#endif
