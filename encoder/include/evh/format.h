/* SPDX-License-Identifier: MIT */
/*
 * The EventHeader wire format: the constants that the encoder writes and the decoder reads.
 * Shared by both; holds no code.
 *
 * An event is   header { extension }* payload,   packed, without alignment.
 */
#ifndef EVH_FORMAT_H
#define EVH_FORMAT_H

#include <stdint.h>

/* The field list every EventHeader tracepoint is registered with, exactly as the kernel wants it.
 */
#define EVH_TRACEPOINT_FIELDS                                                                      \
	"u8 eventheader_flags; u8 version; u16 id; u16 tag; u8 opcode; u8 level"

/* First eight bytes of every event. */
struct evh_header {
	uint8_t flags;	 /* enum evh_flags */
	uint8_t version; /* of the event's schema; 0 when id is 0 */
	uint16_t id;	 /* stable id or 0 */
	uint16_t tag;	 /* provider-defined */
	uint8_t opcode;	 /* enum evh_opcode */
	uint8_t level;	 /* enum evh_level; equals the level in the tracepoint's name */
};

enum evh_flags {
	EVH_FLAG_POINTER64 = 1,
	EVH_FLAG_LITTLE_ENDIAN = 2,
	EVH_FLAG_EXTENSION = 4, /* at least one extension follows the header */
};

/* The flags of an event made by this machine, with the extension that every event of ours has. */
#define EVH_FLAGS_NATIVE                                                                           \
	((sizeof(void *) == 8 ? EVH_FLAG_POINTER64 : 0) |                                          \
	 (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? EVH_FLAG_LITTLE_ENDIAN : 0) |                \
	 EVH_FLAG_EXTENSION)

enum evh_level {
	EVH_LEVEL_INVALID = 0,
	EVH_LEVEL_CRITICAL = 1,
	EVH_LEVEL_ERROR = 2,
	EVH_LEVEL_WARNING = 3,
	EVH_LEVEL_INFORMATION = 4,
	EVH_LEVEL_VERBOSE = 5,
};

enum evh_opcode {
	EVH_OPCODE_INFO = 0,
	EVH_OPCODE_ACTIVITY_START = 1,
	EVH_OPCODE_ACTIVITY_STOP = 2,
	EVH_OPCODE_COLLECTION_START = 3,
	EVH_OPCODE_COLLECTION_STOP = 4,
	EVH_OPCODE_EXTENSION = 5,
	EVH_OPCODE_REPLY = 6,
	EVH_OPCODE_RESUME = 7,
	EVH_OPCODE_SUSPEND = 8,
	EVH_OPCODE_SEND = 9,
	EVH_OPCODE_RECEIVE = 0xf0,
};

/* In front of each extension's bytes. */
struct evh_extension {
	uint16_t size; /* of the bytes that follow, without this header */
	uint16_t kind; /* enum evh_extension_kind */
};

enum evh_extension_kind {
	EVH_EXTENSION_METADATA = 1,
	EVH_EXTENSION_ACTIVITY_ID = 2, /* 16 bytes, or 32 with the related id behind it */
	EVH_EXTENSION_KIND_MASK = 0x7fff,
	EVH_EXTENSION_CHAIN = 0x8000, /* another extension follows this one */
};

/* A field's encoding: the type in the low five bits, then flags. */
enum evh_encoding {
	EVH_ENCODING_INVALID = 0,
	EVH_ENCODING_STRUCT = 1, /* groups the next N fields; N is in the format byte */
	EVH_ENCODING_VALUE8 = 2,
	EVH_ENCODING_VALUE16 = 3,
	EVH_ENCODING_VALUE32 = 4,
	EVH_ENCODING_VALUE64 = 5,
	EVH_ENCODING_VALUE128 = 6,
	EVH_ENCODING_ZSTRING_CHAR8 = 7, /* zero-terminated */
	EVH_ENCODING_ZSTRING_CHAR16 = 8,
	EVH_ENCODING_ZSTRING_CHAR32 = 9,
	EVH_ENCODING_STRING_CHAR8 = 10, /* u16 number of units, then the units */
	EVH_ENCODING_STRING_CHAR16 = 11,
	EVH_ENCODING_STRING_CHAR32 = 12,
	EVH_ENCODING_BINARY = 13, /* u16 number of bytes, then the bytes */

