/* SPDX-License-Identifier: MIT */
/*
 * Values of fields as text: times, addresses and bytes; digits.c and float.c have the numbers. Must
 * not depend on the locale or the time zone: what is written here is read by programs.
 */
#include <arpa/inet.h>

#include "event.h"
#include "put.h"

/* All bytes in two forms of hex. */
#define ROW(a)	a "0" a "1" a "2" a "3" a "4" a "5" a "6" a "7" a "8" a "9"
#define LOW(a)	ROW(a) a "a" a "b" a "c" a "d" a "e" a "f"
#define HIGH(a) ROW(a) a "A" a "B" a "C" a "D" a "E" a "F"
#define TEN(row)                                                                                   \
	row("0") row("1") row("2") row("3") row("4") row("5") row("6") row("7") row("8") row("9")

static const char hex_low[] = TEN(LOW) LOW("a") LOW("b") LOW("c") LOW("d") LOW("e") LOW("f");
static const char hex_high[] =
	TEN(HIGH) HIGH("A") HIGH("B") HIGH("C") HIGH("D") HIGH("E") HIGH("F");

#undef ROW
#undef LOW
#undef HIGH
#undef TEN

char *put_hex(char *out, uint64_t value)
{
	int digits = value == 0 ? 1 : (67 - __builtin_clzll(value)) / 4;
	char *end = out + 2 + digits;
	char *p = end;

	out[0] = '0';
	out[1] = 'x';
	for (; digits >= 2; digits -= 2, value >>= 8) {
		p -= 2;
		memcpy(p, &hex_high[(value & 0xff) * 2], 2);
	}
	if (digits)
		out[2] = hex_high[value * 2 + 1];
	return end;
}

static inline char *put_hex_byte(char *out, uint8_t byte)
{
	memcpy(out, &hex_low[(size_t)byte * 2], 2);
	return out + 2;
}

static char *put_hex_bytes(char *out, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++, out += 3) {
		put_hex_byte(out, data[i]);
		out[2] = ' ';
	}
	return size > 0 ? out - 1 : out;
}

static char *put_hex_run(char *out, const uint8_t *data, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		out = put_hex_byte(out, data[i]);
	return out;
}

char *put_uuid(char *out, const uint8_t *uuid)
{
	out = put_hex_run(out, uuid, 4);
	for (unsigned i = 4; i < 10; i += 2) {
		*out++ = '-';
		out = put_hex_run(out, uuid + i, 2);
	}
	*out++ = '-';
	return put_hex_run(out, uuid + 10, 6);
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

static char *put_errno(char *out, int32_t number)
{
	const char *name = evh_errno_name(number);

	out = put_bytes(out, name ? name : "ERRNO", name ? strlen(name) : 5);
	*out++ = '(';
	out = put_i64(out, number);
	*out++ = ')';
	return out;
}

static char *put_ipv4(char *out, const uint8_t *data)
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned octet = data[i];

		if (octet >= 100) {
			*out++ = (char)('0' + octet / 100);
			out = put_digits(out, octet % 100, 2);
		} else {
			out = put_u64(out, octet);
		}
		*out++ = '.';
	}
	return out - 1;
}

static char *put_ipv6(char *out, const uint8_t *data)
{
	return inet_ntop(AF_INET6, data, out, INET6_ADDRSTRLEN) ? out + strlen(out) : out;
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
		return put_ipv4(out, data);
	case EVH_VALUE_IPV6:
		return put_ipv6(out, data);
	default:
		return PUT_LITERAL(out, "null");
	}
}
