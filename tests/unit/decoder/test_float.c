/* SPDX-License-Identifier: MIT */
/*
 * Floating-point numbers as text: the fast path against printf and strtod, byte for byte. Numbers
 * of each kind that programs log, their neighbours, and where one length of text becomes another.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "../../../decoder/src/event.h"
#include "../../../decoder/src/put.h"

static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void compare(double value, bool single)
{
	char fast[128] = { 0 };
	char slow[128] = { 0 };

	if (single)
		value = (double)(float)value;
	/* Of zero the slow path's text is known. */
	if (!isfinite(value) || value == 0)
		return;
	*put_float(fast, value, single) = '\0';
	*put_float_slowly(slow, value, single) = '\0';
	cr_assert_str_eq(fast, slow, "%a as a %s", value, single ? "single" : "double");
}

static void compare_around(double value)
{
	for (int single = 0; single < 2; single++) {
		compare(value, single);
		compare(-value, single);
	}
	compare(nextafter(value, INFINITY), false);
	compare(nextafter(value, 0), false);
	compare((double)nextafterf((float)value, INFINITY), true);
	compare((double)nextafterf((float)value, 0), true);
}

Test(decoder_float, powers_of_ten_and_of_two)
{
	for (int exponent = -12; exponent < 24; exponent++) {
		compare_around(pow(10, exponent));
		compare_around(5 * pow(10, exponent));
		compare_around(9.9999999999999995 * pow(10, exponent));
		compare_around(0.99999949999999999 * pow(10, exponent));
	}
	for (int exponent = -70; exponent < 70; exponent++)
		compare_around(ldexp(1, exponent));
}

Test(decoder_float, numbers_with_few_digits)
{
	for (int i = 0; i < 100000; i++) {
		double whole = (double)(random_bits() % 1000000000000000u >> random_bits() % 50);

		compare_around(whole / pow(10, (double)(random_bits() % 19)));
	}
}

Test(decoder_float, any_number_of_ordinary_size)
{
	for (int i = 0; i < 100000; i++) {
		double part = (double)(random_bits() >> 11);

		compare(ldexp(part, (int)(random_bits() % 80) - 70), false);
		compare(ldexp(part, (int)(random_bits() % 50) - 70), true);
	}
}

Test(decoder_float, in_the_middle_between_two)
{
	/* 2^-k has k digits behind the point, the last of which is a 5: ties of all lengths. */
	for (int i = 0; i < 100000; i++)
		compare_around((double)(random_bits() % 100000) +
			       ldexp((double)(random_bits() % 4096), -12));
}

Test(decoder_float, zero_and_what_is_no_number)
{
	static const struct {
		double value;
		const char *text;
	} known[] = {
		{ 0.0, "0" },		{ -0.0, "-0" },
		{ INFINITY, "inf" },	{ -INFINITY, "-inf" },
		{ (double)NAN, "nan" }, { 0.0001, "0.0001" },
		{ 0.372, "0.372" },	{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1e15, "1e+15" },	{ 0.00001, "1e-05" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char text[128] = { 0 };

		*put_float(text, known[i].value, false) = '\0';
		cr_expect_str_eq(text, known[i].text);
	}
}
