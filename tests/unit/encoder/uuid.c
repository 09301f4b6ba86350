/* SPDX-License-Identifier: MIT */
/* UUIDs: text, GUID structures, names, random ones. */
#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <evh/uuid.h>

static const uint8_t example[16] = { 0xa3, 0xa2, 0xa1, 0xa0, 0xb1, 0xb0, 0xc1, 0xc0,
				     0xd7, 0xd6, 0xd5, 0xd4, 0xd3, 0xd2, 0xd1, 0xd0 };

static void expect_text(const uint8_t got[16], const char *text)
{
	uint8_t expected[16];

	cr_assert_eq(evh_uuid_parse(expected, text), 0);
	cr_assert_arr_eq(got, expected, 16);
}

Test(uuid, parse)
{
	static const char *const good[] = { "a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0",
					    "{A3A2A1A0-B1B0-C1C0-D7D6-D5D4D3D2D1D0}",
					    "a3a2a1a0b1b0c1c0d7d6d5d4d3d2d1d0",
					    "{a3a2a1a0b1b0c1c0d7d6d5d4d3d2d1d0}" };
	static const char *const bad[] = { "",
					   "{",
					   "a3a2a1a0",
					   "a3a2a1a0-",
					   "a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d",
					   "a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0a",
					   "a3a2a1a0-b1b0-c1c0-d7d6d5d4d3d2d1d0",
					   "a3a2a1a0b1b0-c1c0-d7d6-d5d4d3d2d1d0",
					   "g3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0",
					   "{a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0",
					   "a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0}",
					   " a3a2a1a0b1b0c1c0d7d6d5d4d3d2d1d0" };
	uint8_t uuid[16];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		memset(uuid, 0, sizeof(uuid));
		cr_assert_eq(evh_uuid_parse(uuid, good[i]), 0, "%s", good[i]);
		cr_assert_arr_eq(uuid, example, 16);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_eq(evh_uuid_parse(uuid, bad[i]), -EINVAL, "%s", bad[i]);
		cr_assert_arr_eq(uuid, example, 16);
	}
}

Test(uuid, guids)
{
	static const uint8_t memory[16] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xb0, 0xb1, 0xc0, 0xc1,
					    0xd7, 0xd6, 0xd5, 0xd4, 0xd3, 0xd2, 0xd1, 0xd0 };
	uint8_t uuid[16];

	evh_uuid_from_guid_le(uuid, memory);
	cr_assert_arr_eq(uuid, example, 16);
	evh_uuid_from_fields(uuid, 0xa3a2a1a0, 0xb1b0, 0xc1c0, memory + 8);
	cr_assert_arr_eq(uuid, example, 16);
}

Test(uuid, and_back)
{
	char text[EVH_UUID_TEXT_SIZE];
	uint8_t uuid[16], guid[16], data4[8];
	uint32_t data1;
	uint16_t data2, data3;

	evh_uuid_format(text, example);
	cr_assert_str_eq(text, "a3a2a1a0-b1b0-c1c0-d7d6-d5d4d3d2d1d0");
	evh_uuid_to_fields(example, &data1, &data2, &data3, data4);
	evh_uuid_from_fields(uuid, data1, data2, data3, data4);
	cr_assert_arr_eq(uuid, example, 16);
	cr_assert_eq(data1, 0xa3a2a1a0);
	evh_uuid_to_guid_le(guid, example);
	cr_assert_eq(guid[0], 0xa0);
	evh_uuid_from_guid_le(uuid, guid);
	cr_assert_arr_eq(uuid, example, 16);
	evh_uuid_to_guid_le(guid, guid); /* in place, and so turned back */
	cr_assert_arr_eq(guid, example, 16);
}

/* The first is published; the others were computed with Python's hashlib. */
Test(uuid, names)
{
	char hundred[101];
	uint8_t uuid[16];

	memset(hundred, 'x', 100);
	hundred[100] = 0;
	evh_uuid_from_name(uuid, "MyProvider");
	expect_text(uuid, "b3864c38-4273-58c5-545b-8b3608343471");
	evh_uuid_from_name(uuid, "myprovider");
	expect_text(uuid, "b3864c38-4273-58c5-545b-8b3608343471");
	evh_uuid_from_name(uuid, "");
	expect_text(uuid, "4445ee6c-fd5a-5b15-047a-5866ffa76aa6");
	evh_uuid_from_name(uuid, hundred);
	expect_text(uuid, "bce3abed-9419-5109-ce20-1b1a668cd4fb");
	evh_uuid_from_name(uuid, "Gr\u00fc\u00dfe \u20ac \U0001f600");
	expect_text(uuid, "388a75f5-b865-5f83-a7d9-bbe04705cf66");
	evh_uuid_from_name(uuid, "na\u00efve");
	expect_text(uuid, "dcc96f99-6052-54da-7415-20be48070642");
	evh_uuid_from_name(uuid, "NA\u00cfVE");
	expect_text(uuid, "dcc96f99-6052-54da-7415-20be48070642");
	/* Cyrillic, Greek, a digraph, a letter with title case only, what has no capital */
	evh_uuid_from_name(uuid, "\u0436\u03c3\u0131\u01c6 \u1fb3\u0101\ua729 \u2d00");
	expect_text(uuid, "52ac46e2-0423-54fc-41e8-1f972b1328bd");
}

/* Names whose length crosses SHA-1's block in every way differ from each other. */
Test(uuid, long_names)
{
	char name[200] = "";
	uint8_t uuid[16], last[16] = { 0 };

	for (size_t length = 0; length < sizeof(name) - 1; length++) {
		evh_uuid_from_name(uuid, name);
		cr_assert_neq(memcmp(uuid, last, 16), 0);
		cr_assert_eq(uuid[6] >> 4, 5);
		memcpy(last, uuid, 16);
		name[length] = 'x';
	}
}

Test(uuid, random)
{
	uint8_t one[16], other[16];

	cr_assert_eq(evh_uuid_random(one), 0);
	cr_assert_eq(evh_uuid_random(other), 0);
	cr_assert_neq(memcmp(one, other, 16), 0);
	cr_assert_eq(one[6] >> 4, 4);
	cr_assert_eq(one[8] >> 6, 2);
}
