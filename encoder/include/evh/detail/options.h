/* SPDX-License-Identifier: MIT */
/*
 * The options among the items of an event: its level, keyword, opcode, tag, id and activity. The
 * tuples are in field.h.
 */
#ifndef EVH_DETAIL_OPTIONS_H
#define EVH_DETAIL_OPTIONS_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stdint.h>

#include <evh/detail/list.h>
#include <evh/format.h>

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

#endif
