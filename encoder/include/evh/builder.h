/* SPDX-License-Identifier: MIT */
/*
 * Run-time events: events whose names and fields are known only while the program runs. (When they
 * are known to the compiler, evh/provider.h costs less.)
 *
 *	struct evh_dynamic_provider *provider;
 *	struct evh_event_set *set;
 *	struct evh_builder builder;
 *
 *	evh_dynamic_provider_create(&provider, "MyCo_App", NULL, NULL);
 *	set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_ERROR, 0x1);
 *	evh_builder_init(&builder, NULL, 0);
 *	...
 *	if (evh_event_set_enabled(set)) {
 *		evh_builder_reset(&builder, "Failed", 0);
 *		evh_builder_add_u32(&builder, "attempt", attempt, EVH_FORMAT_DEFAULT, 0);
 *		evh_builder_add_string(&builder, "path", path, EVH_FORMAT_DEFAULT, 0);
 *		error = evh_builder_write(&builder, set, NULL, NULL);
 *	}
 *
 * Threads: a provider and its sets are shared by any number of threads; a builder belongs to one
 * thread at a time. Writing takes no lock.
 *
 * What holds for the evh_builder_add functions: `name` is UTF-8 and may carry attributes
 * (`name;attr=value`, a ';' within a value doubled); `format` is an enum evh_format (plain
 * EVH_FORMAT_DEFAULT is right for most); `tag` is the provider's own mark of the field, 0 for none.
 * Values are in the machine's byte order unless their format says network order. NULL stands for
 * nothing, whatever the count says: an empty string, binary or array, and zeros where the size is
 * part of the type (a value, an array of constant length); raw data alone can't be missing
 * (-EINVAL). They return
 * nothing: the first error is remembered, what follows is ignored, and evh_builder_write returns
 * it; evh_builder_error_text says it in words. The errors are
 *	-ENOMEM		a growing builder could not grow
 *	-ENOBUFS	the caller's buffer is too small
 *	-E2BIG		a string, binary or array of more than 65535 units; an event beyond 64 KiB
 *	-EINVAL		a name, attribute, encoding, format, count or structure that is none
 * They may be used in a signal handler when the builder has a caller's buffer and belongs to the
 * handler alone.
 */
#ifndef EVH_BUILDER_H
#define EVH_BUILDER_H

#include <string.h>
#include <sys/types.h>

#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Providers and event sets ---- */

/* A provider whose name is known at run time: a name, a group, and event sets. */
struct evh_dynamic_provider;

/*
 * The events of a provider that have one level and one keyword: one tracepoint. Made by its
 * provider, which keeps it until it is destroyed. Members are read-only for callers.
 */
struct evh_event_set {
	struct evh_tracepoint tracepoint;
	uint64_t keyword;
	struct evh_event_set *next;
	uint32_t word; /* the enable word, of this set alone: not 0 when somebody listens */
	int32_t error; /* 0, or why it is not registered: a negative errno */
	uint8_t level;
	uint64_t lost; /* events that the transport refused */
};

/*
 * Makes a provider without sets.
 *
 * provider: where the new provider is put; on error NULL.
 * name, group: see evh_provider_name_check and evh_tracepoint_name_format; group may be NULL.
 * transport: where its events go; NULL is the process's user_events (evh_transport_default). It
 *	must outlive the provider.
 *
 * 0, -EINVAL (name or group), -ENAMETOOLONG (with the group, the level and the keyword), -ENOMEM.
 * Not for signal handlers.
 */
EVH_API int evh_dynamic_provider_create(struct evh_dynamic_provider **provider, const char *name,
					const char *group, struct evh_transport *transport);

/*
 * Unregisters the sets and frees them and the provider. No other thread may use either any more.
 * NULL is ignored. A library that is unloaded must call this first for providers whose transport
 * or code unloads with it; registered sets themselves stand on the heap and stay valid.
 */
