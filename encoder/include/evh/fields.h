/* SPDX-License-Identifier: MIT */
/*
 * The fields of EVH_WRITE (evh/provider.h). One line of the tables below says what a field looks
 * like on the wire; nothing else knows.
 *
 * Every field takes, behind what is listed, an optional EVH_TAG(1 to 65535) and an optional
 * EVH_FORMAT(enum evh_format) in any order. Names are string literals of 1 to 255 bytes without
 * ';'. A value expression is evaluated once, when somebody listens, and not at all otherwise. An
 * argument with a comma in it (a template, an initializer) needs parentheses around it.
 *
 * Values of fixed size. For each TYPE there are three macros:
 *
 *	EVH_<TYPE>(name, value)
 *		one value
 *	EVH_<TYPE>_ARRAY(name, values, count)
 *		an array whose length is a constant, 1 to 65535, and part of the event's schema
 *	EVH_<TYPE>_VARRAY(name, values, count)
 *		an array of any length, 0 to 65535
 *
 * `values` points at `count` elements of the C type given here, in this machine's byte order.
 *
 *	U8 U16 U32 U64		uint8_t ...	unsigned
 *	I8 I16 I32 I64		int8_t ...	signed
 *	HEX8 HEX16 HEX32 HEX64	uint8_t ...	hex
 *	SIZE SSIZE HEXSIZE	size_t ssize_t	unsigned, signed, hex; as wide as a pointer
 *	POINTER CODE_POINTER	void *		hex; as wide as a pointer
 *	F32 F64			float, double
 *	BOOL8 BOOL32		bool, int32_t	a value is sent as 0 or 1 (by the builder too),
 *				elements as they are
 *	CHAR8			char		Latin-1
 *	CHAR16 CHAR32		char16_t ...	UTF-16 unit, code point
 *	GUID			16 bytes	in network order; `value` points at them
 *	IPV4			uint32_t	in network order, as in struct in_addr
 *	IPV6			16 bytes	`value` points at them, as at a struct in6_addr
 *	PORT			uint16_t	in network order, as in struct sockaddr_in
 *	ERRNO			int
 *	PID TID			pid_t
 *	TIME32 TIME64		int32_t int64_t	seconds since 1970
 *
 *	EVH_SYSTEMTIME(name, time)
 *		a struct timespec, in C++ also a std::chrono time_point of the system clock: sent as
 *		TIME64, rounded down
 *
 * Of any type. The compiler finds the field by the value's type, and always writes its format:
 *
 *	EVH_VALUE(name, value)
 *		an integer or a floating-point number (signed, unsigned), a bool, a char (Latin-1),
 *		a string of char (as ZSTR8, but counted), any other pointer (hex). In C++ also an
 *		enum, what has data() and size() of char (std::string, string_view: a STR8) or of
 *		numbers (std::vector, array, span: a VARRAY)
 *	EVH_VAR(value)
 *		the same with the expression as its name: EVH_VAR(size) is EVH_VALUE("size", size)
 *
 * NULL stands for nothing, whatever the count says: an empty string, binary or variable array, and
 * zeros where the size is part of the type (GUID, IPV6, an array of constant length, an activity
 * id). Only raw data can't be missing: the event is then refused with -EINVAL. (In C++ it is
 * nullptr.)
 *
 * An integer may be of any integer type that is not wider than its field (or than int): what is
 * wider has to be cast, so that nobody loses bits without knowing.
 *
 * Strings. For each width of a unit, 8, 16 and 32 bits:
 *
 *	EVH_STR8(name, text, count)
 *		`count` units (0 to 65535) at `text`, not terminated
 *	EVH_ZSTR8(name, text)
 *		up to the zero unit; NULL is the empty string
 *
 * are UTF; EVH_STR8_LATIN1, _XML, _JSON and EVH_ZSTR8_LATIN1, _XML, _JSON say what the text is.
 *
 * Bytes:
 *
 *	EVH_BINARY(name, bytes, size)
 *		`size` bytes, 0 to 65535; with a format whose values have that size (UUID,
 *		IP_ADDRESS ...) such a value, and with size 0 a missing one
 *	EVH_SOCKADDR(name, address, size)
 *		a struct sockaddr of `size` bytes
 *
 * Structs:
 *
 *	EVH_STRUCT(name, field, ...)
 *		1 to 127 fields, among them further structs; an EVH_TAG anywhere in the list is
 *		the struct's
 *
 * Raw forms say what the others can't (arrays of strings or structs, data prepared elsewhere).
 * Nothing checks that the data is what the metadata promises.
 *
 *	EVH_RAW_FIELD(name, encoding, bytes, size)
 *		a field whose payload is `size` bytes at `bytes`, with the u16 count that counted
 *		types and variable arrays begin with, and the zero that others end with.
 *		encoding: enum evh_encoding, | EVH_ENCODING_VARRAY for an array
 *	EVH_RAW_META(name, encoding)
 *		a field without payload: EVH_RAW_DATA supplies it
 *	EVH_RAW_META_ARRAY(name, encoding, count)
 *		an array of constant length without payload
 *	EVH_RAW_STRUCT(name, fields)
 *		the `fields` fields that follow in the list are its fields; no payload
 *	EVH_RAW_STRUCT_ARRAY(name, fields, count)
 *		an array of `count` of them: the payload has the fields as often
 *	EVH_RAW_STRUCT_VARRAY(name, fields)
 *		the same; the u16 count stands in the payload
 *	EVH_RAW_DATA(bytes, size)
 *		payload without a field
 */
