/* SPDX-License-Identifier: MIT */
/*
 * What a list of items amounts to: for each thing that an event's site or a struct needs, a macro
 * that takes it out of one item, to be applied by EVHI_EACH. Only taking apart happens here.
 *
 *	(evhi_field, fields, variable, fixed, members, initializers, checks, code)
 *	(evhi_option, count, packed, keyword, checks)
 *	(evhi_activity, members, initializers, checks, code)
 *	(evhi_tag, value), (evhi_format, value), (evhi_none, 0)
 */
#ifndef EVH_DETAIL_PARTS_H
#define EVH_DETAIL_PARTS_H

#include <evh/detail/list.h>

/*
 * How often each option is there: a byte for each in one number. The tag comes above all that may
 * not stand in a struct, but for the keyword, of which there may be several.
 */
#define EVHI_COUNT_LEVEL	   (UINT64_C(1) << 0)
#define EVHI_COUNT_OPCODE	   (UINT64_C(1) << 8)
#define EVHI_COUNT_ID		   (UINT64_C(1) << 16)
#define EVHI_COUNT_ACTIVITY	   (UINT64_C(1) << 24)
#define EVHI_COUNT_FORMAT	   (UINT64_C(1) << 32)
#define EVHI_COUNT_TAG		   (UINT64_C(1) << 40)
#define EVHI_COUNT_KEYWORD	   (UINT64_C(1) << 48)
#define EVHI_COUNT_IN(counts, one) ((counts) / (one)&0xff)

/*
 * The values of the options that fit beside each other. The first two are enumerators, and so cast:
 * by a mask, 0xff would be converted to their type, which hasn't that value.
 */
#define EVHI_PACK_LEVEL(x)   ((uint64_t)(uint8_t)(x))
#define EVHI_PACK_OPCODE(x)  ((uint64_t)(uint8_t)(x) << 8)
#define EVHI_PACK_TAG(x)     (((uint64_t)(x)&0xffff) << 16)
#define EVHI_PACK_ID(x)	     (((uint64_t)(x)&0xffff) << 32)
#define EVHI_PACK_VERSION(x) (((uint64_t)(x)&0xff) << 48)

/* + how often */
#define EVHI_COUNTS(item)	 EVHI_COUNTS_1 item
#define EVHI_COUNTS_1(kind, ...) EVHI_COUNTS_##kind(__VA_ARGS__)
#define EVHI_COUNTS_evhi_none(...)
#define EVHI_COUNTS_evhi_field(...)
#define EVHI_COUNTS_evhi_option(count, packed, keyword, checks) +(count)
#define EVHI_COUNTS_evhi_activity(...)				+EVHI_COUNT_ACTIVITY
#define EVHI_COUNTS_evhi_tag(...)				+EVHI_COUNT_TAG
#define EVHI_COUNTS_evhi_format(...)				+EVHI_COUNT_FORMAT

/* + value */
#define EVHI_PACKED(item)	 EVHI_PACKED_1 item
#define EVHI_PACKED_1(kind, ...) EVHI_PACKED_##kind(__VA_ARGS__)
#define EVHI_PACKED_evhi_none(...)
#define EVHI_PACKED_evhi_field(...)
#define EVHI_PACKED_evhi_option(count, packed, keyword, checks) +(packed)
#define EVHI_PACKED_evhi_activity(...)
#define EVHI_PACKED_evhi_tag(value) +EVHI_PACK_TAG(value)
#define EVHI_PACKED_evhi_format(...)

/* | keyword */
#define EVHI_KEYWORDS(item)	   EVHI_KEYWORDS_1 item
#define EVHI_KEYWORDS_1(kind, ...) EVHI_KEYWORDS_##kind(__VA_ARGS__)
#define EVHI_KEYWORDS_evhi_none(...)
#define EVHI_KEYWORDS_evhi_field(...)
#define EVHI_KEYWORDS_evhi_option(count, packed, keyword, checks) | (keyword)
#define EVHI_KEYWORDS_evhi_activity(...)
#define EVHI_KEYWORDS_evhi_tag(...)
#define EVHI_KEYWORDS_evhi_format(...)

/* static assertions */
#define EVHI_CHECKS(item)	 EVHI_CHECKS_1 item
#define EVHI_CHECKS_1(kind, ...) EVHI_CHECKS_##kind(__VA_ARGS__)
#define EVHI_CHECKS_evhi_none(...)
#define EVHI_CHECKS_evhi_field(fields, variable, fixed, members, initializers, checks, code)       \
	EVHI_UNPACK checks
#define EVHI_CHECKS_evhi_option(count, packed, keyword, checks)	       EVHI_UNPACK checks
#define EVHI_CHECKS_evhi_activity(members, initializers, checks, code) EVHI_UNPACK checks
#define EVHI_CHECKS_evhi_tag(value)                                                                \
	EVHI_ASSERT(EVHI_IN_RANGE(value, 0, 65535), "EVH_TAG: a tag is 0 to 65535")
#define EVHI_CHECKS_evhi_format(...)

/* , (evhi_tag, value): a second argument where there is a tag */
#define EVHI_FIND_TAG(item)	   EVHI_FIND_TAG_1 item
#define EVHI_FIND_TAG_1(kind, ...) EVHI_FIND_TAG_##kind(__VA_ARGS__)
#define EVHI_FIND_TAG_evhi_none(...)
#define EVHI_FIND_TAG_evhi_field(...)
#define EVHI_FIND_TAG_evhi_option(...)
#define EVHI_FIND_TAG_evhi_activity(...)
#define EVHI_FIND_TAG_evhi_tag(value) , (evhi_tag, value)
#define EVHI_FIND_TAG_evhi_format(...)