EVH_API void evh_dynamic_provider_destroy(struct evh_dynamic_provider *provider);

/*
 * Unregisters all sets. They stay valid and are disabled; other threads may be writing, and get
 * -EBADF. evh_dynamic_provider_register_set registers a set again.
 */
EVH_API void evh_dynamic_provider_unregister(struct evh_dynamic_provider *provider);

/*
 * The set of `level` (1 to 255; peers use enum evh_level) and `keyword` (a bit mask, in the name's
 * hex form), registered now if it is not. A set that can't be registered is a set all the same: it
 * is never enabled, evh_event_set_error says why, and another call tries again.
 * Never NULL: for level 0 and without memory it is a set that the provider doesn't have, with the
 * error -EINVAL or -ENOMEM. Takes the provider's lock, so any thread may call it,
 * but not a signal handler; after a fork from a program with several threads, only before the fork.
 */
EVH_API struct evh_event_set *
evh_dynamic_provider_register_set(struct evh_dynamic_provider *provider, uint8_t level,
				  uint64_t keyword);

/*
 * The set of that level and keyword if the provider has one, else NULL. Takes no lock.
 */
EVH_API struct evh_event_set *
evh_dynamic_provider_find_set(const struct evh_dynamic_provider *provider, uint8_t level,
			      uint64_t keyword);

/*
 * A set that is not registered anywhere and says `enabled` as told, for tests of code that builds
 * events: writing to it checks the event as always and then gives -EBADF; its error is 0. When the
 * provider has the set already, that one. Never NULL, as evh_dynamic_provider_register_set.
 */
EVH_API struct evh_event_set *
evh_dynamic_provider_create_unregistered(struct evh_dynamic_provider *provider, uint8_t level,
					 uint64_t keyword, bool enabled);

/*
 * How many events of the provider's sets were built and then refused since it was made: too large
 * for the transport (-E2BIG), or whatever else evh_builder_write returned but -EBADF. Any thread.
 */
EVH_API uint64_t evh_dynamic_provider_lost(const struct evh_dynamic_provider *provider);

/* The name, and the options behind the keyword ("Ggroup" or ""), as given at creation. */
EVH_API const char *evh_dynamic_provider_name(const struct evh_dynamic_provider *provider);
EVH_API const char *evh_dynamic_provider_options(const struct evh_dynamic_provider *provider);

/* Whether anybody listens: one load, one test. `set` must not be NULL. */
static inline bool evh_event_set_enabled(const struct evh_event_set *set)
{
	return __atomic_load_n(&set->word, __ATOMIC_RELAXED) != 0;
}

/* 0 when the set is registered, else a negative errno: why not (-EBADF: not any more). */
static inline int evh_event_set_error(const struct evh_event_set *set)
{
	return __atomic_load_n(&set->error, __ATOMIC_RELAXED);
}

/* ---- The builder ---- */

/*
 * One event in the making. It lives on the stack, in static storage or on the heap; members are the
 * library's own. It can be used again and again: a builder that makes the same kind of event again
 * neither allocates nor moves bytes.
 */
struct evh_builder {
	uint8_t *start;	     /* metadata begins: the event's name */
	uint8_t *meta;	     /* the next field's metadata goes here */
	uint8_t *data_start; /* payload begins; behind `meta`, with a gap between them */
	uint8_t *data;	     /* the next value goes here */
	uint8_t *end;	     /* of the payload's room */
	uint8_t *buffer;
	size_t buffer_size;
	struct evh_header header; /* but for the level, which is the set's */
	int32_t error;
	bool growing; /* `buffer` is ours */
	bool checked; /* the event holds what only a walk through it can check */
	bool strict;  /* and its structs must have all their fields */
	/* What evh_builder_error_text tells: why, by `error` and by the last write, and of which
	 * field. */
	uint8_t refusal, write_refusal;
	uint16_t refused_field; /* from 1; 0: none, or the event */
	uint16_t refused_name;	/* bytes that are kept of its name */
	uint32_t refused_at;	/* of the last write: where its metadata begins */
	int32_t write_error;
#if __SIZEOF_POINTER__ == 8
	void *reserved[2];
#endif
};

