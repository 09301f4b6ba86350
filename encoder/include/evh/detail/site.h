/* SPDX-License-Identifier: MIT */
/*
 * What EVH_PROVIDER_DEFINE and EVH_WRITE expand to. The end of provider.h, which documents them.
 */
#ifndef EVH_DETAIL_SITE_H
#define EVH_DETAIL_SITE_H

#include <evh/detail/check.h>
#include <evh/detail/parts.h>
#include <evh/detail/provider.h>
#include <evh/detail/put.h>

#ifdef __cplusplus
#	define EVHI_C_LINKAGE extern "C"
#else
#	define EVHI_C_LINKAGE extern
#endif

/* The longest suffix of a tracepoint's name but for the group's name. */
#define EVHI_SUFFIX "_LffKffffffffffffffffG"

/* The last argument but one closes the list: it is the group when none was given. */
#define EVHI_PROVIDER(symbol, provider_name, provider_group, ...)                                  \
	EVHI_CHECK_LITERAL(provider_name, "a provider name")                                       \
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
		__attribute__((__weak__)) struct evh_site *__start_evh_events_##symbol[],          \
		*__stop_evh_events_##symbol[];                                                     \
	struct evh_provider symbol = { 0,                                                          \
				       0,                                                          \
				       provider_name,                                              \
				       provider_group,                                             \
				       __start_evh_events_##symbol,                                \
				       __stop_evh_events_##symbol,                                 \
				       NULL,                                                       \
				       NULL,                                                       \
				       { NULL, NULL } };                                           \
	/* 101 is the last of all destructors: others may still write events. */                   \
	static __attribute__((__destructor__(101))) void evhi_unload_##symbol(void)                \
	{                                                                                          \
		evh_provider_unload(&symbol);                                                      \
	}                                                                                          \
	EVHI_C_LINKAGE EVHI_HIDDEN struct evh_provider symbol

#define EVHI_CHECK_LEVEL(level)                                                                    \
	EVHI_ASSERT(EVHI_IN_RANGE(level, 1, 255), "a level is 1 to 255; 0 is none")
#define EVHI_CHECK_KEYWORD(keyword) EVHI_ASSERT((keyword) != 0, "a keyword must not be 0")
#define EVHI_CHECK_OPCODE(opcode)                                                                  \
	EVHI_ASSERT(EVHI_IN_RANGE(opcode, 0, 255), "EVH_OPCODE: an opcode is 0 to 255")
#define EVHI_CHECK_ID(id, version)                                                                 \
	EVHI_ASSERT(EVHI_IN_RANGE(id, 1, 65535),                                                   \
		    "EVH_ID: an id is 1 to 65535; an event without one has no EVH_ID")             \
	EVHI_ASSERT(EVHI_IN_RANGE(version, 0, 255), "EVH_ID: a version is 0 to 255")
#define EVHI_CHECK_ONCE(counts, one, text)                                                         \
	EVHI_ASSERT(EVHI_COUNT_IN(counts, one) <= 1, text " is there twice")

/*
 * Bytes of one variable value that are copied into the site's own buffer, at most, and of all of
 * them together: the price is stack in the function that has the event. What is longer takes the
 * way through provider_long.c.
 */
#ifndef EVH_COPY_MAX
#	define EVH_COPY_MAX 512
#endif
#define EVHI_COPY_TOTAL 4096
/* Without a variable value it is of no use, but must not divide by it. */
#define EVHI_COPY(variable)                                                                        \
	(EVHI_COPY_TOTAL / ((variable) + !(variable)) < EVH_COPY_MAX                               \
		 ? EVHI_COPY_TOTAL / ((variable) + !(variable))                                    \
		 : EVH_COPY_MAX)

/* Ids lie behind the header and their extension's own header. */
#define EVHI_PUT_ID(offset, id)                                                                    \
	, evhi_put_id(evhi_buffer + EVH_HEADROOM + sizeof(struct evh_header) +                     \
			      sizeof(struct evh_extension) + (offset),                             \
		      EVHI_BYTES(id))

#define EVHI_FLAGS                                                                                 \
	(uint8_t)((__SIZEOF_POINTER__ == 8 ? (int)EVH_FLAG_POINTER64 : 0) |                        \
		  (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (int)EVH_FLAG_LITTLE_ENDIAN : 0) |  \
		  (int)EVH_FLAG_EXTENSION)

/*
 * One event. Constants first: evhi_names is what the metadata extension holds, evhi_metadata the
 * whole event up to its payload. Then the branch; behind it, one comma expression copies and sends.
 */