/* + fields */
#define EVHI_FIELDS(item)	 EVHI_FIELDS_1 item
#define EVHI_FIELDS_1(kind, ...) EVHI_FIELDS_##kind(__VA_ARGS__)
#define EVHI_FIELDS_evhi_none(...)
#define EVHI_FIELDS_evhi_field(fields, variable, fixed, members, initializers, checks, code)       \
	+(fields)
#define EVHI_FIELDS_evhi_option(...)
#define EVHI_FIELDS_evhi_activity(...)
#define EVHI_FIELDS_evhi_tag(...)
#define EVHI_FIELDS_evhi_format(...)

/* + values of unknown size */
#define EVHI_VARIABLE(item)	   EVHI_VARIABLE_1 item
#define EVHI_VARIABLE_1(kind, ...) EVHI_VARIABLE_##kind(__VA_ARGS__)
#define EVHI_VARIABLE_evhi_none(...)
#define EVHI_VARIABLE_evhi_field(fields, variable, fixed, members, initializers, checks, code)     \
	+(variable)
#define EVHI_VARIABLE_evhi_option(...)
#define EVHI_VARIABLE_evhi_activity(...)
#define EVHI_VARIABLE_evhi_tag(...)
#define EVHI_VARIABLE_evhi_format(...)

/* + bytes */
#define EVHI_FIXED(item)	EVHI_FIXED_1 item
#define EVHI_FIXED_1(kind, ...) EVHI_FIXED_##kind(__VA_ARGS__)
#define EVHI_FIXED_evhi_none(...)
#define EVHI_FIXED_evhi_field(fields, variable, fixed, members, initializers, checks, code) +(fixed)
#define EVHI_FIXED_evhi_option(...)
#define EVHI_FIXED_evhi_activity(...)
#define EVHI_FIXED_evhi_tag(...)
#define EVHI_FIXED_evhi_format(...)

/* members of the metadata */
#define EVHI_MEMBERS(item)	  EVHI_MEMBERS_1 item
#define EVHI_MEMBERS_1(kind, ...) EVHI_MEMBERS_##kind(__VA_ARGS__)
#define EVHI_MEMBERS_evhi_none(...)
#define EVHI_MEMBERS_evhi_field(fields, variable, fixed, members, initializers, checks, code)      \
	EVHI_UNPACK members
#define EVHI_MEMBERS_evhi_option(...)
#define EVHI_MEMBERS_evhi_activity(...)
#define EVHI_MEMBERS_evhi_tag(...)
#define EVHI_MEMBERS_evhi_format(...)

/* their initializers */
#define EVHI_INITIALIZERS(item)	       EVHI_INITIALIZERS_1 item
#define EVHI_INITIALIZERS_1(kind, ...) EVHI_INITIALIZERS_##kind(__VA_ARGS__)
#define EVHI_INITIALIZERS_evhi_none(...)
#define EVHI_INITIALIZERS_evhi_field(fields, variable, fixed, members, initializers, checks, code) \
	EVHI_UNPACK initializers
#define EVHI_INITIALIZERS_evhi_option(...)
#define EVHI_INITIALIZERS_evhi_activity(...)
#define EVHI_INITIALIZERS_evhi_tag(...)
#define EVHI_INITIALIZERS_evhi_format(...)

/* operands of the comma expression */
#define EVHI_CODE(item)	       EVHI_CODE_1 item
#define EVHI_CODE_1(kind, ...) EVHI_CODE_##kind(__VA_ARGS__)
#define EVHI_CODE_evhi_none(...)
#define EVHI_CODE_evhi_field(fields, variable, fixed, members, initializers, checks, code)         \
	EVHI_UNPACK code
#define EVHI_CODE_evhi_option(...)
#define EVHI_CODE_evhi_activity(members, initializers, checks, code) EVHI_UNPACK code
#define EVHI_CODE_evhi_tag(...)
#define EVHI_CODE_evhi_format(...)

/* members of the activity extension */
#define EVHI_ACTIVITY_MEMBERS(item)	   EVHI_ACTIVITY_MEMBERS_1 item
#define EVHI_ACTIVITY_MEMBERS_1(kind, ...) EVHI_ACTIVITY_MEMBERS_##kind(__VA_ARGS__)
#define EVHI_ACTIVITY_MEMBERS_evhi_none(...)
#define EVHI_ACTIVITY_MEMBERS_evhi_field(...)
#define EVHI_ACTIVITY_MEMBERS_evhi_option(...)
#define EVHI_ACTIVITY_MEMBERS_evhi_activity(members, initializers, checks, code) EVHI_UNPACK members
#define EVHI_ACTIVITY_MEMBERS_evhi_tag(...)
#define EVHI_ACTIVITY_MEMBERS_evhi_format(...)

/* their initializers */
#define EVHI_ACTIVITY_INITIALIZERS(item)	EVHI_ACTIVITY_INITIALIZERS_1 item
#define EVHI_ACTIVITY_INITIALIZERS_1(kind, ...) EVHI_ACTIVITY_INITIALIZERS_##kind(__VA_ARGS__)
#define EVHI_ACTIVITY_INITIALIZERS_evhi_none(...)
#define EVHI_ACTIVITY_INITIALIZERS_evhi_field(...)
#define EVHI_ACTIVITY_INITIALIZERS_evhi_option(...)
#define EVHI_ACTIVITY_INITIALIZERS_evhi_activity(members, initializers, checks, code)              \
	EVHI_UNPACK initializers
#define EVHI_ACTIVITY_INITIALIZERS_evhi_tag(...)
#define EVHI_ACTIVITY_INITIALIZERS_evhi_format(...)

#endif
