/* SPDX-License-Identifier: MIT */
/*
 * One line for each type of fields.h: what it looks like on the wire. Nothing else knows.
 */
#ifndef EVH_DETAIL_TYPES_H
#define EVH_DETAIL_TYPES_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stdint.h>
#include <sys/types.h>

#include <evh/format.h>

/* Closes an argument list: room for two options that are not there. */
#define EVHI_END EVHI_NO, EVHI_NO, evhi_end

/* Sixteen bytes without alignment, the element of GUID and IPV6 arrays. */
struct evhi_bytes16 {
	uint8_t bytes[16];
};

/* kind of value (check.h), C type, encoding, the type's own format */
#define EVHI_TYPE_evhi_U8  evhi_integer, uint8_t, EVH_ENCODING_VALUE8, evhi_no, 0
#define EVHI_TYPE_evhi_U16 evhi_integer, uint16_t, EVH_ENCODING_VALUE16, evhi_no, 0
#define EVHI_TYPE_evhi_U32 evhi_integer, uint32_t, EVH_ENCODING_VALUE32, evhi_no, 0
#define EVHI_TYPE_evhi_U64 evhi_integer, uint64_t, EVH_ENCODING_VALUE64, evhi_no, 0
#define EVHI_TYPE_evhi_I8                                                                          \
	evhi_integer, int8_t, EVH_ENCODING_VALUE8, evhi_format, EVH_FORMAT_SIGNED_INT
#define EVHI_TYPE_evhi_I16                                                                         \
	evhi_integer, int16_t, EVH_ENCODING_VALUE16, evhi_format, EVH_FORMAT_SIGNED_INT
#define EVHI_TYPE_evhi_I32                                                                         \
	evhi_integer, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_SIGNED_INT
#define EVHI_TYPE_evhi_I64                                                                         \
	evhi_integer, int64_t, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_SIGNED_INT
#define EVHI_TYPE_evhi_HEX8                                                                        \
	evhi_integer, uint8_t, EVH_ENCODING_VALUE8, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_HEX16                                                                       \
	evhi_integer, uint16_t, EVH_ENCODING_VALUE16, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_HEX32                                                                       \
	evhi_integer, uint32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_HEX64                                                                       \
	evhi_integer, uint64_t, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_SIZE evhi_integer, size_t, EVH_ENCODING_VALUE_SIZE, evhi_no, 0
#define EVHI_TYPE_evhi_SSIZE                                                                       \
	evhi_integer, ssize_t, EVH_ENCODING_VALUE_SIZE, evhi_format, EVH_FORMAT_SIGNED_INT
#define EVHI_TYPE_evhi_HEXSIZE                                                                     \
	evhi_integer, size_t, EVH_ENCODING_VALUE_SIZE, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_POINTER                                                                     \
	evhi_address, uintptr_t, EVH_ENCODING_VALUE_SIZE, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_CODE_POINTER                                                                \
	evhi_address, uintptr_t, EVH_ENCODING_VALUE_SIZE, evhi_format, EVH_FORMAT_HEX_INT
#define EVHI_TYPE_evhi_F32 evhi_number, float, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_FLOAT
#define EVHI_TYPE_evhi_F64 evhi_number, double, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_FLOAT
#define EVHI_TYPE_evhi_BOOL8                                                                       \
	evhi_boolean, uint8_t, EVH_ENCODING_VALUE8, evhi_format, EVH_FORMAT_BOOLEAN
#define EVHI_TYPE_evhi_BOOL32                                                                      \
	evhi_boolean, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_BOOLEAN
#define EVHI_TYPE_evhi_CHAR8                                                                       \
	evhi_integer, uint8_t, EVH_ENCODING_VALUE8, evhi_format, EVH_FORMAT_STRING8
#define EVHI_TYPE_evhi_CHAR16                                                                      \
	evhi_integer, uint16_t, EVH_ENCODING_VALUE16, evhi_format, EVH_FORMAT_STRING_UTF
