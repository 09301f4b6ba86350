/* SPDX-License-Identifier: MIT */
/*
 * Structs, and metadata without a value: items that are worked out where they are written, because
 * a list can't be walked through within the walk through another. The tuples are in field.h.
 */
#ifndef EVH_DETAIL_STRUCTS_H
#define EVH_DETAIL_STRUCTS_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/metadata.h>
#include <evh/detail/mistakes.h>
#include <evh/detail/stored.h>

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
	 (EVHI_FOR_##n(EVHI_Z, __VA_ARGS__)), (EVHI_FOR_##n(EVHI_V, __VA_ARGS__)),                 \
	 (EVHI_FOR_##n(EVHI_S, __VA_ARGS__)), (EVHI_FOR_##n(EVHI_C, __VA_ARGS__)))

#define EVHI_CHECK_FIELDS(sa, name, fields)                                                        \
	EVHI_SAY_IT(sa, EVHI_IN_RANGE(fields, 1, 127), name ": a struct has 1 to 127 fields")

#define EVHI_PROBE_NAME(name) EVHI_CAT(EVHI_PROBE_NAME_, EVHI_IS_MISSING(name))
#define EVHI_PROBE_NAME_0
#define EVHI_PROBE_NAME_1 , evhi_bad, "the name is missing; it comes first",

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

/* M(...), or a mistake: `probe` is what EVHI_PROBE_OPTIONS says. */
#define EVHI_RAW(probe, ...)		  EVHI_RAW_1(EVHI_PICK(~probe, evhi_good, ~, ~), __VA_ARGS__)
#define EVHI_RAW_1(...)			  EVHI_RAW_2(__VA_ARGS__)
#define EVHI_RAW_2(verdict, what, M, ...) EVHI_RAW_##verdict(what, M, __VA_ARGS__)
#define EVHI_RAW_evhi_bad(what, M, ...)	  (evhi_bad, what)
#define EVHI_RAW_evhi_good(what, M, ...)  M(__VA_ARGS__)

#define EVHI_RAW_META(...) EVHI_RAW_META_1(__VA_ARGS__, evhi_end, evhi_end)
#define EVHI_RAW_META_1(sa, id, name, encoding, one, two, ...)                                     \
	EVHI_RAW(EVHI_PROBE_OPTIONS(name, one, two, "a name and an encoding"), EVHI_RAW_META_2,    \
		 sa, id, name, encoding, one, two)
#define EVHI_RAW_META_2(sa, id, name, encoding, one, two)                                          \
	(evhi_f, 1,                                                                                \
	 (EVHI_CHECK_ENCODING(sa, name, encoding) EVHI_MEMBER(sa, id, name, evhi_no, one, two)),   \
	 (EVHI_BYTE(name, encoding, evhi_no, 0, one, two)))

#define EVHI_RAW_META_ARRAY(...) EVHI_RAW_META_ARRAY_1(__VA_ARGS__, evhi_end, evhi_end)
#define EVHI_RAW_META_ARRAY_1(sa, id, name, encoding, count, one, two, ...)                        \
	EVHI_RAW(EVHI_PROBE_OPTIONS(name, one, two, "a name, an encoding and a number"),           \
		 EVHI_RAW_META_ARRAY_2, sa, id, name, encoding, count, one, two)
#define EVHI_RAW_META_ARRAY_2(sa, id, name, encoding, count, one, two)                             \
	(evhi_f, 1,                                                                                \
	 (EVHI_CHECK_ENCODING(sa, name, encoding) EVHI_CHECK_NO_VARRAY(sa, name, encoding)         \
		  EVHI_CHECK_COUNT(sa, name, count) EVHI_MEMBER(sa, id, name, evhi_no, one, two)   \
			  uint16_t evhi_c##id;),                                                   \
	 (EVHI_BYTE(name, (encoding) | EVH_ENCODING_CARRAY, evhi_no, 0, one,                       \
		    two)(uint16_t)(count), ))

/* With its fields, which count for themselves, a raw struct is one field of its parent. */
#define EVHI_RAW_STRUCT(...) EVHI_RAW_STRUCT_1(__VA_ARGS__, evhi_end, evhi_end)
#define EVHI_RAW_STRUCT_1(sa, id, array, name, fields, one, two, ...)                              \
	EVHI_RAW(EVHI_PROBE_OPTIONS(name, one, two, "a name and the number of its fields"),        \
		 EVHI_RAW_STRUCT_2, sa, id, array, name, fields, one, two)
#define EVHI_RAW_STRUCT_2(sa, id, array, name, fields, one, two)                                   \
	(evhi_f, 1 - (fields),                                                                     \
	 (EVHI_CHECK_FIELDS(sa, name, fields) EVHI_CHECK_STRUCT_OPTIONS(sa, name, one, two)        \
		  EVHI_MEMBER(sa, id, name, evhi_format, one, two)),                               \
	 (EVHI_BYTE(name, EVH_ENCODING_STRUCT | (array), evhi_format, fields, one, two)))

#define EVHI_RAW_STRUCT_ARRAY(...) EVHI_RAW_STRUCT_ARRAY_1(__VA_ARGS__, evhi_end, evhi_end)
#define EVHI_RAW_STRUCT_ARRAY_1(sa, id, name, fields, count, one, two, ...)                        \
	EVHI_RAW(EVHI_PROBE_OPTIONS(name, one, two,                                                \
				    "a name, a number of fields and one of elements"),             \
		 EVHI_RAW_STRUCT_ARRAY_2, sa, id, name, fields, count, one, two)
#define EVHI_RAW_STRUCT_ARRAY_2(sa, id, name, fields, count, one, two)                             \
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