#ifndef EVH_FIELDS_H
#define EVH_FIELDS_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include <evh/detail/field.h>

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

#define EVH_U8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
#define EVH_U16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
#define EVH_U32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
#define EVH_U64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
#define EVH_I8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
#define EVH_I16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
#define EVH_I32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
#define EVH_I64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
#define EVH_HEX8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
#define EVH_HEX16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
#define EVH_HEX32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
#define EVH_HEX64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
#define EVH_SIZE(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
#define EVH_SSIZE(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
#define EVH_HEXSIZE(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
#define EVH_POINTER(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_CODE_POINTER(...)                                                                      \
	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_F32(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
#define EVH_F64(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
#define EVH_BOOL8(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
#define EVH_BOOL32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
#define EVH_CHAR8(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
#define EVH_CHAR16(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
#define EVH_CHAR32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
#define EVH_GUID(...)	(evhi_g, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
#define EVH_IPV4(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
#define EVH_IPV6(...)	(evhi_g, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
#define EVH_PORT(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
#define EVH_ERRNO(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
#define EVH_PID(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
#define EVH_TID(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
#define EVH_TIME32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
#define EVH_TIME64(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

#define EVH_U8_ARRAY(...)   (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
#define EVH_U16_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
#define EVH_U32_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
#define EVH_U64_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
#define EVH_I8_ARRAY(...)   (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
#define EVH_I16_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
#define EVH_I32_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
#define EVH_I64_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
#define EVH_HEX8_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
#define EVH_HEX16_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
#define EVH_HEX32_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
#define EVH_HEX64_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
#define EVH_SIZE_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
#define EVH_SSIZE_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
#define EVH_HEXSIZE_ARRAY(...)                                                                     \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
#define EVH_POINTER_ARRAY(...)                                                                     \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_CODE_POINTER_ARRAY(...)                                                                \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_F32_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
#define EVH_F64_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
#define EVH_BOOL8_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
#define EVH_BOOL32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
#define EVH_CHAR8_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
#define EVH_CHAR16_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
#define EVH_CHAR32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
#define EVH_GUID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
#define EVH_IPV4_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
#define EVH_IPV6_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
#define EVH_PORT_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
#define EVH_ERRNO_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
#define EVH_PID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
#define EVH_TID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
#define EVH_TIME32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
#define EVH_TIME64_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

#define EVH_U8_VARRAY(...)   (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
#define EVH_U16_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
#define EVH_U32_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
#define EVH_U64_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
#define EVH_I8_VARRAY(...)   (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
#define EVH_I16_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
#define EVH_I32_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
#define EVH_I64_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
#define EVH_HEX8_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
#define EVH_HEX16_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
#define EVH_HEX32_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
#define EVH_HEX64_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
#define EVH_SIZE_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
#define EVH_SSIZE_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
#define EVH_HEXSIZE_VARRAY(...)                                                                    \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
#define EVH_POINTER_VARRAY(...)                                                                    \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_CODE_POINTER_VARRAY(...)                                                               \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
#define EVH_F32_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
#define EVH_F64_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
#define EVH_BOOL8_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
#define EVH_BOOL32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
#define EVH_CHAR8_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
#define EVH_CHAR16_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
#define EVH_CHAR32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
#define EVH_GUID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
#define EVH_IPV4_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
#define EVH_IPV6_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
#define EVH_PORT_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
#define EVH_ERRNO_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
#define EVH_PID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
#define EVH_TID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
#define EVH_TIME32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
#define EVH_TIME64_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

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

#define EVH_STR8(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8, __VA_ARGS__, EVHI_END)
#define EVH_STR8_LATIN1(...)                                                                       \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_STR8_XML(...)                                                                          \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_XML, __VA_ARGS__, EVHI_END)
#define EVH_STR8_JSON(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_JSON, __VA_ARGS__, EVHI_END)
#define EVH_STR16(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16, __VA_ARGS__, EVHI_END)
#define EVH_STR16_LATIN1(...)                                                                      \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_STR16_XML(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_XML, __VA_ARGS__, EVHI_END)
#define EVH_STR16_JSON(...)                                                                        \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_JSON, __VA_ARGS__, EVHI_END)
#define EVH_STR32(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32, __VA_ARGS__, EVHI_END)
#define EVH_STR32_LATIN1(...)                                                                      \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_STR32_XML(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_XML, __VA_ARGS__, EVHI_END)
#define EVH_STR32_JSON(...)                                                                        \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_JSON, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR8(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR8_LATIN1(...)                                                                      \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR8_XML(...)                                                                         \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_XML, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR8_JSON(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_JSON, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR16(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR16_LATIN1(...)                                                                     \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR16_XML(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_XML, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR16_JSON(...)                                                                       \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_JSON, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR32(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR32_LATIN1(...)                                                                     \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_LATIN1, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR32_XML(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_XML, __VA_ARGS__, EVHI_END)
#define EVH_ZSTR32_JSON(...)                                                                       \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_JSON, __VA_ARGS__, EVHI_END)

#define EVHI_TYPE_evhi_BYTES 0, 0, EVH_ENCODING_BINARY, evhi_no, 0
#define EVH_BINARY(...)	     (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_BYTES, __VA_ARGS__, EVHI_END)
#define EVH_SOCKADDR(...)    (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_BYTES, __VA_ARGS__, EVHI_END)

#define EVHI_TYPE_evhi_SYSTEMTIME                                                                  \
	evhi_moment, int64_t, EVH_ENCODING_VALUE64, evhi_format, EVH_FORMAT_TIME
#define EVH_SYSTEMTIME(...)                                                                        \
	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SYSTEMTIME, __VA_ARGS__, EVHI_END)

