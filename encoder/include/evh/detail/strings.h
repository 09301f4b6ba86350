/* SPDX-License-Identifier: MIT */
/*
 * The strings of fields.h, which documents them. EVH_TAG and EVH_FORMAT may follow.
 */
#ifndef EVH_DETAIL_STRINGS_H
#define EVH_DETAIL_STRINGS_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/types.h>

/* EVH_STR8("name", text, count): UTF-8, count chars, not terminated */
#define EVH_STR8(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8, __VA_ARGS__, EVHI_END)
/* EVH_STR8_LATIN1("name", text, count): Latin-1, count chars, not terminated */
#define EVH_STR8_LATIN1(...)                                                                       \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_STR8_XML("name", text, count): XML, count chars, not terminated */
#define EVH_STR8_XML(...)                                                                          \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_XML, __VA_ARGS__, EVHI_END)
/* EVH_STR8_JSON("name", text, count): JSON, count chars, not terminated */
#define EVH_STR8_JSON(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR8_JSON, __VA_ARGS__, EVHI_END)
/* EVH_STR16("name", text, count): UTF-16, count char16_ts, not terminated */
#define EVH_STR16(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16, __VA_ARGS__, EVHI_END)
/* EVH_STR16_LATIN1("name", text, count): Latin-1, count char16_ts, not terminated */
#define EVH_STR16_LATIN1(...)                                                                      \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_STR16_XML("name", text, count): XML, count char16_ts, not terminated */
#define EVH_STR16_XML(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_XML, __VA_ARGS__, EVHI_END)
/* EVH_STR16_JSON("name", text, count): JSON, count char16_ts, not terminated */
#define EVH_STR16_JSON(...)                                                                        \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR16_JSON, __VA_ARGS__, EVHI_END)
/* EVH_STR32("name", text, count): UTF-32, count char32_ts, not terminated */
#define EVH_STR32(...) (evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32, __VA_ARGS__, EVHI_END)
/* EVH_STR32_LATIN1("name", text, count): Latin-1, count char32_ts, not terminated */
#define EVH_STR32_LATIN1(...)                                                                      \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_STR32_XML("name", text, count): XML, count char32_ts, not terminated */
#define EVH_STR32_XML(...)                                                                         \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_XML, __VA_ARGS__, EVHI_END)
/* EVH_STR32_JSON("name", text, count): JSON, count char32_ts, not terminated */
#define EVH_STR32_JSON(...)                                                                        \
	(evhi_s, EVHI_ASSERTION, __COUNTER__, evhi_STR32_JSON, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR8("name", text): UTF-8 up to the zero char; NULL is empty */
#define EVH_ZSTR8(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR8_LATIN1("name", text): Latin-1 up to the zero char; NULL is empty */
#define EVH_ZSTR8_LATIN1(...)                                                                      \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR8_XML("name", text): XML up to the zero char; NULL is empty */
#define EVH_ZSTR8_XML(...)                                                                         \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_XML, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR8_JSON("name", text): JSON up to the zero char; NULL is empty */
#define EVH_ZSTR8_JSON(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR8_JSON, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR16("name", text): UTF-16 up to the zero char16_t; NULL is empty */
#define EVH_ZSTR16(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR16_LATIN1("name", text): Latin-1 up to the zero char16_t; NULL is empty */
#define EVH_ZSTR16_LATIN1(...)                                                                     \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR16_XML("name", text): XML up to the zero char16_t; NULL is empty */
#define EVH_ZSTR16_XML(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_XML, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR16_JSON("name", text): JSON up to the zero char16_t; NULL is empty */
#define EVH_ZSTR16_JSON(...)                                                                       \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR16_JSON, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR32("name", text): UTF-32 up to the zero char32_t; NULL is empty */
#define EVH_ZSTR32(...) (evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR32_LATIN1("name", text): Latin-1 up to the zero char32_t; NULL is empty */
#define EVH_ZSTR32_LATIN1(...)                                                                     \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_LATIN1, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR32_XML("name", text): XML up to the zero char32_t; NULL is empty */
#define EVH_ZSTR32_XML(...)                                                                        \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_XML, __VA_ARGS__, EVHI_END)
/* EVH_ZSTR32_JSON("name", text): JSON up to the zero char32_t; NULL is empty */
#define EVH_ZSTR32_JSON(...)                                                                       \
	(evhi_z, EVHI_ASSERTION, __COUNTER__, evhi_STR32_JSON, __VA_ARGS__, EVHI_END)

#endif
