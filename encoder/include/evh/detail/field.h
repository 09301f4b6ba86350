/* SPDX-License-Identifier: MIT */
/*
 * What each kind of item is: in the event's metadata, in its size, in its code. The types
 *themselves are in evh/fields.h.
 *
 * Kinds of fields, and their tuples (one, two: the options of the field, or EVHI_NO):
 *	(evhi_v, sa, id, T, name, value, one, two, ~)	    a value
 *	(evhi_g, sa, id, T, name, value, one, two, ~)	    a value of 16 bytes
 *	(evhi_c, sa, id, T, name, values, count, one, two, ~)   an array of constant length
 *	(evhi_a, sa, id, T, name, values, count, one, two, ~)   an array of any length
 *	(evhi_s, sa, id, T, name, text, count, one, two, ~)	    a counted string, or bytes
 *	(evhi_z, sa, id, T, name, text, one, two, ~)	    a string up to its zero unit
 *	(evhi_t, fields, (members), (bytes), (size), (code)) a struct, worked out already
 *	(evhi_f, fields, (members), (bytes))		    a raw field's metadata
 *	(evhi_d, sa, id, bytes, size)			    raw payload
 *	(evhi_rf, sa, id, name, encoding, bytes, size, ...)	    both
 *	(evhi_x, sa, id, name, value, one, two, ~)	    a value whose type says what it is
 *	(evhi_bad, text)				    a mistake, found while the item was made
 * `id` makes names of members unique; it is __COUNTER__.
 *
 * Options:
 *	(evhi_option, there, packed, keyword, (checks))	    level, keyword, opcode, id
 *	(evhi_activity, ids, (there), (checks), (code))
 *	(evhi_tag, value), (evhi_format, value), (evhi_no, 0)
 */
#ifndef EVH_DETAIL_FIELD_H
#define EVH_DETAIL_FIELD_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/check.h>
#include <evh/detail/deduce.h>
#include <evh/detail/list.h>
#include <evh/detail/values.h>
#include <evh/format.h>

/*
 * ---- Mistakes in an item's form: nothing, or `, evhi_bad, "what is wrong"` ----
 *
 * A value with a comma in it that has no parentheses is several arguments, and one that was
 * forgotten is none: in both cases what stands where the options belong is none.
 */

#define EVHI_PROBE(x) EVHI_CAT(EVHI_PROBE_, EVHI_IS_TUPLE(x))(x)
#define EVHI_PROBE_0(x)                                                                            \
	, evhi_bad, EVHI_TEXT(x) " is no field and no option (or is a comma too many)"
#define EVHI_PROBE_1(x)		EVHI_PROBE_2 x
#define EVHI_PROBE_2(kind, ...) EVHI_PROBE_##kind(__VA_ARGS__, evhi_end, evhi_end)
#define EVHI_PROBE_evhi_v(sa, id, T, name, value, one, two, ...)                                   \
	EVHI_PROBE_OPTIONS(name, one, two, "a name and one value")
#define EVHI_PROBE_evhi_g(sa, id, T, name, value, one, two, ...)                                   \
	EVHI_PROBE_OPTIONS(name, one, two, "a name and one value")
#define EVHI_PROBE_evhi_c(sa, id, T, name, values, count, one, two, ...)                           \
	EVHI_PROBE_OPTIONS(name, one, two, "a name, the values and their number")
#define EVHI_PROBE_evhi_a(sa, id, T, name, values, count, one, two, ...)                           \
	EVHI_PROBE_OPTIONS(name, one, two, "a name, the values and their number")
#define EVHI_PROBE_evhi_s(sa, id, T, name, text, count, one, two, ...)                             \
	EVHI_PROBE_OPTIONS(name, one, two, "a name, where the text or bytes are and how many")
#define EVHI_PROBE_evhi_z(sa, id, T, name, text, one, two, ...)                                    \
	EVHI_PROBE_OPTIONS(name, one, two, "a name and one string")
#define EVHI_PROBE_evhi_rf(sa, id, name, encoding, bytes, size, one, two, ...)                     \
	EVHI_PROBE_OPTIONS(name, one, two, "a name, an encoding, the bytes and their number")
#define EVHI_PROBE_evhi_x(sa, id, name, value, one, two, ...)                                      \
	EVHI_PROBE_OPTIONS(name, one, two, "a name and one value")
