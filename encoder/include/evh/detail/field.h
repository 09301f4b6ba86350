/* SPDX-License-Identifier: MIT */
/*
 * From one field of provider.h to everything the event's site needs of it: its part of the metadata
 * (members and initializers), its checks, its space and its code. No field type is named here, they
 * are in evh/fields.h.
 *
 * A field is the tuple
 *	(evhi_field, fields, variable, fixed, (members), (initializers), (checks), (code))
 * fields: how many of its parent's fields it is; variable: how many values of unknown size it has;
 * fixed: bytes of all others. Members end in ';', initializers and code begin with ','. The code is
 * operands of one comma expression, so that what a C++ value refers to lives until the event is
 * sent. It may use evhi_p (where the next byte goes) and EVHI_SITE_BUFFER.
 *
 * `id` makes names of members unique; it is __COUNTER__.
 */
#ifndef EVH_DETAIL_FIELD_H
#define EVH_DETAIL_FIELD_H

#include <evh/detail/check.h>
#include <evh/detail/list.h>
#include <evh/detail/parts.h>
#include <evh/detail/put.h>
#include <evh/format.h>

/*
 * The builder that all others end in. fk, fv: the format that the type has by itself, as
 * evhi_format and a value, or evhi_none. one, two: the caller's options. The lists in parentheses
 * add to what every field has.
 */
#define EVHI_FIELD(id, name, encoding, fk, fv, one, two, members, initializers, variable, fixed,   \
		   checks, code)                                                                   \
	(evhi_field, 1, variable, fixed,                                                           \
	 (char evhi_name##id[sizeof(name)]; uint8_t evhi_encoding##id;                             \
	  EVHI_OPTIONS(EVHI_ATTRIBUTE_MEMBERS, one, two, fk, fv, id) EVHI_UNPACK members),         \
	 (, name,                                                                                  \
	  EVHI_OPTIONS(EVHI_ATTRIBUTE_VALUES, one, two, fk, fv, encoding)                          \
		  EVHI_UNPACK initializers),                                                       \
	 (EVHI_CHECK_NAME(name, "a field name")                                                    \
		  EVHI_OPTIONS(EVHI_ATTRIBUTE_CHECKS, one, two, name) EVHI_UNPACK checks),         \
	 code)

