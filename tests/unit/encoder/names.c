/* SPDX-License-Identifier: MIT */
/* Names of providers and tracepoints: what is made of them, and what is refused. */
#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <evh/tracepoint.h>

static int format(char *name, const char *provider, uint8_t level, uint64_t keyword,
		  const char *group)
{
	return evh_tracepoint_name_format(name, EVH_TRACEPOINT_NAME_MAX, provider, level, keyword,
					  group);
}

Test(names, format)
{
	char name[EVH_TRACEPOINT_NAME_MAX];

	cr_assert_eq(format(name, "MyCo_App", 3, 0x2a, NULL), 14);
	cr_assert_str_eq(name, "MyCo_App_L3K2a");
	cr_assert_eq(format(name, "Other", 5, 0, "perf"), 15);
	cr_assert_str_eq(name, "Other_L5K0Gperf");
	cr_assert_gt(format(name, "a", 255, UINT64_MAX, ""), 0);
	cr_assert_str_eq(name, "a_LffKffffffffffffffff");
	cr_assert_gt(format(name, "a", 0x10, 0x100000, "0"), 0);
	cr_assert_str_eq(name, "a_L10K100000G0");
}

Test(names, format_errors)
{
	char name[EVH_TRACEPOINT_NAME_MAX];
	char longest[EVH_TRACEPOINT_NAME_MAX];

	cr_assert_eq(format(name, "", 1, 1, NULL), -EINVAL);
	cr_assert_eq(format(name, "a b", 1, 1, NULL), -EINVAL);
	cr_assert_eq(format(name, "a", 0, 1, NULL), -EINVAL);
	cr_assert_eq(format(name, "a", 1, 1, "Group"), -EINVAL);
	cr_assert_eq(format(name, "a", 1, 1, "g_h"), -EINVAL);
	cr_assert_eq(evh_tracepoint_name_format(name, 7, "a", 1, 1, NULL), 6);
	cr_assert_eq(evh_tracepoint_name_format(name, 6, "a", 1, 1, NULL), -ENAMETOOLONG);
	memset(longest, 'x', sizeof(longest));
	longest[233] = 0;
	cr_assert_eq(format(name, longest, 255, UINT64_MAX, NULL), 233 + 21);
	cr_assert_eq(format(name, longest, 255, UINT64_MAX, "g"), -ENAMETOOLONG);
	longest[233] = 'x';
	longest[234] = 0;
	cr_assert_eq(format(name, longest, 1, 1, NULL), -ENAMETOOLONG);
}

Test(names, providers)
{
	static const char *const good[] = { "logtap", "MyCo_App", "a.b-c", "x",
					    "\xc3\xa9t\xc3\xa9" };
	static const char *const bad[] = { "",	   "a b",  "a:b",   "a/b",    "a;b",
					   "a\tb", "a\nb", "a\x7f", "a\x01b", " a" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_assert_eq(evh_provider_name_check(good[i]), 0, "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(evh_provider_name_check(bad[i]), -EINVAL, "%s", bad[i]);
}

Test(names, tracepoints)
{
	static const char *const good[] = { "logtap_L4K2",    "a_L1K0",
					    "a_L5KffffGperf", "a_b_LffKffffffffffffffff",
					    "a_L1K1A1BcG0",   "a_L1K1G",
					    "_L_L1K1",	      "TestProviderC_L5K0Gmsft" };
	static const char *const bad[] = { "",	       "logtap",
					   "_L1K1",    "a_L0K1",
					   "a_L1",     "a_LK1",
					   "a_L1K",    "a_L01K1",
					   "a_L1K01",  "a_L1KAB",
					   "a_L1K1g",  "a_L1K1G-",
					   "a_L1K1GG", "a_L1K1GaA1",
					   "a_L1K1 ",  "a b_L1K1",
					   "a/_L1K1",  "a:b_L1K1",
					   "a_L100K1", "a_L1K1_",
					   "a_l1k1",   "a_L1K10000000000000000" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_assert_eq(evh_tracepoint_name_check(good[i]), 0, "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(evh_tracepoint_name_check(bad[i]), -EINVAL, "%s", bad[i]);
}

Test(names, too_long_tracepoint)
{
	char name[300];

	memset(name, 'x', sizeof(name));
	memcpy(name + 233, "_L1K1", 6);
	cr_assert_eq(evh_tracepoint_name_check(name), 0);
	memset(name + 233, 'x', 8);
	memcpy(name + 234, "_L1K1", 6);
	cr_assert_eq(evh_tracepoint_name_check(name), -ENAMETOOLONG);
	memcpy(name + 200, "_L1K1G", 6);
	memset(name + 206, 'g', 60);
	name[256] = 0;
	cr_assert_eq(evh_tracepoint_name_check(name), -ENAMETOOLONG);
	name[255] = 0;
	cr_assert_eq(evh_tracepoint_name_check(name), 0);
}