#define EVHI_PROBE_evhi_t(...)
#define EVHI_PROBE_evhi_f(...)
#define EVHI_PROBE_evhi_d(...)
#define EVHI_PROBE_evhi_option(...)
#define EVHI_PROBE_evhi_activity(...)
#define EVHI_PROBE_evhi_tag(...)
#define EVHI_PROBE_evhi_format(...)
#define EVHI_PROBE_evhi_no(...)
#define EVHI_PROBE_evhi_bad(what, ...) , evhi_bad, what

#define EVHI_PROBE_OPTIONS(name, one, two, what)                                                   \
	EVHI_CAT(EVHI_PROBE_OPTIONS_, EVHI_CAT(EVHI_IS_TUPLE(one), EVHI_IS_TUPLE(two)))            \
	(name, one, two, what)
#define EVHI_PROBE_OPTIONS_00(name, one, two, what)                                                \
	, evhi_bad,                                                                                \
		"field " EVHI_TEXT(name) " takes " what                                            \
					 " (in parentheses where there is a comma in it), then "   \
					 "EVH_TAG and EVH_FORMAT if any"
#define EVHI_PROBE_OPTIONS_01(name, one, two, what) EVHI_PROBE_OPTIONS_00(name, one, two, what)
#define EVHI_PROBE_OPTIONS_10(name, one, two, what) EVHI_PROBE_OPTIONS_00(name, one, two, what)
#define EVHI_PROBE_OPTIONS_11(name, one, two, what)                                                \
	EVHI_PROBE_KINDS(name, EVHI_KIND one, EVHI_KIND two)
