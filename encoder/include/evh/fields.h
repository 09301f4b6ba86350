/* SPDX-License-Identifier: MIT */
/*
 * The fields of EVH_WRITE (evh/provider.h). detail/types.h says what each looks like on the
 * wire.
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

#include <evh/detail/arrays.h>
#include <evh/detail/field.h>
#include <evh/detail/strings.h>
#include <evh/detail/types.h>

/* EVH_U8("name", value): uint8_t, unsigned */
#define EVH_U8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
/* EVH_U16("name", value): uint16_t, unsigned */
#define EVH_U16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
/* EVH_U32("name", value): uint32_t, unsigned */
#define EVH_U32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
/* EVH_U64("name", value): uint64_t, unsigned */
#define EVH_U64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
/* EVH_I8("name", value): int8_t, signed */
#define EVH_I8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
/* EVH_I16("name", value): int16_t, signed */
#define EVH_I16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
/* EVH_I32("name", value): int32_t, signed */
#define EVH_I32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
/* EVH_I64("name", value): int64_t, signed */
#define EVH_I64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
/* EVH_HEX8("name", value): uint8_t, hex */
#define EVH_HEX8(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
/* EVH_HEX16("name", value): uint16_t, hex */
#define EVH_HEX16(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
/* EVH_HEX32("name", value): uint32_t, hex */
#define EVH_HEX32(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
/* EVH_HEX64("name", value): uint64_t, hex */
#define EVH_HEX64(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
/* EVH_SIZE("name", value): size_t, unsigned */
#define EVH_SIZE(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
/* EVH_SSIZE("name", value): ssize_t, signed */
#define EVH_SSIZE(...)	 (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
/* EVH_HEXSIZE("name", value): size_t, hex */
#define EVH_HEXSIZE(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
/* EVH_POINTER("name", value): void *, hex */
#define EVH_POINTER(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_CODE_POINTER("name", value): void *, hex */
#define EVH_CODE_POINTER(...)                                                                      \
	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_F32("name", value): float */
#define EVH_F32(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
/* EVH_F64("name", value): double */
#define EVH_F64(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
/* EVH_BOOL8("name", value): bool, sent as 0 or 1 */
#define EVH_BOOL8(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
/* EVH_BOOL32("name", value): int32_t, sent as 0 or 1 */
#define EVH_BOOL32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
/* EVH_CHAR8("name", value): char, Latin-1 */
#define EVH_CHAR8(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
/* EVH_CHAR16("name", value): char16_t, a unit of UTF-16 */
#define EVH_CHAR16(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
/* EVH_CHAR32("name", value): char32_t, a code point */
#define EVH_CHAR32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
/* EVH_GUID("name", pointer): 16 bytes, network order */
#define EVH_GUID(...)	(evhi_g, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
/* EVH_IPV4("name", value): uint32_t, network order */
#define EVH_IPV4(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
/* EVH_IPV6("name", pointer): 16 bytes, network order */
#define EVH_IPV6(...)	(evhi_g, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
/* EVH_PORT("name", value): uint16_t, network order */
#define EVH_PORT(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
/* EVH_ERRNO("name", value): int, an errno, by its name */
#define EVH_ERRNO(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
/* EVH_PID("name", value): pid_t, a process */
#define EVH_PID(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
/* EVH_TID("name", value): pid_t, a thread */
#define EVH_TID(...)	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
/* EVH_TIME32("name", value): int32_t, seconds since 1970 */
#define EVH_TIME32(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
/* EVH_TIME64("name", value): int64_t, seconds since 1970 */
#define EVH_TIME64(...) (evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

/* EVH_BINARY("name", bytes, size): bytes, or a value of that size with EVH_FORMAT */
#define EVH_BINARY(...)	  (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_BYTES, __VA_ARGS__, EVHI_END)
/* EVH_SOCKADDR("name", address, size): a struct sockaddr */
#define EVH_SOCKADDR(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_BYTES, __VA_ARGS__, EVHI_END)
/* EVH_SYSTEMTIME("name", time): struct timespec, or a time_point of the system clock */
#define EVH_SYSTEMTIME(...)                                                                        \
	(evhi_v, EVHI_ASSERTION, __COUNTER__, evhi_SYSTEMTIME, __VA_ARGS__, EVHI_END)
/* EVH_VALUE("name", value): the field is found by the type of the value */
#define EVH_VALUE(...) (evhi_x, EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
/* EVH_VAR(value): EVH_VALUE with the expression as its name */
#define EVH_VAR(value)                                                                             \
	EVHI_GIVEN("EVH_VAR", value, (evhi_x, EVHI_ASSERTION, __COUNTER__, #value, value, EVHI_END))
/* EVH_STRUCT("name", field, ...): 1 to 127 fields */
#define EVH_STRUCT(...)	   EVHI_STRUCT(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_NO)
/* EVH_RAW_FIELD("name", encoding, bytes, size): a field whose payload is given */
#define EVH_RAW_FIELD(...) (evhi_rf, EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
/* EVH_RAW_META("name", encoding): a field without its payload */
#define EVH_RAW_META(...)  EVHI_RAW_META(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
/* EVH_RAW_META_ARRAY("name", encoding, constant): an array without its payload */
#define EVH_RAW_META_ARRAY(...)                                                                    \
	EVHI_RAW_META_ARRAY(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
/* EVH_RAW_STRUCT("name", fields): so many of the fields that follow are its own */
#define EVH_RAW_STRUCT(...) EVHI_RAW_STRUCT(EVHI_ASSERTION, __COUNTER__, 0, __VA_ARGS__, EVHI_END)
/* EVH_RAW_STRUCT_VARRAY("name", fields): an array; its count is in the payload */
#define EVH_RAW_STRUCT_VARRAY(...)                                                                 \
	EVHI_RAW_STRUCT(EVHI_ASSERTION, __COUNTER__, EVH_ENCODING_VARRAY, __VA_ARGS__, EVHI_END)
/* EVH_RAW_STRUCT_ARRAY("name", fields, constant): an array of constant length */
#define EVH_RAW_STRUCT_ARRAY(...)                                                                  \
	EVHI_RAW_STRUCT_ARRAY(EVHI_ASSERTION, __COUNTER__, __VA_ARGS__, EVHI_END)
/* EVH_RAW_DATA(bytes, size): payload without a field */
#define EVH_RAW_DATA(bytes, size) (evhi_d, EVHI_ASSERTION, __COUNTER__, bytes, size)
/* EVH_TAG(tag): behind a field its tag; in an event's list the event's */
#define EVH_TAG(tag)		  EVHI_GIVEN("EVH_TAG", tag, (evhi_tag, tag))
/* EVH_FORMAT(format): behind a field, enum evh_format instead of its type's own */
#define EVH_FORMAT(format)	  EVHI_GIVEN("EVH_FORMAT", format, (evhi_format, format))

#endif
