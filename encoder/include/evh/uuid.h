/* SPDX-License-Identifier: MIT */
/*
 * UUIDs (GUIDs), as activity ids and as field values: 16 bytes in network order, which is the order
 * of the text form.
 *
 * All functions may be called from several threads, from signal handlers and after fork; none
 * allocates.
 */
#ifndef EVH_UUID_H
#define EVH_UUID_H

#include <stdint.h>

#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A new random one (version 4), for instance as an activity's id. 0, or what getrandom(2) reports:
 * -EAGAIN while the machine has just started and has no randomness yet, -ENOSYS.
 */
EVH_API int evh_uuid_random(uint8_t uuid[16]);

/*
 * The UUID that belongs to a provider's name, by the rule of the Windows tracing tools (a SHA-1 of
 * the name in capitals, version 5): the same name gives the same UUID everywhere. `name` is UTF-8.
 * A letter beyond ASCII has its capital too where that is a single character: "na\u00efve" is
 * dcc96f99-6052-54da-7415-20be48070642. The locale plays no part.
 */
EVH_API void evh_uuid_from_name(uint8_t uuid[16], const char *name);

/*
 * Reads "01234567-89ab-cdef-0123-456789abcdef", also without hyphens, also within braces, in either
 * case. 0, or -EINVAL with `uuid` untouched.
 */
EVH_API int evh_uuid_parse(uint8_t uuid[16], const char *text);

/* From a Windows GUID structure's members, or its 16 bytes in a little-endian machine's memory. */
EVH_API void evh_uuid_from_fields(uint8_t uuid[16], uint32_t data1, uint16_t data2, uint16_t data3,
				  const uint8_t data4[8]);
EVH_API void evh_uuid_from_guid_le(uint8_t uuid[16], const uint8_t guid[16]);

/* And back: `guid` may be `uuid`. */
EVH_API void evh_uuid_to_fields(const uint8_t uuid[16], uint32_t *data1, uint16_t *data2,
				uint16_t *data3, uint8_t data4[8]);
EVH_API void evh_uuid_to_guid_le(uint8_t guid[16], const uint8_t uuid[16]);

/* Bytes of a UUID's text form with the terminating NUL. */
#define EVH_UUID_TEXT_SIZE 37

/* Writes "01234567-89ab-cdef-0123-456789abcdef": lower case, with hyphens, terminated. */
EVH_API void evh_uuid_format(char text[EVH_UUID_TEXT_SIZE], const uint8_t uuid[16]);

#ifdef __cplusplus
}
#endif
#endif
