/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of fields whose type the compiler finds, of times, and of keyword 0. Compiled as C
 * and as C++.
 */
#include "golden.h"

TestSuite(deduced, .init = golden_open);

Test(deduced, integers)
{
	signed char sc = -2;
	unsigned char uc = 0xfe;
	short s = -2;
	unsigned short us = 0xfffe;
	int i = -2;
	unsigned u = 0xfffffffe;
	long long ll = -2;
	unsigned long long ull = 0xfffffffffffffffe;
	const volatile int cv = 7;

	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 82 02 fe", "E", EVH_VALUE("a", sc));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 82 01 fe", "E", EVH_VALUE("a", uc));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 83 02 fe ff", "E", EVH_VALUE("a", s));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 83 01 fe ff", "E", EVH_VALUE("a", us));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 02 fe ff ff ff", "E", EVH_VALUE("a", i));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 01 fe ff ff ff", "E", EVH_VALUE("a", u));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 02 fe ff ff ff ff ff ff ff", "E",
	       EVH_VALUE("a", ll));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 01 fe ff ff ff ff ff ff ff", "E",
	       EVH_VALUE("a", ull));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 02 07 00 00 00", "E", EVH_VALUE("a", cv));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 02 03 00 00 00", "E", EVH_VALUE("a", 1 + 2));
}

Test(deduced, others)
{
	bool yes = true;
	char c = 'x', array[8] = "hi";
	const char *text = "hi", *none = NULL;
	void *address = (void *)(uintptr_t)0x1122334455667788;
	const int *numbers = (const int *)address;

	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 82 07 01", "E", EVH_VALUE("a", yes));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 82 0a 'x'", "E", EVH_VALUE("a", c));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 08 00 00 80 3f", "E", EVH_VALUE("a", 1.0f));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 08 00 00 00 00 00 00 f0 3f", "E",
	       EVH_VALUE("a", 1.0));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 02 00 'hi'", "E", EVH_VALUE("a", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 02 00 'hi'", "E", EVH_VALUE("a", array));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 02 00 'hi'", "E", EVH_VALUE("a", "hi"));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 00 00", "E", EVH_VALUE("a", none));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 03 88 77 66 55 44 33 22 11", "E",
	       EVH_VALUE("a", address));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 03 88 77 66 55 44 33 22 11", "E",
	       EVH_VALUE("a", numbers));
}

/* The name is the expression as it is written, also where it is a macro; options as everywhere. */
Test(deduced, names_and_options)
{
	int size = 3;

	EXPECT(HEADER "09 00 01 00 'E' 00 'size' 00 84 02 03 00 00 00", "E", EVH_VAR(size));
#define A_MACRO 4
	EXPECT(HEADER "0c 00 01 00 'E' 00 'A_MACRO' 00 84 02 04 00 00 00", "E", EVH_VAR(A_MACRO));
	EXPECT(HEADER "0d 00 01 00 'E' 00 'size + 1' 00 84 02 04 00 00 00", "E", EVH_VAR(size + 1));
	EXPECT(HEADER "08 00 01 00 'E' 00 'a' 00 84 82 34 12 03 00 00 00", "E",
	       EVH_VALUE("a", size, EVH_TAG(0x1234)));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 84 05 03 00 00 00", "E",
	       EVH_VALUE("a", size, EVH_FORMAT(EVH_FORMAT_PID)));
	EXPECT(HEADER "0e 00 01 00 'E' 00 's' 00 81 02 'a' 00 82 07 'b' 00 8a 0b 01 02 00 'hi'",
	       "E", EVH_STRUCT("s", EVH_VALUE("a", (bool)true), EVH_VALUE("b", "hi")));
}

/* Values and code in one expression, evaluated once and in order. */
Test(deduced, evaluated_once)
{
	int n = 0;

	EXPECT(HEADER "0a 00 01 00 'E' 00 'a' 00 84 02 'b' 00 84 02  01 00 00 00 02 00 00 00", "E",
	       EVH_VALUE("a", ++n), EVH_VALUE("b", ++n));
	cr_assert_eq(n, 2);
}

Test(deduced, systemtime)
{
	struct timespec time = { 0x12345678, 999999999 }, before = { -1, 500000000 };

	EXPECT(HEADER "06 00 01 00 'E' 00 't' 00 85 06 78 56 34 12 00 00 00 00", "E",
	       EVH_SYSTEMTIME("t", time));
	EXPECT(HEADER "06 00 01 00 'E' 00 't' 00 85 06 ff ff ff ff ff ff ff ff", "E",
	       EVH_SYSTEMTIME("t", before));
}

/* 0 is a keyword, as it is with the crates; only an event without any has 1. */
Test(deduced, keyword_0)
{
	uint32_t before = golden.places;

	EXPECT("07 00 00 00 00 00 00 03  02 00 01 00 'E' 00", "E", EVH_KEYWORD(0), EVH_LEVEL(3));
	cr_assert(EVH_ENABLED(golden, 3, 0));
	cr_assert_eq(golden.places, before);
	for (const struct evh_site *site = golden.sites; site; site = site->next)
		if (site->level == 3)
			cr_assert_eq(site->keyword, 0);
}

EVH_PROVIDER_DEFINE(grouped, "Grouped", "mygroup");

Test(deduced, names_of_providers)
{
	cr_assert_str_eq(evh_provider_name(&grouped), "Grouped");
	cr_assert_str_eq(evh_provider_group(&grouped), "mygroup");
	cr_assert_str_eq(evh_provider_options(&grouped), "Gmygroup");
	cr_assert_str_eq(evh_provider_name(&golden), "Golden");
	cr_assert_str_eq(evh_provider_group(&golden), "");
	cr_assert_str_eq(evh_provider_options(&golden), "");
}