	/* a size_t, a pointer */
	EVH_ENCODING_VALUE_SIZE = sizeof(void *) == 8 ? EVH_ENCODING_VALUE64 : EVH_ENCODING_VALUE32,

	EVH_ENCODING_TYPE_MASK = 0x1f,
	EVH_ENCODING_CARRAY = 0x20, /* constant length; count in the metadata, not 0 */
	EVH_ENCODING_VARRAY = 0x40, /* u16 count in the payload; may be 0 */
	EVH_ENCODING_ARRAY_MASK = 0x60,
	EVH_ENCODING_HAS_FORMAT = 0x80,
};

/* How a field's value is meant to be shown: the low seven bits of the format byte. */
enum evh_format {
	EVH_FORMAT_DEFAULT = 0,
	EVH_FORMAT_UNSIGNED_INT = 1,
	EVH_FORMAT_SIGNED_INT = 2,
	EVH_FORMAT_HEX_INT = 3,
	EVH_FORMAT_ERRNO = 4,
	EVH_FORMAT_PID = 5,
	EVH_FORMAT_TIME = 6, /* seconds since 1970 */
	EVH_FORMAT_BOOLEAN = 7,
	EVH_FORMAT_FLOAT = 8,
	EVH_FORMAT_HEX_BYTES = 9,
	EVH_FORMAT_STRING8 = 10, /* Latin-1 */
	EVH_FORMAT_STRING_UTF = 11,
	EVH_FORMAT_STRING_UTF_BOM = 12,
	EVH_FORMAT_STRING_XML = 13,
	EVH_FORMAT_STRING_JSON = 14,
	EVH_FORMAT_UUID = 15,		/* network byte order */
	EVH_FORMAT_PORT = 16,		/* network byte order */
	EVH_FORMAT_IP_ADDRESS = 17,	/* network byte order; 4 or 16 bytes */
	EVH_FORMAT_IP_ADDRESS_OLD = 18, /* read as 17, never written */

	EVH_FORMAT_VALUE_MASK = 0x7f,
	EVH_FORMAT_HAS_TAG = 0x80, /* a u16 tag follows */
};

/*
 * Names. A tracepoint is `<provider>_L<level>K<keyword>[options]`. The kernel keeps the name and
 * the field list together below 512 bytes; peers cap the provider's name below 234.
 */
#define EVH_TRACEPOINT_NAME_MAX 256 /* bytes, with the terminating NUL */
#define EVH_PROVIDER_NAME_MAX	234 /* bytes, with the terminating NUL */

/*
 * Sizes, without the write index. Beyond them the kernel reports success and delivers nothing
 * (ftrace: 4064, 4048 when the buffer uses absolute timestamps; perf: 8184, beyond which its first
 * refusal also dumps a warning with a stack into the kernel log). Measured on Linux 6.12.
 */
#define EVH_SIZE_MAX_FTRACE_ABSOLUTE 4048
#define EVH_SIZE_MAX_FTRACE	     4064
#define EVH_SIZE_MAX_PERF	     8184

/*
 * How much metadata a decoder goes through for one event, in bytes. An array of structs has that of
 * its fields gone through for each element, so a small event can ask for a lot; one that fits the
 * kernel and isn't made for that never comes near. The builder refuses what takes more.
 */
#define EVH_METADATA_MAX (4u << 20)

/*
 * What it counts to come back to a struct's own description of `size` bytes, at the beginning and
 * at the end of each element: its name is only searched for its end.
 */
#define EVH_METADATA_REVISIT(size) ((size) / 16 + 16)

#endif
