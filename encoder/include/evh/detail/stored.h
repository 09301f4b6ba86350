/* SPDX-License-Identifier: MIT */
/*
 * What each item is when the event is sent: a member of the structure in which its site stores the
 * values, the step by which the library takes it from there, its size, its code. The tuples are in
 * field.h.
 */
#ifndef EVH_DETAIL_STORED_H
#define EVH_DETAIL_STORED_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stddef.h>

#include <evh/detail/check.h>
#include <evh/detail/deduce.h>
#include <evh/detail/list.h>
#include <evh/detail/values.h>

/* ---- + bytes of values of fixed size and of counts, + EVHI_ONE_STEP for each step ---- */

#define EVHI_ONE_STEP  (UINT64_C(1) << 32)
#define EVHI_ONE_SLOW  (UINT64_C(1) << 48)
#define EVHI_SLOW_STEP (EVHI_ONE_SLOW + EVHI_ONE_STEP)

#define EVHI_Z(kind, ...)	      EVHI_Z_##kind(__VA_ARGS__)
#define EVHI_Z_evhi_v(sa, id, T, ...) EVHI_Z_V(EVHI_TYPE_##T)
#define EVHI_Z_V(...)		      EVHI_Z_V_1(__VA_ARGS__)
#define EVHI_Z_V_1(kind, C, ...)      +sizeof(C)
#define EVHI_Z_evhi_g(...)	      +(EVHI_SLOW_STEP + 16)
#define EVHI_Z_evhi_c(sa, id, T, ...) EVHI_Z_C(EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_Z_C(...)		      EVHI_Z_C_1(__VA_ARGS__)
#define EVHI_Z_C_1(kind, C, encoding, fk, fv, name, values, count, ...)                            \
	+(EVHI_SLOW_STEP + sizeof(C) * (count))
#define EVHI_Z_evhi_a(...)				 +(EVHI_SLOW_STEP + 2)
#define EVHI_Z_evhi_s(sa, id, T, ...)			 EVHI_Z_S(EVHI_TYPE_##T)
#define EVHI_Z_S(...)					 EVHI_Z_S_1(__VA_ARGS__)
#define EVHI_Z_S_1(bits, unit, ...)			 +((unit ? EVHI_SLOW_STEP : EVHI_ONE_STEP) + 2)
#define EVHI_Z_evhi_z(...)				 +EVHI_SLOW_STEP
#define EVHI_Z_evhi_d(...)				 +EVHI_SLOW_STEP
#define EVHI_Z_evhi_rf(...)				 +EVHI_SLOW_STEP
#define EVHI_Z_evhi_t(fields, members, bytes, size, ...) EVHI_UNPACK size
#define EVHI_Z_evhi_f(...)
#define EVHI_Z_evhi_x(sa, id, name, value, ...) +(EVHI_SLOW_STEP + EVHI_DEDUCED_FIXED(value))
#define EVHI_Z_evhi_option(...)
#define EVHI_Z_evhi_activity(...)
#define EVHI_Z_evhi_tag(...)
#define EVHI_Z_evhi_format(...)
#define EVHI_Z_evhi_no(...)

/* ---- Members of the structure that a site stores its values in ---- */

#define EVHI_V(kind, ...)					 EVHI_V_##kind(__VA_ARGS__)
#define EVHI_V_evhi_v(sa, id, T, ...)				 EVHI_V_V(id, EVHI_TYPE_##T)
#define EVHI_V_V(...)						 EVHI_V_V_1(__VA_ARGS__)
#define EVHI_V_V_1(id, kind, C, ...)				 C evhi_v##id;
#define EVHI_V_evhi_g(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_c(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_a(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_s(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_z(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_d(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_rf(sa, id, ...)				 struct evhi_place evhi_v##id;
#define EVHI_V_evhi_t(fields, members, bytes, size, values, ...) EVHI_UNPACK values
#define EVHI_V_evhi_f(...)
#define EVHI_V_evhi_x(sa, id, name, value, ...) uint8_t evhi_v##id[EVHI_DEDUCED_SIZE(value)];
#define EVHI_V_evhi_option(...)
#define EVHI_V_evhi_activity(...)
#define EVHI_V_evhi_tag(...)
#define EVHI_V_evhi_format(...)
#define EVHI_V_evhi_no(...)

/* ---- The steps by which they are put behind the metadata; what is stored itself needs none ----
 */

#define EVHI_STEP(id, kind, shift) { offsetof(struct evhi_values, evhi_v##id), kind, shift },

#define EVHI_S(kind, ...) EVHI_S_##kind(__VA_ARGS__)
#define EVHI_S_evhi_v(...)
#define EVHI_S_evhi_g(sa, id, ...)    EVHI_STEP(id, EVHI_FIXED, 0)
#define EVHI_S_evhi_c(sa, id, ...)    EVHI_STEP(id, EVHI_FIXED, 0)
#define EVHI_S_evhi_a(sa, id, T, ...) EVHI_S_A(id, EVHI_TYPE_##T)
#define EVHI_S_A(...)		      EVHI_S_A_1(__VA_ARGS__)
#define EVHI_S_A_1(id, kind, C, encoding, ...)                                                     \
	EVHI_STEP(id, EVHI_COUNTED, (encoding)-EVH_ENCODING_VALUE8)