/*
 * Bytes of a caller's buffer that are not available for names, values and their headers: room for
 * the transport's prefix, the event's header and the activity ids.
 */
#define EVH_BUILDER_OVERHEAD (EVH_HEADROOM + 8 + 36 + 4 + EVH_TAILROOM)

/*
 * Makes `builder` ready, with an event without a name.
 *
 * buffer: NULL = a buffer of its own that grows as needed (up to a little over 64 KiB) and that
 *	evh_builder_destroy frees; else `size` bytes that must outlive the builder. No alignment is
 *	needed. The largest event that fits has `size` - EVH_BUILDER_OVERHEAD bytes of metadata and
 *	payload.
 * size: of the buffer; with NULL, what to allocate at first (0 = 512 bytes).
 *
 * 0, -ENOMEM, or -ENOBUFS (`size` is not above EVH_BUILDER_OVERHEAD). After an error the builder
 * is safe to use and to destroy, and every write returns the error.
 */
EVH_API int evh_builder_init(struct evh_builder *builder, void *buffer, size_t size);

/* Frees the builder's own buffer. The builder can be initialised again. */
EVH_API void evh_builder_destroy(struct evh_builder *builder);

/*
 * Sends the event to `set`. The event stays in the builder: it can be written again, to other sets
 * or with other ids, and more fields can be added.
 *
 * activity, related: 16 bytes each (network order), or NULL. `related` (the parent's id) goes only
 *	with an activity.
 *
 * 0; the error that is remembered; -EINVAL (related without activity; a struct that lacks fields;
 * raw metadata and data that don't fit each other); -E2BIG (above the transport's limit, or arrays
 * of structs that would have decoders go through more than EVH_METADATA_MAX of metadata); -EBADF
 * (nobody listens, or `set` is NULL or unregistered); what evh_tracepoint_send returns. What is
 * neither 0 nor -EBADF counts as lost (evh_dynamic_provider_lost).
 */
EVH_API int evh_builder_write(struct evh_builder *builder, const struct evh_event_set *set,
			      const uint8_t activity[16], const uint8_t related[16]);

/*
 * The error that is remembered, 0 if none: what evh_builder_write would begin with.
 *
 *	if (evh_builder_error(&builder) == -E2BIG)
 *		shorten(text);
 */
static inline int evh_builder_error(const struct evh_builder *builder)
{
	return builder->error;
}

/* Bytes that no text of evh_builder_error_text exceeds, with the terminating NUL. */
#define EVH_BUILDER_ERROR_TEXT_SIZE 256

/*
 * Says in words which field was refused and why: the error that is remembered, else why the last
 * evh_builder_write failed. Long names are cut, and control characters in them become '?'.
 *
 *	char why[EVH_BUILDER_ERROR_TEXT_SIZE];
 *
 *	if (evh_builder_write(&builder, set, NULL, NULL) < 0)
 *		puts(evh_builder_error_text(&builder, why, sizeof(why)));
 *
 * prints: event "OpenFailed", field 2 "path": a string or binary of more than 65535 units
 *
 * text: filled with `size` bytes at most, and terminated where size is not 0; empty when there was
 *	no error.
 *
 * `text`. Allocates nothing; may be used in signal handlers as the builder itself.
 */
EVH_API char *evh_builder_error_text(const struct evh_builder *builder, char *text, size_t size);

/* ---- What the functions below are made of; call those instead ---- */

/* A field's type as it stands in the metadata: encoding, format, tag, with the flags that say which
 * of these follow. */