#define EVHI_PROBE_KINDS(...) EVHI_PROBE_KINDS_1(__VA_ARGS__)
#define EVHI_PROBE_KINDS_1(name, k1, k2)                                                           \
	EVHI_SECOND(EVHI_OPTIONS_##k1##_##k2, EVHI_PROBE_NO_OPTION, ~)(name)
#define EVHI_PROBE_NO_OPTION(name)                                                                 \
	, evhi_bad,                                                                                \
		"field " EVHI_TEXT(name) " takes one EVH_TAG, one EVH_FORMAT and no other option"
#define EVHI_PROBE_FINE(name)
#define EVHI_OPTIONS_evhi_no_evhi_no	  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_tag_evhi_no	  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_format_evhi_no  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_tag_evhi_format ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_format_evhi_tag ~, EVHI_PROBE_FINE

/* EVHI_PICK(~ <results of EVHI_PROBE>, evhi_good, ~, ~): the first mistake, or evhi_good, ~. */
#define EVHI_PICK(...)			   EVHI_PICK_1(__VA_ARGS__)
#define EVHI_PICK_1(a, verdict, what, ...) verdict, what

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

/* ---- + bytes of values of fixed size, + EVHI_ONE_VAR for each other value ---- */

#define EVHI_Z(kind, ...)						EVHI_Z_##kind(__VA_ARGS__)
#define EVHI_Z_evhi_v(sa, id, T, ...)					EVHI_Z_V(EVHI_TYPE_##T)
#define EVHI_Z_V(...)							EVHI_Z_V_1(__VA_ARGS__)
#define EVHI_Z_V_1(kind, C, ...)					+sizeof(C)
#define EVHI_Z_evhi_g(...)						+16
#define EVHI_Z_evhi_c(sa, id, T, ...)					EVHI_Z_C(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_Z_C(...)							EVHI_Z_C_1(__VA_ARGS__)
#define EVHI_Z_C_1(kind, C, encoding, fk, fv, name, values, count, ...) +(sizeof(C) * (count))
#define EVHI_Z_evhi_a(...)						+(EVHI_ONE_VAR + 2)
#define EVHI_Z_evhi_s(...)						+(EVHI_ONE_VAR + 2)
#define EVHI_Z_evhi_z(...)						+EVHI_ONE_VAR
#define EVHI_Z_evhi_d(...)						+EVHI_ONE_VAR
#define EVHI_Z_evhi_rf(...)						+EVHI_ONE_VAR
#define EVHI_Z_evhi_t(fields, members, bytes, size, code)		EVHI_UNPACK size
#define EVHI_Z_evhi_f(...)
#define EVHI_Z_evhi_x(sa, id, name, value, ...) +(EVHI_DEDUCED(value) >> 16)
#define EVHI_Z_evhi_option(...)
#define EVHI_Z_evhi_activity(...)
#define EVHI_Z_evhi_tag(...)
#define EVHI_Z_evhi_format(...)
#define EVHI_Z_evhi_no(...)

/*
 * ---- Code: operands of one comma expression, so that what a C++ value refers to lives until the
 * event is sent, and that values are evaluated in order. evhi_p is where the next byte goes ----
 */

#define EVHI_C(kind, ...)	      EVHI_C_##kind(__VA_ARGS__)
#define EVHI_C_evhi_v(sa, id, T, ...) EVHI_C_V(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_V(...)		      EVHI_C_V_1(__VA_ARGS__)
#define EVHI_C_V_1(kind, C, encoding, fk, fv, name, value, ...)                                    \
	*(evhi_at_##C *)evhi_p = EVHI_VALUE(kind, C, value), evhi_p += sizeof(C),
#define EVHI_C_evhi_g(sa, id, T, name, value, ...)                                                 \
	evhi_p = evh_put_fixed(evhi_p, EVHI_BYTES(value), 16),
#define EVHI_C_evhi_c(sa, id, T, ...) EVHI_C_C(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_C(...)		      EVHI_C_C_1(__VA_ARGS__)
#define EVHI_C_C_1(kind, C, encoding, fk, fv, name, values, count, ...)                            \
	evhi_p = evh_put_fixed(evhi_p, EVHI_ARRAY(kind, C, values), sizeof(C) * (count)),
#define EVHI_C_evhi_a(sa, id, T, ...) EVHI_C_A(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_A(...)		      EVHI_C_A_1(__VA_ARGS__)
#define EVHI_C_A_1(kind, C, encoding, fk, fv, name, values, count, ...)                            \
	evhi_p = evh_put_units(evhi_room, evhi_p, EVHI_ARRAY(kind, C, values), count,              \
			       (encoding)-EVH_ENCODING_VALUE8),
#define EVHI_C_evhi_s(sa, id, T, ...) EVHI_C_S(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_S(...)		      EVHI_C_S_1(__VA_ARGS__)
#define EVHI_C_S_1(bits, unit, encoding, fk, fv, name, text, count, ...)                           \
	evhi_p = EVHI_PUT_##bits(EVHI_STRING(bits, text), count),
#define EVHI_PUT_0(text, count)	      evh_put_bytes(evhi_room, evhi_p, text, count)
#define EVHI_PUT_8(text, count)	      evh_put_bytes(evhi_room, evhi_p, text, count)
#define EVHI_PUT_16(text, count)      evh_put_units(evhi_room, evhi_p, text, count, 1)
#define EVHI_PUT_32(text, count)      evh_put_units(evhi_room, evhi_p, text, count, 2)
#define EVHI_C_evhi_z(sa, id, T, ...) EVHI_C_Z(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_Z(...)		      EVHI_C_Z_1(__VA_ARGS__)
#define EVHI_C_Z_1(bits, unit, encoding, fk, fv, name, text, ...)                                  \
	evhi_p = evh_put_zero(evhi_room, evhi_p, EVHI_STRING(bits, text), unit),
#define EVHI_C_evhi_d(sa, id, bytes, size)                                                         \
	evhi_p = evh_put_raw(evhi_room, evhi_p, EVHI_BLOCK(bytes), size),
#define EVHI_C_evhi_rf(sa, id, name, encoding, bytes, size, ...)                                   \
	evhi_p = evh_put_raw(evhi_room, evhi_p, EVHI_BLOCK(bytes), size),
#define EVHI_C_evhi_t(fields, members, bytes, size, code) EVHI_UNPACK code
#define EVHI_C_evhi_f(...)
#define EVHI_C_evhi_x(sa, id, name, value, ...) evhi_p = EVHI_PUT_DEDUCED(evhi_room, evhi_p, value),
#define EVHI_C_evhi_option(...)
#define EVHI_C_evhi_activity(ids, there, checks, code) EVHI_UNPACK code
#define EVHI_C_evhi_tag(...)
#define EVHI_C_evhi_format(...)
#define EVHI_C_evhi_no(...)

/* ---- + packed: the options of the event, and the number of its activity ids, in one number ----
 */

#define EVHI_PACK_LEVEL(x)   ((uint64_t)(uint8_t)(x) ^ EVH_LEVEL_VERBOSE)
#define EVHI_PACK_OPCODE(x)  ((uint64_t)(uint8_t)(x) << 8)
#define EVHI_PACK_TAG(x)     (((uint64_t)(x)&0xffff) << 16)
#define EVHI_PACK_ID(x)	     (((uint64_t)(x)&0xffff) << 32)
#define EVHI_PACK_VERSION(x) (((uint64_t)(x)&0xff) << 48)
#define EVHI_PACK_IDS(x)     ((uint64_t)(x) << 56)
#define EVHI_PACK_KEYWORD    ((uint64_t)1 << 58) /* one was given: 0 is a keyword, too */
#define EVHI_IDS_OF(packed)  ((packed) >> 56 & 3)

#define EVHI_P(kind, ...) EVHI_P_##kind(__VA_ARGS__)
#define EVHI_P_evhi_v(...)
#define EVHI_P_evhi_g(...)
#define EVHI_P_evhi_c(...)
#define EVHI_P_evhi_a(...)
#define EVHI_P_evhi_s(...)
#define EVHI_P_evhi_z(...)
#define EVHI_P_evhi_t(...)
#define EVHI_P_evhi_f(...)
#define EVHI_P_evhi_d(...)
#define EVHI_P_evhi_rf(...)
#define EVHI_P_evhi_x(...)
#define EVHI_P_evhi_option(there, packed, keyword, checks) +(packed)
#define EVHI_P_evhi_activity(ids, ...)			   +EVHI_PACK_IDS(ids)
#define EVHI_P_evhi_tag(v)				   +EVHI_PACK_TAG(v)
#define EVHI_P_evhi_format(...)
#define EVHI_P_evhi_no(...)

/*
 * ---- Members of a structure of no size, one for each option that may be there once: a second one
 * is a second member of the same name ----
 */

#define EVHI_H(kind, ...) EVHI_H_##kind(__VA_ARGS__)
#define EVHI_H_evhi_v(...)
#define EVHI_H_evhi_g(...)
#define EVHI_H_evhi_c(...)
#define EVHI_H_evhi_a(...)
#define EVHI_H_evhi_s(...)
#define EVHI_H_evhi_z(...)
#define EVHI_H_evhi_t(...)
#define EVHI_H_evhi_f(...)
#define EVHI_H_evhi_d(...)
#define EVHI_H_evhi_rf(...)
#define EVHI_H_evhi_x(...)
#define EVHI_H_evhi_option(there, ...)	      EVHI_UNPACK there
#define EVHI_H_evhi_activity(ids, there, ...) EVHI_UNPACK there
#define EVHI_H_evhi_tag(...)		      char EVH_TAG_is_there_twice;
#define EVHI_H_evhi_format(...)
#define EVHI_H_evhi_no(...)

/* ---- | keyword ---- */

#define EVHI_K(kind, ...) EVHI_K_##kind(__VA_ARGS__)
#define EVHI_K_evhi_v(...)
#define EVHI_K_evhi_g(...)
#define EVHI_K_evhi_c(...)
#define EVHI_K_evhi_a(...)
#define EVHI_K_evhi_s(...)
#define EVHI_K_evhi_z(...)
#define EVHI_K_evhi_t(...)
#define EVHI_K_evhi_f(...)
#define EVHI_K_evhi_d(...)
#define EVHI_K_evhi_rf(...)
#define EVHI_K_evhi_x(...)
#define EVHI_K_evhi_option(there, packed, keyword, checks) | (keyword)
#define EVHI_K_evhi_activity(...)
#define EVHI_K_evhi_tag(...)
#define EVHI_K_evhi_format(...)
#define EVHI_K_evhi_no(...)

/*
 * ---- Structs: worked out where they are written, because a list can't be walked through within
 * the walk through another ----
 *
 * A struct's tag is an item of its list; the count of its fields is its format.
 */

#define EVHI_STRUCT(sa, id, name, ...)                                                             \
	EVHI_STRUCT_1(EVHI_COUNT(__VA_ARGS__), sa, id, name, __VA_ARGS__)
#define EVHI_STRUCT_1(...) EVHI_STRUCT_2(__VA_ARGS__)
#define EVHI_STRUCT_2(n, sa, id, name, ...)                                                        \
	EVHI_STRUCT_3(EVHI_PICK(~EVHI_PROBE_NAME(name) EVHI_TRY_##n(EVHI_PROBE, __VA_ARGS__),      \
				evhi_good, ~, ~),                                                  \
		      n, sa, id, name, __VA_ARGS__)
#define EVHI_STRUCT_3(...)	    EVHI_STRUCT_4(__VA_ARGS__)
#define EVHI_STRUCT_4(verdict, ...) EVHI_STRUCT_##verdict(__VA_ARGS__)
#define EVHI_STRUCT_evhi_bad(what, n, sa, id, name, ...)                                           \
	(evhi_bad, "struct " EVHI_TEXT(name) ": " what)
#define EVHI_STRUCT_evhi_good(what, n, sa, id, name, ...)                                          \
	EVHI_STRUCT_5(EVHI_SECOND(~EVHI_FOR_##n(EVHI_G, __VA_ARGS__), EVHI_NO, ~),                 \
		      (0 EVHI_FOR_##n(EVHI_N, __VA_ARGS__)), n, sa, id, name, __VA_ARGS__)
#define EVHI_STRUCT_5(...) EVHI_STRUCT_6(__VA_ARGS__)
#define EVHI_STRUCT_6(tag, fields, n, sa, id, name, ...)                                           \
	(evhi_t, 1,                                                                                \
	 (EVHI_CHECK_FIELDS(sa, name, fields) EVHI_SAY_IT(                                         \
		 sa, (0 EVHI_FOR_##n(EVHI_O, __VA_ARGS__)) <= 1,                                   \
		 name ": beside its fields, a struct takes one EVH_TAG and nothing else")          \
		  EVHI_MEMBER(sa, id, name, evhi_format, tag, EVHI_NO)                             \
			  EVHI_FOR_##n(EVHI_M, __VA_ARGS__)),                                      \
	 (EVHI_BYTE(name, EVH_ENCODING_STRUCT, evhi_format, fields, tag, EVHI_NO)                  \
		  EVHI_FOR_##n(EVHI_B, __VA_ARGS__)),                                              \
	 (EVHI_FOR_##n(EVHI_Z, __VA_ARGS__)), (EVHI_FOR_##n(EVHI_C, __VA_ARGS__)))

#define EVHI_CHECK_FIELDS(sa, name, fields)                                                        \
	EVHI_SAY_IT(sa, EVHI_IN_RANGE(fields, 1, 127), name ": a struct has 1 to 127 fields")

#define EVHI_PROBE_NAME(name) EVHI_CAT(EVHI_PROBE_NAME_, EVHI_IS_TUPLE(name))
#define EVHI_PROBE_NAME_0
#define EVHI_PROBE_NAME_1 , evhi_bad, "the name is missing; it comes first"

/* + fields */
#define EVHI_N(kind, ...)	   EVHI_N_##kind(__VA_ARGS__)
#define EVHI_N_evhi_v(...)	   +1
#define EVHI_N_evhi_g(...)	   +1
#define EVHI_N_evhi_c(...)	   +1
#define EVHI_N_evhi_a(...)	   +1
#define EVHI_N_evhi_s(...)	   +1
#define EVHI_N_evhi_z(...)	   +1
#define EVHI_N_evhi_rf(...)	   +1
#define EVHI_N_evhi_x(...)	   +1
#define EVHI_N_evhi_t(...)	   +1
#define EVHI_N_evhi_f(fields, ...) +(fields)
#define EVHI_N_evhi_d(...)
#define EVHI_N_evhi_option(...)
#define EVHI_N_evhi_activity(...)
#define EVHI_N_evhi_tag(...)
#define EVHI_N_evhi_format(...)
#define EVHI_N_evhi_no(...)

/* + what is no field: a tag is one, anything else too many */
#define EVHI_O(kind, ...) EVHI_O_##kind(__VA_ARGS__)
#define EVHI_O_evhi_v(...)
#define EVHI_O_evhi_g(...)
#define EVHI_O_evhi_c(...)
#define EVHI_O_evhi_a(...)
#define EVHI_O_evhi_s(...)
#define EVHI_O_evhi_z(...)
#define EVHI_O_evhi_rf(...)
#define EVHI_O_evhi_x(...)
#define EVHI_O_evhi_t(...)
#define EVHI_O_evhi_f(...)
#define EVHI_O_evhi_d(...)
#define EVHI_O_evhi_option(...)	  +2
#define EVHI_O_evhi_activity(...) +2
#define EVHI_O_evhi_tag(...)	  +1
#define EVHI_O_evhi_format(...)	  +2
#define EVHI_O_evhi_no(...)

/* , (evhi_tag, value): a second argument where there is a tag */
#define EVHI_G(kind, ...) EVHI_G_##kind(__VA_ARGS__)
#define EVHI_G_evhi_v(...)
#define EVHI_G_evhi_g(...)
#define EVHI_G_evhi_c(...)
#define EVHI_G_evhi_a(...)
#define EVHI_G_evhi_s(...)
#define EVHI_G_evhi_z(...)
#define EVHI_G_evhi_rf(...)
#define EVHI_G_evhi_x(...)
#define EVHI_G_evhi_t(...)
#define EVHI_G_evhi_f(...)
#define EVHI_G_evhi_d(...)
#define EVHI_G_evhi_option(...)
#define EVHI_G_evhi_activity(...)
#define EVHI_G_evhi_tag(value) , (evhi_tag, value)
#define EVHI_G_evhi_format(...)
#define EVHI_G_evhi_no(...)

/* ---- Raw metadata ---- */

#define EVHI_RAW_META(...) EVHI_RAW_META_1(__VA_ARGS__)
#define EVHI_RAW_META_1(sa, id, name, encoding, one, two, ...)                                     \
	(evhi_f, 1,                                                                                \
	 (EVHI_CHECK_ENCODING(sa, name, encoding) EVHI_MEMBER(sa, id, name, evhi_no, one, two)),   \
	 (EVHI_BYTE(name, encoding, evhi_no, 0, one, two)))

#define EVHI_RAW_META_ARRAY(...) EVHI_RAW_META_ARRAY_1(__VA_ARGS__)
#define EVHI_RAW_META_ARRAY_1(sa, id, name, encoding, count, one, two, ...)                        \
	(evhi_f, 1,                                                                                \
	 (EVHI_CHECK_ENCODING(sa, name, encoding) EVHI_CHECK_NO_VARRAY(sa, name, encoding)         \
		  EVHI_CHECK_COUNT(sa, name, count) EVHI_MEMBER(sa, id, name, evhi_no, one, two)   \
			  uint16_t evhi_c##id;),                                                   \
	 (EVHI_BYTE(name, (encoding) | EVH_ENCODING_CARRAY, evhi_no, 0, one,                       \
		    two)(uint16_t)(count), ))

/* With its fields, which count for themselves, a raw struct is one field of its parent. */
#define EVHI_RAW_STRUCT(...) EVHI_RAW_STRUCT_1(__VA_ARGS__)
#define EVHI_RAW_STRUCT_1(sa, id, array, name, fields, one, two, ...)                              \
	(evhi_f, 1 - (fields),                                                                     \
	 (EVHI_CHECK_FIELDS(sa, name, fields) EVHI_CHECK_STRUCT_OPTIONS(sa, name, one, two)        \
		  EVHI_MEMBER(sa, id, name, evhi_format, one, two)),                               \
	 (EVHI_BYTE(name, EVH_ENCODING_STRUCT | (array), evhi_format, fields, one, two)))

#define EVHI_RAW_STRUCT_ARRAY(...) EVHI_RAW_STRUCT_ARRAY_1(__VA_ARGS__)
#define EVHI_RAW_STRUCT_ARRAY_1(sa, id, name, fields, count, one, two, ...)                        \
	(evhi_f, 1 - (fields),                                                                     \
	 (EVHI_CHECK_FIELDS(sa, name, fields) EVHI_CHECK_STRUCT_OPTIONS(sa, name, one, two)        \
		  EVHI_CHECK_COUNT(sa, name, count)                                                \
			  EVHI_MEMBER(sa, id, name, evhi_format, one, two) uint16_t evhi_c##id;),  \
	 (EVHI_BYTE(name, EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, evhi_format, fields, one,     \
		    two)(uint16_t)(count), ))

#define EVHI_CHECK_STRUCT_OPTIONS(sa, name, one, two)                                              \
	EVHI_SAY_IT(sa, (0 EVHI_F one EVHI_F two) == 0, name ": a struct has no format")
#define EVHI_F(kind, ...) EVHI_F_##kind
#define EVHI_F_evhi_no
#define EVHI_F_evhi_tag
#define EVHI_F_evhi_format +1
#define EVHI_CHECK_NO_VARRAY(sa, name, encoding)                                                   \
	EVHI_SAY_IT(sa, ((encoding)&EVH_ENCODING_ARRAY_MASK) == 0,                                 \
		    name ": an array is of constant or of variable length, not both")

#endif