/* What stands between a field's encoding and its count: nothing, a format, or format and tag. */
#define EVHI_ATTRIBUTE_MEMBERS(of, ov, tk, tv, fk, fv, id)                                         \
	EVHI_ATTRIBUTE_MEMBERS_1(EVHI_EFFECTIVE_##of(fk, fv, ov), tk, id)
#define EVHI_ATTRIBUTE_MEMBERS_1(...)		 EVHI_ATTRIBUTE_MEMBERS_2(__VA_ARGS__)
#define EVHI_ATTRIBUTE_MEMBERS_2(fk, fv, tk, id) EVHI_EXTRA_MEMBERS_##fk##_##tk(id)
#define EVHI_EXTRA_MEMBERS_evhi_none_evhi_none(id)
#define EVHI_EXTRA_MEMBERS_evhi_format_evhi_none(id) uint8_t evhi_format##id;
#define EVHI_EXTRA_MEMBERS_evhi_none_evhi_tag(id)                                                  \
	uint8_t evhi_format##id;                                                                   \
	uint16_t evhi_tag##id;
#define EVHI_EXTRA_MEMBERS_evhi_format_evhi_tag(id)                                                \
	uint8_t evhi_format##id;                                                                   \
	uint16_t evhi_tag##id;

#define EVHI_ATTRIBUTE_VALUES(of, ov, tk, tv, fk, fv, encoding)                                    \
	EVHI_ATTRIBUTE_VALUES_1(EVHI_EFFECTIVE_##of(fk, fv, ov), tk, tv, encoding)
#define EVHI_ATTRIBUTE_VALUES_1(...)		       EVHI_ATTRIBUTE_VALUES_2(__VA_ARGS__)
#define EVHI_ATTRIBUTE_VALUES_2(fk, fv, tk, tv, e)     EVHI_EXTRA_VALUES_##fk##_##tk(e, fv, tv)
#define EVHI_EXTRA_VALUES_evhi_none_evhi_none(e, f, t) (uint8_t)(e)
#define EVHI_EXTRA_VALUES_evhi_format_evhi_none(e, f, t)                                           \
	(uint8_t)((e) | EVH_ENCODING_HAS_FORMAT), (uint8_t)(f)
#define EVHI_EXTRA_VALUES_evhi_none_evhi_tag(e, f, t)                                              \
	(uint8_t)((e) | EVH_ENCODING_HAS_FORMAT), (uint8_t)EVH_FORMAT_HAS_TAG, (uint16_t)(t)
#define EVHI_EXTRA_VALUES_evhi_format_evhi_tag(e, f, t)                                            \
	(uint8_t)((e) | EVH_ENCODING_HAS_FORMAT), (uint8_t)((f) | EVH_FORMAT_HAS_TAG), (uint16_t)(t)

#define EVHI_EFFECTIVE_evhi_none(fk, fv, ov)   fk, fv
#define EVHI_EFFECTIVE_evhi_format(fk, fv, ov) evhi_format, ov

#define EVHI_ATTRIBUTE_CHECKS(of, ov, tk, tv, name)                                                \
	EVHI_CHECK_OF_##of(ov, name) EVHI_CHECK_OF_##tk(tv, name)
#define EVHI_CHECK_OF_evhi_none(value, name)
#define EVHI_CHECK_OF_evhi_format(value, name)                                                     \
	EVHI_ASSERT(                                                                               \
		EVHI_IN_RANGE(value, 1, 127) && (value) != EVH_FORMAT_IP_ADDRESS_OLD, name         \
		": a format is one of enum evh_format, not DEFAULT and not the old IP_ADDRESS")
#define EVHI_CHECK_OF_evhi_tag(value, name)                                                        \
	EVHI_ASSERT(EVHI_IN_RANGE(value, 1, 65535), name                                           \
		    ": the tag of a field is 1 to 65535; 0 is the tag of a field without one")

/*
 * One value. type: (kind, C type, how it is put, encoding, fk, fv), see evh/fields.h.
 * The list of arguments is opened in two steps: a macro counts its arguments before it expands
 * them.
 */
#define EVHI_SCALAR(type, ...) EVHI_SCALAR_1(__COUNTER__, EVHI_UNPACK type, __VA_ARGS__)
#define EVHI_SCALAR_1(...)     EVHI_SCALAR_2(__VA_ARGS__)
#define EVHI_SCALAR_2(id, kind, T, how, encoding, fk, fv, name, value, one, two, ...)              \
	EVHI_FIELD(id, name, encoding, fk, fv, one, two, (), (), 0, EVHI_SIZE_##kind(T),           \
		   (EVHI_CHECK_SCALAR_##kind(T, name, value)), (EVHI_PUT_##kind(T, how, value)))

#define EVHI_SIZE_evhi_integer(T) sizeof(T)
#define EVHI_SIZE_evhi_number(T)  sizeof(T)
#define EVHI_SIZE_evhi_boolean(T) sizeof(T)
#define EVHI_SIZE_evhi_address(T) sizeof(T)
#define EVHI_SIZE_evhi_bytes(T)	  16

#define EVHI_CHECK_SCALAR_evhi_integer(T, name, v) EVHI_CHECK_VALUE(evhi_integer, T, name, v)
#define EVHI_CHECK_SCALAR_evhi_number(T, name, v)  EVHI_CHECK_VALUE(evhi_number, T, name, v)
#define EVHI_CHECK_SCALAR_evhi_boolean(T, name, v) EVHI_CHECK_VALUE(evhi_boolean, T, name, v)
#define EVHI_CHECK_SCALAR_evhi_address(T, name, v) EVHI_CHECK_VALUE(evhi_address, T, name, v)
#define EVHI_CHECK_SCALAR_evhi_bytes(T, name, v)   EVHI_CHECK_BYTES(name, v)

#define EVHI_PUT_evhi_integer(T, how, v) , evhi_p = how(evhi_p, EVHI_VALUE(evhi_integer, T, v))
#define EVHI_PUT_evhi_number(T, how, v)	 , evhi_p = how(evhi_p, EVHI_VALUE(evhi_number, T, v))
#define EVHI_PUT_evhi_boolean(T, how, v) , evhi_p = how(evhi_p, EVHI_VALUE(evhi_boolean, T, v))
#define EVHI_PUT_evhi_address(T, how, v) , evhi_p = how(evhi_p, EVHI_VALUE(evhi_address, T, v))
#define EVHI_PUT_evhi_bytes(T, how, v)	 , evhi_p = evhi_put_fixed(evhi_p, EVHI_BYTES(v), 16)

/* `count` values at `values`; count is a constant and stands in the metadata. */
#define EVHI_CONSTANT_ARRAY(type, ...)                                                             \
	EVHI_CONSTANT_ARRAY_1(__COUNTER__, EVHI_UNPACK type, __VA_ARGS__)
#define EVHI_CONSTANT_ARRAY_1(...) EVHI_CONSTANT_ARRAY_2(__VA_ARGS__)
#define EVHI_CONSTANT_ARRAY_2(id, kind, T, how, encoding, fk, fv, name, values, count, one, two,   \
			      ...)                                                                 \
	EVHI_FIELD(id, name, (encoding) | EVH_ENCODING_CARRAY, fk, fv, one, two,                   \
		   (uint16_t evhi_count##id;), (, (uint16_t)(count)), 0, sizeof(T) * (count),      \
		   (EVHI_CHECK_COUNT(name, count) EVHI_CHECK_ARRAY(kind, T, name, values)),        \
		   (, evhi_p = evhi_put_fixed(evhi_p, EVHI_ARRAY(kind, T, values),                 \
					      sizeof(T) * (count))))

#define EVHI_CHECK_COUNT(name, count)                                                              \
	EVHI_ASSERT(EVHI_IN_RANGE(count, 1, 65535),                                                \
		    name ": a constant array has 1 to 65535 elements")

/* `count` values at `values`; count is known at run time and stands in front of them. */
#define EVHI_VARIABLE_ARRAY(type, ...)                                                             \
	EVHI_VARIABLE_ARRAY_1(__COUNTER__, EVHI_UNPACK type, __VA_ARGS__)
#define EVHI_VARIABLE_ARRAY_1(...) EVHI_VARIABLE_ARRAY_2(__VA_ARGS__)
#define EVHI_VARIABLE_ARRAY_2(id, kind, T, how, encoding, fk, fv, name, values, count, one, two,   \
			      ...)                                                                 \
	EVHI_FIELD(id, name, (encoding) | EVH_ENCODING_VARRAY, fk, fv, one, two, (), (), 1, 2,     \
		   (EVHI_CHECK_ARRAY(kind, T, name, values)),                                      \
		   (, evhi_p = evhi_put_counted(EVHI_SITE_BUFFER, EVHI_ARRAY(kind, T, values),     \
						count, sizeof(T))))

/* A string of `count` units. type: (bits of a unit, encoding, fk, fv). */
#define EVHI_COUNTED(type, ...) EVHI_COUNTED_1(__COUNTER__, EVHI_UNPACK type, __VA_ARGS__)
#define EVHI_COUNTED_1(...)	EVHI_COUNTED_2(__VA_ARGS__)
#define EVHI_COUNTED_2(id, bits, encoding, fk, fv, name, text, count, one, two, ...)               \
	EVHI_FIELD(id, name, encoding, fk, fv, one, two, (), (), 1, 2,                             \
		   (EVHI_CHECK_TEXT(bits, name, text)),                                            \
		   (, evhi_p = evhi_put_counted(EVHI_SITE_BUFFER, EVHI_STRING(bits, text), count,  \
						(bits) / 8)))

/* A string up to its zero unit. */
#define EVHI_TERMINATED(type, ...) EVHI_TERMINATED_1(__COUNTER__, EVHI_UNPACK type, __VA_ARGS__)
#define EVHI_TERMINATED_1(...)	   EVHI_TERMINATED_2(__VA_ARGS__)
#define EVHI_TERMINATED_2(id, bits, encoding, fk, fv, name, text, one, two, ...)                   \
	EVHI_FIELD(id, name, encoding, fk, fv, one, two, (), (), 1, 0,                             \
		   (EVHI_CHECK_TEXT(bits, name, text)),                                            \
		   (, evhi_p = evhi_put_z##bits(EVHI_SITE_BUFFER, EVHI_STRING(bits, text))))

/* `size` bytes of anything, behind their number. */
#define EVHI_BLOB(...)	 EVHI_BLOB_1(__COUNTER__, __VA_ARGS__)
#define EVHI_BLOB_1(...) EVHI_BLOB_2(__VA_ARGS__)
#define EVHI_BLOB_2(id, name, bytes, size, one, two, ...)                                          \
	EVHI_FIELD(id, name, EVH_ENCODING_BINARY, evhi_none, 0, one, two, (), (), 1, 2,            \
		   (EVHI_CHECK_BLOCK(name, bytes)),                                                \
		   (, evhi_p = evhi_put_counted(EVHI_SITE_BUFFER, EVHI_BLOCK(bytes), size, 1)))

/*
 * A struct over a list of fields. Its tag is an item of that list, so it is looked for there; the
 * count of fields is its format.
 */
#define EVHI_STRUCT(...)   EVHI_STRUCT_1(__COUNTER__, __VA_ARGS__)
#define EVHI_STRUCT_1(...) EVHI_STRUCT_2(__VA_ARGS__)
#define EVHI_STRUCT_2(id, name, ...)                                                               \
	EVHI_STRUCT_3(EVHI_SECOND(~EVHI_EACH(EVHI_FIND_TAG, __VA_ARGS__), EVHI_NO, ~), id, name,   \
		      (0 EVHI_EACH(EVHI_FIELDS, __VA_ARGS__)), __VA_ARGS__)
#define EVHI_STRUCT_3(...) EVHI_STRUCT_4(__VA_ARGS__)
#define EVHI_STRUCT_4(tag, id, name, fields, ...)                                                  \
	EVHI_FIELD(id, name, EVH_ENCODING_STRUCT, evhi_format, fields, tag, EVHI_NO,               \
		   (EVHI_EACH(EVHI_MEMBERS, __VA_ARGS__)),                                         \
		   (EVHI_EACH(EVHI_INITIALIZERS, __VA_ARGS__)),                                    \
		   (0 EVHI_EACH(EVHI_VARIABLE, __VA_ARGS__)),                                      \
		   (0 EVHI_EACH(EVHI_FIXED, __VA_ARGS__)),                                         \
		   (EVHI_CHECK_FIELDS(name, fields) EVHI_CHECK_ITEMS(name, __VA_ARGS__)            \
			    EVHI_EACH(EVHI_CHECKS, __VA_ARGS__)),                                  \
		   (EVHI_EACH(EVHI_CODE, __VA_ARGS__)))

#define EVHI_CHECK_FIELDS(name, fields)                                                            \
	EVHI_ASSERT(EVHI_IN_RANGE(fields, 1, 127), name ": a struct has 1 to 127 fields")
#define EVHI_CHECK_ITEMS(name, ...)                                                                \
	EVHI_ASSERT((UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__)) <= EVHI_COUNT_TAG &&         \
			    ((UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__)) &                   \
			     (EVHI_COUNT_TAG - 1)) == 0,                                           \
		    name ": beside its fields, a struct takes one EVH_TAG and nothing else")

/* The raw forms: metadata and payload apart from each other. */
#define EVHI_RAW_PUT(bytes, size) , evhi_p = evhi_put_raw(EVHI_SITE_BUFFER, EVHI_BLOCK(bytes), size)

#define EVHI_RAW_FIELD(...) EVHI_RAW_FIELD_1(__VA_ARGS__)
#define EVHI_RAW_FIELD_1(id, name, encoding, bytes, size, one, two, ...)                           \
	EVHI_FIELD(id, name, encoding, evhi_none, 0, one, two, (), (), 1, 0,                       \
		   (EVHI_CHECK_ENCODING(name, encoding) EVHI_CHECK_BLOCK(name, bytes)),            \
		   (EVHI_RAW_PUT(bytes, size)))

#define EVHI_RAW_META(...) EVHI_RAW_META_1(__VA_ARGS__)
#define EVHI_RAW_META_1(id, name, encoding, one, two, ...)                                         \
	EVHI_FIELD(id, name, encoding, evhi_none, 0, one, two, (), (), 0, 0,                       \
		   (EVHI_CHECK_ENCODING(name, encoding)), ())

#define EVHI_RAW_META_ARRAY(...) EVHI_RAW_META_ARRAY_1(__VA_ARGS__)
#define EVHI_RAW_META_ARRAY_1(id, name, encoding, count, one, two, ...)                            \
	EVHI_FIELD(id, name, (encoding) | EVH_ENCODING_CARRAY, evhi_none, 0, one, two,             \
		   (uint16_t evhi_count##id;), (, (uint16_t)(count)), 0, 0,                        \
		   (EVHI_CHECK_ENCODING(name, encoding) EVHI_CHECK_NO_VARRAY(name, encoding)       \
			    EVHI_CHECK_COUNT(name, count)),                                        \
		   ())

/*
 * The fields that follow are counted by themselves, so a raw struct takes their number off again:
 * with them it is one field of its parent.
 */
#define EVHI_RAW_STRUCT(...) EVHI_RAW_STRUCT_1(__VA_ARGS__)
#define EVHI_RAW_STRUCT_1(id, array, name, fields, one, two, ...)                                  \
	EVHI_RAW_STRUCT_2(fields, EVHI_FIELD(id, name, EVH_ENCODING_STRUCT | (array), evhi_format, \
					     fields, one, two, (), (), 0, 0,                       \
					     (EVHI_CHECK_FIELDS(name, fields)                      \
						      EVHI_CHECK_STRUCT_OPTIONS(name, one, two)),  \
					     ()))

#define EVHI_RAW_STRUCT_ARRAY(...) EVHI_RAW_STRUCT_ARRAY_1(__VA_ARGS__)
#define EVHI_RAW_STRUCT_ARRAY_1(id, name, fields, count, one, two, ...)                            \
	EVHI_RAW_STRUCT_2(fields,                                                                  \
			  EVHI_FIELD(id, name, EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY,          \
				     evhi_format, fields, one, two, (uint16_t evhi_count##id;),    \
				     (, (uint16_t)(count)), 0, 0,                                  \
				     (EVHI_CHECK_FIELDS(name, fields) EVHI_CHECK_STRUCT_OPTIONS(   \
					     name, one, two) EVHI_CHECK_COUNT(name, count)),       \
				     ()))

#define EVHI_RAW_STRUCT_2(fields, item)	   EVHI_RAW_STRUCT_3(fields, EVHI_UNPACK item)
#define EVHI_RAW_STRUCT_3(...)		   EVHI_RAW_STRUCT_4(__VA_ARGS__)
#define EVHI_RAW_STRUCT_4(n, kind, f, ...) (kind, f - (n), __VA_ARGS__)

#define EVHI_CHECK_STRUCT_OPTIONS(name, one, two)                                                  \
	EVHI_ASSERT((UINT64_C(0) EVHI_COUNTS(one) EVHI_COUNTS(two)) % EVHI_COUNT_TAG == 0,         \
		    name ": a struct has no format")
#define EVHI_CHECK_NO_VARRAY(name, encoding)                                                       \
	EVHI_ASSERT(((encoding)&EVH_ENCODING_ARRAY_MASK) == 0,                                     \
		    name ": an array is of constant or of variable length, not both")

#endif
