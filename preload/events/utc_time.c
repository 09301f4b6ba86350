/* SPDX-License-Identifier: MIT */
/* The calendar, without libc: its functions take a lock. */
#include "utc_time.h"

#define DAYS_OF_400_YEARS 146097
#define DAYS_OF_100_YEARS 36524
#define DAYS_OF_4_YEARS	  1461

/* Days from the 1st of March of the year 0, with which leap days come last, to that of 1970. */
#define DAYS_BEFORE_1970 719468

static uint8_t *put_digits(uint8_t *out, uint32_t value, unsigned count)
{
	for (unsigned i = count; i-- > 0; value /= 10)
		out[i] = (uint8_t)('0' + value % 10);
	return out + count;
}

static uint8_t *put_date(uint8_t *out, uint32_t days)
{
	uint32_t day = days + DAYS_BEFORE_1970, era = day / DAYS_OF_400_YEARS;
	uint32_t year, month;

	day %= DAYS_OF_400_YEARS;
	/* Less the leap days that went before: one in 4 years, none in 100, one in 400. */
	year = (day - day / (DAYS_OF_4_YEARS - 1) + day / DAYS_OF_100_YEARS -
		day / (DAYS_OF_400_YEARS - 1)) /
	       365;
	day -= 365 * year + year / 4 - year / 100;
	year += era * 400;
	/* Five months from March on, and from August on, have 153 days. */
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	month += 3;
	if (month > 12) {
		month -= 12;
		year++;
	}
	out = put_digits(out, year, 4);
	*out++ = '-';
	out = put_digits(out, month, 2);
	*out++ = '-';
	return put_digits(out, day + 1, 2);
}

void lt_put_utc_time(uint8_t *out, uint64_t time)
{
	uint64_t seconds = time / 1000000000;
	uint32_t second = (uint32_t)(seconds % 86400);

	out = put_date(out, (uint32_t)(seconds / 86400));
	*out++ = 'T';
	out = put_digits(out, second / 3600, 2);
	*out++ = ':';
	out = put_digits(out, second / 60 % 60, 2);
	*out++ = ':';
	out = put_digits(out, second % 60, 2);
	*out++ = '.';
	out = put_digits(out, (uint32_t)(time % 1000000000), 9);
	*out = 'Z';
}
