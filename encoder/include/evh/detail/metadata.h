/* SPDX-License-Identifier: MIT */
/*
 * What each item is in an event's metadata: members of the structure that holds it, and their
 * initializers. The tuples are in field.h.
 */
#ifndef EVH_DETAIL_METADATA_H
#define EVH_DETAIL_METADATA_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/check.h>
#include <evh/detail/deduce.h>
#include <evh/detail/list.h>
#include <evh/format.h>

/* ---- The bytes behind a name: encoding, format, tag ---- */

#define EVHI_VALUE_OF(k, value) value

/* EVHI_TYPE_SIZE(fk, one, two): how many they are. fk: whether the type has a format by itself. */
#define EVHI_TYPE_SIZE(fk, one, two)			EVHI_TYPE_SIZE_1(fk, EVHI_KIND one, EVHI_KIND two)
#define EVHI_TYPE_SIZE_1(fk, k1, k2)			EVHI_TYPE_SIZE_2(fk, k1, k2)
#define EVHI_TYPE_SIZE_2(fk, k1, k2)			EVHI_TYPE_SIZE_##fk##_##k1##_##k2
#define EVHI_TYPE_SIZE_evhi_no_evhi_no_evhi_no		1
#define EVHI_TYPE_SIZE_evhi_no_evhi_format_evhi_no	2
#define EVHI_TYPE_SIZE_evhi_no_evhi_tag_evhi_no		4
#define EVHI_TYPE_SIZE_evhi_no_evhi_tag_evhi_format	4
#define EVHI_TYPE_SIZE_evhi_no_evhi_format_evhi_tag	4
#define EVHI_TYPE_SIZE_evhi_format_evhi_no_evhi_no	2
#define EVHI_TYPE_SIZE_evhi_format_evhi_format_evhi_no	2
#define EVHI_TYPE_SIZE_evhi_format_evhi_tag_evhi_no	4
#define EVHI_TYPE_SIZE_evhi_format_evhi_tag_evhi_format 4
#define EVHI_TYPE_SIZE_evhi_format_evhi_format_evhi_tag 4

/* EVHI_TYPE_BYTES(encoding, fk, fv, one, two): what they are. */
#define EVHI_TYPE_BYTES(encoding, fk, fv, one, two)                                                \
	EVHI_TYPE_BYTES_1(encoding, fk, fv, EVHI_KIND one, EVHI_KIND two, EVHI_VALUE_OF one,       \
			  EVHI_VALUE_OF two)
#define EVHI_TYPE_BYTES_1(encoding, fk, fv, k1, k2, v1, v2)                                        \
	EVHI_TYPE_BYTES_2(encoding, fk, fv, k1, k2, v1, v2)
#define EVHI_TYPE_BYTES_2(encoding, fk, fv, k1, k2, v1, v2)                                        \
	EVHI_TYPE_BYTES_##fk##_##k1##_##k2(encoding, fv, v1, v2)
#define EVHI_BYTES_1(e)	      (uint8_t)(e)
#define EVHI_BYTES_2(e, f)    (uint8_t)((e) | EVH_ENCODING_HAS_FORMAT), (uint8_t)(f)
#define EVHI_BYTES_4(e, f, t) EVHI_BYTES_2(e, (f) | EVH_FORMAT_HAS_TAG), EVHI_BYTES_16(t)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define EVHI_BYTES_16(x) (uint8_t)((x)&0xff), (uint8_t)((x) >> 8 & 0xff)
#else
#	define EVHI_BYTES_16(x) (uint8_t)((x) >> 8 & 0xff), (uint8_t)((x)&0xff)
#endif
#define EVHI_TYPE_BYTES_evhi_no_evhi_no_evhi_no(e, f, v1, v2)	       EVHI_BYTES_1(e)
#define EVHI_TYPE_BYTES_evhi_no_evhi_format_evhi_no(e, f, v1, v2)      EVHI_BYTES_2(e, v1)
#define EVHI_TYPE_BYTES_evhi_no_evhi_tag_evhi_no(e, f, v1, v2)	       EVHI_BYTES_4(e, 0, v1)
#define EVHI_TYPE_BYTES_evhi_no_evhi_tag_evhi_format(e, f, v1, v2)     EVHI_BYTES_4(e, v2, v1)
#define EVHI_TYPE_BYTES_evhi_no_evhi_format_evhi_tag(e, f, v1, v2)     EVHI_BYTES_4(e, v1, v2)
#define EVHI_TYPE_BYTES_evhi_format_evhi_no_evhi_no(e, f, v1, v2)      EVHI_BYTES_2(e, f)
#define EVHI_TYPE_BYTES_evhi_format_evhi_format_evhi_no(e, f, v1, v2)  EVHI_BYTES_2(e, v1)
#define EVHI_TYPE_BYTES_evhi_format_evhi_tag_evhi_no(e, f, v1, v2)     EVHI_BYTES_4(e, f, v1)
#define EVHI_TYPE_BYTES_evhi_format_evhi_tag_evhi_format(e, f, v1, v2) EVHI_BYTES_4(e, v2, v1)
#define EVHI_TYPE_BYTES_evhi_format_evhi_format_evhi_tag(e, f, v1, v2) EVHI_BYTES_4(e, v1, v2)

