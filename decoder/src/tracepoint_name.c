/* SPDX-License-Identifier: MIT */
/*
 * Takes tracepoint names apart: `<provider>_L<level>K<keyword>[options]`. Strict, because a name
 * is how readers tell EventHeader tracepoints from all others: it must never take a name that no
 * writer could have made.
 */
#include <errno.h>
#include <string.h>

#include <evh/decode.h>

static bool is_option_value(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* Lower-case hex up to `max`; moves *text behind it. */
static bool parse_hex(const char **text, const char *end, uint64_t max, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	for (; p < end; p++) {
		unsigned digit;

		if (*p >= '0' && *p <= '9')
			digit = (unsigned)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			digit = (unsigned)(*p - 'a') + 10;
		else
			break;
		if (v > (max - digit) / 16)
			return false;
		v = v * 16 + digit;
	}
	if (p == *text)
		return false;
	*text = p;
	*value = v;
	return true;
}

static bool options_valid(const char *p, const char *end)
{
	while (p < end) {
		if (*p < 'A' || *p > 'Z')
			return false;
		for (p++; p < end && is_option_value(*p); p++)
			;
	}
	return true;
}

int evh_tracepoint_name_parse(struct evh_tracepoint_name *parts, const char *name, size_t size)
{
	const char *end = name + size;
	const char *p = memrchr(name, '_', size);
	uint64_t level;
	uint64_t keyword;

	/* Options hold no "_", so the last one ends the provider's name. */
	if (!p || p == name || size >= EVH_TRACEPOINT_NAME_MAX)
		return -EINVAL;
	*parts = (struct evh_tracepoint_name){ .provider = name,
					       .provider_size = (size_t)(p - name) };
	if (memchr(name, '\0', size))
		return -EINVAL;
	p++;
	if (p == end || *p++ != 'L' || !parse_hex(&p, end, UINT8_MAX, &level))
		return -EINVAL;
	if (p == end || *p++ != 'K' || !parse_hex(&p, end, UINT64_MAX, &keyword))
		return -EINVAL;
	if (!options_valid(p, end))
		return -EINVAL;
	parts->level = (uint8_t)level;
	parts->keyword = keyword;
	parts->options = p;
	parts->options_size = (size_t)(end - p);
	return 0;
}

const char *evh_tracepoint_name_option(const struct evh_tracepoint_name *parts, char letter,
				       size_t *size)
{
	const char *p = parts->options;
	const char *end = p + parts->options_size;

	while (p < end) {
		const char *value = p + 1;
		char option = *p;

		for (p++; p < end && is_option_value(*p); p++)
			;
		if (option == letter) {
			*size = (size_t)(p - value);
			return value;
		}
	}
	return NULL;
}
