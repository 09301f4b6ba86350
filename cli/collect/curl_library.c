/* SPDX-License-Identifier: MIT */
/* Finds libcurl's functions by name. */
#include "curl_library.h"

#include <dlfcn.h>
#include <stddef.h>

struct curl_library curl_library;

/* Debian has two of them, for two TLS libraries. */
static const char *const NAMES[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };

static bool find_all(void *handle)
{
	const struct {
		const char *name;
		void **place;
	} functions[] = {
#define CURL_PLACE(name, function) { #function, (void **)&curl_library.name },
		CURL_FUNCTIONS(CURL_PLACE)
#undef CURL_PLACE
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		*functions[i].place = dlsym(handle, functions[i].name);
		if (!*functions[i].place)
			return false;
	}
	return true;
}

bool curl_library_load(void)
{
	static bool loaded;

	for (size_t i = 0; !loaded && i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		void *handle = dlopen(NAMES[i], RTLD_NOW | RTLD_LOCAL);

		loaded = handle && find_all(handle);
	}
	return loaded;
}