#define EVHI_S_evhi_s(sa, id, T, ...)					EVHI_S_S(id, EVHI_TYPE_##T)
#define EVHI_S_S(...)							EVHI_S_S_1(__VA_ARGS__)
#define EVHI_S_S_1(id, bits, unit, ...)					EVHI_STEP(id, EVHI_COUNTED, unit)
#define EVHI_S_evhi_z(sa, id, T, ...)					EVHI_S_Z(id, EVHI_TYPE_##T)
#define EVHI_S_Z(...)							EVHI_S_Z_1(__VA_ARGS__)
#define EVHI_S_Z_1(id, bits, unit, ...)					EVHI_STEP(id, EVHI_ZERO, unit)
#define EVHI_S_evhi_d(sa, id, ...)					EVHI_STEP(id, EVHI_RAW, 0)
#define EVHI_S_evhi_rf(sa, id, ...)					EVHI_STEP(id, EVHI_RAW, 0)
#define EVHI_S_evhi_t(fields, members, bytes, size, values, steps, ...) EVHI_UNPACK steps
#define EVHI_S_evhi_f(...)
#define EVHI_S_evhi_x(sa, id, name, value, ...)                                                    \
	EVHI_STEP(id, EVHI_DEDUCED_KIND(value), EVHI_DEDUCED_SHIFT(value))
#define EVHI_S_evhi_option(...)
#define EVHI_S_evhi_activity(...)
#define EVHI_S_evhi_tag(...)
#define EVHI_S_evhi_format(...)
#define EVHI_S_evhi_no(...)

/*
 * ---- Code: operands of one comma expression, so that what a C++ value refers to lives until the
 * event is sent, and that values are evaluated in order ----
 */

#define EVHI_AT(id, at)		  evhi_values.evhi_v##id.evhi_at = at,
#define EVHI_PLACE(id, at, count) EVHI_AT(id, at) evhi_values.evhi_v##id.evhi_count = count,

#define EVHI_PLACE_0(id, at, count)                                                                \
	EVHI_AT(id, at) evhi_total += evhi_values.evhi_v##id.evhi_count = count,
#define EVHI_PLACE_1(id, at, count) EVHI_PLACE(id, at, count)
#define EVHI_PLACE_2(id, at, count) EVHI_PLACE(id, at, count)

#define EVHI_C(kind, ...)	      EVHI_C_##kind(__VA_ARGS__)
#define EVHI_C_evhi_v(sa, id, T, ...) EVHI_C_V(id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_V(...)		      EVHI_C_V_1(__VA_ARGS__)
#define EVHI_C_V_1(id, kind, C, encoding, fk, fv, name, value, ...)                                \
	evhi_values.evhi_v##id = EVHI_VALUE(kind, C, value),
#define EVHI_C_evhi_g(sa, id, T, name, value, ...) EVHI_PLACE(id, (EVHI_BYTES(value)), 16)
#define EVHI_C_evhi_c(sa, id, T, ...)		   EVHI_C_C(id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_C(...)				   EVHI_C_C_1(__VA_ARGS__)
#define EVHI_C_C_1(id, kind, C, encoding, fk, fv, name, values, count, ...)                        \
	EVHI_PLACE(id, (EVHI_ARRAY(kind, C, values)), (sizeof(C) * (count)))
#define EVHI_C_evhi_a(sa, id, T, ...) EVHI_C_A(id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_A(...)		      EVHI_C_A_1(__VA_ARGS__)
#define EVHI_C_A_1(id, kind, C, encoding, fk, fv, name, values, count, ...)                        \
	EVHI_PLACE(id, (EVHI_ARRAY(kind, C, values)), (count))
#define EVHI_C_evhi_s(sa, id, T, ...) EVHI_C_S(id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_S(...)		      EVHI_C_S_1(__VA_ARGS__)
#define EVHI_C_S_1(id, bits, unit, encoding, fk, fv, name, text, count, ...)                       \
	EVHI_PLACE_##unit(id, (EVHI_STRING(bits, text)), (count))
#define EVHI_C_evhi_z(sa, id, T, ...) EVHI_C_Z(id, EVHI_TYPE_##T, __VA_ARGS__)
#define EVHI_C_Z(...)		      EVHI_C_Z_1(__VA_ARGS__)
#define EVHI_C_Z_1(id, bits, unit, encoding, fk, fv, name, text, ...)                              \
	EVHI_AT(id, (EVHI_STRING(bits, text)))
#define EVHI_C_evhi_d(sa, id, bytes, size) EVHI_PLACE(id, (EVHI_BLOCK(bytes)), (size))
#define EVHI_C_evhi_rf(sa, id, name, encoding, bytes, size, ...)                                   \
	EVHI_PLACE(id, (EVHI_BLOCK(bytes)), (size))
#define EVHI_C_evhi_t(fields, members, bytes, size, values, steps, code) EVHI_UNPACK code
#define EVHI_C_evhi_f(...)
#define EVHI_C_evhi_x(sa, id, name, value, ...) EVHI_PUT_DEDUCED(evhi_values.evhi_v##id, value),
#define EVHI_C_evhi_option(...)
#define EVHI_C_evhi_activity(ids, there, checks, code) EVHI_UNPACK code
#define EVHI_C_evhi_tag(...)
#define EVHI_C_evhi_format(...)
#define EVHI_C_evhi_no(...)

#endif