static inline uint32_t evh_builder_type(unsigned encoding, unsigned format, uint16_t tag)
{
	const uint32_t tags = tag;

	/* Not a format, or the old number of one that is never written: refused as encoding 0. */
	if (format > EVH_FORMAT_VALUE_MASK || format == EVH_FORMAT_IP_ADDRESS_OLD)
		return EVH_ENCODING_INVALID;
	if (format || tag)
		encoding |= EVH_ENCODING_HAS_FORMAT;
	if (tag)
		format |= EVH_FORMAT_HAS_TAG;
	return encoding | format << 8 | tags << 16;
}

/*
 * A name's length in bytes, marked when the name has attributes: those need a check, and so the
 * slow path. The compiler knows both for a literal.
 */
#define EVH_BUILDER_ATTRIBUTES (UINT32_C(1) << 31)

static inline size_t evh_builder_name_length(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, ';') ? length | EVH_BUILDER_ATTRIBUTES : length;
}

EVH_API void evh_builder_begin(struct evh_builder *builder, const char *name, size_t name_length,
			       uint16_t tag);
EVH_API void evh_builder_put_value(struct evh_builder *builder, const char *name,
				   size_t name_length, uint32_t type, uint64_t value,
				   unsigned size);
EVH_API void evh_builder_put_units(struct evh_builder *builder, const char *name,
				   size_t name_length, uint32_t type, const void *units,
				   size_t count);
EVH_API void evh_builder_put_meta(struct evh_builder *builder, const char *name, size_t name_length,
				  uint32_t type, uint16_t constant_count);

/* ---- The event ---- */

/* Starts a new event: drops the fields and the remembered error, sets id, version and opcode to 0.
 * `name` must not be empty. */
static inline void evh_builder_reset(struct evh_builder *builder, const char *name, uint16_t tag)
{
	evh_builder_begin(builder, name, evh_builder_name_length(name), tag);
}

/* A stable id of the event (not 0) and the version of its fields; 0, 0 is none. */
static inline void evh_builder_set_id(struct evh_builder *builder, uint16_t id, uint8_t version)
{
	builder->header.id = id;
	builder->header.version = version;
}

/* enum evh_opcode; EVH_OPCODE_INFO until set. */
static inline void evh_builder_set_opcode(struct evh_builder *builder, uint8_t opcode)
{
	builder->header.opcode = opcode;
}

/* ---- Single values. EVH_FORMAT_DEFAULT is: unsigned, signed, float or boolean, as the type. ----
 */

#define EVH_BUILDER_ADD_VALUE_(suffix, ctype, utype, encoding, natural)                            \
	static inline void evh_builder_add_##suffix(struct evh_builder *builder, const char *name, \
						    ctype value, unsigned format, uint16_t tag)    \
	{                                                                                          \
		const unsigned chosen[2] = { natural, format };                                    \
		utype bits;                                                                        \
                                                                                                   \
		memcpy(&bits, &value, sizeof(bits));                                               \
		evh_builder_put_value(builder, name, evh_builder_name_length(name),                \
				      evh_builder_type(encoding, chosen[format != 0], tag), bits,  \
				      sizeof(bits));                                               \
	}

EVH_BUILDER_ADD_VALUE_(u8, uint8_t, uint8_t, EVH_ENCODING_VALUE8, EVH_FORMAT_DEFAULT)
EVH_BUILDER_ADD_VALUE_(u16, uint16_t, uint16_t, EVH_ENCODING_VALUE16, EVH_FORMAT_DEFAULT)
EVH_BUILDER_ADD_VALUE_(u32, uint32_t, uint32_t, EVH_ENCODING_VALUE32, EVH_FORMAT_DEFAULT)
EVH_BUILDER_ADD_VALUE_(u64, uint64_t, uint64_t, EVH_ENCODING_VALUE64, EVH_FORMAT_DEFAULT)
EVH_BUILDER_ADD_VALUE_(i8, int8_t, uint8_t, EVH_ENCODING_VALUE8, EVH_FORMAT_SIGNED_INT)
EVH_BUILDER_ADD_VALUE_(i16, int16_t, uint16_t, EVH_ENCODING_VALUE16, EVH_FORMAT_SIGNED_INT)
EVH_BUILDER_ADD_VALUE_(i32, int32_t, uint32_t, EVH_ENCODING_VALUE32, EVH_FORMAT_SIGNED_INT)
EVH_BUILDER_ADD_VALUE_(i64, int64_t, uint64_t, EVH_ENCODING_VALUE64, EVH_FORMAT_SIGNED_INT)
EVH_BUILDER_ADD_VALUE_(f32, float, uint32_t, EVH_ENCODING_VALUE32, EVH_FORMAT_FLOAT)
EVH_BUILDER_ADD_VALUE_(f64, double, uint64_t, EVH_ENCODING_VALUE64, EVH_FORMAT_FLOAT)

