/* SPDX-License-Identifier: MIT */
/*
 * What EVH_PROVIDER_DEFINE and EVH_WRITE expand to. The end of provider.h, which documents them.
 */
#ifndef EVH_DETAIL_SITE_H
#define EVH_DETAIL_SITE_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/check.h>
#include <evh/detail/field.h>
#include <evh/detail/provider.h>
#include <evh/detail/values.h>

#ifdef __cplusplus
#	define EVHI_C_LINKAGE extern "C"
#else
#	define EVHI_C_LINKAGE extern
#endif

/* The longest suffix of a tracepoint's name but for the group's name. */
#define EVHI_SUFFIX "_LffKffffffffffffffffG"

/* The last argument but one closes the list: it is the group when none was given. */
#define EVHI_PROVIDER(symbol, provider_name, provider_group, ...)                                  \
	EVHI_CHECK_LITERAL(EVHI_ASSERTION, provider_name, "a provider name")                       \
	EVHI_CHECK_SEPARATORS("" provider_name "")                                                 \
	EVHI_ASSERT(sizeof("" provider_name "") <= EVH_PROVIDER_NAME_MAX,                          \
		    "a provider name is longer than 233 bytes")                                    \
	EVHI_ASSERT(__builtin_strlen("" provider_group "") == sizeof("" provider_group "") - 1,    \
		    "a provider group must not contain NUL")                                       \
	EVHI_CHECK_GROUP("" provider_group "")                                                     \
	EVHI_ASSERT(sizeof(provider_name EVHI_SUFFIX provider_group) <= EVH_TRACEPOINT_NAME_MAX,   \
		    "provider name and group together are too long for a tracepoint name")         \
	EVHI_C_LINKAGE EVHI_HIDDEN struct evh_provider symbol;                                     \
	EVHI_C_LINKAGE EVHI_HIDDEN                                                                 \
		__attribute__((__weak__)) struct evh_entry __start_evh_events[],                   \
		__stop_evh_events[];                                                               \
	struct evh_provider symbol = { 0,                                                          \
				       0,                                                          \
				       provider_name,                                              \
				       &("G" provider_group)[1],                                   \
				       __start_evh_events,                                         \
				       __stop_evh_events,                                          \
				       NULL,                                                       \
				       NULL,                                                       \
				       false,                                                      \
				       0,                                                          \
				       { NULL, NULL } };                                           \
	/* 101 is the last of all destructors: others may still write events. */                   \
	static __attribute__((__destructor__(101))) void evhi_unload_##symbol(void)                \
	{                                                                                          \
		evh_provider_unload(&symbol);                                                      \
	}                                                                                          \
	EVHI_C_LINKAGE EVHI_HIDDEN struct evh_provider symbol

#define EVHI_CHECK_LEVEL(level)                                                                    \
	EVHI_ASSERT(EVHI_IN_RANGE(level, 1, 255), "a level is 1 to 255; 0 is none")
/* That it is a constant. */
#define EVHI_CHECK_KEYWORD(keyword) EVHI_ASSERT((uint64_t)(keyword) >= 0, "")
#define EVHI_CHECK_OPCODE(opcode)                                                                  \
	EVHI_ASSERT(EVHI_IN_RANGE(opcode, 0, 255), "EVH_OPCODE: an opcode is 0 to 255")
#define EVHI_CHECK_ID(id, version)                                                                 \
	EVHI_ASSERT(EVHI_IN_RANGE(id, 1, 65535),                                                   \
		    "EVH_ID: an id is 1 to 65535; an event without one has no EVH_ID")             \
	EVHI_ASSERT(EVHI_IN_RANGE(version, 0, 255), "EVH_ID: a version is 0 to 255")

#define EVHI_FLAGS                                                                                 \
	(uint8_t)((__SIZEOF_POINTER__ == 8 ? (int)EVH_FLAG_POINTER64 : 0) |                        \
		  (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (int)EVH_FLAG_LITTLE_ENDIAN : 0) |  \
		  (int)EVH_FLAG_EXTENSION)

/* 1 without any. */
#define EVHI_KEYWORD_OF(keywords, packed)                                                          \
	(uint64_t)((keywords) ? (keywords) : (packed) >> 58 ? 0 : 1)
#define EVHI_LEVEL_OF(packed) (uint8_t)((packed) ^ EVH_LEVEL_VERBOSE)

#define EVHI_PUT_ID(number, id) evhi_values.evhi_id[number] = EVHI_BYTES(id),

#define EVHI_HEADER(packed)                                                                        \
	{                                                                                          \
		EVHI_FLAGS, (uint8_t)((packed) >> 48), (uint16_t)((packed) >> 32),                 \
			(uint16_t)((packed) >> 16), (uint8_t)((packed) >> 8),                      \
			EVHI_LEVEL_OF(packed)                                                      \
	}

/* First it is found out whether all items are some: a mistake in one would be many in the event. */
#define EVHI_WRITE(provider, name, ...)                                                            \
	EVHI_WRITE_1(EVHI_COUNT(__VA_ARGS__), provider, name, __VA_ARGS__)
#define EVHI_WRITE_1(...) EVHI_WRITE_2(__VA_ARGS__)
#define EVHI_WRITE_2(n, provider, name, ...)                                                       \
	EVHI_WRITE_3(EVHI_PICK(~EVHI_PROBE_NAME(name) EVHI_TRY_##n(EVHI_PROBE, __VA_ARGS__),       \
			       evhi_good, ~, ~),                                                   \
		     n, provider, name, __VA_ARGS__)