#define EVHI_TYPE_evhi_CHAR32                                                                      \
	evhi_integer, uint32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_STRING_UTF
#define EVHI_TYPE_evhi_GUID                                                                        \
	evhi_bytes, struct evhi_bytes16, EVH_ENCODING_VALUE128, evhi_format, EVH_FORMAT_UUID
#define EVHI_TYPE_evhi_IPV4                                                                        \
	evhi_integer, uint32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_IP_ADDRESS
#define EVHI_TYPE_evhi_IPV6                                                                        \
	evhi_bytes, struct evhi_bytes16, EVH_ENCODING_VALUE128, evhi_format, EVH_FORMAT_IP_ADDRESS
#define EVHI_TYPE_evhi_PORT                                                                        \
	evhi_integer, uint16_t, EVH_ENCODING_VALUE16, evhi_format, EVH_FORMAT_PORT
#define EVHI_TYPE_evhi_ERRNO                                                                       \
	evhi_integer, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_ERRNO
#define EVHI_TYPE_evhi_PID evhi_integer, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_PID
#define EVHI_TYPE_evhi_TID evhi_integer, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_PID
#define EVHI_TYPE_evhi_TIME32                                                                      \
	evhi_integer, int32_t, EVH_ENCODING_VALUE32, evhi_format, EVH_FORMAT_TIME
#define EVHI_TYPE_evhi_TIME64                                                                      \
	evhi_integer, int64_t, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_TIME

/* bits of a unit, bytes as a power of two, encoding, format; zero-terminated: see EVHI_B_Z_1 */
#define EVHI_TYPE_evhi_STR8	   8, 0, EVH_ENCODING_STRING_CHAR8, evhi_no, 0
#define EVHI_TYPE_evhi_STR8_LATIN1 8, 0, EVH_ENCODING_STRING_CHAR8, evhi_format, EVH_FORMAT_STRING8
#define EVHI_TYPE_evhi_STR8_XML	   8, 0, EVH_ENCODING_STRING_CHAR8, evhi_format, EVH_FORMAT_STRING_XML
#define EVHI_TYPE_evhi_STR8_JSON                                                                   \
	8, 0, EVH_ENCODING_STRING_CHAR8, evhi_format, EVH_FORMAT_STRING_JSON
#define EVHI_TYPE_evhi_STR16 16, 1, EVH_ENCODING_STRING_CHAR16, evhi_no, 0
#define EVHI_TYPE_evhi_STR16_LATIN1                                                                \
	16, 1, EVH_ENCODING_STRING_CHAR16, evhi_format, EVH_FORMAT_STRING8
#define EVHI_TYPE_evhi_STR16_XML                                                                   \
	16, 1, EVH_ENCODING_STRING_CHAR16, evhi_format, EVH_FORMAT_STRING_XML
#define EVHI_TYPE_evhi_STR16_JSON                                                                  \
	16, 1, EVH_ENCODING_STRING_CHAR16, evhi_format, EVH_FORMAT_STRING_JSON
#define EVHI_TYPE_evhi_STR32 32, 2, EVH_ENCODING_STRING_CHAR32, evhi_no, 0
#define EVHI_TYPE_evhi_STR32_LATIN1                                                                \
	32, 2, EVH_ENCODING_STRING_CHAR32, evhi_format, EVH_FORMAT_STRING8
#define EVHI_TYPE_evhi_STR32_XML                                                                   \
	32, 2, EVH_ENCODING_STRING_CHAR32, evhi_format, EVH_FORMAT_STRING_XML
#define EVHI_TYPE_evhi_STR32_JSON                                                                  \
	32, 2, EVH_ENCODING_STRING_CHAR32, evhi_format, EVH_FORMAT_STRING_JSON

#define EVHI_TYPE_evhi_BYTES 0, 0, EVH_ENCODING_BINARY, evhi_no, 0
#define EVHI_TYPE_evhi_SYSTEMTIME                                                                  \
	evhi_moment, int64_t, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_TIME

#endif
