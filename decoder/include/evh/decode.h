/* SPDX-License-Identifier: MIT */
/*
 * Reading one EventHeader event: a pull reader over its bytes.
 *
 *	struct evh_reader reader;
 *	struct evh_item item;
 *	int result = evh_reader_open(&reader, bytes, size);
 *
 *	while (result >= 0 && (result = evh_reader_next(&reader, &item)) > 0)
 *		use(&item);
 *	if (result < 0)
 *		complain(evh_reader_strerror(result));
 *
 * No function here allocates, recurses, locks, keeps a state of its own or touches errno. All may
 * be called from signal handlers, after fork, and from several threads, each with its own structs.
 * Everything they hand out points into the caller's bytes and lives as long as those.
 *
 * Nothing in the bytes is trusted: no count, no length, no nesting. What runs past the end ends
 * the reading with an error; the items before it were good.
 *
 * <evh/text.h> and <evh/json.h> turn events into text and JSON. C11, or C++ from C++11 on.
 */
#ifndef EVH_DECODE_H
#define EVH_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/format.h>

#ifndef EVH_API
#	define EVH_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Tracepoint names ------------------------------------------------------------------- */

/* The parts of `<provider>_L<level>K<keyword>[options]`; pointers into the name given. */
struct evh_tracepoint_name {
	const char *provider; /* not terminated */
	size_t provider_size; /* bytes */
	const char *options;  /* "Gperf", each an upper-case letter and its value; not terminated */
	size_t options_size;  /* bytes; 0 when there are none */
	uint64_t keyword;
	uint8_t level; /* enum evh_level */
};

/*
 * Takes a tracepoint's name apart.
 *
 * @name  what stands behind the system: "logtap_L4K2"; need not be terminated
 * @size  its bytes
 *
 * 0, or -EINVAL: this is not the name of an EventHeader tracepoint (no provider; level or keyword
 * missing, in upper case, or too large for 8 and 64 bits; options that are none).
 */
EVH_API int evh_tracepoint_name_parse(struct evh_tracepoint_name *parts, const char *name,
				      size_t size);

/*
 * The value of an option.
 *
 * @letter  'A' to 'Z'; 'G' is the provider's group
 * @size    gets the value's bytes
 *
 * A pointer into the name (the value may be empty), or NULL when the option isn't there.
 */
EVH_API const char *evh_tracepoint_name_option(const struct evh_tracepoint_name *parts, char letter,
					       size_t *size);

/* ---- Events ------------------------------------------------------------------------------ */

/* Text inside the event: UTF-8 as its writer meant it (unchecked), not terminated. */
struct evh_name {
	const char *data;
	size_t size; /* bytes */
};

/* What stands in front of an event's fields. */
struct evh_event {
	uint8_t flags;	      /* enum evh_flags */
	uint8_t version;      /* of the event's schema; 0 when id is 0 */
	uint16_t id;	      /* stable id or 0 */
	uint16_t tag;	      /* provider-defined */
	uint8_t opcode;	      /* enum evh_opcode */
	uint8_t level;	      /* enum evh_level */
	bool big_endian;      /* of the numbers in the event; names of network order stay so */
	uint8_t pointer_size; /* of the writer: 4 or 8 */
	struct evh_name name; /* without attributes */
	struct evh_name attributes; /* "attr=value;attr=value", see evh_attribute_next */
	const uint8_t *activity;    /* 16 bytes in network order, or NULL */
	const uint8_t *related;	    /* the parent activity's 16 bytes, or NULL */
	const uint8_t *fields;	    /* the metadata behind the event's name */
	size_t fields_size;
	const uint8_t *payload; /* up to the end of the bytes given, which may be padding */
	size_t payload_size;
};

enum evh_item_kind {
	EVH_ITEM_EVENT = 1, /* the first: name, attributes and tag are the event's */
	EVH_ITEM_FIELD,	    /* a value; inside an array, one of its elements */
	EVH_ITEM_ARRAY_BEGIN,
	EVH_ITEM_ARRAY_END,
	EVH_ITEM_STRUCT_BEGIN, /* inside an array, one of its elements */
	EVH_ITEM_STRUCT_END,
};