#define EVHI_CHECK_OPTION(sa, name, one)       EVHI_CHECK_OPTION_1(sa, name, EVHI_UNPACK one)
#define EVHI_CHECK_OPTION_1(...)	       EVHI_CHECK_OPTION_2(__VA_ARGS__)
#define EVHI_CHECK_OPTION_2(sa, name, kind, v) EVHI_CHECK_OF_##kind(sa, v, name)
#define EVHI_CHECK_OF_evhi_no(sa, v, name)
#define EVHI_CHECK_OF_evhi_format(sa, v, name)                                                     \
	EVHI_SAY_IT(                                                                               \
		sa, EVHI_IN_RANGE(v, 1, 127) && (v) != EVH_FORMAT_IP_ADDRESS_OLD,                  \
		name                                                                               \
		": a format is one of enum evh_format, not DEFAULT and not the old IP_ADDRESS")
#define EVHI_CHECK_OF_evhi_tag(sa, v, name)                                                        \
	EVHI_SAY_IT(sa, EVHI_IN_RANGE(v, 1, 65535),                                                \
		    name                                                                           \
		    ": the tag of a field is 1 to 65535; 0 is the tag of a field without one")

/* ---- Members of the metadata, with the checks of the field ---- */

#define EVHI_MEMBER(sa, id, name, fk, one, two)                                                    \
	EVHI_CHECK_FIELD_NAME(sa, name)                                                            \
	EVHI_CHECK_OPTION(sa, name, one)                                                           \
	EVHI_CHECK_OPTION(sa, name, two)                                                           \
	char evhi_n##id[sizeof(name)];                                                             \
	uint8_t evhi_e##id[EVHI_TYPE_SIZE(fk, one, two)];

#define EVHI_M(kind, ...)	      EVHI_M_##kind(__VA_ARGS__)
#define EVHI_M_evhi_v(sa, id, T, ...) EVHI_M_V(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_V(...)		      EVHI_M_V_1(__VA_ARGS__)
#define EVHI_M_V_1(sa, id, kind, C, encoding, fk, fv, name, value, one, two, ...)                  \
	EVHI_CHECK_VALUE(sa, kind, C, name, value) EVHI_MEMBER(sa, id, name, fk, one, two)
#define EVHI_M_evhi_g(sa, id, T, ...) EVHI_M_G(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_G(...)		      EVHI_M_G_1(__VA_ARGS__)
#define EVHI_M_G_1(sa, id, kind, C, encoding, fk, fv, name, value, one, two, ...)                  \
	EVHI_CHECK_BYTES(sa, name, value) EVHI_MEMBER(sa, id, name, fk, one, two)
#define EVHI_M_evhi_c(sa, id, T, ...) EVHI_M_C(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_C(...)		      EVHI_M_C_1(__VA_ARGS__)
#define EVHI_M_C_1(sa, id, kind, C, encoding, fk, fv, name, values, count, one, two, ...)          \
	EVHI_CHECK_COUNT(sa, name, count)                                                          \
	EVHI_CHECK_ARRAY(sa, kind, C, name, values)                                                \
	EVHI_SAY_IT(sa, sizeof(C) * (count) <= EVH_SIZE_MAX_PERF, name ": " EVHI_SAY_LARGE)        \
	EVHI_MEMBER(sa, id, name, fk, one, two) uint16_t evhi_c##id;
#define EVHI_M_evhi_a(sa, id, T, ...) EVHI_M_A(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_A(...)		      EVHI_M_A_1(__VA_ARGS__)
#define EVHI_M_A_1(sa, id, kind, C, encoding, fk, fv, name, values, count, one, two, ...)          \
	EVHI_CHECK_ARRAY(sa, kind, C, name, values) EVHI_MEMBER(sa, id, name, fk, one, two)
#define EVHI_M_evhi_s(sa, id, T, ...) EVHI_M_S(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_S(...)		      EVHI_M_S_1(__VA_ARGS__)
#define EVHI_M_S_1(sa, id, bits, unit, encoding, fk, fv, name, text, count, one, two, ...)         \
	EVHI_CHECK_TEXT(sa, bits, name, text) EVHI_MEMBER(sa, id, name, fk, one, two)
#define EVHI_M_evhi_z(sa, id, T, ...) EVHI_M_Z(sa, id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_M_Z(...)		      EVHI_M_Z_1(__VA_ARGS__)
#define EVHI_M_Z_1(sa, id, bits, unit, encoding, fk, fv, name, text, one, two, ...)                \
	EVHI_CHECK_TEXT(sa, bits, name, text) EVHI_MEMBER(sa, id, name, fk, one, two)
