/* SPDX-License-Identifier: MIT */
/* How long a forwarder waits, and from when on a place counts. */
#include <criterion/criterion.h>

#include "backoff.h"
#include "unsure.h"

Test(backoff, doubles_up_to_its_limit)
{
	struct backoff backoff = { .random = 7 };
	uint32_t step = BACKOFF_FIRST;

	for (int i = 0; i < 30; i++) {
		uint32_t wait = backoff_next(&backoff, 0);

		cr_assert_leq(wait, step);
		cr_assert_geq(wait, step / 2);
		step = step * 2 > BACKOFF_LONGEST ? BACKOFF_LONGEST : step * 2;
	}
	backoff_reset(&backoff);
	cr_assert_leq(backoff_next(&backoff, 0), BACKOFF_FIRST);
}

Test(backoff, hosts_differ)
{
	struct backoff one = { .random = 1 }, other = { .random = 2 };
	int differ = 0;

	for (int i = 0; i < 10; i++)
		differ += backoff_next(&one, 0) != backoff_next(&other, 0);
	cr_assert_geq(differ, 8);
}

Test(backoff, waits_no_less_than_it_is_asked)
{
	struct backoff backoff = { .random = 3 };

	cr_assert_geq(backoff_next(&backoff, 5000), 5000);
	cr_assert_leq(backoff_next(&backoff, UINT64_MAX), BACKOFF_ASKED_MOST + BACKOFF_LONGEST);
}

static struct spool_place at(uint64_t offset)
{
	return (struct spool_place){ 1, offset, 0 };
}

Test(unsure, counts_when_the_time_has_come_and_the_bytes_have)
{
	struct unsure unsure = { .count = 0 };
	struct spool_place place, first = at(10), second = at(20);

	unsure_add(&unsure, &first, 100, 1000);
	unsure_add(&unsure, &second, 200, 2000);
	cr_assert_not(unsure_take(&unsure, 99, UINT64_MAX, &place));
	cr_assert_not(unsure_take(&unsure, 300, 999, &place));
	cr_assert(unsure_take(&unsure, 300, 1999, &place));
	cr_assert_eq(place.offset, 10);
	cr_assert(unsure_take(&unsure, 300, 2000, &place));
	cr_assert_eq(place.offset, 20);
	cr_assert_not(unsure_take(&unsure, 300, 2000, &place));
}

Test(unsure, never_early_when_there_are_many)
{
	struct unsure unsure = { .count = 0 };
	struct spool_place place;

	for (uint64_t i = 1; i <= 1000; i++) {
		struct spool_place here = at(i);

		unsure_add(&unsure, &here, i, i);
	}
	for (uint64_t now = 1; now <= 1000; now++) {
		if (unsure_take(&unsure, now, now, &place))
			cr_assert_leq(place.offset, now);
	}
	cr_assert_eq(place.offset, 1000);
}

Test(unsure, all_or_none)
{
	struct unsure unsure = { .count = 0 };
	struct spool_place place, here = at(5);

	unsure_add(&unsure, &here, 100, 100);
	unsure_forget(&unsure);
	cr_assert_not(unsure_take(&unsure, UINT64_MAX, UINT64_MAX, &place));
	unsure_add(&unsure, &here, 100, 100);
	unsure_all(&unsure);
	cr_assert(unsure_take(&unsure, 0, 0, &place));
}
