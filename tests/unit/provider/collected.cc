/* SPDX-License-Identifier: MIT */
/*
 * A program whose unused sections the linker removes (--gc-sections): no event may be among them.
 * Also: a provider in a namespace, events in a class, a lambda and a constructor.
 */
#include "shared.h"

#include <cstdio>

EVH_PROVIDER_DEFINE(shared, "Shared");

namespace inner
{
EVH_PROVIDER_DEFINE(enclosed, "Enclosed");
}

static struct evh_transport memory;
static uint8_t bytes[1000];

struct speaker {
	int result;

	speaker() : result(EVH_WRITE(inner::enclosed, "Made", EVH_KEYWORD(1)))
	{
	}

	int speak() const
	{
		return EVH_WRITE(inner::enclosed, "Spoken", EVH_KEYWORD(2), EVH_I32("r", result));
	}
};

int main()
{
	evh_transport_use_memory(&memory, bytes, sizeof(bytes));
	if (evh_provider_register_to(&shared, &memory) != 0 ||
	    evh_provider_register_to(&inner::enclosed, &memory) != 0)
		return 1;

	const speaker one;
	const auto lambda = [](int n) {
		return EVH_WRITE(inner::enclosed, "Lambda", EVH_KEYWORD(4), EVH_I32("n", n));
	};
	const int results[] = { one.result,
				one.speak(),
				lambda(1),
				write_in_other_file(),
				write_in_inline_function(),
				write_in_template(0),
				write_in_template(1),
				write_many(0),
				write_many(39) };
	int failed = 0;

	for (const int result : results) {
		std::printf("%d ", result);
		failed |= result;
	}
	std::puts(failed ? "FAILED" : "all events were sent");
	return failed != 0;
}
