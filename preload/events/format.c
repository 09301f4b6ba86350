/* SPDX-License-Identifier: MIT */
/*
 * The usual printf formats. Must give what vsnprintf gives, byte for byte, or say that it can't:
 * the text is passed on to libc in the program's name. A test compares the two.
 */
#include "format.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

#include "bytes.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Wide enough for what a message holds, and far from overflow. */
#define NUMBER_LIMIT 10000

/* One conversion, between its % and its letter. */
struct conversion {
	unsigned width;
	int precision; /* negative: none */
	bool left, zeros;
	int8_t length; /* 0 int, 1 long, 2 long long, -1 short, -2 char */
};

_Static_assert(sizeof(long) == sizeof(size_t) && sizeof(long) == sizeof(ptrdiff_t),
	       "z and t are read as l");

/* A number that does not fit is INT_MAX: libc refuses any message that is nearly so long. */
static const char *read_number(const char *at, unsigned *number)
{
	unsigned value = 0;

	for (; *at >= '0' && *at <= '9'; at++)
		value = value < INT_MAX / 10 ? value * 10 + (unsigned)(*at - '0') : INT_MAX;
	*number = value;
	return at;
}

static const char *read_length(const char *at, struct conversion *conversion)
{
	if (*at == 'l') {
		conversion->length = at[1] == 'l' ? 2 : 1;
		return at + conversion->length;
	}
	if (*at == 'h') {
		conversion->length = at[1] == 'h' ? -2 : -1;
		return at - conversion->length;
	}
	if (*at == 'z' || *at == 'j' || *at == 't') {
		conversion->length = *at == 'j' && sizeof(intmax_t) != sizeof(long) ? 2 : 1;
		return at + 1;
	}
	return at;
}

/* Everything up to the letter. */
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

		if (width < 0)
			conversion->left = true;
		conversion->width = width < 0 ? 0 - (unsigned)width : (unsigned)width;
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
	return read_length(at, conversion);
}

static char *fill(char *at, char byte, unsigned count)
{
	while (count--) {
		*at++ = byte;
		__asm__("" : : : "memory"); /* or the compiler calls memset() for a few bytes */
	}
	return at;
}

static char *put_padded(char *at, const char *end, const struct conversion *conversion,
			const char *text, size_t size)
{
	unsigned padding = conversion->width > size ? conversion->width - (unsigned)size : 0;

	if (unlikely(size + padding > (size_t)(end - at)))
		return NULL;
	if (!conversion->left)
		at = fill(at, ' ', padding);
	lt_copy(at, text, size);
	at += size;
	return conversion->left ? fill(at, ' ', padding) : at;
}

/* The digits of a number below 10000, the first one in the lowest byte; zeros in front. */
static uint32_t four_digits(uint32_t value)
{
	uint32_t high = value / 100;
	uint32_t pairs = high | (value - high * 100) << 16;
	/* Of both pairs at once; below 100, 103/1024 is exact. */
	uint32_t tens = (pairs * 103 >> 10) & 0x000f000f;

	return 0x30303030 | tens | (pairs - tens * 10) << 8;
}

static void store_four(char *at, uint32_t digits)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	digits = __builtin_bswap32(digits);
#endif
	memcpy(at, &digits, sizeof(digits));
}

/*
 * All that a number can need, in fours, and its sign. Where there is less room a number is refused,
 * even if it would fit.
 */
#define DIGITS_MAX 24

/* Writes decimal digits at `at`, with room for DIGITS_MAX; the end of them. */
static inline char *put_digits(char *at, uint64_t value)
{
	uint32_t groups[4];
	int count = 0;
	unsigned zeros;

	while (unlikely(value >= 10000)) {
		groups[count++] = (uint32_t)(value % 10000);
		value /= 10000;
	}
	zeros = (value < 1000) + (value < 100) + (value < 10);
	store_four(at, four_digits((uint32_t)value) >> 8 * zeros);
	at += 4 - zeros;
	while (count) {
		store_four(at, four_digits(groups[--count]));
		at += 4;
	}
	return at;
}

static char *put_hex_digits(char *at, uint64_t value, unsigned size)
{
	for (unsigned bits = size * 4; bits; bits -= 4)
		*at++ = "0123456789abcdef"[value >> (bits - 4) & 15];
	return at;
}

