/* SPDX-License-Identifier: MIT */
/* Events of a provider that another file defines and registers. */
#include "shared.h"

int write_in_other_file(void)
{
	return EVH_WRITE(shared, "Other", EVH_LEVEL(4), EVH_KEYWORD(0x10));
}

#define ONE(n)                                                                                     \
	case n:                                                                                    \
		return EVH_WRITE(shared, "Many", EVH_LEVEL(4),                                     \
				 EVH_KEYWORD(UINT64_C(0x1000) << (n)), EVH_U8("n", n))
#define FIVE(n)                                                                                    \
	ONE(n);                                                                                    \
	ONE(n + 1);                                                                                \
	ONE(n + 2);                                                                                \
	ONE(n + 3);                                                                                \
	ONE(n + 4)

int write_many(unsigned which)
{
	switch (which) {
		FIVE(0);
		FIVE(5);
		FIVE(10);
		FIVE(15);
		FIVE(20);
		FIVE(25);
		FIVE(30);
		FIVE(35);
	}
	return -1;
}

bool ask_many(unsigned which)
{
	switch (which) {
	case 0:
		return EVH_ENABLED(shared, 4, UINT64_C(0x1000));
	case 39:
		return EVH_ENABLED(shared, 4, UINT64_C(0x1000) << 39);
	}
	return false;
}