#define EVHI_WRITE_3(...)	   EVHI_WRITE_4(__VA_ARGS__)
#define EVHI_WRITE_4(verdict, ...) EVHI_WRITE_##verdict(__VA_ARGS__)
#define EVHI_WRITE_evhi_bad(what, n, provider, name, ...)                                          \
	0, "event " EVHI_TEXT(name) ": " what);                                                    \
	0;

/* Numbers wider than an int. */
#ifdef __cplusplus
#	define EVHI_WIDE enum : uint64_t
#else
#	define EVHI_WIDE enum
#endif

/* clang minds arrays without elements in templates, even in a system header. */
#if defined(__clang__) && defined(__cplusplus)
#	define EVHI_MAY_BE_EMPTY                                                                  \
		_Pragma("clang diagnostic push")                                                   \
			_Pragma("clang diagnostic ignored \"-Wzero-length-array\"")
#	define EVHI_END_OF_EMPTY _Pragma("clang diagnostic pop")
#else
#	define EVHI_MAY_BE_EMPTY
#	define EVHI_END_OF_EMPTY
#endif

/*
 * One event, from the assertion that it is one on. Constants first: behind evhi_event's plan is the
 * whole event up to its payload, but for activity ids. Then the branch; behind it, one comma
 * expression stores the values and sends.
 */
#define EVHI_WRITE_evhi_good(what, n, provider, name, ...)                                         \
		1, "");                                                                            \
	EVHI_CHECK_NAME(EVHI_ASSERTION, name, "an event name")                                     \
	struct __attribute__((__packed__)) evhi_names {                                            \
		char evhi_name[sizeof(name)];                                                      \
		EVHI_FOR_##n(EVHI_M, __VA_ARGS__)                                                  \
	};                                                                                         \
	struct evhi_options {                                                                      \
		EVHI_FOR_##n(EVHI_H, __VA_ARGS__) char evhi_end;                                   \
	};                                                                                         \
	EVHI_WIDE{ evhi_packed = UINT64_C(0) EVHI_FOR_##n(EVHI_P, __VA_ARGS__),                    \
		   evhi_sizes = UINT64_C(0) EVHI_FOR_##n(EVHI_Z, __VA_ARGS__) };                   \
	enum {                                                                                     \
		evhi_ids = (int)EVHI_IDS_OF((uint64_t)evhi_packed),                                \
		evhi_steps = 1 + (int)((uint64_t)evhi_sizes / EVHI_ONE_STEP % 65536),              \
		evhi_slow = (int)((uint64_t)evhi_sizes / EVHI_ONE_SLOW),                           \
		evhi_fixed = (int)((uint64_t)evhi_sizes % EVHI_ONE_STEP),                          \
		evhi_metadata = (int)(sizeof(struct evh_header) + sizeof(struct evh_extension) +   \
				      sizeof(struct evhi_names))                                   \
	};                                                                                         \
	EVHI_MAY_BE_EMPTY                                                                          \
	struct __attribute__((__packed__)) evhi_values {                                           \
		const void *evhi_id[evhi_ids];                                                     \
		EVHI_FOR_##n(EVHI_V, __VA_ARGS__) char evhi_end[EVHI_BLOCK_SIZE];                  \
	};                                                                                         \
	struct evhi_event {                                                                        \
		struct evhi_plan evhi_plan;                                                        \
		struct evhi_step evhi_step[evhi_steps];                                            \
		struct evh_header evhi_header;                                                     \
		struct evh_extension evhi_extension;                                               \
		struct evhi_names evhi_names;                                                      \
		char evhi_rest[-evhi_metadata & (EVHI_METADATA_SIZE - 1)];                         \
	};                                                                                         \
	EVHI_END_OF_EMPTY                                                                          \
	EVHI_ASSERT(evhi_metadata + (uint64_t)evhi_fixed <= EVH_SIZE_MAX_PERF, EVHI_SAY_LARGE)     \
	static const struct evhi_event evhi_event EVHI_CLOSE(struct evhi_event) = {                \
		{ evhi_metadata, evhi_steps,                                                       \
		  evhi_ids + evhi_slow > 0 ? UINT16_MAX : evhi_metadata + evhi_fixed,              \
		  evhi_metadata + evhi_fixed + (evhi_ids > 0 ? 4 + 16 * evhi_ids : 0), evhi_ids }, \
		{ EVHI_FOR_##n(EVHI_S, __VA_ARGS__){ offsetof(struct evhi_values, evhi_end),       \
						     EVHI_DONE, 0 } },                             \
		EVHI_HEADER((uint64_t)evhi_packed),                                                \
		{ (uint16_t)sizeof(struct evhi_names), EVH_EXTENSION_METADATA },                   \
		{ name, EVHI_FOR_##n(EVHI_B, __VA_ARGS__) },                                       \
		{}                                                                                 \
	};                                                                                         \
	EVHI_DEFINE_SITE(provider, EVHI_LEVEL_OF((uint64_t)evhi_packed),                           \
			 EVHI_KEYWORD_OF(UINT64_C(0) EVHI_FOR_##n(EVHI_K, __VA_ARGS__),            \
					 (uint64_t)evhi_packed),                                   \
			 &evhi_event.evhi_header)                                                  \
	int evhi_result = -EBADF;                                                                  \
	if (__builtin_expect(!evhi_quiet(&(provider)), 0) && evhi_wanted(&evhi_site)) {            \
		struct evhi_values evhi_values;                                                    \
		size_t evhi_total = 0;                                                             \
		evhi_result = (EVHI_FOR_##n(EVHI_C, __VA_ARGS__) evh_site_write(                   \
			&evhi_site, &evhi_event.evhi_plan, &evhi_values, evhi_total));             \
	}                                                                                          \
	evhi_result;

#endif