static unsigned decimal_size(uint64_t value)
{
	unsigned size = 1;

	for (; unlikely(value >= 10000); value /= 10000)
		size += 4;
	return size + (value >= 10) + (value >= 100) + (value >= 1000);
}

static unsigned hex_size(uint64_t value)
{
	return value ? (unsigned)(63 - __builtin_clzll(value)) / 4 + 1 : 1;
}

static char *put_number(char *at, const char *end, const struct conversion *conversion,
			uint64_t value, bool hex, bool negative)
{
	unsigned size = (hex ? hex_size(value) : decimal_size(value)) + negative;
	unsigned padding = conversion->width > size ? conversion->width - size : 0;

	if (unlikely(padding + DIGITS_MAX > (size_t)(end - at)))
		return NULL;
	if (padding && !conversion->left && !conversion->zeros)
		at = fill(at, ' ', padding);
	*at = '-';
	at += negative;
	if (padding && !conversion->left && conversion->zeros)
		at = fill(at, '0', padding);
	at = hex ? put_hex_digits(at, value, size) : put_digits(at, value);
	return padding && conversion->left ? fill(at, ' ', padding) : at;
}

/* libc shows a NULL in full or, where the precision is less than that, not at all. */
static const char null_text[] = "(null)";

static char *put_string(char *at, const char *end, const struct conversion *conversion,
			const char *text, bool *percent)
{
	if (unlikely(!text)) {
		if (conversion->precision >= 0 && conversion->precision < 6)
			return NULL;
		text = null_text;
	}
	*percent = true; /* perhaps; not worth a look */
	return put_padded(at, end, conversion, text,
			  conversion->precision < 0 ? strlen(text)
						    : strnlen(text, (size_t)conversion->precision));
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

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static __attribute__((noinline)) char *put_error(char *at, const char *end,
						 const struct conversion *conversion, bool *percent)
{
	char unknown[64];
	int error = errno;
	const char *text = strerror_r(error, unknown, sizeof(unknown));

	errno = error;
	/* A translation of "Unknown error" may be cut here; libc has the room. */
	return text == unknown ? NULL : put_string(at, end, conversion, text, percent);
}

static char *put_character(char *at, const char *end, const struct conversion *conversion,
			   int value, bool *percent)
{
	char byte = (char)value;

	if (byte == '%')
		*percent = true;
	return byte ? put_padded(at, end, conversion, &byte, 1) : NULL;
}

/*
 * Any conversion of ours, from behind its % on; *format is moved behind it. Not a switch: its table
 * of jumps would be one more that is guessed wrongly.
 */
static __attribute__((noinline)) char *
put_conversion(char *at, const char *end, const char **format, bool *percent, va_list *arguments)
{
	struct conversion conversion = { .precision = -1 };
	const char *last = read_conversion(*format, &conversion, arguments);
	/* A zero flag or a length with text, a precision with anything else: libc knows. */
	bool plain_text = !conversion.zeros && !conversion.length;
	bool number = conversion.precision < 0;
	char letter;

	if (unlikely(conversion.width >= NUMBER_LIMIT || conversion.precision >= NUMBER_LIMIT))
		return NULL;
	letter = *last;
	*format = last + 1;
	if (number && (letter == 'd' || letter == 'i')) {
		int64_t value = take_signed(&conversion, arguments);

		return put_number(at, end, &conversion, magnitude(value), false, value < 0);
	}
	if (number && (letter == 'u' || letter == 'x'))
		return put_number(at, end, &conversion, take_unsigned(&conversion, arguments),
				  letter == 'x', false);
	if (!plain_text)
		return NULL;
	if (letter == 's')
		return put_string(at, end, &conversion, va_arg(*arguments, const char *), percent);
	if (number && letter == 'c')
		return put_character(at, end, &conversion, va_arg(*arguments, int), percent);
	return number && letter == 'm' ? put_error(at, end, &conversion, percent) : NULL;
}

static char *put_percent(char *at, const char *end, bool *percent)
{
	*percent = true;
	if (at == end)
		return NULL;
	*at = '%';
	return at + 1;
}

/* %d and %5d: what is neither that nor fits into this is left to put_conversion(). */
static inline char *put_int(char *at, unsigned width, int value)
{
	uint32_t rest = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
	bool negative = value < 0;
	unsigned zeros = (rest < 1000) + (rest < 100) + (rest < 10);
	unsigned size = 4 - zeros + negative;

	if (unlikely(rest >= 10000)) {
		size = decimal_size(rest) + negative;
		zeros = 0;
	}
	memset(at, ' ', LT_SPARE / 2);
	at += width > size ? width - size : 0;
	*at = '-';
	at += negative;
	if (unlikely(rest >= 10000))
		return put_digits(at, rest);
	store_four(at, four_digits(rest) >> 8 * zeros);
	return at + 4 - zeros;
}

/* %s; the text ends with its NUL. */
static inline char *put_text(char *at, const char *end, const char *text, bool *percent)
{
	char *behind = lt_copy_text(at, end, text ? text : null_text, '\0').out;

	if (likely(behind) && lt_holds(at, (size_t)(behind - at), end, '%'))
		*percent = true;
	return behind;
}

/* The end of the text, or NULL. The commonest conversions are dealt with on the way. */
static inline char *format_all(char *at, const char *end, const char *format, bool *percent,
			       va_list *arguments)
{
	for (;;) {
		struct lt_copied copied = lt_copy_text(at, end, format, '%');
		unsigned width;

		at = copied.out;
		if (unlikely(!at) || !*copied.in)
			return at;
		format = copied.in + 1;
		if (*format == 's') {
			at = put_text(at, end, va_arg(*arguments, const char *), percent);
			if (unlikely(!at))
				return NULL;
			format++;
			continue;
		}
		width = (unsigned)*format - '0';
		if (width - 1 < 9)
			format++;
		else
			width = 0;
		if (*format == 'd' && end - at > LT_SPARE + DIGITS_MAX) {
			at = put_int(at, width, va_arg(*arguments, int));
			format++;
			continue;
		}
		format = copied.in + 1;
		if (*format == '%') {
			at = put_percent(at, end, percent);
			format++;
		} else {
			at = put_conversion(at, end, &format, percent, arguments);
		}
		if (unlikely(!at))
			return NULL;
	}
}

int lt_format(char *out, size_t room, struct lt_finished_text *finished, const char *format,
	      va_list arguments)
{
	bool percent = false;
	char *end;
	va_list rest;

	/* libc refuses a NULL format, and so leaves the message to itself. */
	if (unlikely(!format) || unlikely(!room))
		return -1;
	va_copy(rest, arguments);
	end = format_all(out, out + room - 1, format, &percent, &rest);
	va_end(rest);
	if (unlikely(!end))
		return -1;
	*end = '\0';
	*finished = (struct lt_finished_text){ out, !percent };
	return (int)(end - out);
}

/* Takes the argument of a conversion; false where its type or its padding is not known. */
static bool skip_argument(char letter, const struct conversion *conversion, va_list *arguments)
{
	switch (letter) {
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
	case 'c':
		take_unsigned(conversion, arguments);
		return true;
	case 'e':
	case 'f':
	case 'g':
		va_arg(*arguments, double);
		return !conversion->length;
	case 'p':
	case 's':
		va_arg(*arguments, void *);
		return true;
	case 'm':
		return true;
	default:
		return false;
	}
}

size_t lt_format_least(const char *format, va_list arguments)
{
	size_t least = 0;
	va_list rest;

	va_copy(rest, arguments);
	while (format && (format = strchr(format, '%'))) {
		struct conversion conversion = { .precision = -1 };

		if (format[1] == '%') {
			format += 2;
			continue;
		}
		format = read_conversion(format + 1, &conversion, &rest);
		if (!skip_argument(*format, &conversion, &rest))
			break;
		/* INT_MIN by a * is no width to libc. */
		if (conversion.width <= INT_MAX)
			least += conversion.width;
		format++;
	}
	va_end(rest);
	return least;
}

bool lt_format_counts(const char *format)
{
	for (const char *at = format; at && (at = strchr(at, '%')); at++) {
		if (at[1 + strspn(at + 1, "0123456789$*.+- #'IhlLqjztZwf")] == 'n')
			return true;
	}
	return false;
}