#define EVHI_WRITE(provider, name, ...)                                                            \
	__extension__({                                                                            \
		enum {                                                                             \
			evhi_variable = (0 EVHI_EACH(EVHI_VARIABLE, __VA_ARGS__)),                 \
			evhi_most = EVHI_COPY(evhi_variable)                                       \
		};                                                                                 \
		EVHI_CHECK_EVENT(name, __VA_ARGS__)                                                \
		struct __attribute__((__packed__)) evhi_names {                                    \
			char evhi_name[sizeof(name)];                                              \
			EVHI_EACH(EVHI_MEMBERS, __VA_ARGS__)                                       \
		};                                                                                 \
		struct __attribute__((__packed__)) evhi_metadata {                                 \
			struct evh_header evhi_header;                                             \
			EVHI_EACH(EVHI_ACTIVITY_MEMBERS, __VA_ARGS__)                              \
			struct evh_extension evhi_extension;                                       \
			struct evhi_names evhi_names;                                              \
		};                                                                                 \
		EVHI_ASSERT(sizeof(struct evhi_metadata) +                                         \
					    (0 EVHI_EACH(EVHI_FIXED, __VA_ARGS__)) <=              \
				    EVH_SIZE_MAX_PERF,                                             \
			    "the event cannot be delivered: it is larger than 8184 bytes")         \
		static const struct evhi_metadata evhi_metadata = {                                \
			EVHI_HEADER(UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__),               \
				    UINT64_C(0) EVHI_EACH(EVHI_PACKED, __VA_ARGS__)),              \
			EVHI_EACH(EVHI_ACTIVITY_INITIALIZERS, __VA_ARGS__){                        \
				(uint16_t)sizeof(struct evhi_names), EVH_EXTENSION_METADATA },     \
			{ name EVHI_EACH(EVHI_INITIALIZERS, __VA_ARGS__) }                         \
		};                                                                                 \
		EVHI_DEFINE_SITE(provider,                                                         \
				 EVHI_LEVEL_OF(UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__),    \
					       UINT64_C(0) EVHI_EACH(EVHI_PACKED, __VA_ARGS__)),   \
				 EVHI_KEYWORD_OF(UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__),  \
						 UINT64_C(0)                                       \
							 EVHI_EACH(EVHI_KEYWORDS, __VA_ARGS__)))   \
		int evhi_result = -EBADF;                                                          \
		if (__builtin_expect(!evhi_quiet(&(provider)), 0)) {                               \
			const struct evh_tracepoint *evhi_tracepoint = evhi_listened(&evhi_site);  \
			if (evhi_tracepoint)                                                       \
				EVHI_BUILD(__VA_ARGS__)                                            \
		}                                                                                  \
		evhi_result;                                                                       \
	})

/* The first arguments of whatever puts a variable value. */
#define EVHI_SITE_BUFFER &evhi_room.evhi_long, evhi_buffer + EVH_HEADROOM, evhi_p, evhi_most

#define EVHI_BUILD(...)                                                                            \
	{                                                                                          \
		uint8_t evhi_buffer[EVH_HEADROOM + sizeof(struct evhi_metadata) +                  \
				    (0 EVHI_EACH(EVHI_FIXED, __VA_ARGS__)) +                       \
				    (size_t)evhi_variable * evhi_most + EVH_TAILROOM];             \
		struct {                                                                           \
			struct evhi_long evhi_long;                                                \
			struct iovec evhi_more[(size_t)2 * evhi_variable + 1];                     \
		} evhi_room;                                                                       \
		uint8_t *evhi_p = evhi_buffer + EVH_HEADROOM;                                      \
		evhi_begin(&evhi_room.evhi_long);                                                  \
		evhi_result =                                                                      \
			(evhi_p = evhi_put_fixed(evhi_p, &evhi_metadata, sizeof(evhi_metadata))    \
				 EVHI_EACH(EVHI_CODE, __VA_ARGS__),                                \
			 evhi_send(evhi_tracepoint, &evhi_room.evhi_long,                          \
				   evhi_buffer + EVH_HEADROOM, evhi_p));                           \
	}

#define EVHI_LEVEL_OF(counts, packed)                                                              \
	(uint8_t)(EVHI_COUNT_IN(counts, EVHI_COUNT_LEVEL) ? ((packed)&0xff)                        \
							  : (uint64_t)EVH_LEVEL_VERBOSE)
#define EVHI_KEYWORD_OF(counts, keywords)                                                          \
	(uint64_t)(EVHI_COUNT_IN(counts, EVHI_COUNT_KEYWORD) ? (keywords) : 1)

#define EVHI_HEADER(counts, packed)                                                                \
	{                                                                                          \
		EVHI_FLAGS, (uint8_t)((packed) >> 48), (uint16_t)((packed) >> 32),                 \
			(uint16_t)((packed) >> 16), (uint8_t)((packed) >> 8),                      \
			EVHI_LEVEL_OF(counts, packed)                                              \
	}

#define EVHI_CHECK_EVENT(name, ...)                                                                \
	EVHI_CHECK_NAME(name, "an event name")                                                     \
	EVHI_CHECK_OPTIONS((UINT64_C(0) EVHI_EACH(EVHI_COUNTS, __VA_ARGS__)))                      \
	EVHI_EACH(EVHI_CHECKS, __VA_ARGS__)

#define EVHI_CHECK_OPTIONS(counts)                                                                 \
	EVHI_CHECK_ONCE(counts, EVHI_COUNT_LEVEL, "EVH_LEVEL")                                     \
	EVHI_CHECK_ONCE(counts, EVHI_COUNT_OPCODE, "EVH_OPCODE")                                   \
	EVHI_CHECK_ONCE(counts, EVHI_COUNT_ID, "EVH_ID")                                           \
	EVHI_CHECK_ONCE(counts, EVHI_COUNT_ACTIVITY, "EVH_ACTIVITY")                               \
	EVHI_CHECK_ONCE(counts, EVHI_COUNT_TAG, "EVH_TAG")                                         \
	EVHI_ASSERT(EVHI_COUNT_IN(counts, EVHI_COUNT_FORMAT) == 0, "EVH_FORMAT belongs to a "      \
								   "field")

#endif