/*
 * What a value is, from its encoding, its format and, for the nullable forms, its length. Formats
 * that are unknown or don't suit the encoding fall back to the encoding's default.
 */
enum evh_value_kind {
	EVH_VALUE_NONE = 0, /* not a value: an event, an array, a struct */
	EVH_VALUE_NULL,	    /* a nullable field without a value */
	EVH_VALUE_UNSIGNED, /* 1, 2, 4, 8 bytes */
	EVH_VALUE_SIGNED,   /* 1, 2, 4, 8 bytes */
	EVH_VALUE_HEX,	    /* 1, 2, 4, 8 bytes */
	EVH_VALUE_ERRNO,    /* 4 bytes, signed; the numbers of Linux */
	EVH_VALUE_PID,	    /* 4 bytes, signed */
	EVH_VALUE_TIME,	    /* 4 or 8 bytes, signed: seconds since 1970, UTC */
	EVH_VALUE_BOOLEAN,  /* 1, 2, 4 bytes; what is neither 0 nor 1 is shown as a number */
	EVH_VALUE_FLOAT,    /* 4 or 8 bytes */
	EVH_VALUE_BYTES,    /* any size */
	EVH_VALUE_UUID,	    /* 16 bytes in network order */
	EVH_VALUE_PORT,	    /* 2 bytes in network order */
	EVH_VALUE_IPV4,	    /* 4 bytes in network order */
	EVH_VALUE_IPV6,	    /* 16 bytes in network order */
	EVH_VALUE_LATIN1,   /* text of 1-byte units, ISO 8859-1 */
	EVH_VALUE_UTF8,	    /* text; never trust that it is well-formed */
	EVH_VALUE_UTF16,    /* text of 2-byte units */
	EVH_VALUE_UTF32,    /* text of 4-byte units */
};

/* Structs and arrays stand in at most so many structs. */
#define EVH_DEPTH_MAX 32

/* One item. What doesn't apply to its kind is 0 or empty. */
struct evh_item {
	enum evh_item_kind kind;
	enum evh_value_kind value; /* FIELD; ARRAY_BEGIN: of elements of a fixed size, else NONE */
	uint8_t encoding;	   /* enum evh_encoding without flags */
	uint8_t array;		   /* 0, EVH_ENCODING_CARRAY or EVH_ENCODING_VARRAY */
	uint8_t format;		   /* enum evh_format as written; 0 for a struct */
	uint8_t depth;		   /* structs around this item */
	bool element;		   /* this FIELD or STRUCT stands in an array */
	bool big_endian;      /* byte order of `data`: the event's, or a text's own mark says */
	uint16_t tag;	      /* provider-defined, of the field */
	uint16_t count;	      /* ARRAY_*: its elements; STRUCT_*: its fields */
	uint16_t index;	      /* of an element in its array, from 0 */
	struct evh_name name; /* without attributes; an element has its array's */
	struct evh_name attributes;
	/*
	 * FIELD: the value's bytes, unaligned, without its length, terminating zero or byte order
	 * mark. ARRAY_BEGIN: all elements' bytes when they have a fixed size, else NULL.
	 */
	const uint8_t *data;
	size_t size; /* bytes */
};

/* A struct, or an array of structs, that a reader is in. Private. */
struct evh_reader_frame {
	uint32_t self;	   /* offset in the fields' metadata of its own description */
	uint32_t first;	   /* and of its first field's */
	uint16_t count;	   /* elements of the array of structs */
	uint16_t index;	   /* of the element being read */
	uint8_t remaining; /* fields still to come in this element */
};

/* One reading of one event. May be copied, to come back to a place. Only `event` is public. */
struct evh_reader {
	struct evh_event event; /* filled by evh_reader_open */
	struct evh_item field;	/* the field that the reader is at, its array when there is one */
	const uint8_t *payload; /* what is not read yet */
	uint32_t next;		/* offset of the next field in the fields' metadata */
	uint32_t budget;	/* bytes of metadata that may still be gone through */
	int error;
	uint8_t state;
	uint8_t depth; /* frames in use */
	struct evh_reader_frame frames[EVH_DEPTH_MAX];
};

