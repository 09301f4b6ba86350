/* SPDX-License-Identifier: MIT */
/*
 * Numbers, times, addresses and bytes as text. Must not depend on the locale or the time zone:
 * what is written here is read by programs.
 */
#include <arpa/inet.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "event.h"
#include "put.h"

static const char pairs[201] = "00010203040506070809"
			       "10111213141516171819"
			       "20212223242526272829"
			       "30313233343536373839"
			       "40414243444546474849"
			       "50515253545556575859"
			       "60616263646566676869"
			       "70717273747576777879"
			       "80818283848586878889"
			       "90919293949596979899";

char *put_u64(char *out, uint64_t value)
{
	char buffer[20];
	char *p = buffer + sizeof(buffer);

	if (value < 10) {
		*out = (char)('0' + value);
		return out + 1;
	}
	while (value >= 100) {
		p -= 2;
		memcpy(p, &pairs[value % 100 * 2], 2);
		value /= 100;
	}
	if (value >= 10) {
		p -= 2;
		memcpy(p, &pairs[value * 2], 2);
	} else {
		*--p = (char)('0' + value);
	}
	return put_bytes(out, p, (size_t)(buffer + sizeof(buffer) - p));
}

char *put_i64(char *out, int64_t value)
{
	if (value >= 0)
		return put_u64(out, (uint64_t)value);
	*out++ = '-';
	return put_u64(out, -(uint64_t)value);
}

/* Exactly `digits` of them, with zeros in front. */
char *put_digits(char *out, uint32_t value, unsigned digits)
{
	unsigned i = digits;

	for (; i >= 2; i -= 2, value /= 100)
		memcpy(out + i - 2, &pairs[(size_t)(value % 100) * 2], 2);
	if (i == 1)
		out[0] = (char)('0' + value % 10);
	return out + digits;
}

char *put_hex(char *out, uint64_t value)
{
	int digits = value == 0 ? 1 : (67 - __builtin_clzll(value)) / 4;

	*out++ = '0';
	*out++ = 'x';
	for (int i = digits - 1; i >= 0; i--, value >>= 4)
		out[i] = "0123456789ABCDEF"[value & 15];
	return out + digits;
}

static char *put_hex_byte(char *out, uint8_t byte)
{
	*out++ = "0123456789abcdef"[byte >> 4];
	*out++ = "0123456789abcdef"[byte & 15];
	return out;
}

static char *put_hex_bytes(char *out, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (i > 0)
			*out++ = ' ';
		out = put_hex_byte(out, data[i]);
	}
	return out;
}

char *put_uuid(char *out, const uint8_t *uuid)
{
	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		out = put_hex_byte(out, uuid[i]);
	}
	return out;
}

/* The Gregorian date of a day counted from 1970-01-01; by eras of 400 years from 0000-03-01. */
static char *put_date(char *out, int64_t day)
{
	int64_t shifted = day + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	uint32_t in_era = (uint32_t)(shifted - era * 146097);
	uint32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	uint32_t in_year = in_era - (365 * year + year / 4 - year / 100);
	uint32_t from_march = (5 * in_year + 2) / 153;
	uint32_t month = from_march < 10 ? from_march + 3 : from_march - 9;
	int64_t full = (int64_t)year + era * 400 + (month <= 2);

	if (full < 0)
		*out++ = '-';
	full = full < 0 ? -full : full;
	out = full < 10000 ? put_digits(out, (uint32_t)full, 4) : put_u64(out, (uint64_t)full);
	*out++ = '-';
	out = put_digits(out, month, 2);
	*out++ = '-';
	return put_digits(out, in_year - (153 * from_march + 2) / 5 + 1, 2);
}

/* The years that fit C's struct tm: what others can show, so can we. */
#define SECONDS_MIN (-67768040609740800)
#define SECONDS_MAX 67768036191676799

char *put_time(char *out, int64_t seconds)
{
	int64_t day;
	uint32_t second;

	if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
		out = PUT_LITERAL(out, "TIME(");
		out = put_i64(out, seconds);
		return PUT_LITERAL(out, ")");
	}
	day = seconds / 86400;
	if (seconds % 86400 < 0)
		day--;
	second = (uint32_t)(seconds - day * 86400);
	out = put_date(out, day);
	*out++ = 'T';
	out = put_digits(out, second / 3600, 2);
	*out++ = ':';
	out = put_digits(out, second / 60 % 60, 2);
	*out++ = ':';
	return put_digits(out, second % 60, 2);
}