EVH_BUILDER_ADD_VALUE_(size, size_t, size_t, EVH_ENCODING_VALUE_SIZE, EVH_FORMAT_DEFAULT)
EVH_BUILDER_ADD_VALUE_(ssize, ssize_t, size_t, EVH_ENCODING_VALUE_SIZE, EVH_FORMAT_SIGNED_INT)
EVH_BUILDER_ADD_VALUE_(pointer, const void *, uintptr_t, EVH_ENCODING_VALUE_SIZE,
		       EVH_FORMAT_HEX_INT)

#undef EVH_BUILDER_ADD_VALUE_

/* A boolean is sent as 0 or 1, by EVH_BOOL8 and EVH_BOOL32 too; elements of arrays as they are. */
static inline void evh_builder_add_bool8(struct evh_builder *builder, const char *name, bool value,
					 unsigned format, uint16_t tag)
{
	const unsigned chosen[2] = { EVH_FORMAT_BOOLEAN, format };

	evh_builder_add_u8(builder, name, value, chosen[format != 0], tag);
}

static inline void evh_builder_add_bool32(struct evh_builder *builder, const char *name, bool value,
					  unsigned format, uint16_t tag)
{
	const unsigned chosen[2] = { EVH_FORMAT_BOOLEAN, format };

	evh_builder_add_u32(builder, name, value, chosen[format != 0], tag);
}

/*
 * One value of EVH_ENCODING_VALUE8 .. VALUE128 from memory (1, 2, 4, 8 or 16 bytes, unaligned):
 * for UUIDs, addresses and ports in network order, and whatever has no C type.
 */
EVH_API void evh_builder_add_value(struct evh_builder *builder, const char *name, unsigned encoding,
				   const void *value, unsigned format, uint16_t tag);

/* A value that may be missing: `size` bytes, or null when `value` is NULL. */
EVH_API void evh_builder_add_nullable(struct evh_builder *builder, const char *name,
				      const void *value, size_t size, unsigned format,
				      uint16_t tag);

/*
 * `count` values (0 to 65535) of EVH_ENCODING_VALUE8 .. VALUE128, one behind the other in memory.
 * The count travels with the payload; in the "constant" form it is part of the field's type, which
 * suits arrays whose length never varies (not 0).
 */
EVH_API void evh_builder_add_array(struct evh_builder *builder, const char *name, unsigned encoding,
				   const void *values, size_t count, unsigned format, uint16_t tag);
EVH_API void evh_builder_add_constant_array(struct evh_builder *builder, const char *name,
					    unsigned encoding, const void *values, size_t count,
					    unsigned format, uint16_t tag);

/* ---- Strings and binary ---- */

/* `count` units of 8, 16 or 32 bits; any units, also zeros. */
static inline void evh_builder_add_string8(struct evh_builder *builder, const char *name,
					   const void *units, size_t count, unsigned format,
					   uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_STRING_CHAR8, format, tag), units,
			      count);
}

static inline void evh_builder_add_string16(struct evh_builder *builder, const char *name,
					    const void *units, size_t count, unsigned format,
					    uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_STRING_CHAR16, format, tag), units,
			      count);
}

