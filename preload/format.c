/* SPDX-License-Identifier: MIT */
/*
 * The usual printf formats. Must give what vsnprintf gives, byte for byte, or say that it can't:
 * the text is passed on to libc in the program's name. A test compares the two.
 */
#include "format.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define unlikely(x) __builtin_expect(!!(x), 0)

struct out {
	char *at, *end;
};

/* One conversion, between its % and its letter. */
struct conversion {
	size_t width;
	size_t precision; /* SIZE_MAX: none */
	bool left, zeros;
	uint8_t longs; /* 0 int, 1 long or size_t, 2 long long */
};

/* Wide enough for what a message holds, and far from overflow. */
#define NUMBER_LIMIT 10000

static const char *read_number(const char *at, size_t *number)
{
	*number = 0;
	while (*at >= '0' && *at <= '9' && *number < NUMBER_LIMIT)
		*number = *number * 10 + (size_t)(*at++ - '0');
	return at;
}

static const char *read_conversion(const char *at, struct conversion *conversion)
{
	*conversion = (struct conversion){ .precision = SIZE_MAX };
	for (;; at++) {
		if (*at == '-')
			conversion->left = true;
		else if (*at == '0')
			conversion->zeros = true;
		else
			break;
	}
	at = read_number(at, &conversion->width);
	if (*at == '.')
		at = read_number(at + 1, &conversion->precision);
	if (*at == 'z') {
		conversion->longs = 1;
		return at + 1;
	}
	while (*at == 'l' && conversion->longs < 2) {
		conversion->longs++;
		at++;
	}
	return at;
}

static bool put(struct out *out, const char *bytes, size_t size)
{
	if (unlikely(size > (size_t)(out->end - out->at)))
		return false;
	memcpy(out->at, bytes, size);
	out->at += size;
	return true;
}

static bool fill(struct out *out, char byte, size_t count)
{
	if (unlikely(count > (size_t)(out->end - out->at)))
		return false;
	memset(out->at, byte, count);
	out->at += count;
	return true;
}

static bool put_padded(struct out *out, const struct conversion *conversion, const char *text,
		       size_t size)
{
	size_t padding = conversion->width > size ? conversion->width - size : 0;

	return (conversion->left || fill(out, ' ', padding)) && put(out, text, size) &&
	       (!conversion->left || fill(out, ' ', padding));
}

static bool put_integer(struct out *out, const struct conversion *conversion, uint64_t value,
			unsigned base, bool negative)
{
	char digits[24];
	char *first = digits + sizeof(digits);
	size_t size;

	do {
		*--first = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	size = (size_t)(digits + sizeof(digits) - first) + negative;
	if (conversion->zeros && !conversion->left && conversion->width > size)
		return (!negative || put(out, "-", 1)) &&
		       fill(out, '0', conversion->width - size) && put(out, first, size - negative);
	if (negative)
		*--first = '-';
	return put_padded(out, conversion, first, size);
}

static bool put_string(struct out *out, const struct conversion *conversion, const char *text)
{
	/* libc shows a NULL in full or, where the precision is less than that, not at all. */
	if (unlikely(!text)) {
		if (conversion->precision < 6)
			return false;
		text = "(null)";
	}
	return put_padded(out, conversion, text,
			  conversion->precision == SIZE_MAX ? strlen(text)
							    : strnlen(text, conversion->precision));
}

static int64_t take_signed(const struct conversion *conversion, va_list *arguments)
{
	switch (conversion->longs) {
	case 0:
		return va_arg(*arguments, int);
	case 1:
		return va_arg(*arguments, long);
	default:
		return va_arg(*arguments, long long);
	}
}

static uint64_t take_unsigned(const struct conversion *conversion, va_list *arguments)
{
	switch (conversion->longs) {
	case 0:
		return va_arg(*arguments, unsigned);
	case 1:
		return va_arg(*arguments, unsigned long);
	default:
		return va_arg(*arguments, unsigned long long);
	}
}

static bool put_signed(struct out *out, const struct conversion *conversion, int64_t value)
{
	return put_integer(out, conversion, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10,
			   value < 0);
}

static bool put_error(struct out *out, const struct conversion *conversion, int error)
{
	char unknown[64];
	const char *text = strerror_r(error, unknown, sizeof(unknown));

	/* A translation of "Unknown error" may be cut here; libc has the room. */
	return text != unknown && put_string(out, conversion, text);
}

static bool put_character(struct out *out, const struct conversion *conversion, int value)
{
	char byte = (char)value;

	return byte && put_padded(out, conversion, &byte, 1);
}

static bool put_conversion(struct out *out, char letter, const struct conversion *conversion,
			   int error, va_list *arguments)
{
	/* A zero flag or a length with text, a precision with anything else: libc knows. */
	bool plain_text = !conversion->zeros && !conversion->longs;
	bool number = conversion->precision == SIZE_MAX;

	switch (letter) {
	case 's':
		return plain_text && put_string(out, conversion, va_arg(*arguments, const char *));
	case 'd':
	case 'i':
		return number && put_signed(out, conversion, take_signed(conversion, arguments));
	case 'u':
		return number && put_integer(out, conversion, take_unsigned(conversion, arguments),
					     10, false);
	case 'x':
		return number && put_integer(out, conversion, take_unsigned(conversion, arguments),
					     16, false);
	case 'c':
		return plain_text && number &&
		       put_character(out, conversion, va_arg(*arguments, int));
	case 'm':
		return plain_text && number && put_error(out, conversion, error);
	default:
		return false;
	}
}

int lt_format(char *buffer, size_t room, int error, const char *format, va_list arguments)
{
	struct out out = { buffer, buffer + room };
	va_list rest;
	/* libc refuses a NULL format, and so leaves the message to itself. */
	bool good = format != NULL;

	va_copy(rest, arguments);
	while (good && *format) {
		const char *percent = strchrnul(format, '%');
		struct conversion conversion;

		good = put(&out, format, (size_t)(percent - format));
		if (!good || !*percent)
			break;
		format = percent + 1;
		if (*format == '%') {
			good = put(&out, format++, 1);
			continue;
		}
		format = read_conversion(format, &conversion);
		good = conversion.width < NUMBER_LIMIT &&
		       (conversion.precision < NUMBER_LIMIT || conversion.precision == SIZE_MAX) &&
		       put_conversion(&out, *format, &conversion, error, &rest);
		format++;
	}
	va_end(rest);
	return good ? (int)(out.at - buffer) : -1;
}
