/* SPDX-License-Identifier: MIT */
/*
 * Mistakes in an item's form, so that all that is said of one is a sentence: EVHI_PROBE(item) is
 * EVHI_PROBE_ALONE, or `, evhi_bad, "what is wrong",`. The tuples are in field.h.
 *
 * A value with a comma in it that has no parentheses is several arguments, and one that was
 * forgotten is none: in both cases what stands where the options belong is none.
 */
#ifndef EVH_DETAIL_MISTAKES_H
#define EVH_DETAIL_MISTAKES_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/list.h>

#define EVHI_PROBE(x) EVHI_CAT(EVHI_PROBE_, EVHI_IS_TUPLE(x))(x)
#define EVHI_PROBE_0(x)                                                                            \
	, evhi_bad, EVHI_TEXT(x) " is no field and no option (or is a comma too many)",
#define EVHI_PROBE_1(x)		EVHI_PROBE_2 x
#define EVHI_PROBE_2(kind, ...) EVHI_PROBE_##kind(__VA_ARGS__, evhi_end, evhi_end) EVHI_PROBE_ALONE
#define EVHI_PROBE_evhi_v(sa, id, T, name, value, one, two, ...)                                   \
	EVHI_SECOND(EVHI_ANY_##T, EVHI_PROBE_VALUE, ~)                                             \
	(name, value, one, two, "a name and one value")
#define EVHI_PROBE_evhi_g(sa, id, T, name, value, one, two, ...)                                   \
	EVHI_PROBE_VALUE(name, value, one, two, "a name and one value")
#define EVHI_PROBE_evhi_c(sa, id, T, name, values, count, one, two, ...)                           \
	EVHI_PROBE_VALUE(name, values, one, two, "a name, the values and their number")
#define EVHI_PROBE_evhi_a(sa, id, T, name, values, count, one, two, ...)                           \
	EVHI_PROBE_VALUE(name, values, one, two, "a name, the values and their number")
#define EVHI_PROBE_evhi_s(sa, id, T, name, text, count, one, two, ...)                             \
	EVHI_PROBE_VALUE(name, text, one, two, "a name, where the text or bytes are and how many")
#define EVHI_PROBE_evhi_z(sa, id, T, name, text, one, two, ...)                                    \
	EVHI_PROBE_VALUE(name, text, one, two, "a name and one string")
#define EVHI_PROBE_evhi_rf(sa, id, name, encoding, bytes, size, one, two, ...)                     \
	EVHI_PROBE_VALUE(name, bytes, one, two, "a name, an encoding, the bytes and their number")
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
#define EVHI_PROBE_evhi_bad(what, ...) , evhi_bad, what,

/* Becomes one only in front of another tuple. */
#define EVHI_PROBE_ALONE(kind, ...)                                                                \
	, evhi_bad,                                                                                \
		"a comma is missing in front of " EVHI_SECOND(EVHI_NAMED_##kind,                   \
							      EVHI_NAME_OF_OTHER, ~)(__VA_ARGS__),
#define EVHI_NAMED_evhi_v			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAMED_evhi_g			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAMED_evhi_c			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAMED_evhi_a			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAMED_evhi_s			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAMED_evhi_z			 ~, EVHI_NAME_OF_TYPED
#define EVHI_NAME_OF_TYPED(sa, id, T, name, ...) "field " EVHI_TEXT(name)
#define EVHI_NAME_OF_OTHER(...)			 "a field or option"

#define EVHI_PROBE_VALUE(name, value, one, two, what)                                              \
	EVHI_CAT(EVHI_PROBE_VALUE_, EVHI_CAT(EVHI_IS_TUPLE(value), EVHI_IS_MISSING(value)))        \
	(name, one, two, what)
#define EVHI_PROBE_VALUE_00(name, one, two, what) EVHI_PROBE_OPTIONS(name, one, two, what)
#define EVHI_PROBE_VALUE_11(name, one, two, what) EVHI_PROBE_OPTIONS(name, one, two, what)
#define EVHI_PROBE_VALUE_01(name, one, two, what) EVHI_PROBE_OPTIONS_00(name, one, two, what)

/* The name of a function, which may be one of a macro, too. */
#define EVHI_ANY_evhi_POINTER				  ~, EVHI_PROBE_ANY_VALUE
#define EVHI_ANY_evhi_CODE_POINTER			  ~, EVHI_PROBE_ANY_VALUE
#define EVHI_PROBE_ANY_VALUE(name, value, one, two, what) EVHI_PROBE_OPTIONS(name, one, two, what)

#define EVHI_PROBE_OPTIONS(name, one, two, what)                                                   \
	EVHI_CAT(EVHI_PROBE_OPTIONS_, EVHI_CAT(EVHI_IS_TUPLE(one), EVHI_IS_TUPLE(two)))            \
	(name, one, two, what)
#define EVHI_PROBE_OPTIONS_00(name, one, two, what)                                                \
	, evhi_bad,                                                                                \
		"field " EVHI_TEXT(name) " takes " what                                            \
					 " (in parentheses where there is a comma in it), then "   \
					 "EVH_TAG and EVH_FORMAT if any",
#define EVHI_PROBE_OPTIONS_01(name, one, two, what) EVHI_PROBE_OPTIONS_00(name, one, two, what)
#define EVHI_PROBE_OPTIONS_10(name, one, two, what) EVHI_PROBE_OPTIONS_00(name, one, two, what)
#define EVHI_PROBE_OPTIONS_11(name, one, two, what)                                                \
	EVHI_PROBE_KINDS(name, EVHI_KIND one, EVHI_KIND two)
#define EVHI_PROBE_KINDS(...) EVHI_PROBE_KINDS_1(__VA_ARGS__)
#define EVHI_PROBE_KINDS_1(name, k1, k2)                                                           \
	EVHI_SECOND(EVHI_OPTIONS_##k1##_##k2, EVHI_PROBE_NO_OPTION, ~)(name)
#define EVHI_PROBE_NO_OPTION(name)                                                                 \
	, evhi_bad,                                                                                \
		"field " EVHI_TEXT(name) " takes one EVH_TAG, one EVH_FORMAT and no other option",
#define EVHI_PROBE_NO_VALUE(name)                                                                  \
	, evhi_bad, "field " EVHI_TEXT(name) ": EVH_TAG or EVH_FORMAT is given no value",
#define EVHI_PROBE_FINE(name) EVHI_CAT(EVHI_PROBE_FINE_, EVHI_IS_MISSING(name))
#define EVHI_PROBE_FINE_0
#define EVHI_PROBE_FINE_1		  , evhi_bad, "a field without a name; it comes first",
#define EVHI_OPTIONS_evhi_no_evhi_no	  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_tag_evhi_no	  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_format_evhi_no  ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_tag_evhi_format ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_format_evhi_tag ~, EVHI_PROBE_FINE
#define EVHI_OPTIONS_evhi_bad_evhi_no	  ~, EVHI_PROBE_NO_VALUE
#define EVHI_OPTIONS_evhi_tag_evhi_bad	  ~, EVHI_PROBE_NO_VALUE
#define EVHI_OPTIONS_evhi_format_evhi_bad ~, EVHI_PROBE_NO_VALUE

/* EVHI_PICK(~ <results of EVHI_PROBE>, evhi_good, ~, ~): the first mistake, or evhi_good, ~. */
#define EVHI_PICK(...)			   EVHI_PICK_1(__VA_ARGS__)
#define EVHI_PICK_1(a, verdict, what, ...) verdict, what

#endif
