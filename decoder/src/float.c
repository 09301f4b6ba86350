/* SPDX-License-Identifier: MIT */
/*
 * Floating-point numbers as the shortest of 6 to 9 digits (of a double 15 to 17) that give them
 * back. Those of ordinary size by whole numbers of 128 bits, which is exact; all others by printf
 * and strtod, which the fast path must agree with to the byte. Must not depend on the locale.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "event.h"
#include "put.h"

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

char *put_float_slowly(char *out, double value, bool single)
{
	char text[64];
	int saved = errno; /* strtod says ERANGE for subnormal numbers */
	int length = find_digits(text, sizeof(text), value, single);

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

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

/* A positive number, mantissa / 2^shift: as a double has it, whichever it came from. */
struct binary {
	uint64_t mantissa; /* from 2^52 on, below 2^53 */
	unsigned shift;
	bool single;
};

/* Ten to the power of 0 to 20. */
static inline wide power_of_ten(int exponent)
{
	return exponent < 20 ? evh_powers_of_ten[exponent] : (wide)evh_powers_of_ten[19] * 10;
}

/* scaled / 2^shift as printf rounds it: to the nearest, of two to the even one. */
static uint64_t round_off(wide scaled, unsigned shift)
{
	uint64_t whole = (uint64_t)(scaled >> shift);
	wide rest = scaled & (((wide)1 << shift) - 1);
	wide half = (wide)1 << (shift - 1);

	return whole + (rest > half || (rest == half && (whole & 1)));
}

/*
 * Whether `digits`, which stand for the number times ten to the power of `exponent`, are nearer to
 * it than to its neighbours. Below a power of two the neighbour is half as far away.
 */
static bool gives_back(const struct binary *number, uint64_t digits, wide scaled, int exponent)
{
	/* The digits of a double that a single has not. */
	unsigned beyond = number->single ? DBL_MANT_DIG - FLT_MANT_DIG : 0;
	wide shown = (wide)digits << number->shift;
	bool below = shown < scaled;
	wide distance = (below ? scaled - shown : shown - scaled) * 4;
	wide reach = (power_of_ten(exponent) * 2) << beyond;

	if (below && number->mantissa == (uint64_t)1 << 52)
		reach /= 2;
	/* In the middle between two, the even one is read. */
	return distance < reach || (distance == reach && !(number->mantissa >> beyond & 1));
}

/* `precision` digits, the first of them that of ten to the power of `exponent`: -4 to 14. */
static char *put_fixed(char *out, uint64_t digits, int precision, int exponent)
{
	char text[32] = { 0 };
	int count = precision;
	int whole = exponent < 0 ? 0 : exponent + 1;

	if (precision > 9) {
		put_digits(text, (uint32_t)(digits / 100000000), (unsigned)precision - 8);
		put_digits(text + precision - 8, (uint32_t)(digits % 100000000), 8);
	} else {
		put_digits(text, (uint32_t)digits, (unsigned)precision);
	}
	while (text[count - 1] == '0')
		count--;
	if (whole > 0) {
		memcpy(out, text, 16);
		out += whole;
		if (count > whole)
			*out++ = '.';
	} else {
		out = PUT_LITERAL(out, "0.000") - 4 - exponent;
	}
	if (count <= whole)
		return out;
	memcpy(out, text + whole, 17);
	return out + count - whole;
}

/* A number for which printf would write no exponent. NULL: for the slow path. */
static char *put_float_fast(char *out, double magnitude, bool single)
{
	const int most = single ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	struct binary number = { .single = single };
	int precision = single ? FLT_DIG : DBL_DIG;
	uint64_t digits;
	uint64_t bits;
	wide scaled;
	int exponent;

	if (!(magnitude >= 1e-4 && magnitude < (single ? 1e6 : WHOLE_MAX)))
		return NULL;
	memcpy(&bits, &magnitude, sizeof(bits));
	exponent = (int)(bits >> 52) - 1023;
	number.mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	number.shift = (unsigned)(52 - exponent);
	/* Times log10(2): what its power of two has, it has as well, or one more. */
	exponent = (exponent * 1233) >> 12;
	scaled = number.mantissa * power_of_ten(precision - 1 - exponent);
	if (scaled >> number.shift >= evh_powers_of_ten[precision])
		exponent++;
	for (;; precision++) {
		scaled = number.mantissa * power_of_ten(precision - 1 - exponent);
		digits = round_off(scaled, number.shift);
		if (precision == most ||
		    gives_back(&number, digits, scaled, precision - 1 - exponent))
			break;
	}
	/* Rounded up to one more: rare, and printf may want an exponent then. */
	if (digits >= evh_powers_of_ten[precision])
		return NULL;
	return put_fixed(out, digits, precision, exponent);
}

#else

static char *put_float_fast(char *out, double magnitude, bool single)
{
	(void)out;
	(void)magnitude;
	(void)single;
	return NULL;
}

#endif

char *put_float(char *out, double value, bool single)
{
	bool negative = signbit(value);
	char *end;

	if (negative)
		*out = '-';
	if (!isfinite(value))
		return put_bytes(out + negative, isnan(value) ? "nan" : "inf", 3);
	if (value == 0) {
		out[negative] = '0';
		return out + negative + 1;
	}
	end = put_float_fast(out + negative, fabs(value), single);
	return end ? end : put_float_slowly(out, value, single);
}