static inline void evh_builder_add_string32(struct evh_builder *builder, const char *name,
					    const void *units, size_t count, unsigned format,
					    uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_STRING_CHAR32, format, tag), units,
			      count);
}

/* A C string, without its terminator. */
static inline void evh_builder_add_string(struct evh_builder *builder, const char *name,
					  const char *string, unsigned format, uint16_t tag)
{
	evh_builder_add_string8(builder, name, string, string ? strlen(string) : 0, format, tag);
}

/* Bytes. Shown as hex bytes, or as `format` says when their number suits it (IP, UUID ...). */
static inline void evh_builder_add_binary(struct evh_builder *builder, const char *name,
					  const void *bytes, size_t size, unsigned format,
					  uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_BINARY, format, tag), bytes, size);
}

/*
 * A string that travels with a terminating zero: up to the first zero unit, at most `count` units
 * (SIZE_MAX: there is a zero). 8, 16 or 32 bits a unit.
 */
static inline void evh_builder_add_zstring8(struct evh_builder *builder, const char *name,
					    const void *units, size_t count, unsigned format,
					    uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_ZSTRING_CHAR8, format, tag), units,
			      count);
}

static inline void evh_builder_add_zstring16(struct evh_builder *builder, const char *name,
					     const void *units, size_t count, unsigned format,
					     uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_ZSTRING_CHAR16, format, tag), units,
			      count);
}

static inline void evh_builder_add_zstring32(struct evh_builder *builder, const char *name,
					     const void *units, size_t count, unsigned format,
					     uint16_t tag)
{
	evh_builder_put_units(builder, name, evh_builder_name_length(name),
			      evh_builder_type(EVH_ENCODING_ZSTRING_CHAR32, format, tag), units,
			      count);
}

/* One element of an array of strings or of binaries. */
struct evh_units {
	const void *units;
	size_t count; /* in units; as in the functions for single strings */
};

/* An array of `count` (0 to 65535) strings or binaries: EVH_ENCODING_ZSTRING_CHAR8 .. BINARY. */
EVH_API void evh_builder_add_units_array(struct evh_builder *builder, const char *name,
					 unsigned encoding, const struct evh_units *elements,
					 size_t count, unsigned format, uint16_t tag);

/* ---- Structs ---- */

/* Groups the next `field_count` (1 to 127) fields; a struct among them counts as one. */
EVH_API void evh_builder_add_struct(struct evh_builder *builder, const char *name,
				    unsigned field_count, uint16_t tag);

/*
 * The same when the number is not known yet: `bookmark` receives a place for
 * evh_builder_set_struct_field_count, which is good until the next reset. `field_count` may be 0
 * here, but must be set before the event is written.
 */
EVH_API void evh_builder_add_struct_with_bookmark(struct evh_builder *builder, const char *name,
						  unsigned field_count, uint16_t tag,
						  size_t *bookmark);
EVH_API void evh_builder_set_struct_field_count(struct evh_builder *builder, size_t bookmark,
						unsigned field_count);

/* ---- Raw: what the functions above can't say, such as arrays of structs ---- */

/*
 * A field's metadata alone: `encoding` with its array flags, any format below 128 (for a struct:
 * the number of its fields), and the count of a constant-length array (else 0). Its payload, if it
 * has any, is up to evh_builder_add_raw_data; for an array of structs that is a u16 count (when
 * variable), then all elements' fields in order. evh_builder_write checks that all of it fits. Of
 * structs that are all made here, the last may have fewer fields than it says: decoders end it with
 * the event.
 */
EVH_API void evh_builder_add_raw_meta(struct evh_builder *builder, const char *name,
				      unsigned encoding, unsigned format, uint16_t constant_count,
				      uint16_t tag);
EVH_API void evh_builder_add_raw_data(struct evh_builder *builder, const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif
#endif
