/* SPDX-License-Identifier: MIT */
/*
 * A library that registers a provider when it is loaded and doesn't think of it again: unloading it
 * must take the registration back, or the kernel would go on writing to memory that is another's.
 */
#include <evh/provider.h>

EVH_PROVIDER_DEFINE(unload_provider, "unload");

void *unload_place(void);

static __attribute__((constructor)) void load(void)
{
	evh_provider_register(&unload_provider);
	EVH_WRITE(unload_provider, "Loaded", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_KEYWORD(0x1));
}

/* Somewhere in the library's writable data. */
__attribute__((visibility("default"))) void *unload_place(void)
{
	return &unload_provider;
}