#define EVH_VALUE(...) (evhi_x, EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
#define EVH_VAR(value) (evhi_x, EVHI_ASSERTION, __COUNTER__, #value, value, EVHI_END)

#define EVH_STRUCT(...) EVHI_STRUCT(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_NO)

#define EVH_RAW_FIELD(...) (evhi_rf, EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
#define EVH_RAW_META(...)  EVHI_RAW_META(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
#define EVH_RAW_META_ARRAY(...)                                                                    \
	EVHI_RAW_META_ARRAY(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
#define EVH_RAW_STRUCT(...) EVHI_RAW_STRUCT(EVHI_ASSERTION, __COUNTER__, 0, __VA_ARGS__, EVHI_END)
#define EVH_RAW_STRUCT_VARRAY(...)                                                                 \
	EVHI_RAW_STRUCT(EVHI_ASSERTION, __COUNTER__, EVH_ENCODING_VARRAY, __VA_ARGS__, EVHI_END)
#define EVH_RAW_STRUCT_ARRAY(...)                                                                  \
	EVHI_RAW_STRUCT_ARRAY(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
#define EVH_RAW_DATA(bytes, size) (evhi_d, EVHI_ASSERTION, __COUNTER__, bytes, size)

/* An optional tag, and format, of a field; EVH_TAG is also the event's (evh/provider.h). */
#define EVH_TAG(tag)	   (evhi_tag, tag)
#define EVH_FORMAT(format) (evhi_format, format)

#endif