#define EVHI_M_evhi_t(fields, members, ...) EVHI_UNPACK members
#define EVHI_M_evhi_f(fields, members, ...) EVHI_UNPACK members
#define EVHI_M_evhi_d(sa, id, bytes, size)  EVHI_CHECK_BLOCK(sa, "EVH_RAW_DATA", bytes)
#define EVHI_M_evhi_rf(sa, id, name, encoding, bytes, size, one, two, ...)                         \
	EVHI_CHECK_ENCODING(sa, name, encoding)                                                    \
	EVHI_CHECK_BLOCK(sa, name, bytes) EVHI_MEMBER(sa, id, name, evhi_no, one, two)
#define EVHI_M_evhi_x(sa, id, name, value, one, two, ...)                                          \
	EVHI_CHECK_DEDUCED(sa, name, value) EVHI_MEMBER(sa, id, name, evhi_format, one, two)
#define EVHI_M_evhi_option(there, packed, keyword, checks) EVHI_UNPACK checks
#define EVHI_M_evhi_activity(ids, there, checks, ...)	   EVHI_UNPACK checks
#define EVHI_M_evhi_tag(v)				   EVHI_ASSERT(EVHI_IN_RANGE(v, 0, 65535), "EVH_TAG: a tag is 0 to 65535")
#define EVHI_M_evhi_format(v)				   EVHI_ASSERT(0, "EVH_FORMAT belongs to a field")
#define EVHI_M_evhi_no(v)

#define EVHI_SAY_LARGE "the event cannot be delivered: it is larger than 8184 bytes"
#define EVHI_CHECK_COUNT(sa, name, count)                                                          \
	EVHI_SAY_IT(sa, EVHI_IN_RANGE(count, 1, 65535),                                            \
		    name ": a constant array has 1 to 65535 elements")

/* ---- Their initializers ---- */

#define EVHI_BYTE(name, encoding, fk, fv, one, two)                                                \
	name, { EVHI_TYPE_BYTES(encoding, fk, fv, one, two) },

#define EVHI_B(kind, ...)	      EVHI_B_##kind(__VA_ARGS__)
#define EVHI_B_evhi_v(sa, id, T, ...) EVHI_B_V(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_evhi_g(sa, id, T, ...) EVHI_B_V(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_V(...)		      EVHI_B_V_1(__VA_ARGS__)
#define EVHI_B_V_1(kind, C, encoding, fk, fv, name, value, one, two, ...)                          \
	EVHI_BYTE(name, encoding, fk, fv, one, two)
#define EVHI_B_evhi_c(sa, id, T, ...) EVHI_B_C(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_C(...)		      EVHI_B_C_1(__VA_ARGS__)
#define EVHI_B_C_1(kind, C, encoding, fk, fv, name, values, count, one, two, ...)                  \
	EVHI_BYTE(name, (encoding) | EVH_ENCODING_CARRAY, fk, fv, one, two)(uint16_t)(count),
#define EVHI_B_evhi_a(sa, id, T, ...) EVHI_B_A(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_A(...)		      EVHI_B_A_1(__VA_ARGS__)
#define EVHI_B_A_1(kind, C, encoding, fk, fv, name, values, count, one, two, ...)                  \
	EVHI_BYTE(name, (encoding) | EVH_ENCODING_VARRAY, fk, fv, one, two)
#define EVHI_B_evhi_s(sa, id, T, ...) EVHI_B_S(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_S(...)		      EVHI_B_S_1(__VA_ARGS__)
#define EVHI_B_S_1(bits, unit, encoding, fk, fv, name, text, count, one, two, ...)                 \
	EVHI_BYTE(name, encoding, fk, fv, one, two)
#define EVHI_B_evhi_z(sa, id, T, ...) EVHI_B_Z(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_B_Z(...)		      EVHI_B_Z_1(__VA_ARGS__)
#define EVHI_B_Z_1(bits, unit, encoding, fk, fv, name, text, one, two, ...)                        \
	EVHI_BYTE(name, (encoding)-EVHI_COUNTED_TO_ZERO, fk, fv, one, two)
#define EVHI_B_evhi_t(fields, members, bytes, ...) EVHI_UNPACK bytes
#define EVHI_B_evhi_f(fields, members, bytes)	   EVHI_UNPACK bytes
#define EVHI_B_evhi_d(...)
#define EVHI_B_evhi_rf(sa, id, name, encoding, bytes, size, one, two, ...)                         \
	EVHI_BYTE(name, encoding, evhi_no, 0, one, two)
#define EVHI_B_evhi_x(sa, id, name, value, one, two, ...)                                          \
	EVHI_BYTE(name, EVHI_DEDUCED(value) & 0x7f, evhi_format, EVHI_DEDUCED(value) >> 8 & 0x7f,  \
		  one, two)
#define EVHI_B_evhi_option(...)
#define EVHI_B_evhi_activity(...)
#define EVHI_B_evhi_tag(...)
#define EVHI_B_evhi_format(...)
#define EVHI_B_evhi_no(...)

/* From a counted string's encoding to that of the same string with a terminating zero. */
#define EVHI_COUNTED_TO_ZERO (EVH_ENCODING_STRING_CHAR8 - EVH_ENCODING_ZSTRING_CHAR8)

#endif