/*
 * Starts on an event.
 *
 * @bytes  the event from its flags byte on, with any alignment
 * @size   bytes there; may be more than the event has: what lies behind it is not looked at
 *
 * 0, or a negative error, with which evh_reader_next answers too:
 * -ENODATA     the header or an extension runs past the end
 * -ENOENT      there is no metadata extension: this event doesn't describe itself
 * -EBADMSG     an extension that means nothing, or stands there twice; a name without an end
 * -EOPNOTSUPP  a flag that this library doesn't know
 */
EVH_API int evh_reader_open(struct evh_reader *reader, const void *bytes, size_t size);

/*
 * The next item.
 *
 * 1 with an item; 0 at the end; or a negative error, the same at every later call:
 * -ENODATA    a value, or the metadata of a struct, runs past the end
 * -EBADMSG    metadata that means nothing: a name without an end, both array flags, an empty
 *             struct, a constant array of none
 * -EOPNOTSUPP an encoding that this library doesn't know, so that its length isn't known either
 * -E2BIG      structs in structs, deeper than EVH_DEPTH_MAX; or arrays of structs that would have
 *             more than EVH_METADATA_MAX of metadata gone through
 */
EVH_API int evh_reader_next(struct evh_reader *reader, struct evh_item *item);

/*
 * Passes over the struct or array whose BEGIN was the last item, its END too, in all its depth.
 * For any other item there is nothing to pass over. 0, or what evh_reader_next reports.
 */
EVH_API int evh_reader_skip(struct evh_reader *reader);

/*
 * What reading an event to its end costs, apart from its own bytes: those of the metadata that its
 * arrays of structs have gone through again, up to EVH_METADATA_MAX. An event of some kilobytes can
 * ask for megabytes; who reads what strangers wrote adds this up and stops in time. 0 for what
 * evh_reader_open refuses.
 */
EVH_API uint32_t evh_event_weight(const void *bytes, size_t size);

/* "value runs past the end of the event": the error as a short phrase. Never NULL. */
EVH_API const char *evh_reader_strerror(int error);

/* ---- Values ------------------------------------------------------------------------------ */

/*
 * Typed getters for a FIELD. Each gives the value where it fits without loss, whatever the kind
 * says about signs: -EDOM when a number is negative or too large for the type asked for,
 * -EINVAL when the value is nothing of that sort. `value` is then untouched.
 */
EVH_API int evh_item_u64(const struct evh_item *item, uint64_t *value);
EVH_API int evh_item_i64(const struct evh_item *item, int64_t *value);
EVH_API int evh_item_bool(const struct evh_item *item, bool *value);	 /* BOOLEAN, 0 or 1 */
EVH_API int evh_item_double(const struct evh_item *item, double *value); /* FLOAT */

/*
 * A text as UTF-8 with a terminating NUL.
 *
 * @buffer    of @size bytes; gets whole characters only; bytes that aren't UTF-8 are
 *            read as Latin-1, other units that are no character as U+FFFD
 *
 * The bytes the whole text needs without the NUL (as snprintf does: compare with @size), or
 * -EINVAL when the value isn't text.
 */
EVH_API int64_t evh_item_utf8(const struct evh_item *item, char *buffer, size_t size);

/*
 * One element of an array of fixed size without reading through it.
 *
 * @array  an ARRAY_BEGIN item whose `data` isn't NULL
 *
 * 0 with @element as evh_reader_next would give it, or -EINVAL (no such array, no such element).
 */
EVH_API int evh_item_element(const struct evh_item *array, uint16_t index,
			     struct evh_item *element);

/* ---- Attributes -------------------------------------------------------------------------- */

/*
 * Takes the next attribute off a list "attr=value;attr=value".
 *
 * @list   a copy of `attributes`; moved behind what was taken
 * @name   gets what stands before the "="
 * @value  gets what stands behind it, with each ";" still doubled; see evh_attribute_value
 *
 * 1, or 0 at the end.
 */
EVH_API int evh_attribute_next(struct evh_name *list, struct evh_name *name,
			       struct evh_name *value);

/*
 * Writes an attribute's value with its doubled ";" made single.
 *
 * @buffer  of @size bytes; gets a terminating NUL when @size isn't 0
 *
 * The bytes the whole value needs without the NUL.
 */
EVH_API size_t evh_attribute_value(const struct evh_name *value, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
