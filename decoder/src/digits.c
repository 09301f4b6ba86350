/* SPDX-License-Identifier: MIT */
/* Whole numbers as decimal digits, two at a time. Must know nothing of fields. */
#include "event.h"
#include "put.h"

#define ROW(a) a "0" a "1" a "2" a "3" a "4" a "5" a "6" a "7" a "8" a "9"

/* The hundred pairs of digits. */
static const char pairs[] =
	ROW("0") ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") ROW("8") ROW("9");

#undef ROW

const uint64_t evh_powers_of_ten[20] = {
	1u,
	10u,
	100u,
	1000u,
	10000u,
	100000u,
	1000000u,
	10000000u,
	100000000u,
	1000000000u,
	10000000000u,
	100000000000u,
	1000000000000u,
	10000000000000u,
	100000000000000u,
	1000000000000000u,
	10000000000000000u,
	100000000000000000u,
	1000000000000000000u,
	10000000000000000000u,
};

/* How many digits: its bits times log10(2), and one more from that power of ten on. */
static inline unsigned count_digits(uint64_t value)
{
	unsigned digits;

	value |= 1; /* 0 has a digit, too; no power of ten is odd but 1 */
	digits = ((unsigned)(64 - __builtin_clzll(value)) * 1233) >> 12;
	return digits + (value >= evh_powers_of_ten[digits]);
}

char *put_u64(char *out, uint64_t value)
{
	char *end = out + count_digits(value);
	char *p = end;

	for (; value >= 100; value /= 100) {
		p -= 2;
		memcpy(p, &pairs[value % 100 * 2], 2);
	}
	if (value >= 10)
		memcpy(out, &pairs[value * 2], 2);
	else
		*out = (char)('0' + value);
	return end;
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

char *put_nanoseconds(char *out, uint32_t value)
{
	const uint32_t first = value / 100000; /* four of the nine, so that two chains run */
	const uint32_t rest = value % 100000;

	memcpy(out, &pairs[(size_t)(first / 100) * 2], 2);
	memcpy(out + 2, &pairs[(size_t)(first % 100) * 2], 2);
	memcpy(out + 4, &pairs[(size_t)(rest / 1000) * 2], 2);
	memcpy(out + 6, &pairs[(size_t)(rest / 10 % 100) * 2], 2);
	out[8] = (char)('0' + rest % 10);
	return out + 9;
}
