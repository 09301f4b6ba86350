/* SPDX-License-Identifier: MIT */
/*
 * Events in C++ where no section can hold them: in an inline function, and in a template that makes
 * one event of each instance. And values that are gone at the end of their expression.
 */
#include "shared.h"

#include <string>

inline int inline_function()
{
	return EVH_WRITE(shared, "Inline", EVH_LEVEL(4), EVH_KEYWORD(0x20));
}

int write_in_inline_function(void)
{
	return inline_function();
}

template <int Which> static int template_function()
{
	return EVH_WRITE(shared, "Template", EVH_LEVEL(4), EVH_KEYWORD(0x40 << Which),
			 EVH_I32("which", Which));
}

int write_in_template(int which)
{
	return which ? template_function<1>() : template_function<0>();
}

/* The string lives until the event is sent, whether it is copied before or not. */
size_t write_with_temporary(size_t length)
{
	size_t sum = 0;

	EVH_WRITE(shared, "Temporary", EVH_LEVEL(4), EVH_KEYWORD(0x10),
		  EVH_STR8("s", std::string(length, 'x').c_str(), length),
		  EVH_SIZE("n", [&] { return sum = length; }()));
	return sum;
}
