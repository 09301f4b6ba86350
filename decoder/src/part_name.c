/* SPDX-License-Identifier: MIT */
/* How the parts of a message are named; of <evh/join.h>, for all who show or join them. */
#include <string.h>

#include <evh/join.h>

bool evh_join_whole_name(struct evh_name *name)
{
	static const char suffix[] = ".part";
	size_t size = sizeof(suffix) - 1;

	if (name->size <= size || memcmp(name->data + name->size - size, suffix, size) != 0)
		return false;
	name->size -= size;
	return true;
}
