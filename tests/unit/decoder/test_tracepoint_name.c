/* SPDX-License-Identifier: MIT */
/* Tracepoint names: what is one, what isn't, and what its parts are. */
#include <criterion/criterion.h>
#include <errno.h>

#include <evh/decode.h>

Test(tracepoint_name, parts)
{
	static const char name[] = "Other_Provider_L5K0A1Gperf2Z";
	struct evh_tracepoint_name parts;
	size_t size = 99;
	const char *value;

	cr_assert_eq(evh_tracepoint_name_parse(&parts, name, strlen(name)), 0);
	cr_assert_eq(parts.provider_size, strlen("Other_Provider"));
	cr_assert_eq(parts.provider, name);
	cr_assert_eq(parts.level, 5);
	cr_assert_eq(parts.keyword, 0);
	cr_assert_eq(parts.options_size, strlen("A1Gperf2Z"));
	value = evh_tracepoint_name_option(&parts, 'G', &size);
	cr_assert_eq(size, 5);
	cr_assert_eq(memcmp(value, "perf2", 5), 0);
	cr_assert_not_null(evh_tracepoint_name_option(&parts, 'Z', &size));
	cr_assert_eq(size, 0);
	cr_assert_null(evh_tracepoint_name_option(&parts, 'B', &size));
}

Test(tracepoint_name, largest_numbers)
{
	static const char name[] = "a/b_LffKffffffffffffffff";
	struct evh_tracepoint_name parts;

	cr_assert_eq(evh_tracepoint_name_parse(&parts, name, strlen(name)), 0);
	cr_assert_eq(parts.level, 255);
	cr_assert_eq(parts.keyword, UINT64_MAX);
}

Test(tracepoint_name, refused)
{
	static const char *const names[] = {
		"",
		"_",
		"_L1K1",
		"sched_switch",
		"P_L1",
		"P_LK1",
		"P_L1K",
		"P_K1L1",
		"P_L1k1",
		"P_L1KF",
		"P_L100K1",
		"P_L1K1g",
		"P_L1K1G_",
		"P_L1K1G-",
		"P_L1K1 ",
		"PL1K1",
		"P_L1K1_",
		"P_l1K1",
		"P_L0x1K1",
		"P_L1K1GP=",
		"P_L1K10000000000000000",
	};
	struct evh_tracepoint_name parts;
	char longest[400];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_eq(evh_tracepoint_name_parse(&parts, names[i], strlen(names[i])), -EINVAL,
			     "%s", names[i]);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + 251, "_L1K1", sizeof("_L1K1"));
	cr_assert_eq(evh_tracepoint_name_parse(&parts, longest, 256), -EINVAL);
	cr_assert_eq(evh_tracepoint_name_parse(&parts, longest + 1, 255), 0);
	cr_assert_eq(evh_tracepoint_name_parse(&parts, "P\0_L1K1", 7), -EINVAL);
}

/* The name is part of a larger text: what follows must not be looked at. */
Test(tracepoint_name, is_not_terminated)
{
	struct evh_tracepoint_name parts;

	cr_assert_eq(evh_tracepoint_name_parse(&parts, "P_L1K12", 6), 0);
	cr_assert_eq(parts.keyword, 1);
}
