/* SPDX-License-Identifier: MIT */
/*
 * The usual printf formats. Must give what vsnprintf gives, byte for byte, or say that it can't:
 * the text is passed on to libc in the program's name. A test compares the two.
 */
#include "format.h"

#include <errno.h>
#include <stdint.h>

#include "bytes.h"

#define unlikely(x) __builtin_expect(!!(x), 0)
#define likely(x)   __builtin_expect(!!(x), 1)

/* Wide enough for what a message holds, and far from overflow. */
#define NUMBER_LIMIT 10000

struct out {
	char *at, *end;
	bool percent; /* a % was put */
};

/* One conversion, between its % and its letter. */
struct conversion {
	unsigned width;
	int precision; /* negative: none */
	bool left, zeros;
	int8_t length; /* 0 int, 1 long, 2 long long, -1 short, -2 char */
};

_Static_assert(sizeof(long) == sizeof(size_t) && sizeof(long) == sizeof(intmax_t) &&
		       sizeof(long) == sizeof(ptrdiff_t),
	       "z, j and t are read as l");

static const char *read_number(const char *at, unsigned *number)
{
	unsigned value = 0;

	while (*at >= '0' && *at <= '9' && value < NUMBER_LIMIT)
		value = value * 10 + (unsigned)(*at++ - '0');
	*number = value;
	return at;
}

static const char *read_length(const char *at, struct conversion *conversion)
{
	switch (*at) {
	case 'l':
		conversion->length = at[1] == 'l' ? 2 : 1;
		return at + conversion->length;
	case 'h':
		conversion->length = at[1] == 'h' ? -2 : -1;
		return at - conversion->length;
	case 'z':
	case 'j':
	case 't':
		conversion->length = 1;
		return at + 1;
	default:
		return at;
	}
}

/* Everything up to the letter; NULL where a number is too large to be meant. */
static const char *read_conversion(const char *at, struct conversion *conversion,
				   va_list *arguments)
{
	for (;; at++) {
		if (*at == '-')
			conversion->left = true;
		else if (*at == '0')
			conversion->zeros = true;
		else
			break;
	}
	if (*at == '*') {
		int width = va_arg(*arguments, int);

		if (width < -NUMBER_LIMIT)
			return NULL;
		if (width < 0)
			conversion->left = true;
		conversion->width = (unsigned)(width < 0 ? -width : width);
		at++;
	} else {
		at = read_number(at, &conversion->width);
	}
	if (*at == '.' && at[1] == '*') {
		conversion->precision = va_arg(*arguments, int);
		at += 2;
	} else if (*at == '.') {
		unsigned precision;

		at = read_number(at + 1, &precision);
		conversion->precision = (int)precision;
	}
	if (conversion->width >= NUMBER_LIMIT || conversion->precision >= NUMBER_LIMIT)
		return NULL;
	return read_length(at, conversion);
}

static bool put(struct out *out, const char *bytes, size_t size)
{
	if (unlikely(size > (size_t)(out->end - out->at)))
		return false;
	lt_copy(out->at, bytes, size);
	out->at += size;
	return true;
}

static bool fill(struct out *out, char byte, size_t count)
{
	if (unlikely(count > (size_t)(out->end - out->at)))
		return false;
	while (count--) {
		*out->at++ = byte;
		__asm__("" : : : "memory"); /* or the compiler calls memset() for a few bytes */
	}
	return true;
}

static bool put_padded(struct out *out, const struct conversion *conversion, const char *text,
		       size_t size)
{
	size_t padding;

	if (likely(conversion->width <= size))
		return put(out, text, size);
	padding = conversion->width - size;
	return (conversion->left || fill(out, ' ', padding)) && put(out, text, size) &&
	       (!conversion->left || fill(out, ' ', padding));
}

static unsigned count_digits(uint64_t value, unsigned base)
{
	unsigned count = 1;

	if (base == 10) {
		for (; value >= 10000; value /= 10000)
			count += 4;
		return count + (value >= 10) + (value >= 100) + (value >= 1000);
	}
	while (value >= base) {
		value /= base;
		count++;
	}
	return count;
}

/* Writes into place, from the last digit on: `sign` is NUL, or a byte in front of the digits. */
static bool put_number(struct out *out, const struct conversion *conversion, uint64_t value,
		       unsigned base, char sign)
{
	unsigned digits = count_digits(value, base);
	unsigned size = digits + (sign != 0);
	unsigned padding = conversion->width > size ? conversion->width - size : 0;
	char *at;

	if (unlikely(size + padding > (size_t)(out->end - out->at)))
		return false;
	if (padding && !conversion->left && !conversion->zeros)
		fill(out, ' ', padding);
	if (sign)
		*out->at++ = sign;
	if (padding && !conversion->left && conversion->zeros)
		fill(out, '0', padding);
	out->at += digits;
	at = out->at;
	if (base == 10) {
		do
			*--at = (char)('0' + value % 10);
		while (value /= 10);
	} else {
		do
			*--at = "0123456789abcdef"[value % base];
		while (value /= base);
	}
	if (padding && conversion->left)
		fill(out, ' ', padding);
	return true;
}

