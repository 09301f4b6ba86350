/* SPDX-License-Identifier: MIT */
/*
 * Looking functions up by name: Python's ctypes, .NET's P/Invoke, Java's JNA and their like open
 * libc by its name and ask that handle, past all who stand before it. For what we interpose the
 * answer is ours, where it would have been libc's own.
 *
 * RTLD_NEXT and RTLD_DEFAULT are left alone: jumps.S passes them on. The first is how others that
 * interpose find what is behind them; the second has found us first already.
 */
#include "dlsym.h"

#include <dlfcn.h>

#include "real.h"

static void *no_symbol(void)
{
	return NULL;
}

/*
 * libdl, where these functions were until glibc 2.34, may have been loaded after us: then by a
 * library that needs it, and only the loader can find them, which knows no way without them.
 */
#define FIND_FUNCTION(name)                                                                        \
	void *lt_find_##name(void)                                                                 \
	{                                                                                          \
		lt_init_early();                                                                   \
		return lt_real.name ? (void *)lt_real.name : (void *)no_symbol;                    \
	}

FIND_FUNCTION(dlsym)
FIND_FUNCTION(dlvsym)
FIND_FUNCTION(dlopen)

static void *replace(const char *name, void *found)
{
	return found && lt_libc_is_known() ? lt_real_replacement(name, found) : found;
}

void *lt_dlsym(void *handle, const char *name)
{
	return LT_REAL(dlsym) ? replace(name, lt_real.dlsym(handle, name)) : NULL;
}

void *lt_dlvsym(void *handle, const char *name, const char *version)
{
	return LT_REAL(dlvsym) ? replace(name, lt_real.dlvsym(handle, name, version)) : NULL;
}
