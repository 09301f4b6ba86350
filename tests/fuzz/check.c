/* SPDX-License-Identifier: MIT */
/*
 * Checks of outputs: UTF-8, control characters, JSON. Written for being obviously right, and
 * apart from the library, so that a mistake there isn't made here too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

void check(bool good, const char *words)
{
	if (good)
		return;
	fprintf(stderr, "check failed: %s\n", words);
	abort();
}

static bool is_tail(const unsigned char *p, size_t left, unsigned count)
{
	if (left <= count)
		return false;
	for (unsigned i = 1; i <= count; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

bool is_utf8(const char *data, size_t size)
{
	const unsigned char *p = (const unsigned char *)data;
	size_t left = size;

	while (left > 0) {
		unsigned n = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
		unsigned long c = n == 0 ? *p : n == 1 ? *p & 0x1f : n == 2 ? *p & 0xf : *p & 7;
		static const unsigned long least[] = { 0, 0x80, 0x800, 0x10000 };

		if ((*p >= 0x80 && *p < 0xc0) || *p >= 0xf8 || !is_tail(p, left, n))
			return false;
		for (unsigned i = 1; i <= n; i++)
			c = c << 6 | (p[i] & 0x3f);
		if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		p += n + 1;
		left -= n + 1;
	}
	return true;
}

bool has_control(const char *data, size_t size)
{
	const unsigned char *p = (const unsigned char *)data;

	for (size_t i = 0; i < size; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f)
			return true;
		if (p[i] == 0xc2 && i + 1 < size && p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

/* ---- JSON: a stack of open brackets instead of recursion --------------------------------- */

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

static const char *skip_string(const char *p, const char *end)
{
	if (p == end || *p++ != '"')
		return NULL;
	while (p < end && *p != '"') {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p++ != '\\')
			continue;
		if (p == end)
			return NULL;
		if (*p == 'u') {
			for (int i = 1; i <= 4; i++)
				if (end - p <= i || !is_one_of(p[i], "0123456789abcdefABCDEF"))
					return NULL;
			p += 5;
		} else if (is_one_of(*p, "\"\\/bfnrt")) {
			p++;
		} else {
			return NULL;
		}
	}
	return p < end ? p + 1 : NULL;
}

static const char *skip_digits(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > start ? p : NULL;
}

static const char *skip_number(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	if (p < end && *p == '0')
		p++;
	else
		p = skip_digits(p, end);
	if (p && p < end && *p == '.')
		p = skip_digits(p + 1, end);
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '-' || *p == '+'))
			p++;
		p = skip_digits(p, end);
	}
	return p;
}

static const char *skip_scalar(const char *p, const char *end)
{
	static const char *const words[] = { "true", "false", "null" };

	for (unsigned i = 0; i < 3; i++)
		if ((size_t)(end - p) >= strlen(words[i]) &&
		    memcmp(p, words[i], strlen(words[i])) == 0)
			return p + strlen(words[i]);
	return p < end && *p == '"' ? skip_string(p, end) : skip_number(p, end);
}

static const char *skip_name(const char *p, const char *end)
{
	p = skip_string(p, end);
	return p && p < end && *p == ':' ? p + 1 : NULL;
}

/* Without white space, of which we write none. */
bool is_json(const char *data, size_t size)
{
	char open[256];
	unsigned depth = 0;
	const char *p = data;
	const char *end = data + size;

	for (;;) {
		/* A value is due. */
		if (p == end)
			return false;
		if ((*p == '{' || *p == '[') && depth < sizeof(open)) {
			open[depth++] = *p++;
			if (p == end)
				return false;
			if (*p != (open[depth - 1] == '{' ? '}' : ']')) {
				p = open[depth - 1] == '{' ? skip_name(p, end) : p;
				if (!p)
					return false;
				continue;
			}
			p++;
			depth--;
		} else {
			p = skip_scalar(p, end);
			if (!p)
				return false;
		}
		/* A value is done. */
		while (depth > 0 && p < end && *p == (open[depth - 1] == '{' ? '}' : ']')) {
			p++;
			depth--;
		}
		if (depth == 0)
			return p == end;
		if (p == end || *p++ != ',')
			return false;
		p = open[depth - 1] == '{' ? skip_name(p, end) : p;
		if (!p)
			return false;
	}
}