static bool reads_back(const char *text, double value, bool single)
{
	return single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

/*
 * Six digits (fifteen for a double) always survive; where they don't give the number back, more
 * are needed, and nine (seventeen) always do. Below the normal numbers fewer may be enough.
 */
static int find_digits(char *text, size_t size, double value, bool single)
{
	double magnitude = fabs(value);
	bool subnormal = magnitude < (single ? (double)FLT_MIN : DBL_MIN);
	int most = single ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	int digits = subnormal ? 1 : (single ? FLT_DIG : DBL_DIG);
	int length;

	for (;; digits++) {
		length = snprintf(text, size, "%.*g", digits, value);
		if (digits >= most || reads_back(text, value, single))
			return length;
	}
}

/* The decimal point of the locale may be anything, of several bytes. */
static char *put_with_point(char *out, const char *text, int length)
{
	bool point = false;

	for (int i = 0; i < length; i++) {
		char c = text[i];

		if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e') {
			*out++ = c;
		} else if (!point) {
			*out++ = '.';
			point = true;
		}
	}
	return out;
}

/* All whole numbers below it are doubles, and it has no more digits than a double keeps. */
#define WHOLE_MAX 1e15

char *put_float(char *out, double value, bool single)
{
	char text[64];
	int saved = errno; /* strtod says ERANGE for subnormal numbers */
	int length;

	if (!isfinite(value)) {
		if (signbit(value))
			*out++ = '-';
		return put_bytes(out, isnan(value) ? "nan" : "inf", 3);
	}
	length = find_digits(text, sizeof(text), value, single);
	errno = saved;
	/* "78953344" rather than "7.895334e+07": as short, and exact for who reads it as a double.
	 */
	if (fabs(value) < WHOLE_MAX && value == (double)(int64_t)value && value != 0) {
		char *end = put_i64(out, (int64_t)value);

		if (end - out <= length)
			return end;
	}
	return put_with_point(out, text, length);
}

static char *put_errno(char *out, int32_t number)
{
	const char *name = number > 0 ? strerrorname_np(number) : NULL;

	out = put_bytes(out, name ? name : "ERRNO", name ? strlen(name) : 5);
	*out++ = '(';
	out = put_i64(out, number);
	*out++ = ')';
	return out;
}

static char *put_address(char *out, int family, const uint8_t *data)
{
	return inet_ntop(family, data, out, INET6_ADDRSTRLEN) ? out + strlen(out) : out;
}

/* Other numbers than 0 and 1 are shown; those of 4 bytes with their sign, as peers do. */
static char *put_boolean(char *out, const uint8_t *data, size_t size, bool big_endian)
{
	uint64_t value = load_unsigned(data, size, big_endian);

	if (value == 0)
		return PUT_LITERAL(out, "false");
	if (value == 1)
		return PUT_LITERAL(out, "true");
	return size == 4 ? put_i64(out, (int32_t)value) : put_u64(out, value);
}

static char *put_float_value(char *out, const uint8_t *data, size_t size, bool big_endian)
{
	struct evh_item item = {
		.value = EVH_VALUE_FLOAT, .data = data, .size = size, .big_endian = big_endian
	};
	double value = 0;

	evh_item_double(&item, &value);
	return put_float(out, value, size == 4);
}

char *put_scalar(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
		 bool big_endian)
{
	switch (kind) {
	case EVH_VALUE_UNSIGNED:
		return put_u64(out, load_unsigned(data, size, big_endian));
	case EVH_VALUE_SIGNED:
	case EVH_VALUE_PID:
		return put_i64(out, load_signed(data, size, big_endian));
	case EVH_VALUE_HEX:
		return put_hex(out, load_unsigned(data, size, big_endian));
	case EVH_VALUE_ERRNO:
		return put_errno(out, (int32_t)load32(data, big_endian));
	case EVH_VALUE_TIME:
		return put_time(out, load_signed(data, size, big_endian));
	case EVH_VALUE_BOOLEAN:
		return put_boolean(out, data, size, big_endian);
	case EVH_VALUE_FLOAT:
		return put_float_value(out, data, size, big_endian);
	case EVH_VALUE_BYTES:
		return put_hex_bytes(out, data, size);
	case EVH_VALUE_UUID:
		return put_uuid(out, data);
	case EVH_VALUE_PORT:
		return put_u64(out, load16(data, true));
	case EVH_VALUE_IPV4:
		return put_address(out, AF_INET, data);
	case EVH_VALUE_IPV6:
		return put_address(out, AF_INET6, data);
	default:
		return PUT_LITERAL(out, "null");
	}
}
