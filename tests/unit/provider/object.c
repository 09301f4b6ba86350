/* SPDX-License-Identifier: MIT */
/* What object.py looks into: one event, in a function that does nothing else. */
#include <evh/provider.h>

EVH_PROVIDER_DEFINE(object, "Object");

int write_event(const char *text, size_t length, uint32_t number);

int write_event(const char *text, size_t length, uint32_t number)
{
	return EVH_WRITE(object, "NameOfEvent", EVH_LEVEL(4), EVH_TAG(0x1234),
			 EVH_STR8("NameOfText", text, length),
			 EVH_STRUCT("NameOfStruct", EVH_U32("NameOfNumber", number)));
}