static bool put_string(struct out *out, const struct conversion *conversion, const char *text)
{
	size_t size;

	/* libc shows a NULL in full or, where the precision is less than that, not at all. */
	if (unlikely(!text)) {
		if (conversion->precision >= 0 && conversion->precision < 6)
			return false;
		text = "(null)";
	}
	if (likely(conversion->precision < 0)) {
		size = lt_length(text, '%', &out->percent);
	} else {
		size = strnlen(text, (size_t)conversion->precision);
		out->percent = true; /* perhaps; not worth a look */
	}
	return put_padded(out, conversion, text, size);
}

static int64_t take_signed(const struct conversion *conversion, va_list *arguments)
{
	int value;

	if (conversion->length == 1)
		return va_arg(*arguments, long);
	if (conversion->length == 2)
		return va_arg(*arguments, long long);
	value = va_arg(*arguments, int);
	if (conversion->length == -1)
		return (short)value;
	return conversion->length == -2 ? (signed char)value : value;
}

static uint64_t take_unsigned(const struct conversion *conversion, va_list *arguments)
{
	unsigned value;

	if (conversion->length == 1)
		return va_arg(*arguments, unsigned long);
	if (conversion->length == 2)
		return va_arg(*arguments, unsigned long long);
	value = va_arg(*arguments, unsigned);
	if (conversion->length == -1)
		return (unsigned short)value;
	return conversion->length == -2 ? (unsigned char)value : value;
}

static bool put_signed(struct out *out, const struct conversion *conversion, int64_t value)
{
	return put_number(out, conversion, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10,
			  value < 0 ? '-' : '\0');
}

static __attribute__((noinline)) bool put_error(struct out *out,
						const struct conversion *conversion)
{
	char unknown[64];
	int error = errno;
	const char *text = strerror_r(error, unknown, sizeof(unknown));

	errno = error;
	/* A translation of "Unknown error" may be cut here; libc has the room. */
	return text != unknown && put_string(out, conversion, text);
}

static bool put_character(struct out *out, const struct conversion *conversion, int value)
{
	char byte = (char)value;

	if (byte == '%')
		out->percent = true;
	return byte && put_padded(out, conversion, &byte, 1);
}

/* Not a switch: its table of jumps would be one more that is guessed wrongly. */
static bool put_conversion(struct out *out, char letter, const struct conversion *conversion,
			   va_list *arguments)
{
	/* A zero flag or a length with text, a precision with anything else: libc knows. */
	bool plain_text = !conversion->zeros && !conversion->length;
	bool number = conversion->precision < 0;

	if (letter == 's')
		return plain_text && put_string(out, conversion, va_arg(*arguments, const char *));
	if (unlikely(!number))
		return false;
	if (letter == 'd' || letter == 'i')
		return put_signed(out, conversion, take_signed(conversion, arguments));
	if (letter == 'u')
		return put_number(out, conversion, take_unsigned(conversion, arguments), 10, 0);
	if (letter == 'x')
		return put_number(out, conversion, take_unsigned(conversion, arguments), 16, 0);
	if (!plain_text)
		return false;
	if (letter == 'c')
		return put_character(out, conversion, va_arg(*arguments, int));
	return letter == 'm' && put_error(out, conversion);
}

static bool format_all(struct out *out, const char *format, va_list *arguments)
{
	for (;;) {
		size_t literal = lt_span(format, '%');
		struct conversion conversion = { .precision = -1 };

		if (unlikely(!put(out, format, literal)))
			return false;
		format += literal;
		if (!*format)
			return true;
		format++;
		if (*format == '%') {
			out->percent = true;
			if (!put(out, format++, 1))
				return false;
			continue;
		}
		/* Most conversions are a letter alone. */
		if ((unsigned char)*format < 'a' || *format == 'l' || *format == 'h' ||
		    *format == 'z' || *format == 'j' || *format == 't') {
			format = read_conversion(format, &conversion, arguments);
			if (!format)
				return false;
		}
		if (!put_conversion(out, *format, &conversion, arguments))
			return false;
		format++;
	}
}

int lt_format(char *buffer, size_t room, bool *percent, const char *format, va_list arguments)
{
	struct out out = { buffer, buffer + room, false };
	va_list rest;
	bool good;

	/* libc refuses a NULL format, and so leaves the message to itself. */
	if (unlikely(!format))
		return -1;
	va_copy(rest, arguments);
	good = format_all(&out, format, &rest);
	va_end(rest);
	*percent = out.percent;
	return good ? (int)(out.at - buffer) : -1;
}
