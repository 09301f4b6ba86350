/* SPDX-License-Identifier: MIT */
/* The same tests in C++, and what only C++ has. */
#include "deduced.c"

#include <array>
#include <chrono>
#include <string>
#include <vector>

enum class colour : uint16_t { red = 7 };

Test(deduced, cxx_types)
{
	std::string text = "hi";
	std::vector<uint32_t> numbers = { 1, 2 };
	std::array<double, 1> one = { { 1.0 } };
	const std::string &reference = text;

	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 83 01 07 00", "E", EVH_VALUE("a", colour::red));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 02 00 'hi'", "E", EVH_VALUE("a", text));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 02 00 'hi'", "E", EVH_VALUE("a", reference));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 8a 0b 03 00 'hi!'", "E",
	       EVH_VALUE("a", text + "!"));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 c4 01 02 00 01 00 00 00 02 00 00 00", "E",
	       EVH_VALUE("a", numbers));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 c5 08 01 00 00 00 00 00 00 00 f0 3f", "E",
	       EVH_VALUE("a", one));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 83 0b 41 00", "E", EVH_VALUE("a", u'A'));
	EXPECT(HEADER "06 00 01 00 'E' 00 'a' 00 85 03 00 00 00 00 00 00 00 00", "E",
	       EVH_VALUE("a", nullptr));
}

Test(deduced, cxx_times)
{
	using namespace std::chrono;
	system_clock::time_point after{ seconds(5) + milliseconds(999) };
	system_clock::time_point before{ milliseconds(-1) };

	EXPECT(HEADER "06 00 01 00 'E' 00 't' 00 85 06 05 00 00 00 00 00 00 00", "E",
	       EVH_SYSTEMTIME("t", after));
	EXPECT(HEADER "06 00 01 00 'E' 00 't' 00 85 06 ff ff ff ff ff ff ff ff", "E",
	       EVH_SYSTEMTIME("t", before));
}
