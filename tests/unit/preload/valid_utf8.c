/* SPDX-License-Identifier: MIT */
/* Texts that become UTF-8: every odd one, with any room, and in any number of steps. */
#include "valid_utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "odd_text.h"
#include "utc_time.h"

Test(valid_utf8, texts)
{
	static uint8_t text[256], expected[3 * sizeof(text)], got[3 * sizeof(text) + 16];
	uint64_t state = 4711;

	for (int turn = 0; turn < 50000; turn++) {
		size_t size = make_text(text, layers_random(&state) % sizeof(text), &state), all;
		size_t room = layers_random(&state) % (sizeof(expected) / 2), in = 0, out = 0;

		all = replaced(text, size, expected);
		/* In steps of the room that there is, as parts are made. */
		do {
			struct lt_cleaned done;

			memset(got + out + room, 0x55, 16);
			done = lt_utf8_clean(got + out, room, (char *)text + in, size - in, false);
			cr_assert_leq(done.out, room);
			cr_assert_eq(got[out + room], 0x55, "written beyond the room");
			cr_assert(done.in || room < 4 || in == size, "no way on");
			in += done.in;
			out += done.out;
			room = room < 4 ? 4 : room;
		} while (in < size && out + room < sizeof(expected));
		cr_assert_leq(out, all);
		cr_assert_eq(memcmp(got, expected, out), 0, "turn %d", turn);
	}
}

/* Every sequence of three bytes of which some could be the front of a character. */
Test(valid_utf8, every_lead)
{
	uint8_t text[4], expected[12], got[12];

	for (unsigned i = 0; i < 256 * 256; i++) {
		for (unsigned j = 0; j < 6; j++) {
			struct lt_cleaned done;
			size_t all;

			memcpy(text,
			       (uint8_t[]){ (uint8_t)(i >> 8), (uint8_t)i,
					    (uint8_t[]){ 0, 0x7f, 0x80, 0xbf, 0xc0, 0xe2 }[j],
					    0x80 },
			       4);
			all = replaced(text, 4, expected);
			done = lt_utf8_clean(got, sizeof(got), (char *)text, 4, false);
			cr_assert(done.in == 4 && done.out == all && !memcmp(got, expected, all));
		}
	}
}

/* The calendar is compared with libc's. */
Test(utc_time, all_years)
{
	char text[LT_UTC_TIME + 1] = "", expected[96], date[64];
	uint64_t state = 99;

	for (int turn = 0; turn < 20000; turn++) {
		uint64_t second = ((uint64_t)layers_random(&state) << 32 | layers_random(&state)) %
				  UINT64_C(18446744073);
		uint32_t nanoseconds = layers_random(&state) % 1000000000;
		time_t time = (time_t)second;
		struct tm tm;

		gmtime_r(&time, &tm);
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(expected, sizeof(expected), "%s.%09uZ", date, nanoseconds);
		lt_put_utc_time((uint8_t *)text, second * 1000000000 + nanoseconds);
		cr_assert_str_eq(text, expected);
	}
}
