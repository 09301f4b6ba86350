/* SPDX-License-Identifier: MIT */
/*
 * Names of providers and tracepoints: what may be registered. The kernel is more permissive than is
 * good for anybody ('/' goes into a folder's name), so the check is here.
 */
#include <errno.h>
#include <string.h>

#include <evh/tracepoint.h>

#include "put_hex.h"

int evh_provider_name_check(const char *name)
{
	size_t length = 0;

	for (; name[length]; length++) {
		unsigned char c = (unsigned char)name[length];

		if (c <= ' ' || c == 0x7f || c == ':' || c == ';' || c == '/')
			return -EINVAL;
	}
	if (length == 0)
		return -EINVAL;
	return length < EVH_PROVIDER_NAME_MAX ? 0 : -ENAMETOOLONG;
}

static bool is_option_value(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_hex(char c)
{
	return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9');
}

/* Lower-case hex without leading zeros, at most `digits` of them; how long it is, 0 = it isn't. */
static size_t hex_length(const char *text, size_t digits)
{
	size_t length = 0;

	while (is_hex(text[length]))
		length++;
	return length > digits || (text[0] == '0' && length > 1) ? 0 : length;
}

/* `L<level>K<keyword>[options]`: options are sorted upper-case letters, each with its value. */
static bool is_suffix(const char *text)
{
	size_t length;
	char previous = 0;

	if (*text++ != 'L' || (length = hex_length(text, 2)) == 0 || *text == '0')
		return false;
	text += length;
	if (*text++ != 'K' || (length = hex_length(text, 16)) == 0)
		return false;
	text += length;
	for (; *text; text++) {
		if (*text >= 'A' && *text <= 'Z' && *text > previous)
			previous = *text;
		else if (!previous || !is_option_value(*text))
			return false;
	}
	return true;
}

int evh_tracepoint_name_check(const char *name)
{
	char provider[EVH_PROVIDER_NAME_MAX];
	const char *suffix = strrchr(name, '_');
	size_t length = suffix ? (size_t)(suffix - name) : 0;

	if (!suffix || !is_suffix(suffix + 1))
		return -EINVAL;
	if (length >= sizeof(provider) ||
	    length + strlen(suffix) >= (size_t)EVH_TRACEPOINT_NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(provider, name, length);
	provider[length] = 0;
	return evh_provider_name_check(provider);
}

int evh_tracepoint_name_format(char *name, size_t size, const char *provider, uint8_t level,
			       uint64_t keyword, const char *group)
{
	char suffix[sizeof("_LffKffffffffffffffffG") + EVH_TRACEPOINT_NAME_MAX];
	char *end = suffix;
	size_t provider_length, group_length = group ? strlen(group) : 0;
	int error = evh_provider_name_check(provider);

	if (error)
		return error;
	if (level == 0)
		return -EINVAL;
	for (size_t i = 0; i < group_length; i++)
		if (!is_option_value(group[i]))
			return -EINVAL;
	provider_length = strlen(provider);
	if (group_length >= EVH_TRACEPOINT_NAME_MAX)
		return -ENAMETOOLONG;
	*end++ = '_';
	*end++ = 'L';
	end = evh_put_hex(end, level);
	*end++ = 'K';
	end = evh_put_hex(end, keyword);
	if (group_length) {
		*end++ = 'G';
		memcpy(end, group, group_length);
		end += group_length;
	}
	*end++ = 0;
	if (provider_length + (size_t)(end - suffix) > size ||
	    provider_length + (size_t)(end - suffix) > (size_t)EVH_TRACEPOINT_NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, provider, provider_length);
	memcpy(name + provider_length, suffix, (size_t)(end - suffix));
	return (int)(provider_length + (size_t)(end - suffix) - 1);
}
