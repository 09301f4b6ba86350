/* SPDX-License-Identifier: MIT */
/*
 * A library with a provider of its own, for unload.c. Compiled as C and as C++; `write_event` is
 * all that it exports. It is unloaded without unregistering its provider.
 */
#include <evh/provider.h>

EVH_PROVIDER_DEFINE(plugin, "Plugin");

#ifdef __cplusplus
inline int write_inline(void)
{
	return EVH_WRITE(plugin, "Inline", EVH_LEVEL(4), EVH_KEYWORD(2), EVH_U8("n", 2));
}
#else
static int write_inline(void)
{
	return EVH_WRITE(plugin, "Inline", EVH_LEVEL(4), EVH_KEYWORD(2), EVH_U8("n", 2));
}
#endif

EVHI_C_LINKAGE __attribute__((visibility("default"))) int
write_event(struct evh_transport *transport, bool *called);

/* Registers and writes; `transport` may be NULL: then to user_events, whether there are any or not.
 */
int write_event(struct evh_transport *transport, bool *called)
{
	int error;

	*called = true;
	if (!transport) {
		evh_provider_register(&plugin);
		EVH_WRITE(plugin, "Plain", EVH_LEVEL(4), EVH_U8("n", 1));
		return 0;
	}
	error = evh_provider_register_to(&plugin, transport);
	if (!error)
		error = EVH_WRITE(plugin, "Plain", EVH_LEVEL(4), EVH_U8("n", 1));
	return error ? error : write_inline();
}
