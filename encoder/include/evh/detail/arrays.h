/* SPDX-License-Identifier: MIT */
/*
 * The arrays of fields.h, which documents them: `values` points at elements of the C type named, in
 * this machine's byte order; EVH_TAG and EVH_FORMAT may follow.
 */
#ifndef EVH_DETAIL_ARRAYS_H
#define EVH_DETAIL_ARRAYS_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/types.h>

/* ---- Of constant length, 1 to 65535, which is part of the event's schema ---- */

/* EVH_U8_ARRAY("name", values, constant): of uint8_t, unsigned */
#define EVH_U8_ARRAY(...)   (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
/* EVH_U16_ARRAY("name", values, constant): of uint16_t, unsigned */
#define EVH_U16_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
/* EVH_U32_ARRAY("name", values, constant): of uint32_t, unsigned */
#define EVH_U32_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
/* EVH_U64_ARRAY("name", values, constant): of uint64_t, unsigned */
#define EVH_U64_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
/* EVH_I8_ARRAY("name", values, constant): of int8_t, signed */
#define EVH_I8_ARRAY(...)   (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
/* EVH_I16_ARRAY("name", values, constant): of int16_t, signed */
#define EVH_I16_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
/* EVH_I32_ARRAY("name", values, constant): of int32_t, signed */
#define EVH_I32_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
/* EVH_I64_ARRAY("name", values, constant): of int64_t, signed */
#define EVH_I64_ARRAY(...)  (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
/* EVH_HEX8_ARRAY("name", values, constant): of uint8_t, hex */
#define EVH_HEX8_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
/* EVH_HEX16_ARRAY("name", values, constant): of uint16_t, hex */
#define EVH_HEX16_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
/* EVH_HEX32_ARRAY("name", values, constant): of uint32_t, hex */
#define EVH_HEX32_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
/* EVH_HEX64_ARRAY("name", values, constant): of uint64_t, hex */
#define EVH_HEX64_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
/* EVH_SIZE_ARRAY("name", values, constant): of size_t, unsigned */
#define EVH_SIZE_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
/* EVH_SSIZE_ARRAY("name", values, constant): of ssize_t, signed */
#define EVH_SSIZE_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
/* EVH_HEXSIZE_ARRAY("name", values, constant): of size_t, hex */
#define EVH_HEXSIZE_ARRAY(...)                                                                     \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
/* EVH_POINTER_ARRAY("name", values, constant): of void *, hex */
#define EVH_POINTER_ARRAY(...)                                                                     \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_CODE_POINTER_ARRAY("name", values, constant): of void *, hex */
#define EVH_CODE_POINTER_ARRAY(...)                                                                \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_F32_ARRAY("name", values, constant): of float */
#define EVH_F32_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
/* EVH_F64_ARRAY("name", values, constant): of double */
#define EVH_F64_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
/* EVH_BOOL8_ARRAY("name", values, constant): of bool, as they are */
#define EVH_BOOL8_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
/* EVH_BOOL32_ARRAY("name", values, constant): of int32_t, as they are */
#define EVH_BOOL32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
/* EVH_CHAR8_ARRAY("name", values, constant): of char, Latin-1 */
#define EVH_CHAR8_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
/* EVH_CHAR16_ARRAY("name", values, constant): of char16_t, a unit of UTF-16 */
#define EVH_CHAR16_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
/* EVH_CHAR32_ARRAY("name", values, constant): of char32_t, a code point */
#define EVH_CHAR32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
/* EVH_GUID_ARRAY("name", values, constant): of 16 bytes, network order */
#define EVH_GUID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
/* EVH_IPV4_ARRAY("name", values, constant): of uint32_t, network order */
#define EVH_IPV4_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
/* EVH_IPV6_ARRAY("name", values, constant): of 16 bytes, network order */
#define EVH_IPV6_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
/* EVH_PORT_ARRAY("name", values, constant): of uint16_t, network order */
#define EVH_PORT_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
/* EVH_ERRNO_ARRAY("name", values, constant): of int, an errno, by its name */
#define EVH_ERRNO_ARRAY(...)                                                                       \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
/* EVH_PID_ARRAY("name", values, constant): of pid_t, a process */
#define EVH_PID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
/* EVH_TID_ARRAY("name", values, constant): of pid_t, a thread */
#define EVH_TID_ARRAY(...) (evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
/* EVH_TIME32_ARRAY("name", values, constant): of int32_t, seconds since 1970 */
#define EVH_TIME32_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
/* EVH_TIME64_ARRAY("name", values, constant): of int64_t, seconds since 1970 */
#define EVH_TIME64_ARRAY(...)                                                                      \
	(evhi_c, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

/* ---- Of any length, 0 to 65535 ---- */

/* EVH_U8_VARRAY("name", values, count): of uint8_t, unsigned */
#define EVH_U8_VARRAY(...)   (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U8, __VA_ARGS__, EVHI_END)
/* EVH_U16_VARRAY("name", values, count): of uint16_t, unsigned */
#define EVH_U16_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U16, __VA_ARGS__, EVHI_END)
/* EVH_U32_VARRAY("name", values, count): of uint32_t, unsigned */
#define EVH_U32_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U32, __VA_ARGS__, EVHI_END)
/* EVH_U64_VARRAY("name", values, count): of uint64_t, unsigned */
#define EVH_U64_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_U64, __VA_ARGS__, EVHI_END)
/* EVH_I8_VARRAY("name", values, count): of int8_t, signed */
#define EVH_I8_VARRAY(...)   (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I8, __VA_ARGS__, EVHI_END)
/* EVH_I16_VARRAY("name", values, count): of int16_t, signed */
#define EVH_I16_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I16, __VA_ARGS__, EVHI_END)
/* EVH_I32_VARRAY("name", values, count): of int32_t, signed */
#define EVH_I32_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I32, __VA_ARGS__, EVHI_END)
/* EVH_I64_VARRAY("name", values, count): of int64_t, signed */
#define EVH_I64_VARRAY(...)  (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_I64, __VA_ARGS__, EVHI_END)
/* EVH_HEX8_VARRAY("name", values, count): of uint8_t, hex */
#define EVH_HEX8_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX8, __VA_ARGS__, EVHI_END)
/* EVH_HEX16_VARRAY("name", values, count): of uint16_t, hex */
#define EVH_HEX16_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX16, __VA_ARGS__, EVHI_END)
/* EVH_HEX32_VARRAY("name", values, count): of uint32_t, hex */
#define EVH_HEX32_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX32, __VA_ARGS__, EVHI_END)
/* EVH_HEX64_VARRAY("name", values, count): of uint64_t, hex */
#define EVH_HEX64_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEX64, __VA_ARGS__, EVHI_END)
/* EVH_SIZE_VARRAY("name", values, count): of size_t, unsigned */
#define EVH_SIZE_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_SIZE, __VA_ARGS__, EVHI_END)
/* EVH_SSIZE_VARRAY("name", values, count): of ssize_t, signed */
#define EVH_SSIZE_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_SSIZE, __VA_ARGS__, EVHI_END)
/* EVH_HEXSIZE_VARRAY("name", values, count): of size_t, hex */
#define EVH_HEXSIZE_VARRAY(...)                                                                    \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_HEXSIZE, __VA_ARGS__, EVHI_END)
/* EVH_POINTER_VARRAY("name", values, count): of void *, hex */
#define EVH_POINTER_VARRAY(...)                                                                    \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_CODE_POINTER_VARRAY("name", values, count): of void *, hex */
#define EVH_CODE_POINTER_VARRAY(...)                                                               \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CODE_POINTER, __VA_ARGS__, EVHI_END)
/* EVH_F32_VARRAY("name", values, count): of float */
#define EVH_F32_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_F32, __VA_ARGS__, EVHI_END)
/* EVH_F64_VARRAY("name", values, count): of double */
#define EVH_F64_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_F64, __VA_ARGS__, EVHI_END)
/* EVH_BOOL8_VARRAY("name", values, count): of bool, as they are */
#define EVH_BOOL8_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_BOOL8, __VA_ARGS__, EVHI_END)
/* EVH_BOOL32_VARRAY("name", values, count): of int32_t, as they are */
#define EVH_BOOL32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_BOOL32, __VA_ARGS__, EVHI_END)
/* EVH_CHAR8_VARRAY("name", values, count): of char, Latin-1 */
#define EVH_CHAR8_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR8, __VA_ARGS__, EVHI_END)
/* EVH_CHAR16_VARRAY("name", values, count): of char16_t, a unit of UTF-16 */
#define EVH_CHAR16_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR16, __VA_ARGS__, EVHI_END)
/* EVH_CHAR32_VARRAY("name", values, count): of char32_t, a code point */
#define EVH_CHAR32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_CHAR32, __VA_ARGS__, EVHI_END)
/* EVH_GUID_VARRAY("name", values, count): of 16 bytes, network order */
#define EVH_GUID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_GUID, __VA_ARGS__, EVHI_END)
/* EVH_IPV4_VARRAY("name", values, count): of uint32_t, network order */
#define EVH_IPV4_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_IPV4, __VA_ARGS__, EVHI_END)
/* EVH_IPV6_VARRAY("name", values, count): of 16 bytes, network order */
#define EVH_IPV6_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_IPV6, __VA_ARGS__, EVHI_END)
/* EVH_PORT_VARRAY("name", values, count): of uint16_t, network order */
#define EVH_PORT_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_PORT, __VA_ARGS__, EVHI_END)
/* EVH_ERRNO_VARRAY("name", values, count): of int, an errno, by its name */
#define EVH_ERRNO_VARRAY(...)                                                                      \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_ERRNO, __VA_ARGS__, EVHI_END)
/* EVH_PID_VARRAY("name", values, count): of pid_t, a process */
#define EVH_PID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_PID, __VA_ARGS__, EVHI_END)
/* EVH_TID_VARRAY("name", values, count): of pid_t, a thread */
#define EVH_TID_VARRAY(...) (evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TID, __VA_ARGS__, EVHI_END)
/* EVH_TIME32_VARRAY("name", values, count): of int32_t, seconds since 1970 */
#define EVH_TIME32_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TIME32, __VA_ARGS__, EVHI_END)
/* EVH_TIME64_VARRAY("name", values, count): of int64_t, seconds since 1970 */
#define EVH_TIME64_VARRAY(...)                                                                     \
	(evhi_a, EVHI_ASSERTION, __COUNTER__, evhi_TIME64, __VA_ARGS__, EVHI_END)

#endif
